"""Promises: a masked number shows too little to find the person, and always the same."""

from hypothesis import given
from hypothesis import strategies as st

from app.policy import masking
from app.policy.identifiers import normalize


def test_masks() -> None:
    """First 6 and last 2 of an ID, last 4 of an account; every writing of a number masks alike."""
    assert masking.mask_resident_id("210202199003070009") == "210202**********09"
    assert masking.mask_resident_id("' 210202-199003070009") == "210202**********09"
    assert masking.mask_account("0000 1111 2222 3333 44") == "**************3344"
    assert masking.mask_account("123456789") == "*****6789"


@given(st.text("0123456789X ", max_size=40))
def test_a_mask_never_shows_what_is_no_whole_number(text: str) -> None:
    """What has another length is hidden whole, and no mask shows more than 8 characters."""
    number = normalize(text)
    masked = masking.mask_resident_id(text)
    assert len(masked) == len(number)
    assert len(masked.strip("*").replace("*", "")) == (8 if len(number) == 18 else 0)
    assert len(masking.mask_account(text).lstrip("*")) == (4 if len(number) >= 9 else 0)
