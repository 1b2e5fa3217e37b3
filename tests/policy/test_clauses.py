"""Promises: every clause is there, and every word of it stands in the notices as printed."""

from pathlib import Path

import pytest

from app.policy.clauses import DOCUMENTS, Clause, UnknownClause, all_clauses, clause

NOTICES = (Path(__file__).parent / "vectors" / "notices.zh.md").read_text("utf-8")
KINDS = {
    "AMOUNT",
    "CAP",
    "DEADLINE",
    "DUTY",
    "ELIG",
    "FUND",
    "MATERIAL",
    "PAYMENT",
    "PLATFORM",
    "PROCESS",
    "PROMO",
    "PUBLICITY",
    "RECORD",
    "STATS",
    "SUPERVISION",
    "VALIDITY",
}
every_clause = pytest.mark.parametrize("each", all_clauses(), ids=lambda each: each.id)


def without_blanks(text: str) -> str:
    return "".join(text.split())


PROVINCE_BEGINS = without_blanks(NOTICES).index("辽宁省人力资源和社会保障厅")


def test_a_hundred_and_twenty_clauses() -> None:
    """All clauses of both notices, no id twice, the city's first."""
    documents = [each.document for each in all_clauses()]
    assert len(documents) == len({each.id for each in all_clauses()}) == 120
    assert documents == sorted(documents)
    assert DOCUMENTS == {"DL": "大人社发〔2020〕41号", "LN": "辽人社函〔2020〕16号"}


@every_clause
def test_words_are_those_of_the_notice(each: Clause) -> None:
    """The fragment lies in the sentence, and the sentence in the right notice, blanks aside."""
    assert without_blanks(each.quote) in without_blanks(each.text)
    city = without_blanks(NOTICES)[:PROVINCE_BEGINS]
    province = without_blanks(NOTICES)[PROVINCE_BEGINS:]
    assert without_blanks(each.text) in {"DL": city, "LN": province}[each.document]


@every_clause
def test_text_is_whole_sentences(each: Clause) -> None:
    """A text ends where the notice ends a sentence; three places of the notices have no stop."""
    unpunctuated = {"DL-6-b", "LN-F-1", "LN-F-s"}
    assert each.text.endswith(("。", "：")) or each.id in unpunctuated


@every_clause
def test_every_clause_is_explained(each: Clause) -> None:
    """Each clause says what it means, in English and in one Chinese sentence, and where."""
    assert each.id.startswith(each.document)
    assert each.kind in KINDS
    assert each.meaning
    assert each.acts
    assert each.meaning_zh.endswith("。")
    assert each.meaning_zh.count("。") == 1


def test_a_clause_is_found_by_its_id() -> None:
    """The id that a rule cites leads to the words."""
    assert clause("DL-2.3-f").quote == "每人每年补贴上限不得超过1000元"


def test_an_unknown_id_is_a_clear_error() -> None:
    """A wrong citation is named together with the file in which it is missing."""
    with pytest.raises(UnknownClause, match=r"no clause 'DL-9-z' in app/policy/clauses\.toml"):
        clause("DL-9-z")


def test_misprints_are_kept_and_noted() -> None:
    """The text stays as printed, and the note says what is odd."""
    assert "培训质量下降" in clause("LN-F-c3").text
    assert "培训质量不下降" in clause("LN-F-c3").misprint
    assert clause("LN-F-c2a").text.count("本本企业") == 2


def test_printed_text_has_no_link_marks() -> None:
    """What officers read shows each address once and no mark of the copy's file format."""
    printed = clause("DL-3.1-a").printed
    assert "（www.tech-skills.org.cn）" in printed
    assert "http://www.lnrc.com.cn/#/ww/h/b/wwhb_cont.html" in printed
    assert "（http://rsj.dl.gov.cn）" in clause("DL-4.1-a").printed
    assert not any(mark in each.printed for each in all_clauses() for mark in "[]<>\\")
