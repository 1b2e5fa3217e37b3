"""What does a cell say? IDs, names, words and phones as people type them, cleaned or refused."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeVar

from app.policy import levels
from app.policy.facts import Employment
from app.policy.identifiers import InvalidIdentifier, normalize, resident_id, uscc
from app.policy.kinds import Level
from app.policy.writing import composed, folded
from app.sheets.headers import WORDS
from app.sheets.report import Cell, unreadable, unreadable_identifier

T = TypeVar("T")

_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANK_MARKS: Final = "".join(
    mark for mark in map(chr, range(0x10000)) if mark.isspace() or _INVISIBLE.match(mark)
)
_BLANKS: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f]")
_DOTS: Final = re.compile(r"[\u2022\u2027\u2219\u22c5\u30fb\u318d\uff65\ufe52]")
_IDEOGRAPH: Final = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
_IS_IDEOGRAPH: Final = re.compile(_IDEOGRAPH)
_BLANK_IN_CHINESE: Final = re.compile(rf"(?<={_IDEOGRAPH}) | (?={_IDEOGRAPH})")
_NAME: Final = 60
_UNWRITABLE: Final = frozenset({"Cf", "Cn", "Co", "Cs", "So"})
_IN_POWERS_OF_TEN: Final = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+")
_DIGITS_KEPT: Final = 15
_SCHEME: Final = re.compile(r"(?:国家)?(?:职业资格|职业技能等级)")

# GB18030 of 2000 had no standard place for these characters; sheets of its day still carry them
# in the private area (GB 18030-2005 and -2022, annex).
_SINCE_STANDARDISED: Final = str.maketrans({
    "\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc", "\ue81e": "\u9fb4",
    "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7", "\ue831": "\U000215d7",
    "\ue832": "\u9fb8", "\ue83b": "\U0002298f", "\ue843": "\u9fb9", "\ue854": "\u9fba",
    "\ue855": "\U000241fe", "\ue863": "\u4dae", "\ue864": "\u9fbb",
})  # fmt: skip

_MOBILE: Final = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_LANDLINE: Final = re.compile(r"(?:\+?86)?(0[0-9]{2,3}[2-9][0-9]{6,7})")


def is_blank(cell: Cell) -> bool:
    """Return whether the cell shows nothing."""
    return isinstance(cell, str) and not cell.strip(_BLANK_MARKS)


def text(most: int) -> Callable[[Cell], str]:
    """Return the reader of a text of at most *most* characters; a whole number is its digits."""

    def read(cell: Cell) -> str:
        if isinstance(cell, float) and cell.is_integer():
            cell = str(int(cell))
        if not isinstance(cell, str):
            raise unreadable("not_text")
        if _CONTROL.search(cell):
            raise unreadable("control_character")
        clean = _INVISIBLE.sub("", composed(cell)).translate(_SINCE_STANDARDISED)
        clean = _BLANKS.sub(" ", clean).strip()
        if len(clean) > most:
            raise unreadable("text_too_long", most=most)
        return clean

    return read


def wording(most: int) -> Callable[[Cell], str]:
    """Return the reader of a text of a paper: no emoji, no characters of one's own making."""
    plain = text(most)

    def read(cell: Cell) -> str:
        clean = plain(cell)
        if any(unicodedata.category(mark) in _UNWRITABLE for mark in clean):
            raise unreadable("text_characters")
        return clean

    return read


def paper_number(most: int) -> Callable[[Cell], str]:
    """Return the reader of the number that a paper bears, which may be digits only."""
    plain = wording(most)

    def read(cell: Cell) -> str:
        if isinstance(cell, int | float) and abs(cell) >= 10**_DIGITS_KEPT:
            raise unreadable("number_lost_digits")
        if isinstance(cell, str):
            cell = cell.strip().lstrip("'")
        number = plain(cell)
        if _IN_POWERS_OF_TEN.fullmatch(number):
            raise unreadable("number_lost_digits")
        return number

    return read


_name_text: Final = text(_NAME)


def name(cell: Cell) -> str:
    """Return a person's name: NFC, no blanks beside Chinese characters, ``·`` for every dot."""
    if not isinstance(cell, str):
        raise unreadable("not_text")
    clean = _DOTS.sub("·", _name_text(cell.lstrip("'")))
    clean = _BLANK_IN_CHINESE.sub("", clean)
    if not all(map(_in_a_name, clean)) or not any(map(str.isalpha, clean)):
        raise unreadable("name_characters")
    return clean


def _in_a_name(mark: str) -> bool:
    if mark in " ·.-'’" or unicodedata.category(mark)[0] in "LM":
        return True
    # Ideographs newer than the interpreter's tables are letters all the same.
    return bool(_IS_IDEOGRAPH.match(mark))


def resident_id_on(day: date) -> Callable[[Cell], str]:
    """Return the reader of resident IDs that are valid on *day*."""

    def read(cell: Cell) -> str:
        if isinstance(cell, int | float):
            raise unreadable("id_typed_as_number")
        if not isinstance(cell, str):
            raise unreadable("not_text")
        try:
            return resident_id(cell, day)
        except InvalidIdentifier as invalid:
            raise unreadable_identifier(invalid) from None

    return read


def credit_code(cell: Cell) -> str:
    """Return a unified social credit code."""
    if isinstance(cell, int | float):
        raise unreadable("id_typed_as_number")
    if not isinstance(cell, str):
        raise unreadable("not_text")
    try:
        return uscc(cell)
    except InvalidIdentifier as invalid:
        raise unreadable_identifier(invalid) from None


def yes_or_no(cell: Cell) -> bool:
    """Return True for 是, √, Y and their like, False for their opposites."""
    word = _word(cell)
    if word in WORDS["yes"]:
        return True
    if word in WORDS["no"]:
        return False
    raise unreadable("yes_or_no")


def employment(cell: Cell) -> Employment:
    """Return how the person works at the enterprise."""
    word = _word(cell)
    if word in WORDS["contract"]:
        return Employment.CONTRACT
    if word in WORDS["dispatched"]:
        return Employment.DISPATCHED
    raise unreadable("employment_unknown")


def one_of(meanings: Mapping[str, T], code: str) -> Callable[[Cell], T]:
    """Return the reader of closed words: the *meanings* of lists of words; others are *code*."""

    def read(cell: Cell) -> T:
        word = _word(cell)
        for words, meaning in meanings.items():
            if word in WORDS[words]:
                return meaning
        raise unreadable(code)

    return read


def level(cell: Cell) -> Level:
    """Return the level of a trade: 四级, 中级工, 中级工（四级）, 国家职业资格四级."""
    found = levels.named(_SCHEME.sub("", _word(cell)))
    if found is None:
        raise unreadable("level_unknown")
    return found


def phone(cell: Cell) -> str:
    """Return the digits of a mobile or, with its area code, a fixed line."""
    if isinstance(cell, float) and cell.is_integer():
        cell = str(int(cell))
    digits = re.sub(r"[()]", "", normalize(str(cell)))
    match = _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)
    if not match:
        raise unreadable("phone")
    return match[1]


def is_nothing(cell: Cell) -> bool:
    """Return whether the cell is blank or says 无, a slash or a dash."""
    return is_blank(cell) or (isinstance(cell, str) and _word(cell) in WORDS["nothing"])


def _word(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _BLANKS.sub("", _INVISIBLE.sub("", folded(str(cell)).casefold()))
