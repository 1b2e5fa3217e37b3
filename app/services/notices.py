"""What is published, for how long, and who may read it? Everybody may (DL-4.3-g to DL-4.3-i)."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from app.actors import Actor, Member, Officer
from app.errors import CalendarUnknown, NotFound
from app.models import CalendarDay, Claim, Enterprise, Notice, Plan, new_id
from app.office import Desk
from app.policy import workdays
from app.policy.parameters import Parameters
from app.schemas.notices import NoticeLine, NoticeRead, NoticeSummary
from app.schemas.words import Page
from app.services import adjudication, cases, law, pages

_CALENDAR_SPAN = timedelta(days=60)


async def post(desk: Desk[Officer], claim_id: UUID) -> NoticeRead:
    """Publish an approved claim: an immutable list with masked IDs, for five working days.

    Raises:
        CalendarUnknown: the working days of the period are not known.
        WrongState, DutyMissing: as named.
    """
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, claim, "publish")
    plan = await cases.found(desk, Plan, claim.plan_id)
    applied = law.of(plan.ends_on)
    content = await _content(desk, claim, plan, applied)
    notice_id, last_day = new_id(), await _last_day(desk, applied)
    await desk.db.execute(
        insert(Notice).values(
            id=notice_id,
            claim_id=claim.id,
            enterprise_id=claim.enterprise_id,
            bureau_code=claim.bureau_code,
            receipt=await cases.receipt(desk, "GS", claim.bureau_code),
            enterprise_name=content["enterprise_name"],
            amount=claim.amount,
            posted_on=desk.today,
            last_day=last_day,
            posted_by=desk.actor.account_id,
            content=content,
            sha256=digest(content),
        )
    )
    # Whoever pays may begin when the notice has closed.
    begins = last_day + timedelta(days=1)
    await cases.advance(desk, Claim, claim, move, begins_on=begins)
    return await read(desk, notice_id)


async def read(desk: Desk[Actor], notice_id: UUID) -> NoticeRead:
    """Return one notice, as it was published."""
    query = select(*Notice.__table__.c).where(Notice.id == notice_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return _told(desk, row)


async def of_claim(desk: Desk[Member], claim_id: UUID) -> NoticeRead:
    """Return the notice of a claim that the caller may see."""
    await cases.found(desk, Claim, claim_id)
    query = select(*Notice.__table__.c).where(Notice.claim_id == claim_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return _told(desk, row)


async def listed(
    desk: Desk[Actor], enterprise: str | None, bureau: str | None, place: pages.Place
) -> Page[NoticeSummary]:
    """Return a page of notices, newest first; *enterprise* is the beginning of a name."""
    query = select(*Notice.__table__.c)
    if enterprise is not None:
        query = query.where(Notice.enterprise_name.startswith(enterprise, autoescape=True))
    if bureau is not None:
        query = query.where(Notice.bureau_code == bureau)
    rows = await pages.rows(desk, query, Notice.id, place)
    return pages.page([NoticeSummary(**_summary(desk, row)) for row in rows], place)


def digest(content: dict[str, Any]) -> bytes:
    """Return the SHA-256 of the published text in its canonical form."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


async def _content(
    desk: Desk[Officer], claim: Row[Any], plan: Row[Any], applied: Parameters
) -> dict[str, Any]:
    name = await desk.db.scalar(select(Enterprise.name).where(Enterprise.id == claim.enterprise_id))
    assessed = await adjudication.assessment(desk, claim.id)
    return {
        "enterprise_name": name,
        "claim_receipt": claim.receipt,
        "project": plan.title,
        "fund": applied.fund,
        "amount": str(claim.amount),
        "lines": [
            NoticeLine(
                name=line.name,
                id_masked=line.id_masked,
                class_hours=line.hours,
                amount=line.payable,
            ).model_dump(mode="json")
            for line in assessed.lines
            if line.payable > 0
        ],
    }


async def _last_day(desk: Desk[Officer], applied: Parameters) -> date:
    days = await desk.db.execute(
        select(CalendarDay.day, CalendarDay.working).where(
            CalendarDay.day.between(desk.today, desk.today + _CALENDAR_SPAN)
        )
    )
    try:
        return workdays.last_day(
            desk.today,
            applied.publicity_working_days,
            applied.publicity_counts_posting_day,
            {row.day: row.working for row in days},
        )
    except workdays.CalendarMissing as missing:
        raise CalendarUnknown(str(missing)) from missing


def _summary(desk: Desk[Actor], row: Row[Any]) -> dict[str, Any]:
    return {**row._mapping, "closed": workdays.is_closed(row.last_day, desk.today)}


def _told(desk: Desk[Actor], row: Row[Any]) -> NoticeRead:
    return NoticeRead(**{**_summary(desk, row), **row.content, "sha256": row.sha256.hex()})
