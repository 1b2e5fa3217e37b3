"""What do single measures ask of a person, a plan or a case beside the common facts?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.policy.kinds import Certainty, Honour, Joined, Level, Payee, PersonCategory, Ruling


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure that the notices leave to others, with the document that sets it.

    ``key`` tells within ``measure`` for what it is paid (a level, a district); ``amount`` is yuan
    for one person, one person-year or one month, as the measure counts.
    """

    measure: str
    key: tuple[str, ...]
    amount: Decimal
    document: str
    source: str
    certainty: Certainty
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """An officer's decision to let one rule "in principle" be set aside in one case.

    ``person`` is the number of the one person meant, ``None`` for the whole case.
    """

    rule: str
    officer: str
    reason: str
    reference: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class LineDecision:
    """An officer's decision that one person's line brings nothing, or no more than so much.

    Of a reduced line either ``amount`` (yuan) or ``hours`` (class hours) says what is allowed.
    """

    person: int
    kind: Ruling
    reason: str
    reference: str
    amount: Decimal | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Commission:
    """The institution that trains for the enterprise (DL-3.2-d)."""

    institution: str
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher of the plan and the honour he holds, if any; a record only (LN-1.1-e)."""

    name: str
    honour: Honour | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which an officer suspended the class; open as long as ``to_day`` is ``None``."""

    from_day: date
    reason: str
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found of the training afterwards (DL-5.2-b)."""

    made_on: date
    by: str
    result: str


@dataclass(frozen=True, slots=True)
class Start:
    """Why and when an employee began or came back to work (DL-2.1-b)."""

    kind: Joined
    on: date


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate earned by the training; ``already_paid_to`` got a subsidy for it before."""

    level: Level
    number: str
    issued_on: date
    already_paid_to: Payee | None = None


@dataclass(frozen=True, slots=True)
class Apprentice:
    """A new-type apprenticeship: level, agreed days, and the agreement's number."""

    level: Level
    starts_on: date
    ends_on: date
    agreement: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A job taken up under work-for-training: who he is by which paper, and since when.

    ``paid_before`` tells that this employer already received the subsidy for him.
    """

    category: PersonCategory
    certificate: str
    issued_by: str
    employed_from: date
    paid_before: bool = False
