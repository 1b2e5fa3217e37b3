"""What does looking for signals cost when the history is a hundred times as long?

A claim of 1,000 persons (27,000 sessions) is looked at as a filing looks at it, in a database with
100,000 records of learning and in one with 10,000,000, in turn; beside it, in both, the bare
look-ups by index that nobody can do without. Whatever the history adds beyond what it adds to those
is ours to answer for.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy.engine import make_url

from app import access
from app.actors import EnterpriseUser
from app.main import create_app
from app.models import Plan
from app.office import Desk
from app.policy import commitments
from app.policy.facts import Mode
from app.policy.signals import raise_all
from app.schemas.claims import ClaimCreate
from app.services import assessments, cases, kept, signal_facts
from app.settings import Settings
from benchmarks.database import SESSIONS, Installation, furnished, numbered

RESULTS: Final = Path(__file__).parent / "results" / "signals.json"
PERSONS: Final = 1_000
BAR: Final = 1.0
MARGIN: Final = 0.15
_RECORDS_A_PLAN: Final = PERSONS * SESSIONS
_PLANS_AT_ONCE: Final = 37
_ROUNDS: Final = 40
_SHORT: Final = "short"
_LONG: Final = "postgres"
# The claim's own sessions, the same persons elsewhere, and their sessions there: each looked up
# once, each row touched and nothing done with it.
_BARE: Final = """
    SELECT count(*), max(s.ended_at - s.started_at)
    FROM (
        SELECT m.started_at, m.ended_at FROM learning_records AS m WHERE m.plan_id = $1
        UNION ALL
        SELECT o.started_at, o.ended_at
        FROM trainees AS t
        CROSS JOIN LATERAL (SELECT i.plan_id, i.id FROM trainees AS i
                            WHERE i.person_id = t.person_id AND i.plan_id <> $1 OFFSET 0) AS other
        CROSS JOIN LATERAL (SELECT r.started_at, r.ended_at FROM learning_records AS r
                            WHERE r.plan_id = other.plan_id AND r.trainee_id = other.id
                            OFFSET 0) AS o
        WHERE t.plan_id = $1
    ) AS s
