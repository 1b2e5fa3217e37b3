"""How fast is a claim of 1,000 persons assessed and stored, and does a long history slow it?

The service files the claim in process against a real database: read, assessed line by line with
reasons, stored, its signals looked for. Beside it OpenFisca's own web API, which computes the same
formula and stores nothing; the way that asks the database for each person; and, over a history of
10,000,000 records, the bare query that reads what an assessment reads.
"""

import argparse
import asyncio
import json
import os
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app import access
from app.actors import EnterpriseUser
from app.database import for_sqlalchemy
from app.main import create_app, spare_the_collector
from app.models import Plan
from app.office import Desk, Office
from app.policy import commitments, parameters
from app.policy.facts import Mode
from app.schemas.claims import ClaimCreate
from app.services import cases, claiming, facts, people
from app.settings import Settings
from benchmarks import row_by_row
from benchmarks.database import SESSIONS, Installation, furnished, numbered
from benchmarks.servers import HOST, serving
from benchmarks.signals import grow, prepare

RESULTS: Final = Path(__file__).parent / "results" / "assessing.json"
OPENFISCA: Final = Path(__file__).parents[1] / ".venv-openfisca" / "bin" / "python"
PERSONS: Final = 1_000
ROUNDS: Final = 7
TODAY: Final = date(2020, 4, 30)
BARS: Final = {"of_openfisca": 1.0, "of_asking_per_person": 10.0, "slower_than_the_query": 1.1}
_RECORDS_A_PLAN: Final = PERSONS * SESSIONS
_WHO: Final = EnterpriseUser(numbered(2, 1), "测速企业", numbered(1, 1))
_PLAN: Final = numbered(3, 1)
_LAW: Final = parameters.edition(TODAY)


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.assessing", description=__doc__)
    asked.add_argument("--records", type=int, default=10_000_000)
    records = asked.parse_args().records
    with furnished(2, claims=200, persons=PERSONS) as installed:
        told = asyncio.run(_measure(installed, records))
    print(json.dumps(told, indent=1))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


async def _measure(installed: Installation, records: int) -> dict[str, Any]:
    office, admin = _office(installed), await asyncpg.connect(installed.admin_url)
    orm = create_async_engine(for_sqlalchemy(installed.admin_url))
    spare_the_collector()
    try:
        await prepare(admin)
        await grow(admin, 1, 2)
        with serving(
            "benchmarks.openfisca_serve", environment=dict(os.environ), python=str(OPENFISCA)
        ) as port:
            beside = await _rounds(office, admin, {"openfisca": lambda: _openfisca(port)})
        asking = await _rounds(office, admin, {"asking": lambda: _asking(office, orm)}, rounds=1)
        short = await _rounds(office, admin, {"query": lambda: _query(office)})
        await grow(admin, 3, records // _RECORDS_A_PLAN)
        long = await _rounds(office, admin, {"query": lambda: _query(office)})
        stored = await admin.fetchval("SELECT count(*) FROM learning_records")
    finally:
        await orm.dispose()
        await admin.close()
        await office.engine.dispose()
    slower = long["service"] / short["service"]
    allowed = max(long["query"] / short["query"], 1.0)
    return {
        "persons_per_second": round(PERSONS / beside["service"]),
        "of_openfisca": round(beside["openfisca"] / beside["service"], 2),
        "of_asking_per_person": round(asking["asking"] / asking["service"], 1),
        "records": stored,
        "slower": round(slower, 3),
        "the_query_slower": round(allowed, 3),
        "slower_than_the_query": round(slower / allowed, 3),
        "bars": BARS,
    }


async def _rounds(
    office: Office,
    admin: Any,  # noqa: ANN401  asyncpg has no types
    others: dict[str, Callable[[], Awaitable[None]]],
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """Return the median seconds of the service and of the others, measured in turn."""
    await admin.execute("VACUUM ANALYZE")
    await admin.execute("CHECKPOINT")
    sides = {"service": lambda: _file(office), **others}
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, work in sides.items():
            began = time.perf_counter()
            await work()
            if number or rounds == 1:
                taken[name].append(time.perf_counter() - began)
    found = {name: median(each) for name, each in taken.items()}
    print({name: round(each, 3) for name, each in found.items()}, flush=True)
    return found


class _UndoneError(Exception):
    """Ends a transaction whose work is to be undone, so that it can be done again."""


async def _file(office: Office) -> None:
    word = {"version": commitments.VERSION, "accepted": sorted(commitments.asked_of(Mode.ONLINE))}
    new = ClaimCreate.model_validate(
        {
            "plan_id": str(_PLAN),
            "still_employed": list(range(1, PERSONS + 1)),
            "commitments": word,
        }
    )
    async with _undone(office) as desk:
        await claiming.file(desk, new)


async def _asking(office: Office, orm: AsyncEngine) -> None:
    """Assess as many do: ask the database for each person, and store each line by itself."""
    async with _undone(office) as desk:
        plan = await cases.found(desk, Plan, _PLAN)
        case = await facts.of_plan(desk, plan, (), 7)
    async with AsyncSession(orm) as session:
        await row_by_row.assess(session, case, _PLAN, _LAW)
        await session.rollback()


async def _query(office: Office) -> None:
    async with _undone(office) as desk:
        await people.persons(desk, _PLAN, "hourly_sme", _LAW)


async def _openfisca(port: int) -> None:
    await asyncio.to_thread(_calculate, port)


def _calculate(port: int) -> None:
    names = [f"p{number}" for number in range(PERSONS)]
    one = {"class_hours": 36, "used": 100.0, "counted": 1, "subsidy": None}
    asked = {name: {key: {"2020": value} for key, value in one.items()} for name in names}
    body = {"persons": asked, "enterprises": {"one": {"employees": names}}}
    request = urllib.request.Request(
        f"http://{HOST}:{port}/calculate",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answered:  # noqa: S310  a server of our own on loopback
        paid = json.load(answered)["persons"]["p0"]["subsidy"]["2020"]
    if paid != 360:
        raise RuntimeError(paid)


@asynccontextmanager
async def _undone(office: Office) -> AsyncIterator[Desk[EnterpriseUser]]:
    try:
        async with access.open_desk(office, _WHO, "", "") as desk:
            yield replace(desk, today=TODAY)
            raise _UndoneError  # noqa: TRY301  undone by what it opened
    except _UndoneError:
        return


def _office(installed: Installation) -> Office:
    told = installed.environment
    given = {name.removeprefix("SUBSIDY_").lower(): value for name, value in told.items()}
    settings = Settings.model_validate({**given, "DATABASE_URL": told["DATABASE_URL"]})
    office: Office = create_app(settings).state.office
    return office


if __name__ == "__main__":
    main()
