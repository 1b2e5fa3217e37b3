"""How many persons a second are decided on, by eight at once who share persons?

The service's approval, in process against a real database: locked, assessed again by the law,
compared with what was reviewed, signed, booked and recorded. Beside it, in turn, one hand-written
statement that does the same locks, bookings, signature and event without any law, and a loop of
an ORM that does them row by row. All three fire the same triggers, which look at the checks and
signatures and keep the budget and the work list; those by hand are spared row-level security.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app import access
from app.actors import DistrictOfficer, EnterpriseUser, Member
from app.database import for_sqlalchemy
from app.main import create_app, spare_the_collector
from app.office import Office
from app.policy import commitments, parameters
from app.policy.facts import Mode
from app.policy.procedure import Duty
from app.schemas.claims import ClaimCreate
from app.schemas.words import Remarked
from app.services import adjudication, claiming
from app.settings import Settings
from benchmarks import row_by_row
from benchmarks.database import PERSONS, Installation, furnished, numbered

RESULTS: Final = Path(__file__).parent / "results" / "deciding.json"
DECIDERS: Final = 8
CLAIMS_A_SPELL: Final = 40
ROUNDS: Final = 5
TODAY: Final = date(2020, 5, 6)
BARS: Final = {"of_the_statement_by_hand": 0.3, "of_the_orm": 5.0}
_HERE: Final = Path(__file__).parent
_HAND: Final = "SELECT decide_by_hand($1, $2, $3)"
# Every check that the claim asks of an officer's eyes, met.
_CHECK: Final = """
    INSERT INTO officer_checks (id, claim_id, enterprise_id, bureau_code, round, code, outcome,
        officer_id, officer_name, checked_on)
    SELECT gen_random_uuid(), c.id, c.enterprise_id, c.bureau_code, c.round, code, 'met',
        $2, '测速经办1', c.filed_on
    FROM claims AS c, unnest(c.asked_checks) AS code WHERE c.id = $1
