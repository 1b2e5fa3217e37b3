"""Is this number a real one? Resident IDs, credit codes, organisation codes, bank accounts.

No text of a refusal ever repeats the number that was refused.
"""

import re
import tomllib
from datetime import date
from operator import mul
from pathlib import Path
from typing import Any, Final, NamedTuple

from app.policy.writing import folded

_DATA: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8"),
)
_PROVINCES: Final = frozenset(_DATA["regions"]["provinces"])
_BEGINNINGS: Final = _PROVINCES | frozenset(_DATA["regions"]["residence_permits"])
_PERMANENT_RESIDENTS: Final[str] = _DATA["regions"]["permanent_residents"]

# Blanks of every kind, invisible marks that come along when text is copied, apostrophes, hyphens.
_SEPARATORS: Final = re.compile(
    r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff'`\u2018\u2019\u2032\-\u2010-\u2015\u2212]+",
)
_NUMBER_OF_A_SHEET: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?E\+[0-9]+|[0-9]+\.[0-9]*")

_RESIDENT_ID: Final = re.compile(r"[0-9]{17}[0-9X]")
_RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS: Final = "10X98765432"
_OLD_RESIDENT_ID: Final = re.compile(r"[0-9]{15}")
_OLDEST: Final = 120

_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE: Final = re.compile(rf"[{_CREDIT_ALPHABET}]{{18}}")
_CREDIT_VALUES: Final = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ORGANIZATION_IN_CREDIT_CODE: Final = slice(8, 17)

_ORGANIZATION_CODE: Final = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANIZATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANIZATION_CHECKS: Final = "0X987654321"

_ACCOUNT: Final = re.compile(r"[0-9]{9,30}")


class Explanation(NamedTuple):
    """What is wrong or notable, and what to do about it, in Chinese."""

    reason: str
    remedy: str


class InvalidIdentifier(ValueError):  # noqa: N818  a refusal is the office's word; errors are bugs
    """The text is no such number; ``code`` is explained by `explain`, ``detail`` names the kind."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.detail}（{self.code}）"


def explain(code: str) -> Explanation:
    """Return the Chinese reason and remedy of a refusal's or a warning's *code*."""
    return Explanation(**_DATA["texts"][code])


def resident_id(text: str, on: date) -> str:
    """Return the 18 characters of a resident ID (GB 11643) that is valid on the day *on*.

    Raises:
        InvalidIdentifier: it is none.
    """
    number = normalize(text)
    if not _RESIDENT_ID.fullmatch(number):
        raise InvalidIdentifier(_why_no_resident_id(number), "居民身份证号码应为18位")
    weighted = sum(map(mul, _RESIDENT_WEIGHTS, map(int, number[:17])))
    if number[17] != _RESIDENT_CHECKS[weighted % 11]:
        raise InvalidIdentifier("check_character", "居民身份证号码第18位与前17位不符")
    if not (number[:2] in _BEGINNINGS or _is_permanent_resident(number)):
        raise InvalidIdentifier("region", "居民身份证号码的地区代码不存在")
    born = _day(number[6:14])
    if born is None or born > on or _birthday(born, _OLDEST) < (on.year, on.month, on.day):
        raise InvalidIdentifier("birth_date", "居民身份证号码的出生日期不成立")
    return number


def uscc(text: str) -> str:
    """Return the 18 characters of a unified social credit code (GB 32100).

    Its registration authority is never a reason to refuse: no national list has them all.

    Raises:
        InvalidIdentifier: it is none.
    """
    code = normalize(text)
    if not code.strip("0"):
        raise InvalidIdentifier("empty", "没有填写统一社会信用代码")
    if not _CREDIT_CODE.fullmatch(code):
        why = _why_not(code, rf"[{_CREDIT_ALPHABET}]+")
        raise InvalidIdentifier(why, "统一社会信用代码应为18位数字或大写字母")
    weighted = sum(map(mul, _CREDIT_WEIGHTS, map(_CREDIT_VALUES.__getitem__, code)))
    if code[17] != _CREDIT_ALPHABET[-weighted % 31]:
        raise InvalidIdentifier("check_character", "统一社会信用代码第18位与前17位不符")
    return code


def organization_code(text: str) -> str:
    """Return the 9 characters of a legacy organisation code (GB 11714).

    Raises:
        InvalidIdentifier: it is none.
    """
    code = normalize(text)
    if not code.strip("0"):
        raise InvalidIdentifier("empty", "没有填写组织机构代码")
    if not _ORGANIZATION_CODE.fullmatch(code):
        why = _why_not(code, "[0-9A-Z]{1,8}|[0-9A-Z]{10,}")
        raise InvalidIdentifier(why, "组织机构代码应为9位数字或大写字母")
    if not _organization_check_is_right(code):
        raise InvalidIdentifier("check_character", "组织机构代码第9位与前8位不符")
    return code


def bank_account(text: str) -> str:
    """Return the digits of a corporate bank account: 9 to 30 of them, and no check digit.

    Raises:
        InvalidIdentifier: it is none.
    """
    account = normalize(text)
    if not _ACCOUNT.fullmatch(account):
        raise InvalidIdentifier(_why_not(account, "[0-9]+"), "银行账号应为9至30位数字")
    return account


def warnings_of_resident_id(number: str) -> tuple[str, ...]:
    """Return the warnings on a normalised resident ID: only that it is a foreigner's card."""
    return ("type=FPR",) if _is_permanent_resident(number) else ()


def warnings_of_uscc(code: str) -> tuple[str, ...]:
    """Return the warnings on a normalised credit code: the organisation code in it is wrong."""
    inner_is_right = _organization_check_is_right(code[_ORGANIZATION_IN_CREDIT_CODE])
    return () if inner_is_right else ("inner_check",)


def birth_date(number: str) -> date:
    """Return the birth date in a normalised, valid resident ID."""
    return date.fromisoformat(number[6:14])


def normalize(text: str) -> str:
    """Return *text* in NFKC and upper case, without blanks, apostrophes and hyphens."""
    return _SEPARATORS.sub("", folded(text)).upper()


def _why_no_resident_id(number: str) -> str:
    if _OLD_RESIDENT_ID.fullmatch(number):
        return "fifteen_digits"
    return _why_not(number, "[0-9]+X?")


def _why_not(text: str, allowed: str) -> str:
    if not text:
        return "empty"
    if _NUMBER_OF_A_SHEET.fullmatch(text):
        return "scientific_notation"
    return "length" if re.fullmatch(allowed, text) else "characters"


def _is_permanent_resident(number: str) -> bool:
    return number[0] == _PERMANENT_RESIDENTS and number[1:3] in _PROVINCES


def _day(digits: str) -> date | None:
    # The error of the parser repeats the digits: it must end here, not travel as a context.
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _birthday(born: date, age: int) -> tuple[int, int, int]:
    return born.year + age, born.month, born.day


def _organization_check_is_right(code: str) -> bool:
    values = (int(character, 36) for character in code[:8])
    weighted = sum(map(mul, _ORGANIZATION_WEIGHTS, values))
    return code[8] == _ORGANIZATION_CHECKS[weighted % 11]
