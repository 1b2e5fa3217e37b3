"""Who is calling? One type per role."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.policy.procedure import Duty, Hand

PROVINCIAL_CENTRE: Final = "LN-PROV"
"""The bureau code of 辽宁省就业和人才服务中心 (LN-1.2-d)."""


@dataclass(frozen=True, slots=True)
class EnterpriseUser:
    """A person who acts for one enterprise."""

    account_id: UUID
    name: str
    enterprise_id: UUID

    role = "enterprise"
    hand = Hand.APPLICANT


@dataclass(frozen=True, slots=True)
class DistrictOfficer:
    """An officer of one district bureau."""

    account_id: UUID
    name: str
    bureau: str
    duties: frozenset[Duty]

    role = "district"
    hand = Hand.OFFICER


@dataclass(frozen=True, slots=True)
class CentreOfficer:
    """An officer of the provincial centre: decides the cases routed there, and no others."""

    account_id: UUID
    name: str
    duties: frozenset[Duty]

    role = "centre"
    hand = Hand.OFFICER
    bureau = PROVINCIAL_CENTRE


@dataclass(frozen=True, slots=True)
class PlatformSystem:
    """A learning platform's own program: pushes records of the plans filed with it, no more."""

    account_id: UUID
    name: str
    platform_id: UUID

    role = "platform"


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """Anybody who signed in, at his own account: its password, second factor and sessions."""

    account_id: UUID
    name: str
    enterprise_id: UUID | None
    bureau: str | None

    role = "holder"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Anybody without a token: reads notices and the law."""

    role = "public"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in desk itself, before it is known who is calling."""

    role = "sign_in"


@dataclass(frozen=True, slots=True)
class SandboxKeeper:
    """Whoever tries the sandbox out: may move its business day, and nothing else."""

    role = "sandbox"


@dataclass(frozen=True, slots=True)
class Introducer:
    """The desk that takes outside issuers' tokens: makes accounts for those they vouch for."""

    role = "outside"


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Whoever clears uploads away that were never finished; sees no other row."""

    role = "sweeper"


Officer = DistrictOfficer | CentreOfficer
Member = EnterpriseUser | DistrictOfficer | CentreOfficer
Desks = Visitor | SignIn | SandboxKeeper | Introducer | Sweeper
Sender = Member | PlatformSystem
Actor = Sender | AccountHolder | Desks