"""
_BUREAU: Final = "210203"
_PERIOD: Final = parameters.edition(TODAY).policy_period
_OFFICERS: Final = tuple(
    DistrictOfficer(numbered(2, 10 + n), f"测速经办{n}", _BUREAU, frozenset(Duty)) for n in (1, 2)
)
Decide = Callable[[UUID], Awaitable[None]]


class NotDecidedError(RuntimeError):
    """A side did not leave the rows that a decision leaves."""


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.deciding", description=__doc__)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = asked.parse_args().rounds
    plans = 3 * (rounds + 1) * CLAIMS_A_SPELL
    with furnished(plans, claims=200) as installed:
        told = asyncio.run(_measure(installed, plans, rounds))
    print(json.dumps(told, indent=1))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


async def _measure(installed: Installation, plans: int, rounds: int) -> dict[str, Any]:
    await _overlap(installed, plans)
    spare_the_collector()
    office = _office(installed)
    admin = await asyncpg.create_pool(installed.admin_url, min_size=DECIDERS, reset=_as_it_is)
    orm = create_async_engine(for_sqlalchemy(installed.admin_url), pool_size=DECIDERS)
    try:
        print(f"{plans} claims are filed and reviewed ...", flush=True)
        waiting = iter([await _reviewed(office, admin, number) for number in range(1, plans + 1)])
        sides: dict[str, Decide] = {
            "service": lambda claim: _by_service(office, claim),
            "by_hand": lambda claim: _by_hand(admin, claim),
            "orm": lambda claim: _by_orm(orm, claim),
        }
        paces: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(rounds + 1):
            for name, decide in sides.items():
                pace = await _spell([next(waiting) for _ in range(CLAIMS_A_SPELL)], decide)
                paces[name].append(pace)
            print(number, {name: round(each[-1]) for name, each in paces.items()}, flush=True)
        await _refuse_undecided(admin, plans)
    finally:
        await orm.dispose()
        await admin.close()
        await office.engine.dispose()
    return _told({name: each[1:] for name, each in paces.items()})


def _told(paces: dict[str, list[float]]) -> dict[str, Any]:
    def ratio(other: str) -> float:
        pairs = zip(paces["service"], paces[other], strict=True)
        return round(median(ours / theirs for ours, theirs in pairs), 3)

    return {
        "persons_per_second": {name: [round(one) for one in each] for name, each in paces.items()},
        "of_the_statement_by_hand": ratio("by_hand"),
        "of_the_orm": ratio("orm"),
        "bars": BARS,
        "deciders": DECIDERS,
    }


async def _spell(claims: list[UUID], decide: Decide) -> float:
    """Have the claims decided by all deciders at once; return the persons a second."""
    queue = iter(claims)

    async def decider(left: Iterator[UUID]) -> None:
        for claim in left:
            await decide(claim)

    began = time.perf_counter()
    await asyncio.gather(*(decider(queue) for _ in range(DECIDERS)))
    return PERSONS * len(claims) / (time.perf_counter() - began)


async def _by_service(office: Office, claim: UUID) -> None:
    async with _desk(office, _OFFICERS[1]) as desk:
        await adjudication.approve(desk, claim, Remarked(remark=None))


async def _by_hand(admin: Any, claim: UUID) -> None:  # noqa: ANN401  asyncpg has no types
    async with admin.acquire() as connection:
        await connection.execute(_HAND, claim, _PERIOD, _OFFICERS[1].account_id)


async def _as_it_is(_connection: object) -> None:
    """Take a connection back without a question to the server: one call by hand is one message."""


async def _by_orm(engine: Any, claim: UUID) -> None:  # noqa: ANN401  an engine
    async with AsyncSession(engine) as session, session.begin():
        await row_by_row.approve(session, claim, _OFFICERS[1], _PERIOD, TODAY)


async def _reviewed(office: Office, admin: Any, number: int) -> UUID:  # noqa: ANN401  asyncpg has no types
    """File the claim of a plan and have it reviewed; return its id."""
    word = {"version": commitments.VERSION, "accepted": sorted(commitments.asked_of(Mode.ONLINE))}
    new = ClaimCreate.model_validate(
        {
            "plan_id": str(numbered(3, number)),
            "still_employed": list(range(1, PERSONS + 1)),
            "commitments": word,
        }
    )
    who = EnterpriseUser(numbered(2, 1), "测速企业", numbered(1, 1))
    async with _desk(office, who) as desk:
        filed = await claiming.file(desk, new)
    await admin.execute(_CHECK, filed.id, _OFFICERS[0].account_id)
    async with _desk(office, _OFFICERS[0]) as desk:
        await adjudication.review(desk, filed.id, Remarked(remark=None))
    return filed.id


@asynccontextmanager
async def _desk(office: Office, who: Member) -> Any:  # noqa: ANN401  a desk of whoever asks
    async with access.open_desk(office, who, "", "") as desk:
        yield replace(desk, today=TODAY)


def _office(installed: Installation) -> Office:
    told = installed.environment
    given = {name.removeprefix("SUBSIDY_").lower(): value for name, value in told.items()}
    settings = Settings.model_validate({**given, "DATABASE_URL": told["DATABASE_URL"]})
    office: Office = create_app(settings).state.office
    return office


async def _overlap(installed: Installation, plans: int) -> None:
    script = (_HERE / "deciding.sql").read_text("utf-8")
    connection = await asyncpg.connect(installed.admin_url)
    try:
        async with connection.transaction():
            await connection.execute(re.sub(r"(?<![:\w]):plans\b", str(plans), script))
        await connection.execute((_HERE / "decide_by_hand.sql").read_text("utf-8"))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _refuse_undecided(admin: Any, plans: int) -> None:  # noqa: ANN401  asyncpg has no types
    told = await admin.fetchrow(
        """
        SELECT (SELECT count(*) FROM claims WHERE state = 'approved') AS claims,
               (SELECT count(*) FROM signatures WHERE step = 'approve') AS signatures,
               (SELECT count(*) FROM ledger_entries WHERE kind = 'reserve') AS entries,
               (SELECT count(*) FROM audit_events WHERE act = 'approve') AS events,
               (SELECT count(DISTINCT claim_id) FROM budget_entries) AS held_of_the_budget,
               (SELECT count(*) FROM worklist JOIN claims AS c ON c.id = case_id
                WHERE step = 'publish' AND c.state = 'approved' AND c.due_on IS NOT NULL) AS listed,
               (SELECT sum(used) FROM year_balances) = (SELECT sum(used) FROM ledger_entries)
                   AS balanced
        """
    )
    if tuple(told) != (plans, plans, plans * PERSONS, plans, plans, plans, True):
        raise NotDecidedError(dict(told))


if __name__ == "__main__":
    main()