"""


@dataclass(slots=True)
class Spell:
    """What was measured over one length of history, in seconds."""

    records: int
    service: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: int = 0

    def told(self) -> dict[str, float]:
        """Return the figures."""
        return {
            "records": self.records,
            "microseconds_a_session": round(self.ours * 1e6, 2),
            "bare_microseconds_a_session": round(self.theirs * 1e6, 2),
            "statements": self.statements,
        }

    @property
    def ours(self) -> float:
        """Seconds a session in the quietest round: what else the machine does only adds."""
        return min(self.service) / _RECORDS_A_PLAN

    @property
    def theirs(self) -> float:
        """Seconds a session of the bare look-ups."""
        return min(self.bare) / _RECORDS_A_PLAN


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.signals", description=__doc__)
    asked.add_argument("--records", type=int, default=10_000_000)
    records = asked.parse_args().records
    with furnished(2, claims=200, persons=PERSONS) as installed:
        asyncio.run(_grow(installed, records))
        short, long = asyncio.run(_measure(installed))
    allowed = short.ours + max(long.theirs - short.theirs, 0)
    ratio = long.ours / allowed
    near = "at the bar" if ratio <= BAR + MARGIN else "ABOVE"
    told = {
        "over_a_short_history": short.told(),
        "over_a_long_history": long.told(),
        "allowed_microseconds_a_session": round(allowed * 1e6, 2),
        "ratio_to_what_is_allowed": round(ratio, 3),
        "bar": BAR,
        "verdict": "clears the bar" if ratio <= BAR else near,
    }
    print(json.dumps(told, indent=1))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


async def _grow(installed: Installation, records: int) -> None:
    """Let one history be long, and keep the database as it was before that."""
    async with _admin(installed, _LONG) as admin:
        await prepare(admin)
        await grow(admin, 1, 2)
    async with _admin(installed, "template1") as admin:
        await admin.execute(f"CREATE DATABASE {_SHORT} TEMPLATE {_LONG}")
    async with _admin(installed, _LONG) as admin:
        await grow(admin, 3, records // _RECORDS_A_PLAN)
    for database in (_SHORT, _LONG):
        async with _admin(installed, database) as admin:
            await admin.execute("VACUUM ANALYZE")
            await admin.execute("CHECKPOINT")


@asynccontextmanager
async def _admin(installed: Installation, database: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(installed.admin_url, database=database)
    try:
        yield connection
    finally:
        await connection.close()


async def prepare(admin: Any) -> None:  # noqa: ANN401  asyncpg has no types
    """Let the persons of plan 1 have learned before, at other times."""
    async with admin.transaction():
        await admin.execute(Path(__file__).with_name("signals_prepare.sql").read_text("utf-8"))


async def grow(admin: Any, first: int, last: int) -> None:  # noqa: ANN401  asyncpg has no types
    """Add the history of so many plans, a few at a time."""
    script = Path(__file__).with_name("signals.sql").read_text("utf-8")
    for start in range(first, last + 1, _PLANS_AT_ONCE):
        sizes = {"first": start, "last": min(start + _PLANS_AT_ONCE - 1, last)}
        async with admin.transaction():
            await admin.execute(
                re.sub(r"(?<![:\w]):(\w+)", lambda each, sizes=sizes: str(sizes[each[1]]), script)
            )
            await admin.execute("DROP FUNCTION pg_temp.numbered(integer, bigint)")


async def _measure(installed: Installation) -> tuple[Spell, Spell]:
    """Look for signals over either history in turn, all of it read before."""
    async with AsyncExitStack() as opened:
        sides = []
        for database in (_SHORT, _LONG):
            admin = await opened.enter_async_context(_admin(installed, database))
            desk, done = await opened.enter_async_context(_filing(installed, database))
            spell = Spell(await admin.fetchval("SELECT count(*) FROM learning_records"))
            sides.append((admin, desk, done, spell))
        for number in range(_ROUNDS + 1):
            for side in sides:
                await _round(*side, warm=number > 0)
    short, long = (spell for *_, spell in sides)
    return short, long


async def _round(
    admin: Any,  # noqa: ANN401  asyncpg has no types
    desk: Desk[Any],
    done: kept.Assessed,
    spell: Spell,
    *,
    warm: bool,
) -> None:
    spell.statements = 0
    began = time.perf_counter()
    with desk.driver.query_logger(lambda _: _count(spell)):
        raised = raise_all(await signal_facts.gathered(desk, numbered(3, 1), done))
    between = time.perf_counter()
    await admin.fetch(_BARE, numbered(3, 1))
    ended = time.perf_counter()
    if raised:
        raise RuntimeError([each.kind for each in raised])
    if warm:
        spell.service.append(between - began)
        spell.bare.append(ended - between)


def _count(spell: Spell) -> None:
    spell.statements += 1


@asynccontextmanager
async def _filing(
    installed: Installation, database: str
) -> AsyncIterator[tuple[Desk[Any], kept.Assessed]]:
    """Open the desk of the enterprise that files, with the claim assessed already."""
    told = installed.environment
    given = {name.removeprefix("SUBSIDY_").lower(): value for name, value in told.items()}
    url = make_url(told["DATABASE_URL"]).set(database=database)
    given["database_url"] = url.render_as_string(hide_password=False)
    office = create_app(Settings.model_validate(given)).state.office
    who = EnterpriseUser(numbered(2, 1), "测速企业", numbered(1, 1))
    word = {"version": commitments.VERSION, "accepted": sorted(commitments.asked_of(Mode.ONLINE))}
    new = ClaimCreate.model_validate(
        {
            "plan_id": str(numbered(3, 1)),
            "still_employed": list(range(1, PERSONS + 1)),
            "commitments": word,
        }
    )
    try:
        async with access.open_desk(office, who, "", "") as desk:
            plan = await cases.found(desk, Plan, numbered(3, 1))
            done = await assessments.of_plan(desk, plan, new, len(word["accepted"]))
            yield desk, done
    finally:
        await office.engine.dispose()


if __name__ == "__main__":
    main()
