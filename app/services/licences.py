"""Which scans show who holds the credit code? The business licence, as the bureau looks at it."""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select

from app.actors import EnterpriseUser, Member
from app.errors import LicencesFull, NotFound
from app.models import Licence, new_id
from app.office import Desk
from app.schemas.enterprises import LicenceRead
from app.services import acts, enterprises
from app.storage import StoredFile

_MOST: Final = 20


async def receives(desk: Desk[EnterpriseUser], enterprise_id: UUID) -> None:
    """Let an upload begin.

    Raises:
        NotFound: the enterprise is not registered yet, or is another's.
        LicencesFull: there are more scans than anybody looks at.
    """
    await enterprises.found(desk, enterprise_id)
    count = select(func.count()).where(Licence.enterprise_id == enterprise_id)
    if (await desk.db.scalar(count) or 0) >= _MOST:
        raise LicencesFull


async def add(
    desk: Desk[EnterpriseUser], enterprise_id: UUID, filename: str, file: StoredFile
) -> LicenceRead:
    """Record a stored file as a scan of the licence.

    Raises:
        NotFound, LicencesFull: as ``receives`` says.
    """
    await receives(desk, enterprise_id)
    licence_id = new_id()
    await desk.db.execute(
        insert(Licence).values(
            id=licence_id,
            enterprise_id=enterprise_id,
            filename=filename,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            uploaded_by=desk.actor.account_id,
        )
    )
    case = await _case(desk, enterprise_id)
    await acts.record(desk, "add", "licences", licence_id, case, sha256=file.sha256.hex())
    return _told(await _found(desk, enterprise_id, licence_id))


async def listed(desk: Desk[Member], enterprise_id: UUID) -> list[LicenceRead]:
    """Return the scans of an enterprise that the caller may see, oldest first."""
    await enterprises.found(desk, enterprise_id)
    query = select(*Licence.__table__.c).where(Licence.enterprise_id == enterprise_id)
    return [_told(row) for row in await desk.db.execute(query.order_by(Licence.id))]


async def opened(
    desk: Desk[Member], enterprise_id: UUID, licence_id: UUID
) -> tuple[LicenceRead, AsyncIterator[bytes]]:
    """Return a scan and its bytes; every look at it is an audit event.

    Raises:
        NotFound: there is none, or it is another's.
    """
    row = await _found(desk, enterprise_id, licence_id)
    await acts.record(desk, "read", "licences", row.id, await _case(desk, enterprise_id))
    return _told(row), desk.office.store.read(row.sha256)


async def _found(desk: Desk[Member], enterprise_id: UUID, licence_id: UUID) -> Row[Any]:
    query = select(*Licence.__table__.c).where(
        Licence.id == licence_id, Licence.enterprise_id == enterprise_id
    )
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _case(desk: Desk[Member], enterprise_id: UUID) -> acts.Case:
    row = await enterprises.found(desk, enterprise_id)
    return acts.Case(row.id, row.id, row.bureau_code)


def _told(row: Row[Any]) -> LicenceRead:
    return LicenceRead(**{**row._mapping, "sha256": row.sha256.hex()})
