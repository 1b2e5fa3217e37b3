"""What does a claim say, where does it stand, and which claims are there?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Text, bindparam, cast, select
from sqlalchemy.dialects.postgresql import JSONB

from app.actors import Member
from app.models import Claim
from app.office import Desk
from app.policy.kinds import Purpose
from app.policy.procedure import CLOSED_CLAIMS, STATES_ZH, ClaimState
from app.schemas.claims import ClaimRead, HistoryEntry
from app.services import acts, cases, dues, pages

_NAMES: Final = bindparam("names", type_=JSONB)
_SUMMARY: Final[dict[str, Any]] = {
    "id": Claim.id, "receipt": Claim.receipt, "kind": Claim.kind, "measure": Claim.measure,
    "plan_id": Claim.plan_id, "enterprise_id": Claim.enterprise_id,
    "bureau_code": Claim.bureau_code, "state": Claim.state,
    "state_zh": _NAMES.op("->>")(Claim.state), "filed_on": Claim.filed_on,
    "persons": Claim.persons, "amount": cast(Claim.amount, Text),
}  # fmt: skip
_PAGES: Final = pages.HotList(_SUMMARY, Claim.id, Claim.state)


async def read(desk: Desk[Member], claim_id: UUID) -> ClaimRead:
    """Return one claim that the caller may see."""
    row = await cases.found(desk, Claim, claim_id)
    return told(row, await dues.told(desk, row))


async def listed(desk: Desk[Member], state: str | None, place: pages.Place) -> str:
    """Return the JSON of a page of the claims that the caller may see, newest first.

    Its shape is Page[ClaimSummary].
    """
    return await _PAGES.page(desk, place, state, names=STATES_ZH)


async def fixing(desk: Desk[Member], plan_id: UUID) -> str | None:
    """Return the state of the claim for which nothing of a plan's records changes any more.

    There is none while a claim, or a decision that is made anew, is returned for correction.
    """
    rows = await desk.db.execute(
        select(Claim.state).where(
            Claim.plan_id == plan_id,
            Claim.kind == Purpose.CLAIM,
            Claim.state.not_in(CLOSED_CLAIMS),
        )
    )
    states = [row.state for row in rows]
    return None if ClaimState.RETURNED in states else next(iter(states), None)


async def history(desk: Desk[Member], claim_id: UUID) -> list[HistoryEntry]:
    """Return the acts on a claim that the caller may see, oldest first."""
    await cases.found(desk, Claim, claim_id)
    return await acts.history(desk, claim_id)


def told(row: Row[Any], now: dues.Dues) -> ClaimRead:
    """Return what the row of a claim tells, and what of it is paid, held and due."""
    return ClaimRead(
        **row._mapping,
        **now.told(),
        state_zh=STATES_ZH[row.state],
        possible=cases.possible(Claim, row.state),
    )
