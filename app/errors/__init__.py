"""What can be refused? Every deliberate refusal, one class each, by when it happens."""

from app.errors.access import (
    DutyMissing,
    KeyReused,
    NotFound,
    NotSignedIn,
    NotYourRole,
    RefreshRefused,
    SignInFailed,
    TooManyRequests,
    TooSlow,
)
from app.errors.base import Refusal
from app.errors.constraints import REFUSED_BY_CONSTRAINT, refusal_of
from app.errors.deciding import (
    AdvanceOpen,
    AssessmentChanged,
    CalendarUnknown,
    CapReached,
    ChecksOpen,
    ClaimAlreadyFiled,
    ClassPaid,
    ClassSuspended,
    ClockMovesForward,
    CommitmentsMissing,
    DayToCome,
    DetailsFixed,
    FindingsBlock,
    MaterialsMissing,
    NoPolicyInForce,
    NoticeOpen,
    ParameterRefused,
    PersonsUnknown,
    ProjectSubsidised,
    RateKnown,
    ResumedBeforeSuspended,
    RuleBinds,
    SignalCleared,
    SignalsOpen,
    SignedAlready,
    WrongState,
)
from app.errors.determining import (
    DecisionStands,
    NothingTakenAway,
    PointsOpen,
    RedeterminationOpen,
    ThirdSignatureMissing,
)
from app.errors.evidence import (
    ClaimEvidenceInfected,
    EvidenceInfected,
    EvidenceLost,
    EvidencePending,
    RangeRefused,
)
from app.errors.files import (
    ArchiveRefused,
    BodyTooLarge,
    FileEmpty,
    FileRefused,
    LockedDocument,
    MacrosRefused,
    ProgramRefused,
)
from app.errors.filing import (
    AlreadyRegistered,
    CalendarOccupied,
    CaseOpen,
    EnterpriseNotVerified,
    ExternalReferenceTaken,
    PlanDatesPassed,
    RosterEmpty,
    SameFile,
)
from app.errors.money import (
    BatchWithoutFile,
    BudgetBelowCommitted,
    BudgetConfirmed,
    BudgetExceeded,
    EnterpriseBlacklisted,
    MoreThanDemanded,
    MoreThanPaid,
    NotEstablished,
    RecallTooEarly,
    ReferenceKnown,
    TwoPersons,
)
from app.errors.platforms import PlatformKnown, PlatformNotOther, PlatformStands
from app.errors.publicity import (
    AttachmentsFull,
    LinesHeld,
    ObjectionLate,
    ObjectionRefersToNothing,
    ObjectionsFull,
    PaidInPart,
)
from app.errors.pushing import (
    BatchNotReplaceable,
    KeyHoldsIdentity,
    PlanNotOpen,
    PlanUnknown,
    PlatformBlocked,
    RecordKeyTaken,
    RecordsRefused,
    StatedTwice,
    TooManyRecords,
)
from app.errors.uploads import (
    AnothersUpload,
    ChecksumMismatch,
    ChecksumUnknown,
    ChunkType,
    OffsetConflict,
    ProtocolVersion,
    UploadFinished,
    UploadGone,
)
from app.errors.worklist import CaseHeld, NotAColleague, NotAllApproved, NotAwaited

__all__ = [
    "REFUSED_BY_CONSTRAINT", "AdvanceOpen", "AlreadyRegistered", "AnothersUpload",
    "ArchiveRefused", "AssessmentChanged", "AttachmentsFull", "BatchNotReplaceable",
    "BatchWithoutFile", "BodyTooLarge", "BudgetBelowCommitted", "BudgetConfirmed",
    "BudgetExceeded", "CalendarOccupied", "CalendarUnknown", "CapReached", "CaseHeld", "CaseOpen",
    "ChecksOpen", "ChecksumMismatch", "ChecksumUnknown", "ChunkType", "ClaimAlreadyFiled",
    "ClaimEvidenceInfected", "ClassPaid", "ClassSuspended", "ClockMovesForward",
    "CommitmentsMissing", "DayToCome", "DecisionStands", "DetailsFixed", "DutyMissing",
    "EnterpriseBlacklisted", "EnterpriseNotVerified", "EvidenceInfected", "EvidenceLost",
    "EvidencePending", "ExternalReferenceTaken", "FileEmpty", "FileRefused", "FindingsBlock",
    "KeyHoldsIdentity", "KeyReused", "LinesHeld", "LockedDocument", "MacrosRefused",
    "MaterialsMissing", "MoreThanDemanded", "MoreThanPaid", "NoPolicyInForce", "NotAColleague",
    "NotAllApproved", "NotAwaited", "NotEstablished", "NotFound", "NotSignedIn", "NotYourRole",
    "NothingTakenAway", "NoticeOpen", "ObjectionLate", "ObjectionRefersToNothing",
    "ObjectionsFull", "OffsetConflict", "PaidInPart", "ParameterRefused", "PersonsUnknown",
    "PlanDatesPassed", "PlanNotOpen", "PlanUnknown", "PlatformBlocked", "PlatformKnown",
    "PlatformNotOther", "PlatformStands", "PointsOpen", "ProgramRefused", "ProjectSubsidised",
    "ProtocolVersion", "RangeRefused", "RateKnown", "RecallTooEarly", "RecordKeyTaken",
    "RecordsRefused", "RedeterminationOpen", "ReferenceKnown", "RefreshRefused", "Refusal",
    "ResumedBeforeSuspended", "RosterEmpty", "RuleBinds", "SameFile", "SignInFailed",
    "SignalCleared", "SignalsOpen", "SignedAlready", "StatedTwice", "ThirdSignatureMissing",
    "TooManyRecords", "TooManyRequests", "TooSlow", "TwoPersons", "UploadFinished", "UploadGone",
    "WrongState", "refusal_of",
]  # fmt: skip
