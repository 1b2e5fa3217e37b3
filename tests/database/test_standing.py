"""Is what stands against a person looked up, however small the tables were when first asked?"""

from typing import Final

from tests.database.callers import become
from tests.database.docket import MEASURE, PERIOD, Docket

_HISTORY: Final = (
    "enrolments", "ledger_entries", "period_balances", "persons", "project_subsidies",
    "year_balances",
)  # fmt: skip
_READ_WHOLE: Final = """
    SELECT relname::text FROM pg_stat_xact_user_tables WHERE seq_scan > 0 AND relname = ANY ($1)
"""


async def test_no_table_of_the_history_is_read_whole(docket: Docket) -> None:
    """A connection keeps the plan of its first calls, made while there was next to no history."""
    people = await docket.people(3)
    plan = await docket.plan(people, "2020-03-09", "2020-03-27")
    await docket.owner.execute(f"ANALYZE {', '.join(_HISTORY)}")
    async with docket.owner.transaction():
        await become(docket.owner, docket.officers[0])
        # Beyond the fifth call a connection plans no more.
        for _ in range(7):
            told = await docket.owner.fetch(
                "SELECT * FROM standing($1, $2, $3, true)", plan, MEASURE, PERIOD
            )
        await docket.owner.execute("RESET ROLE")
        read = await docket.owner.fetch(_READ_WHOLE, list(_HISTORY))
    assert len(told) == len(people)
    assert [row["relname"] for row in read] == []
