"""What is published, for how long, and who may read it? Everybody may (DL-4.3-g to DL-4.3-i)."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select

from app.actors import Actor, Member, Officer
from app.errors import DutyMissing, NotFound
from app.models import Claim, Enterprise, Notice, NoticeClaim, NoticeSite, Plan, new_id
from app.office import Desk
from app.policy import masking
from app.policy.money import NOTHING
from app.policy.parameters import Parameters
from app.policy.procedure import Duty
from app.schemas.notices import NoticeLine, NoticeRead, NoticeSiteCreate, NoticeSiteRead
from app.schemas.objections import ObjectionStanding
from app.services import acts, adjudication, cases, deadlines, law, noticeboard, told_objections

_OF_ONE_CLAIM: Final = ("claim_id", "claim_receipt", "project", "lines")


async def post(desk: Desk[Officer], claim_ids: Sequence[UUID]) -> NoticeRead:
    """Publish approved claims: an immutable list with masked IDs, for five working days.

    All of them or none.

    Raises:
        CalendarUnknown: the working days of the period are not known.
        WrongState, DutyMissing, NotFound: as named.
    """
    rows = [
        await cases.found(desk, Claim, claim_id, lock=True) for claim_id in sorted(set(claim_ids))
    ]
    moves = [cases.may(desk, Claim, row, "publish") for row in rows]
    plans = [await cases.found(desk, Plan, row.plan_id) for row in rows]
    laws = [law.of(plan.ends_on) for plan in plans]
    listed = [await _listed(desk, row, plan) for row, plan in zip(rows, plans, strict=True)]
    last_day = await _last_day(desk, laws)
    notice_id = await _publish(desk, rows, laws, listed, last_day)
    # Whoever pays may begin when the notice has closed.
    begins = last_day + timedelta(days=1)
    notice = acts.Case(None, None, desk.actor.bureau)
    await acts.record(desk, "post", "notices", notice_id, notice, claims=len(rows))
    for row, move in zip(rows, moves, strict=True):
        await cases.advance(desk, Claim, row, move, begins_on=begins)
    return await read(desk, notice_id)


async def read(desk: Desk[Actor], notice_id: UUID) -> NoticeRead:
    """Return one notice, as it was published, and what became of it."""
    query = noticeboard.SUMMARY.add_columns(Notice.content, Notice.sha256)
    row = (await desk.db.execute(query.where(Notice.id == notice_id))).one_or_none()
    if row is None:
        raise NotFound
    entries = await _entries(desk, row)
    objections = await told_objections.of_notice(desk, notice_id)
    sites = await desk.db.execute(
        select(*NoticeSite.__table__.c)
        .where(NoticeSite.notice_id == notice_id)
        .order_by(NoticeSite.id)
    )
    alone = entries[0] if len(entries) == 1 else {}
    return NoticeRead(
        **noticeboard.told(desk, row),
        **{name: alone.get(name) for name in _OF_ONE_CLAIM if name != "lines"},
        lines=alone.get("lines", []),
        fund=row.content["fund"],
        entries=entries,
        objections=[one for one in objections if one.state != ObjectionStanding.OPEN],
        sites=[_site(one) for one in sites],
        sha256=row.sha256.hex(),
    )


async def of_claim(desk: Desk[Member], claim_id: UUID) -> NoticeRead:
    """Return the latest notice of a claim that the caller may see."""
    await cases.found(desk, Claim, claim_id)
    query = select(NoticeClaim.notice_id).where(NoticeClaim.claim_id == claim_id)
    notice_id = await desk.db.scalar(query.order_by(NoticeClaim.notice_id.desc()).limit(1))
    if notice_id is None:
        raise NotFound
    return await read(desk, notice_id)


async def record_site(desk: Desk[Officer], notice_id: UUID, new: NoticeSiteCreate) -> NoticeRead:
    """Record that the notice was seen on an official site, with a screenshot's hash (A-19).

    Raises:
        NotFound: there is no such notice of the officer's bureau.
        DutyMissing: the officer publishes nothing.
    """
    bureau = await desk.db.scalar(select(Notice.bureau_code).where(Notice.id == notice_id))
    if bureau != desk.actor.bureau:
        raise NotFound
    if Duty.APPROVE not in desk.actor.duties:
        raise DutyMissing
    await desk.db.execute(
        insert(NoticeSite).values(
            id=new_id(),
            notice_id=notice_id,
            bureau_code=bureau,
            url=new.url,
            seen_on=new.seen_on or desk.today,
            screenshot_sha256=bytes.fromhex(new.screenshot_sha256),
            recorded_by=desk.actor.account_id,
        )
    )
    case = acts.Case(None, None, bureau)
    await acts.record(desk, "record_site", "notices", notice_id, case, url=new.url)
    return await read(desk, notice_id)


def digest(content: dict[str, Any]) -> bytes:
    """Return the SHA-256 of the published text in its canonical form."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


