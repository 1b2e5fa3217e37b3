"""What is asked and answered when an officer reads a number whole?"""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.policy.masking import hide_numbers
from app.schemas.words import Given, Remark, Told


def _without_numbers(text: str) -> str:
    # The reason is kept in the open.
    if hide_numbers(text) != text:
        raise ValueError("理由中不要填写证件号码、电话或账号")
    return text


class RevealReason(Given):
    """Why an officer needs a number whole; the reason stands in the history."""

    reason: Annotated[Remark, AfterValidator(_without_numbers)] = Field(
        description="书面理由，记入办理记录", examples=["与身份证复印件核对"]
    )


class Revealed(Told):
    """A number, whole."""

    number: str
