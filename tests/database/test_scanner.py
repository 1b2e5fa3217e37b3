"""What does the scanner's role reach, and who else may say that a file is clean? Nobody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import pytest

from app.actors import Actor, Member
from tests.database.callers import REFUSED, seated
from tests.databases import Connection, connected
from tests.world import World

Callers = dict[str, Actor]
_ANOTHER: Final = """
    INSERT INTO evidence (id, plan_id, enterprise_id, bureau_code, kind, filename, media_type, size,
                          sha256, sealed, uploaded_by, scan, scanned_at)
    SELECT gen_random_uuid(), plan_id, enterprise_id, bureau_code, 'other', filename, media_type,
           size, sha256, sealed, uploaded_by, $1,
           CASE WHEN $1 NOT IN ('pending', 'not_scanned') THEN now() END
    FROM evidence WHERE kind = 'licence'
"""
_INFECTED: Final = "UPDATE evidence SET scan = 'infected', scanned_at = now() WHERE kind = $1"


@asynccontextmanager
async def _scanning(url: str) -> AsyncIterator[Connection]:
    async with connected(url) as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE subsidy_scanner")
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT filename FROM evidence",
        "SELECT plan_id FROM evidence",
        "SELECT FROM plans",
        "SELECT FROM persons",
        "UPDATE evidence SET sha256 = sha256",
        "UPDATE evidence SET kind = 'licence'",
        "DELETE FROM evidence",
        "INSERT INTO evidence SELECT * FROM evidence",
        "UPDATE claims SET state = 'rejected'",
    ],
)
async def test_the_scanner_knows_where_bytes_lie_and_nothing_else(
    service_url: str, statement: str
) -> None:
    async with _scanning(service_url) as connection:
        with pytest.raises(REFUSED):
            await connection.execute(statement)


def test_no_caller_speaks_as_the_scanner() -> None:
    assert "scanner" not in {each.role for each in Member.__args__}


async def test_the_scanner_says_it_of_every_bureaus_files(
    world: World, service_url: str, owner: Connection
) -> None:
    await world.drafted()
    async with _scanning(service_url) as connection:
        await connection.execute("UPDATE evidence SET scan = 'clean', scanned_at = now()")
    assert await owner.fetchval("SELECT bool_and(scan = 'clean') FROM evidence")


@pytest.mark.parametrize("who", ["enterprise", "officer1"])
@pytest.mark.parametrize("scan", ["clean", "infected", "unscannable"])
async def test_nobody_who_uploads_says_what_the_scanner_says(
    world: World, service_url: str, callers: Callers, who: str, scan: str
) -> None:
    await world.drafted()
    for allowed in ("pending", "not_scanned"):
        async with seated(service_url, callers[who]) as service:
            await service.execute(_ANOTHER.replace("'other'", f"'{allowed}'"), allowed)
    with pytest.raises(REFUSED):
        async with seated(service_url, callers[who]) as service:
            await service.execute(_ANOTHER, scan)
    with pytest.raises(REFUSED):
        async with seated(service_url, callers[who]) as service:
            await service.execute("UPDATE evidence SET scan = 'pending'")


async def test_no_claim_is_approved_while_of_a_material_all_files_are_infected(
    world: World, owner: Connection
) -> None:
    """Whoever asks: and one clean file of the kind is enough, for nothing is ever deleted."""
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    await world.step("officer1", "review")
    await owner.execute(_INFECTED, "training_record")
    attempt = owner.transaction()
    await attempt.start()
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute("UPDATE claims SET state = 'approved'")
    assert refused.value.constraint_name == "claims_evidence_not_infected"
    await attempt.rollback()
    path = f"/claims/{world.claim['id']}/approve"
    assert (await world.call("officer2", "POST", path, json={})).json()["code"] == (
        "assessment_changed"
    )
    await world.papers({"training_record": "application_form.pdf"})
    await world.step("officer2", "approve")
