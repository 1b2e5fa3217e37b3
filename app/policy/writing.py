"""How is a text written in one way only? In the normal forms of Unicode, at a bounded cost.

Putting the marks of one letter in order takes the square of their number: a cell with a hundred
thousand of them would hold the whole process for minutes. No script sets more than a few on a
letter, and no spreadsheet program puts more than 32,767 characters into a cell.
"""

import re
import unicodedata
from typing import Final, Literal

_LONGEST: Final = 32_767
_MOST_MARKS: Final = 30  # as the Stream-Safe Text Format of UAX #15
# These become marks only in the making: three vowel signs, and two marks of narrow kana.
_TURN_INTO_MARKS: Final = "\u0f73\u0f75\u0f81\uff9e\uff9f"
_MAY_BE_MARKS: Final = re.compile(
    rf"(?:[^\w\s\x00-\u02ff]|[{_TURN_INTO_MARKS}]){{{_MOST_MARKS + 1},}}"
)


def composed(text: str) -> str:
    """Return *text* in NFC; one that nobody would write comes back as it is."""
    return _normal("NFC", text)


def folded(text: str) -> str:
    """Return *text* in NFKC, bare of widths; one that nobody would write comes back as it is."""
    return _normal("NFKC", text)


def _normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    if text.isascii() or len(text) > _LONGEST or _is_overloaded(text):
        return text
    return unicodedata.normalize(form, text)


def _is_overloaded(text: str) -> bool:
    """Tell whether more marks than any script sets follow one another."""
    for found in _MAY_BE_MARKS.finditer(text):
        marks = 0
        for each in found[0]:
            is_mark = unicodedata.combining(each) or each in _TURN_INTO_MARKS
            marks = marks + 1 if is_mark else 0
            if marks > _MOST_MARKS:
                return True
    return False
