"""Does `subsidy ledger verify` prove the books, and name what somebody moved?"""

import asyncpg
import pytest
from typer.testing import CliRunner

from app.__main__ import commands
from app.database import for_asyncpg
from app.verification import verify
from tests import money
from tests.world import World


async def test_the_books_of_a_paid_claim_agree_and_a_moved_balance_is_named(
    world: World, owner_url: str
) -> None:
    await money.budget(world, "100000.00")
    await world.paid()
    told = await verify(owner_url)
    assert (told.persons, told.entries, told.differences) == (24, 48, [])
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE budget_slices SET used = used + 1 WHERE slice = 3")
    await connection.execute("UPDATE period_balances SET counted = 0")
    await connection.close()
    told = await verify(owner_url)
    assert {each.what for each in told.differences} == {"budget_slices", "period_balances"}
    assert len(told.differences) == 25


def test_the_command_needs_the_administrators_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    answer = CliRunner().invoke(commands, ["ledger", "verify"])
    assert answer.exit_code == 1