async def _publish(
    desk: Desk[Officer],
    rows: Sequence[Row[Any]],
    laws: Sequence[Parameters],
    listed: Sequence[dict[str, Any]],
    last_day: date,
) -> UUID:
    notice_id, bureau = new_id(), desk.actor.bureau
    amount = sum((row.amount for row in rows), NOTHING)
    funds = "、".join(sorted({one.fund for one in laws}))
    content = {"fund": funds, "amount": str(amount), "claims": listed}
    await desk.db.execute(
        insert(Notice).values(
            id=notice_id,
            bureau_code=bureau,
            receipt=await cases.receipt(desk, "GS", bureau),
            enterprise_name=_named([one["enterprise_name"] for one in listed]),
            amount=amount,
            posted_on=desk.today,
            last_day=last_day,
            posted_by=desk.actor.account_id,
            content=content,
            sha256=digest(content),
            claims=len(rows),
        )
    )
    entries = [_entry(notice_id, *both) for both in zip(rows, listed, strict=True)]
    # In one statement: the database looks whether the notice lists all of its claims.
    await desk.db.execute(insert(NoticeClaim).values(entries))
    return notice_id


async def _last_day(desk: Desk[Officer], laws: Sequence[Parameters]) -> date:
    terms = {(each.publicity_working_days, each.publicity_counts_posting_day) for each in laws}
    return max([await deadlines.last_day(desk, days, counts_today=own) for days, own in terms])


def _entry(notice_id: UUID, claim: Row[Any], listed: dict[str, Any]) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "claim_id": claim.id,
        "enterprise_id": claim.enterprise_id,
        "bureau_code": claim.bureau_code,
        "claim_receipt": claim.receipt,
        "enterprise_name": listed["enterprise_name"],
        "amount": claim.amount,
    }


def _named(names: Sequence[str]) -> str:
    several = sorted(set(names))
    return several[0] if len(several) == 1 else f"{several[0]}等{len(several)}家企业"


async def _listed(desk: Desk[Officer], claim: Row[Any], plan: Row[Any]) -> dict[str, Any]:
    """Return what is published of one claim; a number written into a name is hidden."""
    name = await desk.db.scalar(select(Enterprise.name).where(Enterprise.id == claim.enterprise_id))
    assessed = await adjudication.assessment(desk, claim.id)
    return {
        "enterprise_name": masking.hide_numbers(name or ""),
        "claim_receipt": claim.receipt,
        "project": masking.hide_numbers(plan.title),
        "amount": str(claim.amount),
        "lines": [
            NoticeLine(
                number=line.number,
                name=masking.hide_numbers(line.name),
                id_masked=line.id_masked,
                class_hours=line.hours,
                amount=line.payable,
            ).model_dump(mode="json")
            for line in assessed.lines
            if line.payable > 0
        ],
    }


async def _entries(desk: Desk[Actor], notice: Row[Any]) -> list[dict[str, Any]]:
    """Return the notice's claims as published; one of before listed a single claim."""
    query = select(*NoticeClaim.__table__.c).where(NoticeClaim.notice_id == notice.id)
    found = {row.claim_receipt: row for row in await desk.db.execute(query)}
    return [
        {
            **published,
            "claim_id": found[published["claim_receipt"]].claim_id,
            "ended": found[published["claim_receipt"]].ended,
        }
        for published in notice.content.get("claims", [notice.content])
    ]


def _site(row: Row[Any]) -> NoticeSiteRead:
    return NoticeSiteRead(
        url=row.url, seen_on=row.seen_on, screenshot_sha256=row.screenshot_sha256.hex()
    )
