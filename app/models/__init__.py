"""Tables; the database itself refuses what must never happen."""

from app.models.accounts import Account, RefreshToken
from app.models.base import Base, new_id
from app.models.claims import AssessmentLine, AssessmentRecord, Claim, OverrideRecord, Signature
from app.models.conduct import DeclarationRecord, EvaluationRecord, SuspensionRecord
from app.models.details import TraineeDetails
from app.models.enterprises import Enterprise
from app.models.evidence import Evidence
from app.models.learning import LearningBatch, LearningRecord
from app.models.ledger import (
    Enrolment,
    LedgerEntry,
    PeriodBalance,
    Person,
    ProjectSubsidy,
    YearBalance,
)
from app.models.notices import (
    Notice,
    NoticeClaim,
    NoticeSite,
    NoticeTerm,
    Objection,
    ObjectionAttachment,
)
from app.models.payments import Payment, PaymentBatch, Recovery
from app.models.plans import Plan, PlanCourse, PlanTeacher, Trainee
from app.models.records import AuditEvent, StoredAnswer
from app.models.reference import (
    Bureau,
    BusinessClock,
    CalendarDay,
    ListedPlatform,
    ReferenceRate,
)
from app.models.signals import SignalRecord
from app.models.simulations import Simulation

__all__ = [
    "Account",
    "AssessmentLine",
    "AssessmentRecord",
    "AuditEvent",
    "Base",
    "Bureau",
    "BusinessClock",
    "CalendarDay",
    "Claim",
    "DeclarationRecord",
    "Enrolment",
    "Enterprise",
    "EvaluationRecord",
    "Evidence",
    "LearningBatch",
    "LearningRecord",
    "LedgerEntry",
    "ListedPlatform",
    "Notice",
    "NoticeClaim",
    "NoticeSite",
    "NoticeTerm",
    "Objection",
    "ObjectionAttachment",
    "OverrideRecord",
    "Payment",
    "PaymentBatch",
    "PeriodBalance",
    "Person",
    "Plan",
    "PlanCourse",
    "PlanTeacher",
    "ProjectSubsidy",
    "Recovery",
    "ReferenceRate",
    "RefreshToken",
    "SignalRecord",
    "Signature",
    "Simulation",
    "StoredAnswer",
    "SuspensionRecord",
    "Trainee",
    "TraineeDetails",
    "YearBalance",
    "new_id",
]
