"""Where do the claims of a walk stand, and did they get there by the published moves?"""

from typing import Final

from app.policy.procedure import CLAIM_MOVES
from tests.databases import Connection

_MOVES: Final = {(source, move.target) for move in CLAIM_MOVES for source in move.sources}
_BEGINNING: Final = "filed"


async def states(owner: Connection) -> dict[str, str]:
    """Return the state of every claim."""
    return {str(row["id"]): row["state"] for row in await owner.fetch("SELECT * FROM claims")}


def unpublished(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str]]:
    """Return the changes between two readings that no published move makes."""
    changes = [(before.get(claim, ""), state) for claim, state in after.items()]
    return [
        (was, now)
        for was, now in changes
        if was != now and (was, now) not in _MOVES and (was, now) != ("", _BEGINNING)
    ]
