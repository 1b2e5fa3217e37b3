"""How large is an enterprise? Large, medium, small or micro under 工信部联企业〔2011〕300号.

The provincial notice calls on that standard (LN-1.4-a, LN-F-c7). A class is reached where every
listed figure reaches its line, else the next class down is tried; so one figure below the large
line proves 中小微, and figures that are missing may leave the answer open (A-26).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple


class Size(StrEnum):
    """The four classes of the standard, from the top."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


@dataclass(frozen=True, slots=True)
class SmeClass:
    """What the figures say; ``None`` is "they do not tell".

    ``missing`` names the figures that the industry's lines read and that were not supplied, by the
    names of the arguments of `classify` (``industry`` where that is not one of the sixteen).
    """

    size: Size | None
    is_sme: bool | None
    explanation_zh: str
    missing: tuple[str, ...]


class Industry(NamedTuple):
    """One industry of the standard: its code here, its Chinese name, its sentence."""

    code: str
    name: str
    text: str


Figure = int | Decimal | None

_SIZE_NAMES: Final = {
    Size.LARGE: "大型企业",
    Size.MEDIUM: "中型企业",
    Size.SMALL: "小型企业",
    Size.MICRO: "微型企业",
}
_FIGURE_NAMES: Final = {
    "headcount": "从业人员",
    "revenue_wan": "营业收入",
    "assets_wan": "资产总额",
}
_UNITS: Final = {"headcount": "人", "revenue_wan": "万元", "assets_wan": "万元"}
_NOTHING: Final = Decimal(0)
_BEYOND_EVERY_LINE: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class _Standard:
    """An industry's lines: for each size but micro its sentence part and its lower bounds."""

    industry: Industry
    clause: str
    sentences: Mapping[Size, str]
    lines: Mapping[Size, Mapping[str, int]]


def _standard(entry: Mapping[str, Any]) -> _Standard:
    sizes = (Size.LARGE, Size.MEDIUM, Size.SMALL)
    parts = re.findall(r"(?:其中，|，)?([^；。]*?的为\w+?企业)", entry["text"])
    return _Standard(
        industry=Industry(entry["code"], entry["name"], entry["text"]),
        clause=entry["clause"],
        sentences=dict(zip(sizes, parts, strict=False)),
        lines={size: entry[size] for size in sizes},
    )


_DATA: Final = tomllib.loads(Path(__file__).with_name("sme_2011_300.toml").read_text("utf-8"))
_CITATION: Final = f"《{_DATA['title']}》（{_DATA['number']}）"
_STANDARDS: Final = {entry["code"]: _standard(entry) for entry in _DATA["industries"]}


def industries() -> list[Industry]:
    """Return the sixteen industries in the order of the standard."""
    return [standard.industry for standard in _STANDARDS.values()]


def classify(
    industry: str,
    headcount: int | None,
    revenue_wan: Decimal | None,
    assets_wan: Decimal | None,
) -> SmeClass:
    """Return the size of an enterprise of *industry* (a code of `industries`).

    Revenue and assets are in 10,000 yuan; ``None`` is a figure that was not supplied.
    """
    standard = _STANDARDS.get(industry)
    if standard is None:
        unknown = f"所填行业不是{_CITATION}所列16个行业之一，请重新选择行业。"
        return SmeClass(None, None, unknown, ("industry",))
    supplied = {"headcount": headcount, "revenue_wan": revenue_wan, "assets_wan": assets_wan}
    figures: dict[str, Figure] = {name: supplied[name] for name in standard.lines[Size.LARGE]}
    missing = tuple(name for name, figure in figures.items() if figure is None)
    top = _size(standard, figures, _BEYOND_EVERY_LINE)
    bottom = _size(standard, figures, _NOTHING)
    is_sme = True if top is not Size.LARGE else False if bottom is Size.LARGE else None
    conclusion = _conclusion(top, bottom, missing)
    return SmeClass(
        size=top if top is bottom else None,
        is_sme=is_sme,
        explanation_zh=_comparison(standard, figures) + conclusion,
        missing=missing,
    )


def _size(standard: _Standard, figures: Mapping[str, Figure], if_missing: Decimal) -> Size:
    for size, lines in standard.lines.items():
        if all(_or(figures[name], if_missing) >= line for name, line in lines.items()):
            return size
    return Size.MICRO


def _or(figure: Figure, if_missing: Decimal) -> int | Decimal:
    return if_missing if figure is None else figure


def _comparison(standard: _Standard, figures: Mapping[str, Figure]) -> str:
    text = f"依据{_CITATION}{standard.clause}{standard.industry.name}："
    for size, lines in standard.lines.items():
        compared = "，".join(_against(name, figures[name], line) for name, line in lines.items())
        text += f"“{standard.sentences[size]}”，{compared}；"
        if all(_or(figures[name], _NOTHING) >= line for name, line in lines.items()):
            break
    return text


def _against(name: str, figure: Figure, line: int) -> str:
    what, unit = _FIGURE_NAMES[name], _UNITS[name]
    if figure is None:
        return f"{what}未提供"
    # NUMERIC columns bring trailing zeros that nobody typed.
    shown = f"{Decimal(figure).normalize():f}"
    return f"{what}{shown}{unit}{'达到' if figure >= line else '低于'}{line}{unit}"


def _conclusion(top: Size, bottom: Size, missing: tuple[str, ...]) -> str:
    if top is bottom:
        belongs = "不属于" if top is Size.LARGE else "属于"
        return f"为{_SIZE_NAMES[top]}，{belongs}中小微企业。"
    wanted = "、".join(_FIGURE_NAMES[name] for name in missing)
    if top is Size.LARGE:
        return f"现有数据不能确定是否属于中小微企业，请补充{wanted}。"
    return (
        f"属于中小微企业，介于{_SIZE_NAMES[bottom]}与{_SIZE_NAMES[top]}之间；"
        f"如需确定具体类型，请补充{wanted}。"
    )
