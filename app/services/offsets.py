"""Which demands are kept back of an enterprise's payments? Those that two officers signed."""

from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text

from app.actors import Officer
from app.office import Desk
from app.policy.money import NOTHING
from app.policy.recovery import kept_back

# They are locked in the order of their ids, so that two batches never wait in a circle.
_LOCKED: Final = text(
    """
    SELECT r.id, r.enterprise_id FROM recoveries AS r
    WHERE r.enterprise_id = ANY (:enterprises) AND r.state = 'demanded' AND EXISTS (
        SELECT FROM recovery_decisions AS d
        WHERE d.recovery_id = r.id AND d.kind = 'offset' AND d.countersigned_on IS NOT NULL)
    ORDER BY r.id FOR NO KEY UPDATE OF r
    """
).bindparams(bindparam("enterprises", type_=ARRAY(Uuid)))
_OPEN: Final = text("SELECT open_of_recovery(:id)")

Demands = dict[UUID, Decimal]


async def open_demands(desk: Desk[Officer], enterprises: set[UUID]) -> dict[UUID, Demands]:
    """Return by enterprise what is open of its demands that are to be kept back, oldest first.

    They are locked: no other batch keeps back for them meanwhile.
    """
    found: dict[UUID, Demands] = {enterprise: {} for enterprise in enterprises}
    locked = list(await desk.db.execute(_LOCKED, {"enterprises": sorted(enterprises)}))
    for row in locked:
        found[row.enterprise_id][row.id] = await desk.db.scalar(_OPEN, {"id": row.id})
    return found


def keep_back(demands: Demands, due: Decimal) -> Demands:
    """Return what is kept back of *due* for each demand, and take it off the *demands*."""
    kept = dict(zip(demands, kept_back(due, demands.values()), strict=True))
    for recovery_id, amount in kept.items():
        demands[recovery_id] -= amount
    return {recovery_id: amount for recovery_id, amount in kept.items() if amount > NOTHING}
