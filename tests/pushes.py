"""What does a platform push of the sample case? The sessions of its export, as records."""

from datetime import date, datetime, timedelta
from typing import Any, Final

import httpx

from app.sheets.guard import Limits
from app.sheets.learning import LearningRow, read_learning
from tests.world import CLAIM, World

PATH: Final = "/learning-records:batch"
_ROWS: Final = Limits(10_000)


def records(world: World, export: str = "learning_px_class.xlsx") -> list[dict[str, Any]]:
    """Return the sessions of an export as the platform's own system tells them."""
    content = (world.examples / export).read_bytes()
    rows = read_learning(content, export, date(2020, 3, 30), _ROWS).rows
    return [_record(world.plan["receipt"], row) for row in rows]


def _record(receipt: str, row: LearningRow) -> dict[str, Any]:
    return {
        "key": f"session-{row.row}",
        "plan": receipt,
        "resident_id": row.resident_id,
        "name": row.name,
        "course": row.course,
        "started_at": f"{row.started_at:%Y-%m-%dT%H:%M:%S}+08:00",
        "ended_at": f"{row.ended_at:%Y-%m-%dT%H:%M:%S}",
        "stated_seconds": row.stated_seconds,
        "device": row.device,
        "address": row.address,
    }


def many(world: World, number: int) -> list[dict[str, Any]]:
    """Return so many records of five minutes each, of all people, one after the other."""
    people = list({each["resident_id"]: each for each in records(world)}.values())
    return [_short(people[at % len(people)], at, at // len(people)) for at in range(number)]


def _short(like: dict[str, Any], at: int, turn: int) -> dict[str, Any]:
    day, slot = divmod(turn, 24)
    start = datetime(2020, 3, 9, 8) + timedelta(days=day, minutes=5 * slot)  # noqa: DTZ001  Shanghai's
    end = start + timedelta(minutes=5)
    times = {"started_at": start.isoformat(), "ended_at": end.isoformat(), "stated_seconds": 300}
    return {**like, **times, "key": f"k-{at}"}


async def approved(world: World) -> World:
    """The plan is approved, training is over, nothing is imported; it is 30 March 2020."""
    await world.approved()
    await world.day("2020-03-30")
    return world


async def push(
    world: World, told: list[Any], who: str = "platform", **query: object
) -> dict[str, Any]:
    """Push the records, which must succeed, and return what became of them."""
    answer = await attempt(world, told, who, **query)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert document["received"] == len(told)
    assert document["received"] == sum(document[one] for one in ("stored", "known", "refused"))
    return document


async def attempt(
    world: World, told: list[Any], who: str = "platform", **query: object
) -> httpx.Response:
    """Push the records and return the answer, whatever it is."""
    return await world.call(who, "POST", PATH, json={"records": told}, params=query)


async def claimed(world: World) -> World:
    """The claim is filed on what was pushed."""
    await world.papers(CLAIM)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    return world


def counts(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Return how many records were stored, known and refused."""
    return answer["stored"], answer["known"], answer["refused"]


def codes(answer: dict[str, Any]) -> dict[int, list[str]]:
    """Return by place the codes of what is not simply well."""
    return {item["index"]: [one["code"] for one in item["reasons"]] for item in answer["items"]}
