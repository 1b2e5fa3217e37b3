"""What does the law need to know? The facts of one claim, as plain data.

Everything a rule reads is here: no rule asks a clock, a file or a database. Absent knowledge is
``None`` and leads to the outcome "no data", never to "passed".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.policy.facets import (
    Apprentice,
    Certificate,
    Commission,
    Evaluation,
    LineDecision,
    Override,
    Placement,
    Rate,
    Start,
    Suspension,
    Teacher,
)
from app.policy.kinds import (
    Category,
    Employment,
    Entity,
    InsuranceLevel,
    LegalForm,
    Level,
    Material,
    Mode,
    OrganisationForm,
    Payee,
    PlatformKind,
    Purpose,
    Scan,
)

__all__ = [
    "Category", "ClaimFacts", "Course", "Employment", "EnterpriseFacts", "InsuranceLevel",
    "LegalForm", "Material", "Mode", "PersonFacts", "PlanFacts", "Platform", "PlatformKind",
    "Purpose", "Scan", "Session",
]  # fmt: skip


class Session(NamedTuple):
    """One stretch of learning of one person, as the record states it.

    ``start`` and ``end`` are whole seconds since 1970-01-01 00:00 on the wall clock of Shanghai
    (so one day is 86,400 of them and ``start // 86_400`` is the day's number), ``stated`` the
    seconds of learning that the record itself claims. ``course`` is the number of the filed
    course, 0 for a course that was not filed.
    """

    course: int
    start: int
    end: int
    stated: int


@dataclass(frozen=True, slots=True)
class Course:
    """One filed course: its number in the plan (from 1) and its filed class hours.

    ``explanation`` says what a course of the category "other" teaches.
    """

    number: int
    name: str
    category: Category
    mode: Mode
    class_hours: int
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """The filed online channel; ``conditions_met`` is the officer's tick (DL-3.2-b).

    One that is ``blocked`` was found unfit from the day ``blocked_since`` on.
    """

    kind: PlatformKind
    name: str
    address: str
    conditions_met: bool | None = None
    blocked: bool = False
    blocked_since: date | None = None
    blocked_reason: str = ""


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """The applicant, with its figures at the end of 2019 (revenue and assets in 10,000 yuan)."""

    legal_form: LegalForm | None
    registered_in_liaoning: bool | None
    dispatch_company: bool | None
    industry: str
    headcount: int | None
    revenue_wan: Decimal | None
    assets_wan: Decimal | None
    insurance: InsuranceLevel | None
    verified: bool
    blacklisted: bool = False
    entity: Entity = Entity.ENTERPRISE
    blacklisted_since: date | None = None
    blacklisting_document: str = ""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The filed training plan. ``cost`` is the declared cost in yuan.

    ``level`` is that of the trade, ``organisation`` how training lies beside work, ``commission``
    the institution that trains on the enterprise's behalf, ``tested`` that the plan ends in a test.
    ``withheld`` are the materials of which there are only files that the scanner did not let pass,
    and what it said; not among ``materials``.
    """

    project_key: str
    mode: Mode
    starts_on: date
    ends_on: date
    approved_on: date | None
    main_business: str
    converted_from_offline: bool
    cost: Decimal | None
    courses: tuple[Course, ...]
    platform: Platform | None
    materials: frozenset[Material]
    trainees: int
    dispatched: int
    level: Level | None = None
    organisation: OrganisationForm | None = None
    commission: Commission | None = None
    teachers: tuple[Teacher, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    tested: bool = False
    withheld: Mapping[Material, Scan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person in the project: who he is here, what he learned, what he already received.

    ``still_employed`` is the enterprise's word at claim time: ``True`` confirmed, ``False`` left
    (then ``left_on`` may name the day), ``None`` nothing said. ``used`` maps a calendar year to the
    yuan reserved and paid less reversed in it; ``counted`` is the number of counted subsidies in
    the policy period. ``occupied``: another approved project holds some of his days.
    ``test_passed`` is the result where the plan is ``tested``, ``certificate_subsidised`` that a
    subsidy for his certificate of the same training was granted (A-29). ``start``, ``certificate``,
    ``apprentice`` and ``placement`` are what single measures ask beside.
    """

    number: int
    id_valid: bool
    twice_on_roster: bool
    post: str
    frontline: bool | None
    employment: Employment
    dispatch_company: str
    dispatch_uscc: str
    hired_on: date | None
    left_on: date | None
    still_employed: bool | None
    occupied: bool
    already_subsidised: bool
    counted: int
    used: Mapping[int, Decimal] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    test_passed: bool | None = None
    certificate_subsidised: bool = False
    start: Start | None = None
    certificate: Certificate | None = None
    apprentice: Apprentice | None = None
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim of a measure (a code of ``app.policy.measures``) on the day it is assessed.

    ``claimed_on`` is the day it was (or would be) filed, ``commitments`` counts those accepted of
    the annex. ``period_ended_on`` is the last day of the epidemic period once it is declared over,
    ``province_extended_to`` the last day that a later provincial document sets (A-02), and
    ``offline_resumed_on`` the first day on which institutions may train offline again. ``rates``
    are the reference rates, ``overrides`` officers' decisions on rules "in principle",
    ``decisions`` those on single lines (one for a person at most), ``district`` the applicant's
    seat, ``payee`` who is to be paid, ``class_also_paid_to`` who else claimed for the class,
    ``requirements_met`` the officer's tick that it meets those of government-subsidised training,
    ``procedure_reference`` its number in the existing procedure. ``evaluation_due``: the evaluation
    after training is expected. ``purpose`` is what is applied for.
    """

    measure: str
    claimed_on: date
    handled_by_centre: bool
    enterprise: EnterpriseFacts
    plan: PlanFacts
    materials: frozenset[Material]
    commitments: int
    persons: tuple[PersonFacts, ...]
    period_ended_on: date | None = None
    province_extended_to: date | None = None
    offline_resumed_on: date | None = None
    rates: tuple[Rate, ...] = ()
    overrides: tuple[Override, ...] = ()
    decisions: tuple[LineDecision, ...] = ()
    district: str = ""
    payee: Payee = Payee.ENTERPRISE
    class_also_paid_to: Payee | None = None
    requirements_met: bool | None = None
    procedure_reference: str = ""
    evaluation: Evaluation | None = None
    evaluation_due: bool = False
    purpose: Purpose = Purpose.CLAIM
