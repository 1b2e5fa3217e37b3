"""Which kinds of paper may a measure demand, in which modes, and which are missing?"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from app.policy.facts import ClaimFacts, PlanFacts
from app.policy.kinds import Material, Mode, Scan

EVERY: Final = frozenset(Mode)
ONLINE: Final = frozenset({Mode.ONLINE, Mode.MIXED})
OFFLINE: Final = frozenset({Mode.OFFLINE, Mode.MIXED})
_SHEETS: Final = (Material.ROSTER, Material.LEARNING_EXPORT)


def _always(_plan: PlanFacts) -> bool:
    return True


def _with_dispatched(plan: PlanFacts) -> bool:
    return plan.dispatched > 0


def _commissioned(plan: PlanFacts) -> bool:
    return plan.commission is not None


class Demand(NamedTuple):
    """One paper that is demanded in some modes; any of ``any_of`` will do.

    Of those missing the one is named whose file the scanner withholds, else the first.
    """

    any_of: tuple[Material, ...]
    modes: frozenset[Mode]
    clauses: tuple[str, ...]
    when: Callable[[PlanFacts], bool] = _always


class Papers(NamedTuple):
    """What a measure demands at filing and at claim."""

    at_filing: tuple[Demand, ...]
    at_claim: tuple[Demand, ...]

    def missing_at_filing(
        self, plan: PlanFacts, also: AbstractSet[Material]
    ) -> tuple[Material, ...]:
        """Return the papers that the filing still lacks; *also* are papers handed in later."""
        return _missing(self.at_filing, plan, plan.materials | also) + _withheld_sheets(plan)

    def missing_at_claim(self, claim: ClaimFacts) -> tuple[Material, ...]:
        """Return the papers that the claim still lacks; papers of the filing count too."""
        held = claim.materials | claim.plan.materials
        return _missing(self.at_claim, claim.plan, held) + _withheld_sheets(claim.plan)


def _missing(
    demands: Iterable[Demand], plan: PlanFacts, held: AbstractSet[Material]
) -> tuple[Material, ...]:
    return tuple(
        next((each for each in demand.any_of if each in plan.withheld), demand.any_of[0])
        for demand in demands
        if plan.mode in demand.modes and demand.when(plan) and held.isdisjoint(demand.any_of)
    )


def _withheld_sheets(plan: PlanFacts) -> tuple[Material, ...]:
    """Return the sheets that people and sessions were read from, where the scanner withholds them.

    They are records of the system and no paper is demanded; but records rest on their file.
    """
    return tuple(sheet for sheet in _SHEETS if sheet in plan.withheld)


def stated(code: str, scan: Scan | None) -> str:
    """Return the code of something missing, with why its file does not count if there is one."""
    return f"{code}:{scan}" if scan else code


def listed(missing: Iterable[Material], plan: PlanFacts) -> str:
    """Return missing papers as a finding tells them."""
    return ",".join(stated(material, plan.withheld.get(material)) for material in missing)


LICENCE: Final = Demand((Material.LICENCE,), EVERY, ("DL-4.2-b",))
SME_PROOF: Final = Demand((Material.SME_PROOF,), EVERY, ("DL-4.2-b",))
TEACHING_PLAN: Final = Demand((Material.TEACHING_PLAN,), EVERY, ("DL-4.2-e",))
SAFETY: Final = Demand((Material.SAFETY_DECLARATION,), OFFLINE, ("DL-1-c", "A-01"))
DISPATCH: Final = Demand(
    (Material.DISPATCH_AGREEMENT,), EVERY, ("DL-1-d", "A-10"), _with_dispatched
)
COMMISSION: Final = Demand((Material.COMMISSION_CONTRACT,), EVERY, ("DL-3.2-d",), _commissioned)
ACCOUNT: Final = Demand((Material.ACCOUNT_PROOF,), EVERY, ("DL-4.3-j",))

CLASS_AT_FILING: Final = (LICENCE, TEACHING_PLAN, SAFETY, COMMISSION)
"""What every class demands before it begins."""

RECORDS: Final = (
    Demand(
        (Material.TRAINING_RECORD, Material.TRAINING_VIDEO),
        ONLINE,
        ("DL-4.3-e", "LN-1.2-g", "A-18"),
    ),
    Demand((Material.SIGN_IN_REGISTRATION,), ONLINE, ("DL-4.3-e", "DL-3.3-b", "LN-1.1-f")),
    Demand((Material.CUMULATIVE_HOURS,), ONLINE, ("DL-4.3-e",)),
    Demand((Material.TRAINING_VIDEO,), OFFLINE, ("DL-4.3-d", "A-18")),
    Demand((Material.ATTENDANCE_SHEET,), OFFLINE, ("DL-4.3-d", "DL-3.3-b")),
)
"""What proves learning, online and at a place."""
