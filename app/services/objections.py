"""Who objects to a notice, and in which words? Anybody, while it hangs; sealed for the bureau."""

import hashlib
import json
import secrets
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, text

from app.actors import Actor, Officer, Visitor
from app.errors import (
    AttachmentsFull,
    NotFound,
    ObjectionLate,
    ObjectionRefersToNothing,
    ObjectionsFull,
)
from app.models import Notice, NoticeClaim, Objection, new_id
from app.office import Desk
from app.policy import workdays
from app.schemas.objections import (
    ObjectionCreate,
    ObjectionKeyed,
    ObjectionLookup,
    ObjectionReceipt,
    ObjectionStanding,
)
from app.services import acts, cases, deadlines, law, scans
from app.services.told_objections import public
from app.storage import StoredFile

SEAL: Final = "objection"
_HANGING: Final = [
    Notice.__table__.c[name] for name in ("id", "bureau_code", "posted_on", "last_day")
]
_COUNT: Final = text("SELECT count_objections(:notice)").bindparams(bindparam("notice"))
_OF_TOKEN: Final = text("SELECT * FROM objection_of_token(:id, :token)")
_ATTACH: Final = text(
    "SELECT attach_to_objection(:id, :token, :new, :filename, :media_type, :size, :sha256, :most,"
    " :scan)"
)


async def lodge(desk: Desk[Visitor], notice_id: UUID, new: ObjectionCreate) -> ObjectionReceipt:
    """Object to a notice while it hangs; what is meant is not paid until the objection is decided.

    Raises:
        NotFound: there is no such notice.
        ObjectionLate: it closed, or is published no more.
        ObjectionsFull: so many were lodged that further ones come by letter or telephone.
        ObjectionRefersToNothing: the notice does not list what is meant.
    """
    notice = await _hanging(desk, notice_id)
    most = law.of(notice.posted_on).objections_per_notice
    if (await desk.db.scalar(_COUNT, {"notice": notice_id}) or 0) >= most:
        raise ObjectionsFull
    # Who stays anonymous leaves no address behind either.
    quiet = desk if new.name else replace(desk, address="")
    return await _enter(quiet, notice, new, channel="internet", keyed_by=None)


async def key_in(desk: Desk[Officer], notice_id: UUID, new: ObjectionKeyed) -> ObjectionReceipt:
    """Enter an objection that came by letter or telephone; its token is handed to the objector.

    Raises:
        NotFound: there is no such notice of the officer's bureau.
        ObjectionLate, ObjectionRefersToNothing: as named.
    """
    notice = await _hanging(desk, notice_id, desk.actor.bureau)
    return await _enter(desk, notice, new, channel=new.channel, keyed_by=desk.actor.account_id)


async def lookup(desk: Desk[Actor], objection_id: UUID, token: str) -> ObjectionLookup:
    """Tell whoever holds the token what became of the objection.

    Raises:
        NotFound: there is no such objection, or the token is not its own.
    """
    return ObjectionLookup(**public(await _of_token(desk, objection_id, token)))


async def receives(desk: Desk[Visitor], objection_id: UUID, token: str) -> None:
    """Let an upload begin.

    Raises:
        NotFound: there is no such objection, or the token is not its own.
        AttachmentsFull: it has its files, or is decided.
    """
    found = await _of_token(desk, objection_id, token)
    if found.state != ObjectionStanding.OPEN or found.attachments >= _most(found):
        raise AttachmentsFull


async def attach(
    desk: Desk[Visitor], objection_id: UUID, token: str, filename: str, file: StoredFile
) -> ObjectionLookup:
    """Record a stored file as an attachment.

    Raises:
        NotFound, AttachmentsFull: as ``receives`` says.
    """
    found = await _of_token(desk, objection_id, token)
    given = {"filename": filename, "media_type": file.media_type, "size": file.size}
    asked = {"id": objection_id, "token": _digest(token), "new": new_id(), "sha256": file.sha256}
    limits = {"most": _most(found), "scan": scans.first(desk.office)}
    if not await desk.db.scalar(_ATTACH, {**asked, **given, **limits}):
        raise AttachmentsFull
    case = acts.Case(found.claim_id, None, found.bureau_code)
    await acts.record(desk, "attach", "objections", objection_id, case)
    return await lookup(desk, objection_id, token)


async def _hanging(desk: Desk[Actor], notice_id: UUID, bureau: str | None = None) -> Row[Any]:
    query = select(*_HANGING).where(Notice.id == notice_id)
    notice = (await desk.db.execute(query)).one_or_none()
    if notice is None or (bureau is not None and notice.bureau_code != bureau):
        raise NotFound
    if workdays.is_closed(notice.last_day, desk.today):
        raise ObjectionLate(f"公示截止日为 {notice.last_day}，当前业务日期为 {desk.today}。")
    return notice


async def _enter(
    desk: Desk[Visitor] | Desk[Officer],
    notice: Row[Any],
    new: ObjectionCreate,
    *,
    channel: str,
    keyed_by: UUID | None,
) -> ObjectionReceipt:
    meant = await _claim_meant(desk, notice.id, new)
    objection_id, token = new_id(), secrets.token_urlsafe(32)
    said = json.dumps({"text": new.text, "name": new.name, "contact": new.contact})
    applied = law.of(notice.posted_on)
    await desk.db.execute(
        insert(Objection).values(
            id=objection_id,
            notice_id=notice.id,
            claim_id=meant,
            bureau_code=notice.bureau_code,
            receipt=await cases.receipt(desk, "YY", notice.bureau_code),
            lines=new.lines,
            grounds=new.grounds,
            channel=channel,
            named=new.name is not None,
            said_sealed=desk.office.sealer.seal(said, SEAL),
            token_digest=_digest(token),
            lodged_on=desk.today,
            due_on=await deadlines.last_day(desk, applied.objection_working_days),
            keyed_by=keyed_by,
            state=ObjectionStanding.OPEN,
        )
    )
    case = acts.Case(meant, None, notice.bureau_code)
    await acts.record(desk, "lodge", "objections", objection_id, case, grounds=new.grounds)
    told = await lookup(desk, objection_id, token)
    return ObjectionReceipt(**told.model_dump(), token=token)


async def _claim_meant(desk: Desk[Actor], notice_id: UUID, new: ObjectionCreate) -> UUID | None:
    if new.claim_receipt is None:
        return None
    meant: UUID | None = await desk.db.scalar(
        select(NoticeClaim.claim_id).where(
            NoticeClaim.notice_id == notice_id,
            NoticeClaim.claim_receipt == new.claim_receipt,
        )
    )
    if meant is None:
        raise ObjectionRefersToNothing
    return meant


async def _of_token(desk: Desk[Actor], objection_id: UUID, token: str) -> Row[Any]:
    asked = {"id": objection_id, "token": _digest(token)}
    found = (await desk.db.execute(_OF_TOKEN, asked)).one_or_none()
    if found is None:
        raise NotFound("没有这件异议，或查询凭证不正确。")
    return found


def _most(found: Row[Any]) -> int:
    return law.of(found.lodged_on).objection_attachments


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
