"""What does the process that computes simulations reach? What its bureau may ask about, to read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.actors import EnterpriseUser, Member, Officer
from tests.database.callers import REFUSED
from tests.databases import Connection, connected
from tests.elsewhere import provincial
from tests.simulations import PATH, cap, until
from tests.world import World

_READ = ("claims", "assessments", "assessment_lines")


@asynccontextmanager
async def simulating(url: str, bureau: str) -> AsyncIterator[Connection]:
    async with connected(url) as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE subsidy_simulator")
        await connection.fetchval("SELECT set_config('app.bureau', $1, true)", bureau)
        yield connection


async def _bureaus(connection: Connection, table: str) -> set[str]:
    return {row[0] for row in await connection.fetch(f"SELECT DISTINCT bureau_code FROM {table}")}


async def test_a_district_sees_its_own_rows_and_the_centre_those_of_all(
    world: World, owner_url: str, service_url: str, tmp_path: Path
) -> None:
    """The database draws the line, not the query."""
    await world.paid()
    other = await provincial(world, owner_url, tmp_path)
    await other.paid()
    for bureau, seen in (
        ("210202", {"210202"}), ("210203", set()), ("LN-PROV", {"210202", "LN-PROV"}), ("", set()),
    ):  # fmt: skip
        async with simulating(service_url, bureau) as connection:
            for table in _READ:
                assert await _bureaus(connection, table) == seen, (bureau, table)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM enterprises",
        "SELECT FROM trainees",
        "SELECT FROM persons",
        "SELECT FROM plans",
        "SELECT form FROM claims",
        "SELECT trainee_id FROM assessment_lines",
        "SELECT FROM year_balances",
        "SELECT FROM audit_events",
        "SELECT asked_by_name FROM simulations",
        "UPDATE claims SET state = 'rejected'",
        "UPDATE simulations SET changes = '[]'",
        "INSERT INTO assessments SELECT * FROM assessments",
        "DELETE FROM simulations",
    ],
)
async def test_it_reads_nobodys_name_and_writes_no_case(service_url: str, statement: str) -> None:
    async with simulating(service_url, "LN-PROV") as connection:
        with pytest.raises(REFUSED):
            await connection.execute(statement)


def test_no_caller_speaks_in_this_role() -> None:
    """A request takes the role of its caller's type; none of them is called so."""
    callers = (*Member.__args__, *Officer.__args__)
    assert EnterpriseUser in callers
    assert "simulator" not in {each.role for each in callers}


async def test_a_finished_simulation_is_final(world: World, owner_url: str) -> None:
    asked = await world.post("officer1", PATH, cap("300.00"))
    await until(world, "officer1", asked, "done")
    async with connected(owner_url) as owner:
        for statement in ("UPDATE simulations SET state = 'running', result = NULL",
                          "DELETE FROM simulations"):  # fmt: skip
            with pytest.raises(Exception, match=r"does not follow|append-only"):
                await owner.execute(statement)
