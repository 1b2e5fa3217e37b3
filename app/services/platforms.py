"""Which platforms are known, and how do officers enter, examine and block them?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, update

from app.actors import Actor, CentreOfficer, Officer
from app.errors import DutyMissing, NotFound, NotYourRole, PlatformNotOther, PlatformStands
from app.models import ListedPlatform, PlatformEvent, new_id
from app.office import Desk
from app.policy.kinds import PlatformKind
from app.policy.platforms import hosts_in, plain_name, suffixes
from app.policy.procedure import Duty
from app.schemas.platforms import (
    Blocking,
    Examination,
    NewPlatform,
    PlatformCorrection,
    PlatformEventRead,
    PlatformHistory,
    PlatformRead,
)
from app.schemas.words import Page, Reason
from app.services import acts, enterprises, pages

_NOT_EXAMINED: Final = dict.fromkeys(
    (
        "in_china", "qualified", "creditworthy", "public_service", "examined_remark",
        "examined_document", "examined_on", "examined_by", "examined_by_name",
        "examined_at_bureau", "valid_from", "valid_to",
    )
)  # fmt: skip
_NOT_BLOCKED: Final = dict.fromkeys(
    ("blocked_since", "blocked_reason", "blocked_by", "blocked_by_name", "blocked_at_bureau")
)


async def listed(
    desk: Desk[Actor], place: pages.Place, search: str, kind: str | None, *, blocked: bool | None
) -> Page[PlatformRead]:
    """Return a page of the catalogue, the latest entry first.

    *search* is a part of a name, or an address: then the platforms to which it belongs are found.
    """
    query = select(*ListedPlatform.__table__.c)
    if search:
        name = ListedPlatform.plain_name.contains(plain_name(search), autoescape=True)
        hosts = list(suffixes(hosts_in(search)))
        query = query.where(or_(name, ListedPlatform.hosts.overlap(hosts)) if hosts else name)
    if kind is not None:
        query = query.where(ListedPlatform.kind == kind)
    if blocked is not None:
        query = query.where(ListedPlatform.blocked_since.is_not(None) == blocked)
    rows = await pages.rows(desk, query, ListedPlatform.id, place)
    return pages.page([PlatformRead.model_validate(row) for row in rows], place)


async def read(desk: Desk[Actor], platform_id: UUID) -> PlatformHistory:
    """Return a platform with its history.

    Raises:
        NotFound: there is none.
    """
    row = await _found(desk, platform_id)
    events = await desk.db.execute(
        select(*PlatformEvent.__table__.c)
        .where(PlatformEvent.platform_id == platform_id)
        .order_by(PlatformEvent.id)
    )
    history = [PlatformEventRead.model_validate(each) for each in events]
    return PlatformHistory(**row._mapping, history=history)


async def enter(desk: Desk[Officer], new: NewPlatform) -> PlatformHistory:
    """Enter a platform for everybody; what the notices list, and "etc." in them, the centre does.

    Raises:
        NotYourRole, DutyMissing, PlatformKnown: as named.
        NotFound: the enterprise of an own site is not the officer's.
    """
    _demand(desk, Duty.REVIEW)
    if new.kind is PlatformKind.LISTED and not isinstance(desk.actor, CentreOfficer):
        raise NotYourRole("名单内平台由省中心统一登记。")
    if new.enterprise_id is not None:
        await enterprises.found(desk, new.enterprise_id)
    platform_id = new_id()
    columns = {**new.model_dump(), "plain_name": plain_name(new.name)}
    await desk.db.execute(insert(ListedPlatform).values(id=platform_id, **columns))
    await _note(desk, platform_id, "enter", new.model_dump(mode="json"))
    return await read(desk, platform_id)


async def correct(
    desk: Desk[Officer], platform_id: UUID, said: PlatformCorrection
) -> PlatformHistory:
    """Correct the hosts of a platform; what was found of others must be found of these anew.

    Raises:
        NotFound, NotYourRole, DutyMissing: as named.
    """
    _demand(desk, Duty.REVIEW)
    row = await _found(desk, platform_id, lock=True)
    if row.kind == PlatformKind.LISTED and not isinstance(desk.actor, CentreOfficer):
        raise NotYourRole("名单内平台由省中心统一登记。")
    anew = _NOT_EXAMINED if set(said.hosts) - set(row.hosts) else {}
    told = said.model_dump(mode="json") | {"was": list(row.hosts)}
    return await _change(desk, platform_id, "correct", told, said.model_dump() | anew)


async def examine(desk: Desk[Officer], platform_id: UUID, found: Examination) -> PlatformHistory:
    """Record what was found of another platform's four conditions (DL-3.2-b).

    Raises:
        PlatformNotOther: listed platforms and own sites need no examination.
        NotFound, DutyMissing: as named.
    """
    _demand(desk, Duty.REVIEW)
    row = await _found(desk, platform_id, lock=True)
    if row.kind != PlatformKind.OTHER:
        raise PlatformNotOther
    said = found.model_dump()
    columns = {
        "examined_remark": said.pop("remark"),
        "examined_document": said.pop("document"),
        "examined_on": desk.today,
        "examined_by": desk.actor.account_id,
        "examined_by_name": desk.actor.name,
        "examined_at_bureau": desk.actor.bureau,
    }
    columns |= said | {"valid_from": found.valid_from or desk.today}
    return await _change(
        desk, platform_id, "examine", found.model_dump(mode="json", exclude_none=True), columns
    )


async def block(desk: Desk[Officer], platform_id: UUID, word: Blocking) -> PlatformHistory:
    """Find a platform unfit from a day on: training that ends later is refused.

    Raises:
        PlatformStands: it is blocked already.
        NotFound, DutyMissing: as named.
    """
    _demand(desk, Duty.APPROVE)
    if (await _found(desk, platform_id, lock=True)).blocked_since is not None:
        raise PlatformStands("该平台已经停用；变更理由或日期的，请先恢复再重新停用。")
    since = word.since or desk.today
    columns = {
        "blocked_since": since,
        "blocked_reason": word.reason,
        "blocked_by": desk.actor.account_id,
        "blocked_by_name": desk.actor.name,
        "blocked_at_bureau": desk.actor.bureau,
    }
    told = {"reason": word.reason, "since": since.isoformat()}
    return await _change(desk, platform_id, "block", told, columns)


async def unblock(desk: Desk[Officer], platform_id: UUID, word: Reason) -> PlatformHistory:
    """Let a platform be used again; the bureau that blocked it does, or the provincial centre.

    Raises:
        PlatformStands: it is not blocked.
        NotFound, NotYourRole, DutyMissing: as named.
    """
    _demand(desk, Duty.APPROVE)
    row = await _found(desk, platform_id, lock=True)
    if row.blocked_since is None:
        raise PlatformStands("该平台没有停用。")
    if row.blocked_at_bureau not in {desk.actor.bureau, None} and not isinstance(
        desk.actor, CentreOfficer
    ):
        raise NotYourRole("平台由停用它的经办部门或省中心恢复。")
    return await _change(desk, platform_id, "unblock", word.model_dump(), _NOT_BLOCKED)


def _demand(desk: Desk[Officer], duty: Duty) -> None:
    if duty not in desk.actor.duties:
        raise DutyMissing


async def _found(desk: Desk[Actor], platform_id: UUID, *, lock: bool = False) -> Row[Any]:
    query = select(*ListedPlatform.__table__.c).where(ListedPlatform.id == platform_id)
    row = (await desk.db.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _change(
    desk: Desk[Officer],
    platform_id: UUID,
    act: str,
    told: dict[str, Any],
    columns: dict[str, Any],
) -> PlatformHistory:
    change = update(ListedPlatform).where(ListedPlatform.id == platform_id).values(columns)
    await desk.db.execute(change)
    await _note(desk, platform_id, act, told)
    return await read(desk, platform_id)


async def _note(desk: Desk[Officer], platform_id: UUID, act: str, told: dict[str, Any]) -> None:
    """Add a step to the history that everybody reads, and to the audit."""
    await desk.db.execute(
        insert(PlatformEvent).values(
            id=new_id(),
            platform_id=platform_id,
            act=act,
            business_day=desk.today,
            bureau_code=desk.actor.bureau,
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            details=told,
        )
    )
    nobody = acts.Case(None, None, None)
    await acts.record(desk, act, "platforms", platform_id, nobody, **told)
