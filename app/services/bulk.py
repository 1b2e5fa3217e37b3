"""How are many claims approved at once? Each as if alone, all or none, and never silently."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.exc import DBAPIError

from app.actors import Officer
from app.errors import NotAllApproved, Refusal, refusal_of
from app.office import Desk
from app.policy.money import NOTHING
from app.schemas.bulk import BulkApproval, BulkItem, BulkMode, BulkOutcome, BulkRead
from app.schemas.words import Remarked
from app.services import adjudication, locking


async def approve(desk: Desk[Officer], word: BulkApproval) -> BulkRead:
    """Approve the claims, each in a savepoint of its own: signature, bookings and audit per case.

    What all of them need is locked before the first is decided on, so that two who approve for the
    same persons at once wait in line.

    Raises:
        NotAllApproved: all or nothing was asked, and one could not be approved; tells of each.
    """
    asked = list(dict.fromkeys(word.claim_ids))
    await locking.for_approval(desk, asked)
    done = {claim_id: await _one(desk, claim_id, word) for claim_id in sorted(asked)}
    items = [done[claim_id] for claim_id in asked]
    approved = [each for each in items if each.outcome is BulkOutcome.APPROVED]
    refused = len(items) - len(approved)
    if refused and word.mode is BulkMode.ALL_OR_NOTHING:
        raise NotAllApproved(
            f"{len(items)} 件中有 {refused} 件不能审批。",
            items=[_undone(each) for each in items],
        )
    return BulkRead(
        mode=word.mode,
        approved=len(approved),
        refused=refused,
        total=sum((each.amount or NOTHING for each in approved), NOTHING),
        items=items,
    )


async def _one(desk: Desk[Officer], claim_id: UUID, word: BulkApproval) -> BulkItem:
    await desk.driver.execute("SAVEPOINT one_claim")
    try:
        claim = await adjudication.approve(desk, claim_id, Remarked(remark=word.remark))
    except (Refusal, DBAPIError, asyncpg.PostgresError) as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        await desk.driver.execute("ROLLBACK TO SAVEPOINT one_claim")
        return BulkItem(claim_id=claim_id, outcome=BulkOutcome.REFUSED, problem=refusal.document())
    await desk.driver.execute("RELEASE SAVEPOINT one_claim")
    return BulkItem(
        claim_id=claim_id,
        outcome=BulkOutcome.APPROVED,
        receipt=claim.receipt,
        amount=claim.amount,
    )


def _refusal(error: Exception) -> Refusal | None:
    """Return the refusal behind *error*; anything else (a lost connection, a bug) ends it all."""
    if isinstance(error, Refusal):
        return error
    orig = error.orig if isinstance(error, DBAPIError) else None
    return refusal_of(getattr(orig, "__cause__", None) if orig is not None else error)


def _undone(item: BulkItem) -> dict[str, Any]:
    """Return what is told of a claim when nothing was approved: what could have been, was not."""
    told = item.model_dump(mode="json", include={"claim_id", "problem"}, exclude_none=True)
    could = item.outcome is BulkOutcome.APPROVED
    return {**told, "outcome": "not_approved" if could else "refused"}
