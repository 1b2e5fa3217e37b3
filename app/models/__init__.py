"""Tables; the database itself refuses what must never happen."""

from app.models.accounts import Account, RefreshToken
from app.models.base import Base, new_id
from app.models.claims import AssessmentLine, AssessmentRecord, Claim, OverrideRecord, Signature
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
from app.models.payments import Notice, Payment, PaymentBatch
from app.models.plans import Plan, PlanCourse, Trainee
from app.models.records import AuditEvent, StoredAnswer
from app.models.reference import Bureau, BusinessClock, CalendarDay, ListedPlatform

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
    "Enrolment",
    "Enterprise",
    "Evidence",
    "LearningBatch",
    "LearningRecord",
    "LedgerEntry",
    "ListedPlatform",
    "Notice",
    "OverrideRecord",
    "Payment",
    "PaymentBatch",
    "PeriodBalance",
    "Person",
    "Plan",
    "PlanCourse",
    "ProjectSubsidy",
    "RefreshToken",
    "Signature",
    "StoredAnswer",
    "Trainee",
    "YearBalance",
    "new_id",
]
