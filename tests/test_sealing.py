"""What is sealed opens with its key and for its purpose only, and is found by a keyed digest."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from app.sealing import Sealer, new_key

SEALER = Sealer(new_key(), new_key())


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert SEALER.open(SEALER.seal(text, "id"), "id") == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert SEALER.seal("210202199003070009", "id") != SEALER.seal("210202199003070009", "id")


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_a_flipped_bit_never_opens(place: int, bit: int) -> None:
    sealed = bytearray(SEALER.seal("210202199003070009", "id"))
    place = 1 + place % (len(sealed) - 1)
    sealed[place] ^= 1 << bit
    with pytest.raises(InvalidTag):
        SEALER.open(bytes(sealed), "id")


def test_another_purpose_or_key_never_opens() -> None:
    sealed = SEALER.seal("210202199003070009", "id")
    with pytest.raises(InvalidTag):
        SEALER.open(sealed, "account")
    with pytest.raises(InvalidTag):
        Sealer(new_key(), new_key()).open(sealed, "id")


def test_a_digest_depends_on_text_purpose_and_key() -> None:
    digest = SEALER.digest("1", "id")
    others = [SEALER.digest("2", "id"), SEALER.digest("1", "account")]
    others.append(Sealer(new_key(), new_key()).digest("1", "id"))
    assert digest == SEALER.digest("1", "id")
    assert digest not in others


@pytest.mark.parametrize("key", ["", "short", "!!!", "AAAA"])
def test_a_key_of_the_wrong_form_is_named(key: str) -> None:
    with pytest.raises(ValueError, match="SUBSIDY_SEALING_KEY must be 32 bytes in base64"):
        Sealer(key, new_key())
