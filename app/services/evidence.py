"""Which files support a case, and who may look at them?"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from app.actors import Member
from app.errors import NotFound
from app.media import contradiction
from app.models import Claim, Evidence, Plan, new_id
from app.office import Desk
from app.policy.facts import Material
from app.schemas.evidence import EvidenceRead
from app.services import acts, cases, contents, scans
from app.storage import StoredFile


@dataclass(frozen=True, slots=True)
class Upload:
    """A file whose bytes are stored already: what it is, and what it is called."""

    kind: Material
    filename: str
    file: StoredFile


async def receives_for_plan(desk: Desk[Member], plan_id: UUID) -> None:
    """Let an upload begin, if the plan is the caller's.

    Raises:
        NotFound: there is none, or it is another's.
    """
    await cases.found(desk, Plan, plan_id)


async def receives_for_claim(desk: Desk[Member], claim_id: UUID) -> None:
    """Let an upload begin, if the claim is the caller's.

    Raises:
        NotFound: there is none, or it is another's.
    """
    await cases.found(desk, Claim, claim_id)


async def add_to_plan(desk: Desk[Member], plan_id: UUID, upload: Upload) -> EvidenceRead:
    """Record a stored file as evidence on a plan; the same file of the same kind is recorded once.

    Raises:
        NotFound: no such plan, or another's.
    """
    plan = await cases.found(desk, Plan, plan_id)
    return await _add(desk, plan, None, upload)


async def add_to_claim(desk: Desk[Member], claim_id: UUID, upload: Upload) -> EvidenceRead:
    """Record a stored file as evidence on a claim.

    Raises:
        NotFound: no such claim, or another's.
    """
    claim = await cases.found(desk, Claim, claim_id)
    plan = await cases.found(desk, Plan, claim.plan_id)
    return await _add(desk, plan, claim_id, upload)


async def of_plan(desk: Desk[Member], plan_id: UUID) -> list[EvidenceRead]:
    """Return the files on a plan and on its claims, oldest first."""
    await cases.found(desk, Plan, plan_id)
    return await _listed(desk, Evidence.plan_id == plan_id)


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[EvidenceRead]:
    """Return the files that support a claim: its own and those of its plan."""
    claim = await cases.found(desk, Claim, claim_id)
    return await _listed(desk, Evidence.plan_id == claim.plan_id)


async def read(desk: Desk[Member], evidence_id: UUID) -> EvidenceRead:
    """Return what is known of one file."""
    return told(await _found(desk, evidence_id))


async def content(desk: Desk[Member], evidence_id: UUID) -> Row[Any]:
    """Return a file whose bytes the caller may look at.

    Raises:
        NotFound, EvidenceInfected, EvidencePending: as named.
    """
    row = await _found(desk, evidence_id)
    scans.refuse_looking(desk, row)
    return row


async def look(
    desk: Desk[Member], row: Row[Any], start: int, stop: int, **how: object
) -> AsyncIterator[bytes | memoryview]:
    """Return the bytes of a file from *start* up to *stop*; every look is an audit event.

    They are read after the transaction, while they are sent. *how* tells of a look at a part.
    """
    case = acts.Case(row.claim_id or row.plan_id, row.enterprise_id, row.bureau_code)
    await acts.record(desk, "read", "evidence", row.id, case, kind=row.kind, **how)
    stored = await contents.stored(desk, row.sha256, row.size, sealed=row.sealed)
    return contents.read(desk.office, stored, start, stop)


async def _add(
    desk: Desk[Member], plan: Row[Any], claim_id: UUID | None, upload: Upload
) -> EvidenceRead:
    added = await desk.db.execute(
        insert(Evidence)
        .values(
            id=new_id(),
            plan_id=plan.id,
            claim_id=claim_id,
            enterprise_id=plan.enterprise_id,
            bureau_code=plan.bureau_code,
            kind=upload.kind,
            filename=upload.filename,
            media_type=upload.file.media_type,
            size=upload.file.size,
            sha256=upload.file.sha256,
            contents=_listed_in(upload.file),
            sealed=False,
            uploaded_by=desk.actor.account_id,
            scan=scans.first(desk.office),
        )
        .on_conflict_do_nothing(index_elements=["plan_id", "kind", "sha256"])
    )
    stored = await desk.db.execute(
        select(*Evidence.__table__.c).where(
            Evidence.plan_id == plan.id,
            Evidence.kind == upload.kind,
            Evidence.sha256 == upload.file.sha256,
        )
    )
    row = stored.one()
    case = acts.Case(claim_id or plan.id, plan.enterprise_id, plan.bureau_code)
    await acts.record(
        desk, "add", "evidence", row.id, case, kind=upload.kind, sha256=row.sha256.hex(),
        known=not added.rowcount,
    )  # fmt: skip
    return told(row)


async def _found(desk: Desk[Member], evidence_id: UUID) -> Row[Any]:
    query = select(*Evidence.__table__.c).where(Evidence.id == evidence_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _listed(desk: Desk[Member], where: Any) -> list[EvidenceRead]:  # noqa: ANN401  an SQL clause
    query = select(*Evidence.__table__.c).where(where).order_by(Evidence.id)
    rows = await desk.db.execute(query)
    return [told(row).model_copy(update={"contents": None}) for row in rows]


def _listed_in(file: StoredFile) -> dict[str, Any] | None:
    """Return what an archive lists; nothing of it is unpacked."""
    if file.content.entries is None:
        return None
    return {
        "files": [{"name": each.name, "size": each.size} for each in file.content.entries],
        "unpacked": sum(each.size for each in file.content.entries),
    }


def told(row: Row[Any]) -> EvidenceRead:
    """Return what is told of a file."""
    note = "" if row.sealed else contradiction(row.filename, row.media_type)
    return EvidenceRead(**{**row._mapping, "sha256": row.sha256.hex(), "note": note})
