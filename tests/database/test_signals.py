"""What do others' cases tell of a claim, and what does the database itself refuse of a signal?"""

from collections.abc import Iterable
from datetime import date, datetime

import asyncpg
import pytest
from fastapi import FastAPI

from app import access
from tests.database.callers import accounts, seated
from tests.database.neighbours import Project, Worker, neighbour, submitted, workers
from tests.databases import Connection, connected
from tests.odd_records import HEADER, OTHER_COURSE, filed_with, on, row, rows_of, signals
from tests.sheets.build import xlsx
from tests.world import CLAIM, World


async def elsewhere(
    world: World,
    app: FastAPI,
    owner: Connection,
    people: list[Worker],
    rows: Iterable[tuple[object, ...]] = (),
) -> World:
    """Another enterprise files a claim for a week in April with these people."""
    its = await neighbour(world, app, owner, 1)
    project = Project(4, 20, people)
    await submitted(its, project)
    its.plan = await its.post("officer2", f"/plans/{its.plan['id']}/approve", {})
    await world.day("2020-04-13")
    start = project.days[0]
    learned = [
        row(each, datetime(start.year, start.month, start.day, 8, 2 * at), 45, course=OTHER_COURSE)  # noqa: DTZ001  as above
        for at, each in enumerate(people)
    ]
    export = xlsx([HEADER, *learned, *rows])
    path = f"/plans/{its.plan['id']}/learning-batches"
    await its.send("enterprise", path, export, filename="learning.xlsx")
    await its.papers(CLAIM)
    its.claim = await its.post("enterprise", "/claims", await its.claim_body())
    return its


async def test_two_enterprises_with_the_same_people_files_and_hours(
    world: World, app: FastAPI, owner: Connection
) -> None:
    """The second claim shows it, with its own rows only; the first enterprise is not named."""
    await world.filed()
    people = workers(world, 24)
    at_once = row(people[0], on(9, 8, 10), 30, course=OTHER_COURSE)
    beside = row(people[0], on(9, 6), 30, course=OTHER_COURSE)
    its = await elsewhere(world, app, owner, people, rows=[at_once, beside])
    found = await signals(its)
    assert {"two_at_once_elsewhere", "same_file", "same_roster"} <= found.keys()
    (record,) = await rows_of(its, found["two_at_once_elsewhere"]["rows"])
    assert (record["course"], record["trainee_number"]) == (OTHER_COURSE, 1)
    assert found["same_roster"]["data"] == {"shared": 24, "here": 24, "there": 24}
    files = found["same_file"]["data"]
    assert "training_record.pdf" in files["names"]
    assert "teaching_plan.pdf" not in files["names"]
    assert files["files"] == files["elsewhere"]
    told = str(found)
    assert world.enterprise["id"] not in told
    assert world.enterprise["name"] not in told
    assert await signals(world) == {}, "the first claim was filed before"


async def test_another_enterprise_with_others_on_its_roster_and_papers_of_its_own(
    world: World, app: FastAPI, owner: Connection
) -> None:
    """Two of twenty-four work at both: that happens. But where do they work now?

    The sample enterprise says that it hired both later than this one did, in 2019.
    """
    await world.filed()
    its = await elsewhere(world, app, owner, workers(world, 2))
    found = await signals(its)
    assert found.keys() == {"same_file", "hired_elsewhere"}
    assert found["hired_elsewhere"]["data"] == {"persons": [1, 2]}


async def test_the_database_itself_refuses_an_approval_over_an_open_signal(
    world: World, owner_url: str, service_url: str
) -> None:
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    await world.step("officer1", "review")
    who = await accounts(owner_url)
    sign = """
        INSERT INTO signatures (id, claim_id, enterprise_id, bureau_code, round, step, officer_id,
                                officer_name, assessment_id, signed_on)
        SELECT gen_random_uuid(), id, enterprise_id, bureau_code, round, 'approve', $1, '',
               (SELECT id FROM assessments), $2
        FROM claims
    """
    clear = """
        UPDATE signals SET cleared_by = $1, cleared_by_name = '', cleared_on = '2020-03-31',
                           remark = '已核实'
    """
    approve = "UPDATE claims SET state = 'approved'"
    officer = who["officer2"]
    day = date(2020, 3, 31)
    names = []
    for clears in (False, True):
        async with connected(service_url) as desk:
            await desk.execute(access.beginning(officer))
            if clears:
                await desk.execute(clear, officer.account_id)
            await desk.execute(sign, officer.account_id, day)
            with pytest.raises(asyncpg.CheckViolationError) as refusal:
                await desk.execute(approve)
            names.append(refusal.value.constraint_name)
    assert names == ["claims_signals_cleared", "claims_not_by_who_cleared"]


async def test_the_database_keeps_a_signal_as_it_was_raised(
    world: World, owner_url: str, service_url: str
) -> None:
    """Cleared once, by one's own hand, and never deleted, not even by the administrator."""
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    await world.cleared()
    who = await accounts(owner_url)
    again = "UPDATE signals SET remark = '另有说明'"
    async with seated(service_url, who["officer1"]) as desk:
        assert await desk.execute(again) == "UPDATE 0"
    async with connected(owner_url) as owner:
        for statement in (again, "UPDATE signals SET severity = 'notice'", "DELETE FROM signals"):
            with pytest.raises(asyncpg.PostgresError):
                await owner.execute(statement)


async def test_nobody_clears_in_anothers_name(
    world: World, owner_url: str, service_url: str
) -> None:
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    who = await accounts(owner_url)
    clear = """
        UPDATE signals SET cleared_by = $1, cleared_by_name = '', cleared_on = '2020-03-31',
                           remark = '已核实'
    """
    async with seated(service_url, who["officer1"]) as desk:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await desk.execute(clear, who["officer2"].account_id)


async def test_only_ones_own_plan_is_compared_with_others(
    world: World, owner_url: str, service_url: str
) -> None:
    await world.filed()
    who = await accounts(owner_url)
    asked = "SELECT seen_elsewhere($1, '2020-03-30', 60, '{}', '{}')"
    async with seated(service_url, who["xigang"]) as desk:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await desk.fetchval(asked, world.plan["id"])
