"""What does a bureau find of a violation, and who concludes that it was so?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app.actors import Officer
from app.errors import DutyMissing, NotFound, TwoPersons, WrongState
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
    BlacklistingRead,
    ConcernedClaimRead,
    Conclusion,
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
    in_charge(desk, Duty.REVIEW)
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
    return await recorded(desk, "open", violation_id, receipt=receipt, kind=new.kind.value)


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
    row = await found(desk, violation_id)
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
    row = await found(desk, violation_id)
    in_charge(desk, Duty.APPROVE)
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
    return await recorded(desk, state, violation_id, document=word.document)


def in_charge(desk: Desk[Officer], duty: Duty) -> None:
    """Refuse an officer without the duty.

    Raises:
        DutyMissing: it is not his.
    """
    if duty not in desk.actor.duties:
        raise DutyMissing


async def found(desk: Desk[Officer], violation_id: UUID) -> Row[Any]:
    """Return the row of a file of the officer's bureau.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(*Violation.__table__.c).where(Violation.id == violation_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def recorded(
    desk: Desk[Officer], act: str, violation_id: UUID, **told: object
) -> ViolationRead:
    """Record the act as the bureau's own: an event that the enterprise does not see."""
    case = acts.Case(violation_id, None, desk.actor.bureau)
    await acts.record(desk, act, "violations", violation_id, case, **told)
    return await read(desk, violation_id)
