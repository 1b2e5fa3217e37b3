"""A name is one line that everybody sees as it is; other texts may have lines, and no more."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.schemas.words import Asked, LongText, Remark, Text
from tests.hostile.corpus import BROKEN, LONG, LOOKALIKES, PLAIN

LINES = ("甲\n2,编号,申请,乙,银行,6222,99999.00,用途", "甲\t=1337*1337")


def takes(kind: object, text: str) -> bool:
    try:
        return bool(TypeAdapter(kind).validate_python(text))
    except ValidationError:
        return False


@pytest.mark.parametrize("text", [*BROKEN, *LONG], ids=ascii)
def test_no_name_is_cut_hidden_turned_round_or_without_end(text: str) -> None:
    assert not takes(Text, text)
    assert not takes(Asked, text)
    assert takes(LongText, text) == takes(Remark, text) == (text in LINES)


@pytest.mark.parametrize("text", [*PLAIN, "Ǆ", "𠮷田"], ids=ascii)
def test_plain_signs_are_kept_as_they_are(text: str) -> None:
    """What they mean to a database or a spreadsheet is the business of who writes them there."""
    assert TypeAdapter(Text).validate_python(text) == text
    assert TypeAdapter(LongText).validate_python(text) == text


@pytest.mark.parametrize("text", LOOKALIKES, ids=ascii)
def test_lookalikes_are_names_and_not_one_of_the_signs_is_unseen(text: str) -> None:
    """A name decides nothing: enterprises are known by credit codes, users by ASCII names."""
    assert takes(Text, text)


def test_a_reason_is_a_word_at_least_when_its_marks_are_put_together() -> None:
    """The database asks for two characters; what becomes one would be refused there as a bug."""
    assert not takes(Remark, "e\u0301")
    assert takes(Remark, "ee\u0301")
