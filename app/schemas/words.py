"""Which words go in and out? The types that all request and answer bodies are made of."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from app.policy import identifiers
from app.policy.writing import composed

_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Zl", "Zp"})
"""Unicode categories that no name or remark needs: controls, surrogates, private use, emoji."""
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that show nothing: two names that differ in them would look the same."""

_FEWEST: Final = 2
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
"""No day of a case lies outside; the database would take the ends of time for infinity."""


def _plain(text: str) -> str:
    clean = composed(text)
    is_refused = any(unicodedata.category(mark) in _REFUSED for mark in clean if mark not in "\n\t")
    if is_refused or _UNSEEN.search(clean):
        raise ValueError("含有不可用的字符（控制字符、表情符号等）")
    return clean


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("应写在一行内，不能含有换行或制表符")
    return text


def _in_words(text: str) -> str:
    # What was two marks may have become one letter.
    if len(text) < _FEWEST:
        raise ValueError("过短或为空")
    return text


def _written_out(day: object) -> object:
    # Else a number would be taken for seconds since 1970: 20200309 for a day in August 1970.
    if isinstance(day, date) or (isinstance(day, str) and _DAY.fullmatch(day)):
        return day
    raise ValueError("不是有效日期（YYYY-MM-DD）")


def _uscc(text: str) -> str:
    return _told(identifiers.uscc, text)


def _account(text: str) -> str:
    return _told(identifiers.bank_account, text)


def _told(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except identifiers.InvalidIdentifier as invalid:
        words = identifiers.explain(invalid.code)
        raise ValueError(words.reason + words.remedy) from None


Text = Annotated[
    str, Field(min_length=1, max_length=100), AfterValidator(_plain), AfterValidator(_one_line)
]
Asked = Annotated[str, Field(max_length=100), AfterValidator(_plain), AfterValidator(_one_line)]
"""What is looked for, or signed in with; it may be empty."""
Day = Annotated[date, Field(ge=_FIRST_DAY, le=_LAST_DAY), BeforeValidator(_written_out)]
LongText = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_plain)]
Remark = Annotated[
    str,
    Field(min_length=_FEWEST, max_length=1000),
    AfterValidator(_plain),
    AfterValidator(_in_words),
]
Uscc = Annotated[str, Field(max_length=40), AfterValidator(_uscc)]
AccountNumber = Annotated[str, Field(max_length=60), AfterValidator(_account)]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
TenThousandYuan = Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=4)]


class Given(BaseModel):
    """A body that a client sends: an unknown field is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Told(BaseModel):
    """A body that the service answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Numbered(Told):
    """Anything that stands in a list under its time-ordered id."""

    id: UUID


Item = TypeVar("Item", bound=Numbered)


class Page(Told, Generic[Item]):
    """One page of a list, newest first; ``next`` is the ``before`` of the following page."""

    items: list[Item]
    next: UUID | None = Field(None, description="下一页的 before 参数；为空表示已到末页")


class External(Given):
    """The number of a case in another system, unique per issuer (DL-4.2-f)."""

    issuer: Text = Field(description="外部系统名称", examples=["大连就业培训管理系统"])
    reference: Text = Field(description="外部系统备案编号")


class Reason(Given):
    """Why a step is taken, in writing."""

    reason: Remark = Field(description="书面理由")


class Remarked(Given):
    """A step with an optional remark."""

    remark: Remark | None = Field(None, description="意见（可空）")


class Step(Told):
    """A step that may follow."""

    name: str
    title: str
    clause: str
    duty: str | None
