"""Which days did later documents set for all cases, and who entered them?"""

from sqlalchemy import insert, select

from app.actors import Actor, CentreOfficer, Officer
from app.errors import DutyMissing, NotYourRole
from app.models import DeclarationRecord, new_id
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.declarations import DeclarationCreate, DeclarationRead
from app.services import acts


async def listed(desk: Desk[Actor]) -> list[DeclarationRead]:
    """Return every declaration, the latest first; of each kind the latest counts."""
    rows = await desk.db.execute(
        select(*DeclarationRecord.__table__.c).order_by(DeclarationRecord.id.desc())
    )
    told: list[DeclarationRead] = []
    seen: set[str] = set()
    for row in rows:
        told.append(DeclarationRead(**row._mapping, in_force=row.kind not in seen))
        seen.add(row.kind)
    return told


async def enter(desk: Desk[Officer], new: DeclarationCreate) -> DeclarationRead:
    """Enter a declaration; the provincial centre does, for everybody.

    Raises:
        NotYourRole: the caller is not of the provincial centre.
        DutyMissing: the officer does not approve.
    """
    if not isinstance(desk.actor, CentreOfficer):
        raise NotYourRole("此类公告由省中心统一登记。")
    if Duty.APPROVE not in desk.actor.duties:
        raise DutyMissing
    columns = {"id": new_id(), **new.model_dump()}
    await desk.db.execute(
        insert(DeclarationRecord).values(entered_by=desk.actor.account_id, **columns)
    )
    nobody = acts.Case(None, None, None)
    told = new.model_dump(mode="json")
    await acts.record(desk, "enter", "declarations", columns["id"], nobody, **told)
    return DeclarationRead(**columns, in_force=True)
