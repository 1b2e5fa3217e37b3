"""What was done? Every act leaves one append-only audit event, from this one place."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select

from app import clock
from app.actors import Actor, Desks
from app.hot import Hot
from app.models import AuditEvent
from app.office import Desk
from app.schemas.claims import HistoryEntry
from app.services.act_titles import title

_COLUMNS: Final = (
    "business_day", "account_id", "account_name", "role", "act", "object_kind", "object_id",
    "case_id", "enterprise_id", "bureau_code", "request_id", "address", "details",
)  # fmt: skip
_WRITE: Final = Hot(
    insert(AuditEvent).inline().values({name: bindparam(name) for name in _COLUMNS})
)


@dataclass(frozen=True, slots=True)
class Case:
    """What an act belongs to: whose rows, and under which case its history is told."""

    id: UUID | None
    enterprise_id: UUID | None
    bureau_code: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> "Case":
        """Return the case of a row that carries its enterprise and bureau."""
        return cls(row.id, row.enterprise_id, row.bureau_code)


def of_account(account: Row[Any]) -> Case:
    """Return the case that an account is: its history is told to its enterprise or bureau."""
    return Case(account.id, account.enterprise_id, account.bureau_code)


async def record(
    desk: Desk[Actor], act: str, kind: str, object_id: object, case: Case, /, **details: object
) -> None:
    """Write the audit event of *act* on an object, in the transaction of the act itself."""
    values = event(desk, act, kind, object_id, case, details)
    await _WRITE.rows(desk.driver, **values)


async def record_command(
    driver: Any,  # noqa: ANN401  asyncpg has no types
    role: str,
    act: str,
    kind: str,
    object_id: object,
    /,
    **details: object,
) -> None:
    """Write the audit event of an act at the machine itself, where nobody is signed in."""
    nobody = dict.fromkeys(("account_id", "case_id", "enterprise_id", "bureau_code"))
    said = {"account_name": "", "request_id": "", "address": ""}
    what = {"act": act, "object_kind": kind, "object_id": str(object_id), "details": details}
    day = clock.calendar_day()
    await _WRITE.rows(driver, **nobody, **said, **what, role=role, business_day=day)


def event(
    desk: Desk[Actor], act: str, kind: str, object_id: object, case: Case, details: dict[str, Any]
) -> dict[str, Any]:
    """Return the columns of the audit event."""
    who = None if isinstance(desk.actor, Desks) else desk.actor
    return {
        "business_day": desk.today,
        "account_id": who.account_id if who else None,
        "account_name": who.name if who else "",
        "role": desk.actor.role,
        "act": act,
        "object_kind": kind,
        "object_id": str(object_id),
        "case_id": case.id,
        "enterprise_id": case.enterprise_id,
        "bureau_code": case.bureau_code,
        "request_id": desk.request_id,
        "address": desk.address,
        "details": details,
    }


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody tried in vain: the route, and the kind and id of the object that it names."""

    act: str
    object_kind: str
    object_id: str


async def refuse(desk: Desk[Actor], what: Attempt, told: dict[str, Any]) -> None:
    """Write the event of a refused attempt: under no case, and as rows of who tried.

    So the parties of a case do not read who else looked for it, and nobody learns from his own
    attempts what there is.
    """
    mine = getattr(desk.actor, "enterprise_id", None), getattr(desk.actor, "bureau", None)
    values = event(desk, what.act, what.object_kind, what.object_id, Case(None, *mine), told)
    await desk.db.execute(insert(AuditEvent).inline().values(**values, outcome="refused"))


async def history(desk: Desk[Actor], case_id: UUID) -> list[HistoryEntry]:
    """Return the acts on a case that the caller may see, oldest first."""
    found = await desk.db.execute(
        select(*AuditEvent.__table__.c).where(AuditEvent.case_id == case_id).order_by(AuditEvent.id)
    )
    return [entry(row) for row in found]


def entry(row: Row[Any]) -> HistoryEntry:
    """Return an event as it is read; the public is given neither who nor details."""
    act = f"{row.object_kind}.{row.act}"
    return HistoryEntry(
        at=row.at.isoformat(),
        business_day=row.business_day,
        who=getattr(row, "account_name", ""),
        role=row.role,
        act=act,
        title=title(act),
        details=getattr(row, "details", {}),
    )
