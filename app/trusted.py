"""Which outside issuers are trusted, with which keys, and whom may each of them vouch for?"""

from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.policy.procedure import Duty

Algorithm = Literal["ES256", "RS256"]
Role = Literal["enterprise", "district", "centre"]
_OFFICERS: Final = frozenset({"district", "centre"})

Name = Annotated[str, Field(min_length=1, max_length=300)]


class _Fixed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClaimNames(_Fixed):
    """Under which names the issuer's tokens say what; a dot leads into an object."""

    subject: Name = "sub"
    name: Name = "name"
    role: Name = "role"
    uscc: Name = "uscc"
    bureau: Name = "bureau"
    duties: Name = "duties"


class TrustedIssuer(_Fixed):
    """One outside issuer, and the most that its tokens may say.

    ``role_words`` and ``duty_words`` turn the issuer's own words into ours; without them the words
    are ours. An issuer with a single role needs no claim for it.
    """

    issuer: Name
    audience: Name
    algorithms: tuple[Algorithm, ...] = Field(("ES256",), min_length=1)
    jwks_url: Name | None = None
    jwks: dict[str, Any] | None = None
    roles: tuple[Role, ...] = Field(("enterprise",), min_length=1)
    bureaus: tuple[Name, ...] = ()
    duties: tuple[Duty, ...] = ()
    claims: ClaimNames = ClaimNames()
    role_words: dict[str, Role] = {}
    duty_words: dict[str, Duty] = {}
    longest_minutes: int = Field(720, ge=1, le=1440)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.jwks_url is None) == (self.jwks is None):
            raise ValueError("an issuer's keys come from jwks_url or from jwks, one of the two")
        if self.jwks_url is not None and urlsplit(self.jwks_url).scheme not in {"http", "https"}:
            raise ValueError("jwks_url must be an https URL")
        if "district" in self.roles and not self.bureaus:
            raise ValueError("an issuer of officers names the bureaus it may speak for")
        if self.duties and not _OFFICERS & set(self.roles):
            raise ValueError("duties are those of officers; this issuer has none")
        return self

    @property
    def is_safe(self) -> bool:
        """Tell whether nobody on the way can put other keys in place of the issuer's."""
        return self.jwks_url is None or urlsplit(self.jwks_url).scheme == "https"
