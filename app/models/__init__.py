"""Tables; the database itself refuses what must never happen."""

from app.models.access import FileKey, OutsideIdentity, ServiceAccount, ServiceSecret
from app.models.accounts import Account, PasswordReset, RefreshToken, SecondFactor
from app.models.base import Base, new_id
from app.models.budgets import Budget, BudgetEntry, BudgetSlice
from app.models.checks import OfficerCheck
from app.models.claims import AssessmentLine, AssessmentRecord, Claim, Signature
from app.models.conduct import DeclarationRecord, EvaluationRecord, SuspensionRecord
from app.models.deciding import (
    ClaimRound,
    CorrectionPoint,
    LineDecisionRecord,
    OverrideRecord,
    Redetermination,
)
from app.models.details import TraineeDetails
from app.models.enterprises import Enterprise
from app.models.evidence import Evidence
from app.models.joining import Invitation, Licence, SignUp
from app.models.learning import LearningBatch, LearningRecord
from app.models.ledger import (
    Enrolment,
    LedgerEntry,
    PeriodBalance,
    Person,
    ProjectSubsidy,
    YearBalance,
)
from app.models.legal_holds import LegalHold
from app.models.notices import (
    Notice,
    NoticeClaim,
    NoticeSite,
    NoticeTerm,
    Objection,
    ObjectionAttachment,
)
from app.models.payments import Payment, PaymentBatch
from app.models.plans import Plan, PlanCourse, PlanTeacher, Trainee
from app.models.platforms import ListedPlatform, PlatformColumn, PlatformEvent
from app.models.pushes import PushedRecord
from app.models.records import AuditEvent, AuditSeal, StoredAnswer
from app.models.recoveries import (
    PaymentOffset,
    Recovery,
    RecoveryDecision,
    RecoveryLine,
    RecoveryPayment,
)
from app.models.reference import (
    Bureau,
    BusinessClock,
    CalendarDay,
    ReferenceRate,
    SignatureLimit,
)
from app.models.signals import SignalRecord
from app.models.simulations import Simulation
from app.models.tracing import FOUND_BY
from app.models.uploads import ResumableUpload, UploadSegment
from app.models.violations import Blacklisting, Violation, ViolationClaim, ViolationTransfer
from app.models.worklist import Assignment, WorklistCount, WorklistEntry

__all__ = [
    "FOUND_BY",
    "Account",
    "AssessmentLine",
    "AssessmentRecord",
    "Assignment",
    "AuditEvent",
    "AuditSeal",
    "Base",
    "Blacklisting",
    "Budget",
    "BudgetEntry",
    "BudgetSlice",
    "Bureau",
    "BusinessClock",
    "CalendarDay",
    "Claim",
    "ClaimRound",
    "CorrectionPoint",
    "DeclarationRecord",
    "Enrolment",
    "Enterprise",
    "EvaluationRecord",
    "Evidence",
    "FileKey",
    "Invitation",
    "LearningBatch",
    "LearningRecord",
    "LedgerEntry",
    "LegalHold",
    "Licence",
    "LineDecisionRecord",
    "ListedPlatform",
    "Notice",
    "NoticeClaim",
    "NoticeSite",
    "NoticeTerm",
    "Objection",
    "ObjectionAttachment",
    "OfficerCheck",
    "OutsideIdentity",
    "OverrideRecord",
    "PasswordReset",
    "Payment",
    "PaymentBatch",
    "PaymentOffset",
    "PeriodBalance",
    "Person",
    "Plan",
    "PlanCourse",
    "PlanTeacher",
    "PlatformColumn",
    "PlatformEvent",
    "ProjectSubsidy",
    "PushedRecord",
    "Recovery",
    "RecoveryDecision",
    "RecoveryLine",
    "RecoveryPayment",
    "Redetermination",
    "ReferenceRate",
    "RefreshToken",
    "ResumableUpload",
    "SecondFactor",
    "ServiceAccount",
    "ServiceSecret",
    "SignUp",
    "SignalRecord",
    "Signature",
    "SignatureLimit",
    "Simulation",
    "StoredAnswer",
    "SuspensionRecord",
    "Trainee",
    "TraineeDetails",
    "UploadSegment",
    "Violation",
    "ViolationClaim",
    "ViolationTransfer",
    "WorklistCount",
    "WorklistEntry",
    "YearBalance",
    "new_id",
]
