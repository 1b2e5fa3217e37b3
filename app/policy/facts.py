"""What does the law need to know? The facts of one claim, as plain data.

Everything a rule reads is here: no rule asks a clock, a file or a database. Absent knowledge is
``None`` and leads to the outcome "no data", never to "passed".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Mode(StrEnum):
    """How training is given (DL-1-e)."""

    ONLINE = "online"
    OFFLINE = "offline"
    MIXED = "mixed"


class Employment(StrEnum):
    """How a trainee works at the enterprise (DL-1-d)."""

    CONTRACT = "contract"
    DISPATCHED = "dispatched"


class InsuranceLevel(StrEnum):
    """Where the enterprise pays unemployment insurance (LN-1.2-d)."""

    CITY = "city"
    PROVINCE = "province"
    NONE = "none"


class LegalForm(StrEnum):
    """Whether the entity is a legal person of its own (LN-1.4-a, A-31)."""

    LEGAL_PERSON = "legal_person"
    BRANCH = "branch"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    INDIVIDUAL_BUSINESS = "individual_business"
    COOPERATIVE = "cooperative"


class Category(StrEnum):
    """Content of a course (DL-2.3-b)."""

    JOB_SKILL = "job_skill"
    SAFETY_SKILL = "safety_skill"
    INJURY_PREVENTION = "injury_prevention"
    HEALTH_AND_EPIDEMIC = "health_and_epidemic"
    GENERAL_QUALITY = "general_quality"
    OTHER = "other"


class PlatformKind(StrEnum):
    """Where online training runs (DL-3.2-a)."""

    LISTED = "listed"
    OWN = "own"
    OTHER = "other"


class Material(StrEnum):
    """Kinds of evidence a filing or a claim rests on (DL-4.2-b..e, DL-4.3-c..e)."""

    LICENCE = "licence"
    SME_PROOF = "sme_proof"
    ACCOUNT_PROOF = "account_proof"
    TEACHING_PLAN = "teaching_plan"
    PLATFORM_SCREENSHOT = "platform_screenshot"
    DISPATCH_AGREEMENT = "dispatch_agreement"
    SAFETY_DECLARATION = "safety_declaration"
    ROSTER = "roster"
    LEARNING_EXPORT = "learning_export"
    APPLICATION_FORM = "application_form"
    SIGN_IN_REGISTRATION = "sign_in_registration"
    CUMULATIVE_HOURS = "cumulative_hours"
    TRAINING_RECORD = "training_record"
    COURSEWARE = "courseware"
    TRAINING_VIDEO = "training_video"
    ATTENDANCE_SHEET = "attendance_sheet"
    PAPER_ORIGINAL = "paper_original"
    OTHER = "other"


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
    """One filed course: its number in the plan (from 1) and its filed class hours."""

    number: int
    name: str
    category: Category
    mode: Mode
    class_hours: int


@dataclass(frozen=True, slots=True)
class Platform:
    """The filed online channel; ``conditions_met`` is the officer's tick (DL-3.2-b)."""

    kind: PlatformKind
    name: str
    address: str
    conditions_met: bool | None = None
    blocked: bool = False


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


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The filed training plan. ``cost`` is the declared cost in yuan."""

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


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person in the project: who he is here, what he learned, what he already received.

    ``still_employed`` is the enterprise's word at claim time: ``True`` confirmed, ``False`` left
    (then ``left_on`` may name the day), ``None`` nothing said. ``used`` maps a calendar year to the
    yuan reserved and paid less reversed in it; ``counted`` is the number of counted subsidies in
    the policy period. ``occupied`` tells that another approved project holds some of his days.
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


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim of the hourly SME programme (DL-2.3) on the day it is assessed.

    ``claimed_on`` is the day the claim was (or would be) filed. ``handled_by_centre`` tells whether
    the provincial centre handles the case. ``commitments`` counts the accepted commitments of the
    annex. ``period_ended_on`` is the last day of the epidemic period once it is declared over, and
    ``province_extended_to`` the last day that a later provincial document sets (A-02). ``waived``
    names the rules "in principle" that an officer set aside with a written reason.
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
    waived: frozenset[str] = frozenset()
