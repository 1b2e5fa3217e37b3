"""What does the bureau find of an objection? Read by its officers, decided by a fresh hand."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, update

from app.actors import Officer
from app.errors import DutyMissing, NotFound, WrongState
from app.models import NoticeClaim, Objection, ObjectionAttachment
from app.office import Desk
from app.policy.awaiting import DECIDE_OBJECTION, REDETERMINE
from app.schemas.objections import (
    AttachmentRead,
    ObjectionDecision,
    ObjectionRead,
    ObjectionStanding,
    ObjectionSummary,
)
from app.schemas.words import Page
from app.services import acts, clocks, holding, pages, scans
from app.services.objections import SEAL

_SEALED: Final = frozenset({"said_sealed", "token_digest"})
_ALONE: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(CAST(:id AS text), 19))"
).bindparams(bindparam("id"))
"""As whoever attaches a file to it."""
_COLUMNS: Final = [each for each in Objection.__table__.c if each.name != "token_digest"]


async def listed(
    desk: Desk[Officer], state: ObjectionStanding | None, place: pages.Place
) -> Page[ObjectionSummary]:
    """Return a page of the objections to the bureau's notices, newest first."""
    query = select(*_COLUMNS)
    if state is not None:
        query = query.where(Objection.state == state)
    rows = await pages.rows(desk, query, Objection.id, place)
    return pages.page([ObjectionSummary(**_told(desk, row)) for row in rows], place)


async def read(desk: Desk[Officer], objection_id: UUID) -> ObjectionRead:
    """Return an objection with what was said and by whom; every look is an audit event."""
    row = await _found(desk, objection_id)
    await acts.record(desk, "read", "objections", row.id, await _case(desk, row))
    return await _whole(desk, row)


async def decide(desk: Desk[Officer], objection_id: UUID, word: ObjectionDecision) -> ObjectionRead:
    """Decide on an objection, once: rejected it frees its lines, upheld they stay unpaid.

    Raises:
        DutyMissing: the officer decides nothing.
        WrongState: it is decided already.
        SignedAlready: the officer keyed it in, or decided on the claim.
        CaseHeld: another officer holds it.
    """
    row = await locked(desk, objection_id)
    if DECIDE_OBJECTION.duty not in desk.actor.duties:
        raise DutyMissing
    if row.state != ObjectionStanding.OPEN:
        raise WrongState("该异议已有处理结果。", state=row.state, possible=[])
    await holding.refuse_held(desk, objection_id)
    await desk.db.execute(
        update(Objection)
        .where(Objection.id == objection_id)
        .values(
            state=word.outcome,
            reason=word.reason,
            decided_on=desk.today,
            decided_by=desk.actor.account_id,
            decided_by_name=desk.actor.name,
            redetermine_by=await _by_which_day(desk, word),
        )
    )
    await acts.record(
        desk, word.outcome, "objections", row.id, await _case(desk, row),
        receipt=row.receipt, reason=word.reason,
    )  # fmt: skip
    return await _whole(desk, await _found(desk, objection_id))


async def open_attachment(
    desk: Desk[Officer], objection_id: UUID, attachment_id: UUID
) -> tuple[AttachmentRead, AsyncIterator[bytes]]:
    """Return an attachment and its bytes; every look at it is an audit event.

    Raises:
        NotFound, EvidenceInfected, EvidencePending: as named.
    """
    row = await _found(desk, objection_id)
    query = select(*ObjectionAttachment.__table__.c).where(
        ObjectionAttachment.id == attachment_id, ObjectionAttachment.objection_id == objection_id
    )
    file = (await desk.db.execute(query)).one_or_none()
    if file is None:
        raise NotFound
    scans.refuse_looking(desk, file)
    case = await _case(desk, row)
    await acts.record(desk, "read", "objection_attachments", file.id, case)
    return _attachment(file), desk.office.store.read(file.sha256)


async def locked(desk: Desk[Officer], objection_id: UUID) -> Row[Any]:
    """Return an objection with which the caller is alone until his transaction ends.

    Raises:
        NotFound: there is none, or it is another bureau's.
    """
    await desk.db.execute(_ALONE, {"id": str(objection_id)})
    return await _found(desk, objection_id)


async def _by_which_day(desk: Desk[Officer], word: ObjectionDecision) -> date | None:
    if word.outcome == "rejected":
        return None
    clock = await clocks.begun(desk, REDETERMINE, desk.today, 0)
    due_on: date | None = clock["due_on"]
    return due_on


async def _whole(desk: Desk[Officer], row: Row[Any]) -> ObjectionRead:
    said = json.loads(desk.office.sealer.open(row.said_sealed, SEAL))
    files = await desk.db.execute(
        select(*ObjectionAttachment.__table__.c)
        .where(ObjectionAttachment.objection_id == row.id)
        .order_by(ObjectionAttachment.id)
    )
    return ObjectionRead(**_told(desk, row), **said, files=[_attachment(each) for each in files])


async def _found(desk: Desk[Officer], objection_id: UUID) -> Row[Any]:
    query = select(*_COLUMNS).where(Objection.id == objection_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _case(desk: Desk[Officer], row: Row[Any]) -> acts.Case:
    """Return whose history tells the act: that of the claim, if one is meant."""
    enterprise_id = await desk.db.scalar(
        select(NoticeClaim.enterprise_id).where(
            NoticeClaim.notice_id == row.notice_id, NoticeClaim.claim_id == row.claim_id
        )
    )
    return acts.Case(row.claim_id, enterprise_id, row.bureau_code)


def _told(desk: Desk[Officer], row: Row[Any]) -> dict[str, Any]:
    told = {name: value for name, value in row._mapping.items() if name not in _SEALED}
    waits = row.state == ObjectionStanding.OPEN
    return {**told, "overdue": waits and desk.today > row.due_on}


def _attachment(row: Row[Any]) -> AttachmentRead:
    return AttachmentRead(**{**row._mapping, "sha256": row.sha256.hex()})
