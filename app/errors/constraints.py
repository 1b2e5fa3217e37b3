"""What does the database refuse, by the names of its constraints, in the office's words?"""

import json
from typing import Any

from app.errors.access import DutyMissing
from app.errors.accounts import (
    CreditCodeStands,
    DutiesApart,
    LicenceMissing,
    ManagerOnly,
    UsernameTaken,
)
from app.errors.base import Refusal
from app.errors.deciding import (
    AdvanceOpen,
    AssessmentChanged,
    CapReached,
    ChecksOpen,
    ClaimAlreadyFiled,
    ClassPaid,
    ClassSuspended,
    DetailsFixed,
    NoticeOpen,
    ProjectSubsidised,
    RateKnown,
    ResumedBeforeSuspended,
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
from app.errors.evidence import ClaimEvidenceInfected
from app.errors.filing import (
    AlreadyRegistered,
    CalendarOccupied,
    EnterpriseNotVerified,
    ExternalReferenceTaken,
    OnHold,
    PlanDatesPassed,
    SameFile,
)
from app.errors.money import (
    BudgetBelowCommitted,
    BudgetConfirmed,
    BudgetExceeded,
    EnterpriseBlacklisted,
    MoreThanDemanded,
    MoreThanPaid,
    NotEstablished,
    ReferenceKnown,
    TwoPersons,
)
from app.errors.platforms import PlatformKnown
from app.errors.publicity import LinesHeld, ObjectionLate, ObjectionRefersToNothing, PaidInPart
from app.errors.pushing import RecordKeyTaken
from app.errors.worklist import CaseHeld, NotAColleague

REFUSED_BY_CONSTRAINT: dict[str, type[Refusal]] = {
    "uq_enterprises_uscc": AlreadyRegistered,
    "pk_enterprises": AlreadyRegistered,
    "enterprises_uscc_stands": CreditCodeStands,
    "enterprises_account_by_manager": ManagerOnly,
    "enterprises_licence_shown": LicenceMissing,
    "uq_accounts_username": UsernameTaken,
    "ck_accounts_apart": DutiesApart,
    "uq_claims_open_on_plan": ClaimAlreadyFiled,
    "uq_claims_external_issuer_external_reference": ExternalReferenceTaken,
    "uq_plans_external_issuer_external_reference": ExternalReferenceTaken,
    "uq_signatures_one_per_officer": SignedAlready,
    "claims_two_signatures": SignedAlready,
    "signatures_not_by_who_keyed_in": SignedAlready,
    "follow_procedure": WrongState,
    "ex_enrolments_no_overlap": CalendarOccupied,
    "ck_year_balances_cap": CapReached,
    "ck_period_balances_times": CapReached,
    "uq_project_subsidies_once": ProjectSubsidised,
    "payments_after_notice": NoticeOpen,
    "payments_once": WrongState,
    "payments_due": WrongState,
    "payments_held": LinesHeld,
    "uq_payments_one_on_its_way": WrongState,
    "claims_paid_in_full": WrongState,
    "claims_paid_in_part": PaidInPart,
    "claims_objection_stands": LinesHeld,
    "uq_learning_batches_file": SameFile,
    "ck_plans_approved_before_start": PlanDatesPassed,
    "uq_notice_claims_in_force": WrongState,
    "objections_in_time": ObjectionLate,
    "objections_lines_published": ObjectionRefersToNothing,
    "objections_decided_once": WrongState,
    "objections_by_another_hand": SignedAlready,
    "uq_claims_one_per_class": ClassPaid,
    "uq_rates_measure_key_valid_from": RateKnown,
    "uq_platforms_name": PlatformKnown,
    "uq_platforms_plain_name": PlatformKnown,
    "trainee_details_filed": DetailsFixed,
    "trainee_details_claimed": DetailsFixed,
    "claims_advance_before_claim": AdvanceOpen,
    "claims_advance_open": AdvanceOpen,
    "claims_paid_by_payment": WrongState,
    "uq_recoveries_claim_id": WrongState,
    "ex_suspensions_no_overlap": ClassSuspended,
    "ck_suspensions_days": ResumedBeforeSuspended,
    "claims_signals_cleared": SignalsOpen,
    "claims_not_by_who_cleared": SignedAlready,
    "signals_cleared_once": SignalCleared,
    "claims_evidence_not_infected": ClaimEvidenceInfected,
    "uq_pushed_records_standing": RecordKeyTaken,
    "claims_third_signature": ThirdSignatureMissing,
    "claims_pay_signature": SignedAlready,
    "signatures_by_duty": DutyMissing,
    "payments_by_duty": DutyMissing,
    "claims_not_by_who_decided": SignedAlready,
    "claims_amount_as_assessed": AssessmentChanged,
    "claims_signed_as_assessed": AssessmentChanged,
    "claims_lines_as_decided": AssessmentChanged,
    "claims_figures_stand": AssessmentChanged,
    "line_decisions_under_examination": WrongState,
    "ck_line_decisions_never_raises": NothingTakenAway,
    "uq_claims_supersedes": RedeterminationOpen,
    "claims_supersedes_decided": WrongState,
    "claims_successor_stands": DecisionStands,
    "claims_points_answered": PointsOpen,
    "correction_points_answered_once": PointsOpen,
    "budgets_not_exceeded": BudgetExceeded,
    "budgets_below_committed": BudgetBelowCommitted,
    "budgets_confirmed_once": BudgetConfirmed,
    "ck_budgets_two_persons": TwoPersons,
    "ck_recovery_decisions_two_persons": TwoPersons,
    "ck_violations_two_persons": TwoPersons,
    "payments_of_published": WrongState,
    "payments_to_verified": EnterpriseNotVerified,
    "payments_not_blacklisted": EnterpriseBlacklisted,
    "payments_result_final": WrongState,
    "payments_offsets_add_up": WrongState,
    "recoveries_closed_rightly": WrongState,
    "recoveries_of_paid": MoreThanPaid,
    "recovery_payments_within_demand": MoreThanDemanded,
    "uq_recovery_payments_recovery_id_bank_reference": ReferenceKnown,
    "uq_recovery_decisions_recovery_id_kind": WrongState,
    "payment_offsets_two_signatures": WrongState,
    "violations_established": NotEstablished,
    "uq_blacklistings_violation_id": WrongState,
    "ledger_reversed_after_payment": WrongState,
    "ledger_reversed_once": MoreThanPaid,
    "claims_checks_done": ChecksOpen,
    "ck_legal_holds_two_persons": TwoPersons,
    "cases_kept": WrongState,
    "cases_on_hold": OnHold,
    "assignments_from_holder": CaseHeld,
    "assignments_to_colleague": NotAColleague,
}
"""A check explains, a constraint decides: what the database refused, in the office's words."""


def refusal_of(cause: BaseException | None) -> Refusal | None:
    """Return what the driver's error refuses, if a constraint of ours stands behind it."""
    known = REFUSED_BY_CONSTRAINT.get(getattr(cause, "constraint_name", None) or "")
    return known(**_figures(cause)) if known is not None else None


def _figures(cause: BaseException | None) -> dict[str, Any]:
    """Return the figures that a function of the database gives with its refusal, if it does."""
    detail = getattr(cause, "detail", None) or ""
    return dict(json.loads(detail)) if detail.startswith("{") else {}
