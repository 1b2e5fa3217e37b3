"""Which column does the sender say is which field? ``上课日期=started_at``, ``观看=时长/秒``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.sheets.headers import NamedColumn, fields_of, plain_title
from app.sheets.refusals import ColumnNotFound, ColumnsNotUnderstood

_WORD: Final = re.compile(
    r"\s*(?P<title>\S.*?)\s*[=＝:：]\s*(?P<field>[^=＝:：/]+?)\s*(?:/\s*(?P<unit>秒|分钟|分|小时))?\s*"
)
_UNITS: Final = {"秒": "seconds", "分钟": "minutes", "分": "minutes", "小时": "hours"}
_MEASURED: Final = "stated_seconds"
_LONGEST: Final = 100
_MOST: Final = 40


def told_columns(kind: str, words: Sequence[str]) -> tuple[NamedColumn, ...]:
    """Return what the sender says of the columns of a *kind* of sheet.

    A word is the title as it stands in the sheet, an equals sign or colon, and the field by its
    name or its usual title; for durations a slash and the unit of bare numbers may follow.

    Raises:
        ColumnsNotUnderstood: a word is none, or names no field.
    """
    if len(words) > _MOST:
        raise _not_understood(kind, f"一次最多指明 {_MOST} 列。")
    return tuple(_told(kind, word) for word in words)


def refuse_unfound(given: Sequence[NamedColumn], found: Iterable[str]) -> None:
    """Refuse a word on a column that the sheet does not have; *found* are its titles.

    Raises:
        ColumnNotFound: there is none of that title.
    """
    titles = list(found)
    plain = {plain_title(title) for title in titles}
    absent = [each.title for each in given if plain_title(each.title) not in plain]
    if absent:
        raise ColumnNotFound(f"表格中没有：{'、'.join(absent)}。", absent=absent, titles=titles)


def in_use(named: Sequence[NamedColumn], columns: Mapping[str, str]) -> tuple[NamedColumn, ...]:
    """Return those of *named* by whose titles *columns* (field to title) were found."""
    return tuple(
        each
        for each in named
        if plain_title(columns.get(each.field, "")) == plain_title(each.title)
    )


def choice(kind: str) -> list[dict[str, str]]:
    """Return the fields that a column may be, each with its usual title."""
    return [{"field": field.name, "title": field.usual} for field in fields_of(kind)]


def _told(kind: str, word: str) -> NamedColumn:
    match = _WORD.fullmatch(word)
    if not match or len(match["title"]) > _LONGEST or not plain_title(match["title"]):
        raise _not_understood(kind, "每项应写成「平台列名=字段」。")
    names = {field.name: field.name for field in fields_of(kind)}
    names |= {plain_title(field.usual): field.name for field in fields_of(kind)}
    said = match["field"]
    field = names.get(said) or names.get(plain_title(said))
    if field is None:
        raise _not_understood(kind, "没有这样的字段，可用字段见 fields。")
    if match["unit"] and field != _MEASURED:
        raise _not_understood(kind, "只有学习时长可以注明单位。")
    return NamedColumn(match["title"], field, _UNITS.get(match["unit"] or "", ""))


def _not_understood(kind: str, why: str) -> ColumnsNotUnderstood:
    return ColumnsNotUnderstood(why, fields=choice(kind))
