"""Who wins when sixteen claims want the same people's money at once? Never more than the law."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import httpx
from fastapi import FastAPI

from tests.database.neighbours import Project, neighbour, reviewed, submitted, workers
from tests.databases import Connection
from tests.world import World

CLAIMS: Final = 16
PEOPLE: Final = 8

_STANDING: Final = """
    SELECT e.person_id, sum(e.used) AS booked, sum(e.counted) AS times, y.used, c.counted
    FROM ledger_entries AS e JOIN year_balances AS y USING (person_id)
    JOIN period_balances AS c USING (person_id)
    GROUP BY e.person_id, y.used, c.counted
"""
_APPROVED: Final = """
    SELECT l.person_id, sum(l.payable) AS booked, count(*) AS times
    FROM claims AS c JOIN assessment_lines AS l ON l.claim_id = c.id
    WHERE c.state = 'approved' AND l.payable > 0
      AND l.assessment_id = (SELECT a.id FROM assessments AS a WHERE a.claim_id = c.id
                             ORDER BY a.number DESC LIMIT 1)
    GROUP BY l.person_id
"""


async def _rivals(world: World, app: FastAPI, owner: Connection) -> list[World]:
    """Return sixteen enterprises with reviewed claims: each person is in six, at other times."""
    people = workers(world, PEOPLE)
    projects = [
        Project(
            week=number,
            hours=20 if number % 2 else 40,
            people=[people[(number + step) % PEOPLE] for step in (0, 1, 3)],
        )
        for number in range(CLAIMS)
    ]
    rivals = [await neighbour(world, app, owner, number) for number in range(CLAIMS)]
    for its, project in zip(rivals, projects, strict=True):
        await submitted(its, project)
    await world.day("2020-03-03")
    for its in rivals:
        its.plan = await its.post("officer1", f"/plans/{its.plan['id']}/approve", {})
    for its, project in zip(rivals, projects, strict=True):
        # Claimed on the Monday after the project's week: never late.
        await world.day((date(2020, 3, 16) + timedelta(weeks=project.week)).isoformat())
        await reviewed(its, project)
    return rivals


async def _at_once(rivals: Sequence[World], who: str, step: str) -> list[httpx.Response]:
    paths = [f"/claims/{its.claim['id']}/{step}" for its in rivals]
    return await asyncio.gather(
        *(its.call(who, "POST", path, json={}) for its, path in zip(rivals, paths, strict=True))
    )


def _parted(
    rivals: Sequence[World], answers: Sequence[httpx.Response]
) -> tuple[list[World], list[World], Counter[str]]:
    """Return who won, who lost, and by which refusals; anything else fails the test."""
    for answer in answers:
        assert answer.status_code in {200, 409}, answer.text
    pairs = list(zip(rivals, answers, strict=True))
    won = [its for its, answer in pairs if answer.status_code == 200]
    lost = [its for its, answer in pairs if answer.status_code == 409]
    return won, lost, Counter(answer.json()["code"] for _, answer in pairs if answer.is_error)


async def _assert_within_the_law(owner: Connection) -> None:
    """Nobody is above cap or count, and every balance is the sum of entries and of approvals."""
    approved = {
        row["person_id"]: (row["booked"], row["times"]) for row in await owner.fetch(_APPROVED)
    }
    standing = await owner.fetch(_STANDING)
    assert {row["person_id"]: (row["booked"], row["times"]) for row in standing} == approved
    for row in standing:
        assert (row["booked"], row["times"]) == (row["used"], row["counted"])
        assert row["used"] <= Decimal(1000)
        assert row["counted"] <= 3


async def test_sixteen_approvals_at_once_exceed_no_cap_and_no_count(
    world: World, app: FastAPI, owner: Connection
) -> None:
    """The losers are told why, none waits in a circle; assessed again they get what is left."""
    rivals = await _rivals(world, app, owner)
    won, lost, codes = _parted(rivals, await _at_once(rivals, "officer2", "approve"))
    assert won
    assert lost
    assert set(codes) <= {"assessment_changed", "cap_reached"}
    await _assert_within_the_law(owner)

    while lost:
        await _at_once(lost, "officer1", "reassess")
        for its in lost:
            await its.checked("officer1")
        seen, _, codes = _parted(lost, await _at_once(lost, "officer1", "review"))
        assert set(codes) <= {"findings_block"}
        if not seen:
            break
        for its in seen:
            await its.cleared()
        won, _, codes = _parted(seen, await _at_once(seen, "officer2", "approve"))
        assert won, "each time somebody gets what is left"
        lost = [its for its in lost if its not in won]
        await _assert_within_the_law(owner)
    for its in lost:
        left = await its.get("officer1", f"/claims/{its.claim['id']}/assessment")
        assert left["amount"] == "0.00", "who is left out could not have got anything"


async def test_one_week_of_a_person_is_approved_for_one_project_only(
    world: World, app: FastAPI, owner: Connection
) -> None:
    people = workers(world, 3)
    rivals = [await neighbour(world, app, owner, number) for number in range(6)]
    for number, its in enumerate(rivals):
        await submitted(its, Project(0, 20, [people[number % 3], people[(number + 1) % 3]]))
    answers = await asyncio.gather(
        *(its.call("officer1", "POST", f"/plans/{its.plan['id']}/approve", json={})
          for its in rivals)
    )  # fmt: skip
    _, lost, codes = _parted(rivals, answers)
    assert len(lost) == 5
    assert set(codes) == {"calendar_occupied"}
