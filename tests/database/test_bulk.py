"""Many claims approved at once: all or none, or each by itself, and never silently."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from tests import money
from tests.database.neighbours import Project, neighbour, reviewed, submitted, workers
from tests.databases import Connection
from tests.refusals import problem
from tests.rows import contents
from tests.waiting import until_waiting
from tests.world import World

APPROVE = "/claims:approve"


@pytest.fixture
async def three(world: World, app: FastAPI, owner: Connection) -> list[World]:
    """Three claims of three enterprises, each with people of its own, reviewed by officer1."""
    people = workers(world, 6)
    found = [await neighbour(world, app, owner, number) for number in range(3)]
    projects = [Project(0, 20, people[2 * number : 2 * number + 2]) for number in range(3)]
    for its, project in zip(found, projects, strict=True):
        await submitted(its, project)
    await world.day("2020-03-03")
    for its in found:
        its.plan = await its.post("officer1", f"/plans/{its.plan['id']}/approve", {})
    await world.day("2020-03-16")
    for its, project in zip(found, projects, strict=True):
        await reviewed(its, project)
    return found


def body(ids: list[str], mode: str) -> dict[str, Any]:
    return {"claim_ids": ids, "mode": mode, "remark": "同意"}


def ids_of(cases: list[World]) -> list[str]:
    return [its.claim["id"] for its in cases]


async def test_all_are_approved_each_as_if_alone(three: list[World], owner: Connection) -> None:
    told = await three[0].post("officer2", APPROVE, body(ids_of(three), "all_or_nothing"))
    assert (told["approved"], told["refused"], told["total"]) == (3, 0, "1200.00")
    assert [each["claim_id"] for each in told["items"]] == ids_of(three)
    assert {each["amount"] for each in told["items"]} == {"400.00"}
    per_case = """
        SELECT count(*), count(DISTINCT case_id) FROM {} WHERE case_id = ANY ($1) AND {} = 'approve'
    """
    for table, column in (("signatures", "step"), ("audit_events", "act")):
        row = await owner.fetchrow(per_case.format(table, column), ids_of(three))
        assert tuple(row) == (3, 3), table
    assert await owner.fetchval("SELECT sum(used) FROM year_balances") == 1200


async def test_all_or_nothing_does_nothing_when_one_is_refused(
    three: list[World], owner_url: str
) -> None:
    world, unknown = three[0], str(uuid4())
    before = await contents(owner_url)
    asked = body([*ids_of(three), unknown], "all_or_nothing")
    refused = problem(await world.call("officer2", "POST", APPROVE, json=asked))
    assert (refused["code"], refused["status"]) == ("not_all_approved", 409)
    outcomes = [(each["claim_id"], each["outcome"]) for each in refused["items"]]
    assert outcomes == [(each, "not_approved") for each in ids_of(three)] + [(unknown, "refused")]
    assert await contents(owner_url) == before


async def test_itemised_tells_of_each_in_the_words_of_the_single_route(
    three: list[World], owner: Connection
) -> None:
    world, unknown = three[0], str(uuid4())
    await three[1].step("officer2", "return", {"reason": "材料需要补正"})
    asked = body([*ids_of(three), unknown], "itemised")
    told = await world.post("officer2", APPROVE, asked)
    assert [each["outcome"] for each in told["items"]] == [
        "approved", "refused", "approved", "refused",
    ]  # fmt: skip
    assert (told["approved"], told["refused"], told["total"]) == (2, 2, "800.00")
    for number in (1, 3):
        single = f"/claims/{told['items'][number]['claim_id']}/approve"
        alone = await world.call("officer2", "POST", single, json={"remark": "同意"})
        assert told["items"][number]["problem"] == problem(alone)
    states = await owner.fetch("SELECT state FROM claims ORDER BY id")
    assert [row["state"] for row in states] == ["approved", "returned", "approved"]


async def test_what_a_constraint_refuses_leaves_the_others_alone(three: list[World]) -> None:
    """Officer one reviewed them all: the database refuses his second signature, case by case."""
    world = three[0]
    told = await world.post("officer1", APPROVE, body(ids_of(three), "itemised"))
    assert {each["problem"]["code"] for each in told["items"]} == {"signed_already"}
    again = await world.post("officer2", APPROVE, body(ids_of(three), "itemised"))
    assert again["approved"] == 3


async def test_a_claim_named_twice_is_approved_once(three: list[World]) -> None:
    ids = ids_of(three)[:1] * 2
    told = await three[0].post("officer2", APPROVE, body(ids, "itemised"))
    assert (told["approved"], len(told["items"])) == (1, 1)


async def _reviewed(world: World, app: FastAPI, owner: Connection, *who: str) -> list[World]:
    """Claims of four enterprises in four weeks; each names its people by their places."""
    people = workers(world, 6)
    found = [await neighbour(world, app, owner, number) for number in range(len(who))]
    projects = [
        Project(week, 20, [people[int(place)] for place in places])
        for week, places in enumerate(who)
    ]
    for its, project in zip(found, projects, strict=True):
        await submitted(its, project)
    await world.day("2020-03-03")
    for its in found:
        its.plan = await its.post("officer1", f"/plans/{its.plan['id']}/approve", {})
    await world.day("2020-04-07")
    for its, project in zip(found, projects, strict=True):
        await reviewed(its, project)
    return sorted(found, key=lambda its: str(its.claim["id"]))


async def _two_at_once(cases: list[World], owner: Connection, mode: str) -> list[dict[str, Any]]:
    """Two bulks, of the first and third and of the second and fourth claim.

    Each has decided on (or locked) its first claim when both go on to their second.
    """
    world, ids = cases[0], ids_of(cases)
    async with owner.transaction():
        await owner.execute("SELECT FROM claims WHERE id = ANY ($1) FOR UPDATE", ids[2:])
        bulks = [
            asyncio.create_task(
                world.call("officer2", "POST", APPROVE, json=body(ids[first::2], mode))
            )
            for first in (0, 1)
        ]
        await until_waiting(owner, *bulks)
    answers = await asyncio.gather(*bulks)
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    return [answer.json() for answer in answers]


@pytest.mark.parametrize("mode", ["all_or_nothing", "itemised"])
async def test_two_bulks_that_share_persons_never_wait_in_a_circle(
    world: World, app: FastAPI, owner: Connection, mode: str
) -> None:
    """One locks a then b, the other b then a: each locks all its persons first, in one order."""
    cases = await _reviewed(world, app, owner, "0", "1", "1", "0")
    told = await _two_at_once(cases, owner, mode)
    assert [each["approved"] for each in told] == [2, 2]
    assert await owner.fetchval("SELECT sum(used) FROM year_balances") == 800


@pytest.mark.parametrize("mode", ["all_or_nothing", "itemised"])
async def test_two_bulks_that_share_a_budget_never_wait_in_a_circle(
    world: World, app: FastAPI, owner: Connection, mode: str
) -> None:
    """Each takes a slice with its first claim, and needs several with its second."""
    await money.budget(world, "4000.00")
    cases = await _reviewed(world, app, owner, "0", "1", "23", "45")
    told = await _two_at_once(cases, owner, mode)
    assert [each["approved"] for each in told] == [2, 2]
    assert await owner.fetchval("SELECT sum(used) FROM budget_slices") == 1200
