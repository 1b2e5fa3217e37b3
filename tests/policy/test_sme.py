"""Promises: the class of an enterprise is what the standard's sentence says, or openly unknown."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy import sme
from app.policy.sme import Size, classify

FEW = settings(max_examples=30, deadline=None)

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "vectors" / "sme.json").read_text("utf-8"),
    parse_float=Decimal,
)
CODES = [industry.code for industry in sme.industries()]
RANK = {Size.MICRO: 0, Size.SMALL: 1, Size.MEDIUM: 2, Size.LARGE: 3}
FIGURE_NAMES = {"从业人员": "headcount", "营业收入": "revenue_wan", "资产总额": "assets_wan"}

headcounts = st.integers(0, 3000)
yuan_wan = st.decimals(0, 250_000, places=2)
industries = st.sampled_from(CODES)


def wan(figure: int | Decimal | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


@pytest.mark.parametrize("vector", VECTORS["complete"] + VECTORS["partial"], ids=lambda v: v["id"])
def test_vectors(vector: dict[str, Any]) -> None:
    """Every published vector gets its class and its answer to "is it 中小微"."""
    found = classify(
        vector["industry"],
        vector["headcount"],
        wan(vector["revenue_wan"]),
        wan(vector["assets_wan"]),
    )
    assert found.size == vector["expected_class"]
    assert found.is_sme is vector["expected_is_sme"]


def test_sixteen_industries() -> None:
    """All sixteen industries of the standard are there, each with its name and sentence."""
    assert len(set(CODES)) == 16
    assert all(name and text.endswith("微型企业。") for _, name, text in sme.industries())


@pytest.mark.parametrize("code", CODES)
def test_lines_are_the_numbers_of_the_sentence(code: str) -> None:
    """The bounds used are exactly the figures printed in the sentence that is quoted for them."""
    standard = sme._STANDARDS[code]
    for size, sentence in standard.sentences.items():
        printed = re.findall(r"(从业人员|营业收入|资产总额)(\d+)", sentence)
        assert {FIGURE_NAMES[what]: int(number) for what, number in printed} == standard.lines[size]
        assert sentence in standard.industry.text
        ending = {"large": "中小微型", "medium": "中型", "small": "小型"}[size]
        assert sentence.endswith(f"的为{ending}企业")


def test_one_figure_above_does_not_lift_the_class() -> None:
    """1500 persons and 50 million of revenue are medium industry, though in no printed range."""
    assert classify("INDUSTRY", 1500, Decimal(5000), None).size is Size.MEDIUM


def test_explanation_names_figures_lines_and_sentence() -> None:
    """The reader sees which figure met which line of which sentence, without invented zeros."""
    text = classify("INDUSTRY", 299, Decimal("2000.0000"), None).explanation_zh
    assert "工信部联企业〔2011〕300号）四（二）工业" in text
    assert "“从业人员300人及以上，且营业收入2000万元及以上的为中型企业”" in text
    assert "从业人员299人低于300人，营业收入2000万元达到2000万元" in text
    assert text.endswith("为小型企业，属于中小微企业。")
    large = classify("OTHER", 300, None, None).explanation_zh
    assert large.endswith("从业人员300人达到300人；为大型企业，不属于中小微企业。")


def test_what_is_missing_is_named() -> None:
    """An open answer names the figures that would close it, and no others."""
    unknown = classify("CONSTRUCTION", 50, Decimal(90000), None)
    assert (unknown.size, unknown.is_sme, unknown.missing) == (None, None, ("assets_wan",))
    assert unknown.explanation_zh.endswith("不能确定是否属于中小微企业，请补充资产总额。")
    between = classify("INDUSTRY", 299, None, None)
    assert (between.size, between.is_sme, between.missing) == (None, True, ("revenue_wan",))
    assert (
        "介于微型企业与小型企业之间；如需确定具体类型，请补充营业收入。" in between.explanation_zh
    )


def test_an_industry_outside_the_standard_is_no_guess() -> None:
    """An unknown industry is undetermined, never "other"."""
    found = classify("FINANCE", 1, Decimal(1), Decimal(1))
    assert (found.size, found.is_sme, found.missing) == (None, None, ("industry",))
    assert "请重新选择行业" in found.explanation_zh


@FEW
@given(industries, headcounts, yuan_wan, yuan_wan, headcounts, yuan_wan, yuan_wan)
def test_class_never_falls_when_figures_rise(
    industry: str,
    headcount: int,
    revenue: Decimal,
    assets: Decimal,
    more_people: int,
    more_revenue: Decimal,
    more_assets: Decimal,
) -> None:
    """The class is monotone in each figure."""
    lower = classify(industry, headcount, revenue, assets).size
    assert lower is not None
    for higher in (
        classify(industry, headcount + more_people, revenue, assets).size,
        classify(industry, headcount, revenue + more_revenue, assets).size,
        classify(industry, headcount, revenue, assets + more_assets).size,
    ):
        assert higher is not None
        assert RANK[higher] >= RANK[lower]


@FEW
@given(
    industries,
    st.none() | headcounts,
    st.none() | yuan_wan,
    st.none() | yuan_wan,
    headcounts,
    yuan_wan,
    yuan_wan,
)
def test_a_determined_answer_survives_every_missing_figure(
    industry: str,
    headcount: int | None,
    revenue: Decimal | None,
    assets: Decimal | None,
    people_then: int,
    revenue_then: Decimal,
    assets_then: Decimal,
) -> None:
    """What is said with figures missing stays true whatever the missing figures turn out to be."""
    known = classify(industry, headcount, revenue, assets)
    whole = classify(
        industry,
        people_then if headcount is None else headcount,
        revenue_then if revenue is None else revenue,
        assets_then if assets is None else assets,
    )
    assert whole.missing == ()
    assert whole.is_sme is (whole.size is not Size.LARGE)
    assert known.size in {None, whole.size}
    assert known.is_sme in {None, whole.is_sme}


def test_the_lines_of_an_industry_are_read_with_the_sentence_of_each_size() -> None:
    """Read anew from the data: sentences and lines of a size belong together."""
    for entry in sme._DATA["industries"]:
        read = sme._standard(entry)
        assert read == sme._STANDARDS[entry["code"]]
        assert read.industry == sme.Industry(entry["code"], entry["name"], entry["text"])
        assert read.clause == entry["clause"]
        assert list(read.lines) == [sme.Size.LARGE, sme.Size.MEDIUM, sme.Size.SMALL]
        for size, chinese in (("medium", "中型"), ("small", "小型")):
            assert read.lines[sme.Size(size)] == entry[size]
            assert read.sentences[sme.Size(size)].endswith(f"的为{chinese}企业")
