"""What does signing in answer?"""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.words import Told


class AccessToken(Told):
    """A short-lived access token."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the name of a scheme
    expires_in: int = Field(description="秒")
    scope: str


class TokenPair(AccessToken):
    """A short-lived access token and the refresh token that renews it once."""

    refresh_token: str


class Me(Told):
    """Who is signed in."""

    account_id: UUID
    name: str
    role: Literal["enterprise", "district", "centre"]
    enterprise_id: UUID | None
    bureau: str | None
    duties: list[str]
    business_day: str = Field(description="业务日期")
