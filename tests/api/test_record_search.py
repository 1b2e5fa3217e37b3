"""Stored records are found by person, plan, course, day and batch, and only one's own."""

from datetime import datetime
from typing import Any

import openpyxl
import pytest

from tests.rows import scalar
from tests.world import World

SEARCH = "/learning-records/search"
UNKNOWN = "210202199001010010"
"""A valid number of nobody in the case."""
WRONG = UNKNOWN[:-1] + "X"


def first_id(world: World) -> str:
    """Return the resident ID of the first person of the roster."""
    sheet = openpyxl.load_workbook(world.examples / "roster.xlsx").worksheets[0]
    return next(str(row[2]) for row in sheet.iter_rows(min_row=3, values_only=True) if row[2])


async def found(world: World, who: str = "officer1", **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    answer: dict[str, Any] = await world.post(who, SEARCH, {"limit": 1000, **asked})
    return answer


async def replaced_once(world: World) -> tuple[str, str]:
    """A clean export was replaced by a dirty one; return the two batches."""
    await world.learned()
    path = f"/plans/{world.plan['id']}/learning-batches"
    (old,) = await world.get("enterprise", path)
    new = await world.send("enterprise", path, "learning_dirty.xlsx", replaces=old["id"])
    return old["id"], new["batch_id"]


async def test_each_question_finds_its_rows_and_no_others(world: World) -> None:
    """Against every stored row, asked one by one and together."""
    old, new = await replaced_once(world)
    plan = world.plan["id"]
    answer = await found(world, plan_id=plan)
    rows = answer["items"]
    while answer["next"]:
        answer = await found(world, plan_id=plan, after=answer["next"])
        rows += answer["items"]
    day = "2020-03-10"
    course = rows[40]["course"]

    def on(row: dict[str, Any]) -> str:
        return str(datetime.fromisoformat(row["started_at"]).date())

    questions: list[tuple[dict[str, Any], Any]] = [
        ({"number": 7}, lambda row: row["trainee_number"] == 7),
        ({"course": course}, lambda row: row["course"] == course),
        ({"first_day": day, "last_day": day}, lambda row: on(row) == day),
        ({"first_day": day}, lambda row: on(row) >= day),
        ({"batch_id": old}, lambda row: row["batch_id"] == old),
        ({"standing": "current"}, lambda row: row["batch_id"] == new),
        ({"standing": "replaced"}, lambda row: row["batch_id"] == old),
        ({"with_finding": True}, lambda row: row["finding"] is not None),
        ({"with_finding": False}, lambda row: row["finding"] is None),
        (
            {"number": 7, "course": course, "last_day": day, "standing": "current"},
            lambda row: (row["trainee_number"], row["course"], row["batch_id"])
            == (7, course, new) and on(row) <= day,
        ),
    ]  # fmt: skip
    assert len({row["id"] for row in rows}) == len(rows) > 1200
    assert all(row["replaced"] == (row["batch_id"] == old) for row in rows)
    for asked, fits in questions:
        answer = await found(world, plan_id=plan, **asked)
        told = [row["id"] for row in answer["items"]]
        expected = [row["id"] for row in rows if fits(row)]
        assert told == expected[:1000], asked
        assert expected, asked
        totals = answer["totals"]
        assert totals["sessions"] == len(expected)
        assert totals["stated_seconds"] == sum(r["stated_seconds"] for r in rows if fits(r))


async def test_of_one_person_it_is_told_what_counts(world: World) -> None:
    """Replaced rows count nothing, and a day's part is that of the whole."""
    await replaced_once(world)
    plan = world.plan["id"]
    whole = await found(world, "enterprise", plan_id=plan, number=7)
    assert whole["totals"]["counted_seconds"] == 97200
    assert (await found(world, plan_id=plan, number=7, standing="replaced"))["totals"][
        "counted_seconds"
    ] == 0
    days = sorted({row["started_at"][:10] for row in whole["items"]})
    parts = [
        (await found(world, plan_id=plan, number=7, first_day=day, last_day=day))["totals"]
        for day in days
    ]
    assert sum(each["counted_seconds"] for each in parts) == 97200
    assert (await found(world, plan_id=plan))["totals"]["counted_seconds"] is None


@pytest.mark.parametrize("who", ["officer1", "enterprise"])
async def test_the_pages_of_a_question_join_without_a_gap(world: World, who: str) -> None:
    await world.learned()
    days = {"first_day": "2020-03-01", "last_day": "2020-03-31"}
    whole = await found(world, who, **days)
    told: list[int] = []
    after = None
    while True:
        page = await found(world, who, **days, limit=100, after=after)
        told += [row["id"] for row in page["items"]]
        assert (page["totals"] is None) == (who == "officer1" or after is not None)
        after = page["next"]
        if after is None:
            break
    assert told == [row["id"] for row in whole["items"]]
    assert len(told) == 617


async def test_a_person_is_found_by_his_number_in_ones_own_cases_only(
    world: World, owner_url: str
) -> None:
    """Asking is an audit event that names no number, and makes nobody known."""
    await world.learned()
    number = first_id(world)
    persons = await scalar(owner_url, "SELECT count(*) FROM persons")
    for who in ("officer1", "enterprise"):
        answer = await found(world, who, resident_id=number)
        assert {row["trainee_number"] for row in answer["items"]} == {1}
        assert answer["totals"]["counted_seconds"] == 97200
        assert number not in str(answer)
    for who in ("xigang", "centre", "stranger"):
        assert (await found(world, who, resident_id=number))["items"] == []
    unknown = await found(world, resident_id=UNKNOWN)
    assert (unknown["items"], unknown["totals"]["sessions"]) == ([], 0)
    assert await scalar(owner_url, "SELECT count(*) FROM persons") == persons
    events = "SELECT count(*) FROM audit_events WHERE act = 'search_person'"
    assert await scalar(owner_url, events) == 6
    told = f"{events} AND details -> 'plans' <> '[]'"
    assert await scalar(owner_url, told) == 2, "another's plans are told"
    named = f"{events} AND audit_events::text LIKE '%{number}%'"
    assert await scalar(owner_url, named) == 0


async def test_a_person_is_found_across_plans(world: World) -> None:
    """The same roster in a second project: both plans' rows, by one question."""
    await world.learned()
    first = world.plan["id"]
    await world.drafted("plan_own_site.json", starts_on="2020-04-13", ends_on="2020-04-24")
    world.plan = await world.post("enterprise", f"/plans/{world.plan['id']}/submit")
    await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
    path = f"/plans/{world.plan['id']}/learning-batches"
    await world.send("enterprise", path, "learning_own_site_gbk.csv")
    answer = await found(world, resident_id=first_id(world))
    assert {row["plan_id"] for row in answer["items"]} == {first, world.plan["id"]}
    # In the second the days do not fit, so nothing counts.
    assert answer["totals"]["counted_seconds"] == 97200


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"number": 7, "first_day": "2020-03-01", "last_day": "2020-03-02"},
        {"first_day": "2020-03-01"},
        {"first_day": "2020-03-01", "last_day": "2020-04-01"},
        {"first_day": "2020-03-02", "last_day": "2020-03-01"},
        {"resident_id": WRONG},
        {"with_finding": True, "course": "课程"},
        {"after": "999999999999999999-1", "first_day": "2020-03-01", "last_day": "2020-03-02"},
        {"after": "x", "first_day": "2020-03-01", "last_day": "2020-03-02"},
    ],
)
async def test_what_would_read_the_whole_history_is_refused(
    world: World, asked: dict[str, Any]
) -> None:
    answer = await world.call("officer1", "POST", SEARCH, json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    assert WRONG not in answer.text


async def test_anothers_plan_and_batch_are_not_there(world: World) -> None:
    await world.learned()
    (batch,) = await world.get("enterprise", f"/plans/{world.plan['id']}/learning-batches")
    for asked in ({"plan_id": world.plan["id"]}, {"batch_id": batch["id"]}):
        for who in ("stranger", "xigang", "centre"):
            answer = await world.call(who, "POST", SEARCH, json=asked)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    days = {"first_day": "2020-03-01", "last_day": "2020-03-31"}
    for who in ("stranger", "xigang", "centre"):
        assert (await found(world, who, **days))["items"] == []
