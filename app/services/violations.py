"""What does a bureau find of a violation, who is barred for it, and to whom is it handed?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app.actors import Officer
from app.errors import DayToCome, DutyMissing, NotEstablished, NotFound, TwoPersons, WrongState
from app.models import (
    Blacklisting,
    Claim,
    Violation,
    ViolationClaim,
    ViolationTransfer,
    new_id,
)
from app.office import Desk
from app.policy import recovery
from app.policy.procedure import Duty
from app.schemas.violations import (
    BlacklistingCreate,
    BlacklistingRead,
    ConcernedClaimRead,
    Conclusion,
    Lift,
    TransferCreate,
    TransferRead,
    ViolationCreate,
    ViolationRead,
    ViolationSummary,
)
from app.schemas.words import Page
from app.services import acts, cases, enterprises, pages

_CLAUSE: Final = "LN-3.3-c"


async def open_case(desk: Desk[Officer], new: ViolationCreate) -> ViolationRead:
    """Open a file on a violation (LN-3.3-c); the enterprise does not see it.

    Raises:
        NotFound: no such enterprise or claim of this bureau.
        DutyMissing: the officer does not review.
    """
    enterprise = await enterprises.found(desk, new.enterprise_id)
    _in_charge(desk, Duty.REVIEW)
    whose = {"enterprise_id": enterprise.id, "bureau_code": desk.actor.bureau}
    for concerned in new.claims:
        claim = await cases.found(desk, Claim, concerned.claim_id)
        if claim.enterprise_id != enterprise.id:
            raise NotFound("该申请不是该企业的。")
    violation_id = new_id()
    receipt = await cases.receipt(desk, "WG", desk.actor.bureau)
    await desk.db.execute(
        insert(Violation).values(
            id=violation_id,
            receipt=receipt,
            state="open",
            opened_on=desk.today,
            opened_by=desk.actor.account_id,
            opened_by_name=desk.actor.name,
            **new.model_dump(include={"kind", "findings", "amount"}),
            **whose,
        )
    )
    rows = [{"violation_id": violation_id, **each.model_dump(), **whose} for each in new.claims]
    if rows:
        await desk.db.execute(insert(ViolationClaim), rows)
    return await _recorded(desk, "open", violation_id, receipt=receipt, kind=new.kind.value)


async def listed(
    desk: Desk[Officer], state: str | None, place: pages.Place
) -> Page[ViolationSummary]:
    """Return a page of the bureau's files, newest first."""
    query = select(*Violation.__table__.c)
    if state is not None:
        query = query.where(Violation.state == state)
    rows = await pages.rows(desk, query, Violation.id, place)
    return pages.page([ViolationSummary.model_validate(row) for row in rows], place)


async def read(desk: Desk[Officer], violation_id: UUID) -> ViolationRead:
    """Return a file with its claims, its transfers and the blacklisting that followed."""
    row = await _found(desk, violation_id)
    parts: dict[str, list[Row[Any]]] = {}
    for table in (ViolationClaim, ViolationTransfer, Blacklisting):
        query = select(*table.__table__.c).where(table.violation_id == violation_id)
        parts[table.__tablename__] = list(await desk.db.execute(query))
    listing = parts["blacklistings"]
    return ViolationRead(
        **row._mapping,
        kind_zh=recovery.VIOLATIONS_ZH[recovery.Violation(row.kind)],
        clause=_CLAUSE,
        claims=[ConcernedClaimRead.model_validate(each) for each in parts["violation_claims"]],
        transfers=[TransferRead.model_validate(each) for each in parts["violation_transfers"]],
        blacklisting=BlacklistingRead.model_validate(listing[0]) if listing else None,
    )


