"""What does looking for signals cost when the history is a hundred times as long?

A claim of 1,000 persons (27,000 sessions) is looked at as a filing looks at it, over 100,000
records of learning and over 10,000,000; beside it, in turn, the bare look-ups by index that nobody
can do without. Whatever the history adds beyond what it adds to those is ours to answer for.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg

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
MARGIN: Final = 0.15
_RECORDS_A_PLAN: Final = PERSONS * SESSIONS
_PLANS_AT_ONCE: Final = 37
_ROUNDS: Final = 9
# The claim's own sessions, and those of the same persons elsewhere: by the same two indexes.
_BARE: Final = """
    SELECT count(*), min(least(m.ended_at, o.ended_at) - greatest(m.started_at, o.started_at))
    FROM trainees AS t
    JOIN trainees AS other ON other.person_id = t.person_id AND other.plan_id <> t.plan_id
    JOIN learning_records AS m ON m.plan_id = t.plan_id AND m.trainee_id = t.id
    JOIN learning_records AS o ON o.plan_id = other.plan_id AND o.trainee_id = other.id
    WHERE t.plan_id = $1
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
        """Seconds a session."""
        return median(self.service) / _RECORDS_A_PLAN

    @property
    def theirs(self) -> float:
        """Seconds a session of the bare look-ups."""
        return median(self.bare) / _RECORDS_A_PLAN


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.signals", description=__doc__)
    asked.add_argument("--records", type=int, default=10_000_000)
    records = asked.parse_args().records
    with furnished(2, claims=200, persons=PERSONS) as installed:
        short, long = asyncio.run(_measure(installed, records))
    allowed = short.ours + max(long.theirs - short.theirs, 0)
    told = {
        "over_a_short_history": short.told(),
        "over_a_long_history": long.told(),
        "allowed_microseconds_a_session": round(allowed * 1e6, 2),
        "ratio_to_what_is_allowed": round(long.ours / allowed, 3),
        "bar": 1.0,
    }
    print(json.dumps(told, indent=1))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


async def _measure(installed: Installation, records: int) -> tuple[Spell, Spell]:
    admin = await asyncpg.connect(installed.admin_url)
    try:
        await prepare(admin)
        await grow(admin, 1, 2)
        short = await _spell(installed, admin)
        last = records // _RECORDS_A_PLAN
        await grow(admin, 3, last)
        return short, await _spell(installed, admin)
    finally:
        await admin.close()


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


async def _spell(installed: Installation, admin: Any) -> Spell:  # noqa: ANN401  asyncpg has no types
    await admin.execute("VACUUM ANALYZE learning_records, learning_batches, trainees")
    await admin.execute("CHECKPOINT")
    spell = Spell(await admin.fetchval("SELECT count(*) FROM learning_records"))
    async with _filing(installed) as (desk, done):
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            with desk.driver.query_logger(lambda _: _count(spell)):
                raised = raise_all(await signal_facts.gathered(desk, numbered(3, 1), done))
            between = time.perf_counter()
            await admin.fetch(_BARE, numbered(3, 1))
            spell.service.append(between - began)
            spell.bare.append(time.perf_counter() - between)
        print(f"{spell.records} records: {[each.kind for each in raised]}", flush=True)
    spell.statements //= _ROUNDS
    print(spell.told(), flush=True)
    return spell


def _count(spell: Spell) -> None:
    spell.statements += 1


@asynccontextmanager
async def _filing(installed: Installation) -> AsyncIterator[tuple[Desk[Any], kept.Assessed]]:
    """Open the desk of the enterprise that files, with the claim assessed already."""
    told = installed.environment
    given = {name.removeprefix("SUBSIDY_").lower(): value for name, value in told.items()}
    office = create_app(
        Settings.model_validate({**given, "DATABASE_URL": told["DATABASE_URL"]})
    ).state.office
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
