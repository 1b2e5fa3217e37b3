"""How is a number shown to people who need not know it whole? With its middle hidden (DL-4.3-h)."""

import re
from typing import Final

from app.policy.identifiers import normalize

# First 6 and last 4 leave about 1,650 candidates, first 6 and last 2 about 166,000. One mask in
# every output: two different masks of one number laid together would show more than either.
_FIRST: Final = 6
_LAST: Final = 2
_RESIDENT_ID_LENGTH: Final = 18

_ACCOUNT_LAST: Final = 4
_ACCOUNT_SHORTEST: Final = 9

# From eleven digits on: telephones, resident IDs, accounts; written together or in groups. The
# dates, amounts and receipt numbers of a notice are shorter.
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s.·—–-]?\d){10,}\s?[XxＸｘ]?")


def mask_resident_id(text: str) -> str:
    """Return a resident ID with its first 6 and last 2 characters shown.

    A text of any other length than 18 is hidden whole.
    """
    number = normalize(text)
    if len(number) != _RESIDENT_ID_LENGTH:
        return "*" * len(number)
    return number[:_FIRST] + "*" * (_RESIDENT_ID_LENGTH - _FIRST - _LAST) + number[-_LAST:]


def mask_account(text: str) -> str:
    """Return a bank account with its last 4 digits shown; shorter than 9, it is hidden whole."""
    account = normalize(text)
    if len(account) < _ACCOUNT_SHORTEST:
        return "*" * len(account)
    return "*" * (len(account) - _ACCOUNT_LAST) + account[-_ACCOUNT_LAST:]


def hide_numbers(text: str) -> str:
    """Return *text* with every number hidden that may be a person's: for what anybody may read.

    An ID, telephone or account number that somebody wrote into a name or a reason goes no further.
    """
    return _LONG_NUMBER.sub(lambda found: "*" * len(found.group()), text)
