"""A text has one way of writing, and finding it costs no more than the text is long."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.writing import composed, folded

# Each pair stands in the wrong order, so that all of them must be sorted.
PAIRS = ("\u0301\u0316", "\u0f73\u0316", "\uff9e\u0316", "\u0f75\u0f73", "\U0001d165\u0316")


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("least", [16, 100, 16_000, 1_000_000])
def test_a_heap_of_marks_is_left_as_it_is_and_at_once(pair: str, least: int) -> None:
    """A hundred thousand marks on one letter would take seconds, a million hours."""
    text = "甲" + pair * least
    began = time.process_time()
    assert (composed(text), folded(text)) == (text, text)
    assert time.process_time() - began < 1


def test_what_is_longer_than_any_cell_is_left_as_it_is() -> None:
    assert folded("Ａ" * 32_767) == "A" * 32_767
    assert folded("Ａ" * 32_768) == "Ａ" * 32_768


@given(
    st.text(max_size=200)
    | st.text(st.sampled_from("aか甲\u0301\u0316\u0f73\uff9e… -"), max_size=60)
)
def test_any_other_text_is_put_into_its_normal_form(text: str) -> None:
    for form, made in (("NFC", composed(text)), ("NFKC", folded(text))):
        marks = "".join("x" if _is_a_mark(each) else "." for each in text)
        if "x" * 31 not in marks:
            assert made == unicodedata.normalize(form, text)  # noqa: TID251  what it stands for


def test_thirty_marks_are_put_in_order_and_thirty_one_are_not() -> None:
    for count, ordered in ((30, True), (31, False)):
        text = "a" + "\u0301" * (count - 1) + "\u0316"
        assert (composed(text)[:2] == "\u00e1\u0316") == ordered


def _is_a_mark(each: str) -> bool:
    return bool(unicodedata.combining(each)) or each in "\u0f73\u0f75\u0f81\uff9e\uff9f"