async def conclude(
    desk: Desk[Officer], violation_id: UUID, word: Conclusion, state: str
) -> ViolationRead:
    """Conclude, as another officer than who opened the file, that it was so or was not.

    Raises:
        TwoPersons: the officer opened the file.
        WrongState: it was concluded before.
        DutyMissing, NotFound: as named.
    """
    row = await _found(desk, violation_id)
    _in_charge(desk, Duty.APPROVE)
    if row.opened_by == desk.actor.account_id:
        raise TwoPersons
    if row.state != "open":
        raise WrongState("该案件已作出结论。", state=row.state, possible=[])
    await desk.db.execute(
        update(Violation)
        .where(Violation.id == violation_id)
        .values(
            state=state,
            decided_by=desk.actor.account_id,
            decided_by_name=desk.actor.name,
            decided_on=desk.today,
            **word.model_dump(),
        )
    )
    return await _recorded(desk, state, violation_id, document=word.document)


async def blacklist(
    desk: Desk[Officer], violation_id: UUID, new: BlacklistingCreate
) -> ViolationRead:
    """Bar the enterprise from a day on: no filing, no application, no payment.

    Raises:
        NotEstablished: the violation was not established.
        WrongState: it was barred for it before, or the days are out of order.
        DutyMissing, NotFound: as named.
    """
    row = await _found(desk, violation_id)
    _in_charge(desk, Duty.APPROVE)
    if row.state != "established":
        raise NotEstablished
    if new.until_day is not None and new.until_day < new.from_day:
        raise WrongState("截止日期早于列入日期。", state=row.state, possible=[])
    await desk.db.execute(
        insert(Blacklisting).values(
            id=new_id(),
            violation_id=row.id,
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            listed_by=desk.actor.account_id,
            listed_by_name=desk.actor.name,
            **new.model_dump(),
        )
    )
    days = {"from_day": new.from_day.isoformat(), "document": new.document}
    return await _recorded(desk, "blacklist", violation_id, **days)


async def lift(desk: Desk[Officer], violation_id: UUID, word: Lift) -> ViolationRead:
    """Bar the enterprise no longer, from today on.

    Raises:
        WrongState: it is not barred for this, or was lifted before.
        DutyMissing, NotFound: as named.
    """
    row = await _found(desk, violation_id)
    _in_charge(desk, Duty.APPROVE)
    lifted = await desk.db.execute(
        update(Blacklisting)
        .where(
            Blacklisting.violation_id == violation_id,
            Blacklisting.lifted_on.is_(None),
            Blacklisting.from_day <= desk.today,
        )
        .values(
            lifted_on=desk.today,
            lifted_reason=word.reason,
            lifted_document=word.document,
            lifted_by=desk.actor.account_id,
            lifted_by_name=desk.actor.name,
        )
    )
    if lifted.rowcount == 0:
        raise WrongState("没有可以解除的失信名单记录。", state=row.state, possible=[])
    return await _recorded(desk, "lift", violation_id, document=word.document)


async def transfer(desk: Desk[Officer], violation_id: UUID, new: TransferCreate) -> ViolationRead:
    """Record that an established case was handed to another authority.

    Raises:
        NotEstablished: the violation was not established.
        DayToCome: it cannot have been handed over on a day that is yet to come.
        DutyMissing, NotFound: as named.
    """
    row = await _found(desk, violation_id)
    _in_charge(desk, Duty.APPROVE)
    if row.state != "established":
        raise NotEstablished
    if new.transferred_on > desk.today:
        raise DayToCome
    await desk.db.execute(
        insert(ViolationTransfer).values(
            id=new_id(),
            violation_id=row.id,
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            recorded_by=desk.actor.account_id,
            **new.model_dump(),
        )
    )
    return await _recorded(desk, "transfer", violation_id, authority=new.authority)


def _in_charge(desk: Desk[Officer], duty: Duty) -> None:
    if duty not in desk.actor.duties:
        raise DutyMissing


async def _found(desk: Desk[Officer], violation_id: UUID) -> Row[Any]:
    query = select(*Violation.__table__.c).where(Violation.id == violation_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _recorded(
    desk: Desk[Officer], act: str, violation_id: UUID, **told: object
) -> ViolationRead:
    """Record the act as the bureau's own: an event that the enterprise does not see."""
    case = acts.Case(violation_id, None, desk.actor.bureau)
    await acts.record(desk, act, "violations", violation_id, case, **told)
    return await read(desk, violation_id)
