"""Which papers must be on record at filing and at claim, and which of them are missing?"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from app.policy.case import ClaimCase
from app.policy.facts import ClaimFacts, Material, Mode, PlanFacts
from app.policy.findings import PASSED, Answer, failed
from app.policy.parameters import Parameters

_EVERY: Final = frozenset(Mode)
_ONLINE: Final = frozenset({Mode.ONLINE, Mode.MIXED})
_OFFLINE: Final = frozenset({Mode.OFFLINE, Mode.MIXED})


class Demand(NamedTuple):
    """One paper that is demanded in some modes; any of ``any_of`` will do, the first is named."""

    any_of: tuple[Material, ...]
    modes: frozenset[Mode]
    clauses: tuple[str, ...]


AT_FILING: Final = (
    Demand((Material.LICENCE,), _EVERY, ("DL-4.2-b",)),
    Demand((Material.SME_PROOF,), _EVERY, ("DL-4.2-b",)),
    Demand((Material.TEACHING_PLAN,), _EVERY, ("DL-4.2-e",)),
    Demand((Material.SAFETY_DECLARATION,), _OFFLINE, ("DL-1-c", "A-01")),
)

WITH_DISPATCHED: Final = Demand((Material.DISPATCH_AGREEMENT,), _EVERY, ("DL-1-d",))

AT_CLAIM: Final = (
    Demand((Material.APPLICATION_FORM,), _EVERY, ("DL-4.3-c", "LN-1.2-h", "LN-F-s")),
    Demand((Material.TRAINING_RECORD, Material.TRAINING_VIDEO), _ONLINE, ("DL-4.3-e", "A-18")),
    Demand((Material.SIGN_IN_REGISTRATION,), _ONLINE, ("DL-4.3-e",)),
    Demand((Material.CUMULATIVE_HOURS,), _ONLINE, ("DL-4.3-e",)),
    Demand((Material.TRAINING_VIDEO,), _OFFLINE, ("DL-4.3-d", "A-18")),
    Demand((Material.ATTENDANCE_SHEET,), _OFFLINE, ("DL-4.3-d",)),
    Demand((Material.ACCOUNT_PROOF,), _EVERY, ("DL-4.3-j",)),
)


def missing_at_filing(
    plan: PlanFacts, also: AbstractSet[Material] = frozenset()
) -> tuple[Material, ...]:
    """Return the papers that the filing still lacks; *also* are papers handed in later.

    The roster and the plan themselves are records of the system and need no paper.
    """
    demands = (*AT_FILING, WITH_DISPATCHED) if plan.dispatched else AT_FILING
    return _missing(demands, plan.mode, plan.materials | also)


def missing_at_claim(claim: ClaimFacts) -> tuple[Material, ...]:
    """Return the papers that the claim still lacks; papers of the filing count too."""
    return _missing(AT_CLAIM, claim.plan.mode, claim.materials | claim.plan.materials)


def _missing(
    demands: Iterable[Demand], mode: Mode, held: AbstractSet[Material]
) -> tuple[Material, ...]:
    return tuple(
        demand.any_of[0]
        for demand in demands
        if mode in demand.modes and held.isdisjoint(demand.any_of)
    )


def claim_materials_complete(case: ClaimCase, _law: Parameters) -> Answer:
    """The papers of the claim are on record (DL-4.3-c to DL-4.3-e)."""
    missing = missing_at_claim(case.claim)
    return failed(missing=",".join(missing)) if missing else PASSED


def commitments_accepted(case: ClaimCase, law: Parameters) -> Answer:
    """Every commitment of the form is accepted; with offline training all but the fourth (A-01)."""
    online = case.claim.plan.mode is Mode.ONLINE
    required = law.commitments if online else law.commitments_with_offline
    if case.claim.commitments == required:
        return PASSED
    return failed(accepted=case.claim.commitments, required=required)
