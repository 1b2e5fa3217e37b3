"""Bad input gets one whole problem each, and nothing of it is stored."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.elsewhere import PROVINCIAL
from tests.refusals import problem, refused
from tests.rows import contents
from tests.world import World

NUMBER = "1" + "0" * 30
LONG_NUMBER = "1" + "0" * 5000
UNPLAIN = {
    "emoji": "数控😀培训",
    "NUL": "数控\0培训",
    "control character": "数控\x1b[31m培训",
    "written backwards": "数控\u202e培训",
    "half a character": "数控\ud800培训",
    "private use": "数控\ue000培训",
    "too long": "数" * 101,
    "blank": "   ",
    "no text": 7,
}
DAYS = (
    "2020-02-30", "2020-13-01", "2020-3-9", "20200309", "2020-03-09T00:00:00", "０２０-03-09", "",
    20200309, 1583712000, 1583712000.5, None, True, [], {},
)  # fmt: skip
MONEY = ("-1", "1.234", "1e20", "NaN", "Infinity", "-0.01", "9" * 40, "一千", "", [], True, None)


async def wrong_answers(world: World, requests: list[tuple[Any, ...]]) -> str:
    """Return a line for each request that is not refused as it should be."""
    wrong = []
    for name, method, path, more, status, code in requests:
        said = {**more, **escaped(more["json"])} if "json" in more else more
        who = said.get("who", "enterprise")
        sent = {key: value for key, value in said.items() if key not in {"who", "json"}}
        answer = await world.call(who, method, path, **sent)
        wrong += [f"{name}: {each}" for each in refused(answer, status, code)]
    return "\n".join(wrong)


def escaped(body: object) -> dict[str, Any]:
    """Return JSON in ASCII, so that half a character can be sent."""
    return raw(json.dumps(body).encode())


def raw(content: bytes, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": content, "headers": {"Content-Type": media_type}}


async def test_a_field_with_a_wrong_value_is_refused(world: World, owner_url: str) -> None:
    await world.drafted()
    plan, enterprise = world.plan_body(), world.enterprise_body()
    faults: list[tuple[str, str, dict[str, Any]]] = [
        *(("title " + name, "/plans", {**plan, "title": text}) for name, text in UNPLAIN.items()),
        *(
            ("name " + name, "/enterprises", {**enterprise, "name": text})
            for name, text in UNPLAIN.items()
        ),
        *((f"starts_on {day!r}", "/plans", {**plan, "starts_on": day}) for day in DAYS),
        *((f"cost {money!r}", "/plans", {**plan, "cost": money}) for money in MONEY),
        ("unknown field", "/plans", {**plan, "state": "approved"}),
        ("unknown field within", "/plans", {**plan, "platform": {"kind": "own", "x": 1}}),
        ("unknown name", "/plans", {**plan, "😀\0\ud800": 1}),
        ("ends first", "/plans", {**plan, "ends_on": "2020-03-08"}),
        ("no courses", "/plans", {**plan, "courses": []}),
        ("too many courses", "/plans", {**plan, "courses": plan["courses"] * 20}),
        ("no hours", "/plans", {**plan, "courses": [{**plan["courses"][0], "class_hours": 0}]}),
        ("unknown mode", "/plans", {**plan, "mode": "telepathy"}),
        ("headcount", "/enterprises", {**enterprise, "headcount": 10**30}),
        ("half a head", "/enterprises", {**enterprise, "headcount": 1.5}),
        ("revenue", "/enterprises", {**enterprise, "revenue_wan": "1e99"}),
        ("credit code", "/enterprises", {**enterprise, "uscc": "91210202MA0TE5T08X"}),
        ("account", "/enterprises", {**enterprise, "account_number": "12345678\0"}),
        ("insurance", "/enterprises", {**enterprise, "insurance": "nation"}),
        ("reason missing", f"/plans/{world.plan['id']}/withdraw", {}),
        ("reason blank", f"/plans/{world.plan['id']}/withdraw", {"reason": " \t\n"}),
        ("remark emoji", f"/plans/{world.plan['id']}/withdraw", {"reason": "撤回🙂原因"}),
        ("an object's id", "/claims", {"plan_id": "1 OR 1=1"}),
    ]
    before = await contents(owner_url)
    requests = [
        (name, "POST", path, {"json": body}, 422, "invalid_request") for name, path, body in faults
    ]
    assert not await wrong_answers(world, requests)
    assert await contents(owner_url) == before


async def test_of_many_wrong_items_a_hundred_are_listed_and_the_rest_counted(
    world: World,
) -> None:
    """The answer to a large wrong body is small, whatever is wrong with it."""
    await world.drafted()
    path = f"/plans/{world.plan['id']}/assess"
    bodies: list[tuple[dict[str, Any], int, int]] = [
        ({"still_employed": ["x"] * 5000}, 100, 4900),
        ({"still_employed": ["x"] * 101}, 100, 1),
        ({"still_employed": ["x"] * 100}, 100, 0),
        ({"still_employed": [], "x" * 100_000: 1}, 1, 0),
        ({}, 1, 0),
    ]
    for body, listed, more in bodies:
        answer = await world.call("enterprise", "POST", path, json=body)
        told = problem(answer)
        assert told["code"] == "invalid_request"
        assert (len(told["errors"]), told["more"]) == (listed, more)
        assert len(answer.content) < 20_000


async def test_a_body_that_cannot_be_read_is_refused(world: World, owner_url: str) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}/withdraw"
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("nothing", {}),
        ("null", raw(b"null")),
        ("a list", raw(b"[]")),
        ("a text", raw(b'"reason"')),
        ("broken", raw(b'{"reason": ')),
        ("NaN", raw(b'{"reason": NaN}')),
        ("a huge number", raw(b'{"reason": 1e400}')),
        ("a number of 5000 digits", raw(f'{{"reason": {LONG_NUMBER}}}'.encode())),
        ("deep", raw(b'{"reason":' * 90_000)),
        ("deep list", raw(b"[" * 500_000)),
        ("not UTF-8", raw(b'{"reason": "\xff\xfe\xfd"}')),
        ("GB18030", raw('{"reason": "撤回原因"}'.encode("gb18030"))),
        ("another type", raw('{"reason": "撤回原因"}'.encode(), "text/plain")),
        ("no type", raw('{"reason": "撤回原因"}'.encode(), "")),
        ("a form", {"data": {"reason": "撤回原因"}}),
    ]
    before = await contents(owner_url)
    requests = [(name, "POST", path, more, 422, "invalid_request") for name, more in bodies]
    broken_form = raw(b"--x\r\nnothing", "multipart/form-data")
    requests.append(("multipart", "POST", "/token", broken_form, 422, "invalid_request"))
    assert not await wrong_answers(world, requests)
    assert await contents(owner_url) == before


async def test_a_wrong_address_or_query_is_refused(world: World, owner_url: str) -> None:
    await world.drafted()
    plan = f"/plans/{world.plan['id']}"
    unfit: list[tuple[str, dict[str, Any]]] = [
        ("/plans/1", {}),
        (f"/plans/{NUMBER}", {}),
        ("/plans", {"state": "nowhere"}),
        ("/plans", {"limit": 0}),
        ("/plans", {"limit": NUMBER}),
        ("/plans", {"before": "\0"}),
        ("/enterprises", {"state": "a\0b"}),
        ("/notices", {"enterprise": "大连\0"}),
        ("/notices", {"bureau": "\0"}),
        (f"{plan}/learning-records", {"number": NUMBER}),
        (f"{plan}/learning-records", {"after": NUMBER}),
        *(("/policy", {"on": day}) for day in DAYS if isinstance(day, str | int)),
    ]
    before = await contents(owner_url)
    requests = [
        (f"{path} {query}", "GET", path, {"params": query}, 422, "invalid_request")
        for path, query in unfit
    ]
    requests += [
        ("no such page", "GET", "/nothing", {}, 404, "not_found"),
        ("no such page below", "POST", "/claims/x/y/z", {}, 404, "not_found"),
        ("no such clause", "GET", "/policy/clauses/%00", {}, 404, "not_found"),
        ("delete", "DELETE", plan, {}, 405, "method_not_allowed"),
        ("unknown method", "BREW", plan, {}, 405, "method_not_allowed"),
        ("before the policy", "GET", "/policy", {"params": {"on": "1999-01-01"}}, 409,
         "no_policy_in_force"),
        ("the beginning of time", "GET", "/policy", {"params": {"on": "0001-01-01"}}, 422,
         "invalid_request"),
    ]  # fmt: skip
    assert not await wrong_answers(world, requests)
    assert await contents(owner_url) == before


async def test_what_others_have_already_is_refused(world: World, owner_url: str) -> None:
    await world.drafted(external={"issuer": "大连就业培训管理系统", "reference": "BA-1"})
    external = {"external": {"issuer": "大连就业培训管理系统", "reference": "BA-1"}}
    other = {**PROVINCIAL, "insurance": "city"}
    before = await contents(owner_url)
    requests = [
        ("the same reference", "POST", "/plans", {"json": world.plan_body(**external)}, 409,
         "external_reference_taken"),
        ("registered twice", "POST", "/enterprises", {"json": world.enterprise_body(**other)}, 409,
         "already_registered"),
        ("another's code", "POST", "/enterprises",
         {"json": world.enterprise_body(), "who": "stranger"}, 409, "already_registered"),
        ("no such district", "POST", "/enterprises",
         {"json": world.enterprise_body(**other, district_code="999999"), "who": "stranger"}, 404,
         "not_found"),
        ("the centre is no district", "POST", "/enterprises",
         {"json": world.enterprise_body(**other, district_code="LN-PROV"), "who": "stranger"}, 404,
         "not_found"),
        ("no such enterprise", "POST", "/plans",
         {"json": world.plan_body(channel="fax", enterprise_id=str(uuid4())), "who": "officer1"},
         404, "not_found"),
        ("not registered", "POST", "/plans", {"json": world.plan_body(), "who": "stranger"}, 404,
         "not_found"),
        ("paper from an enterprise", "POST", "/plans", {"json": world.plan_body(channel="fax")},
         403, "not_your_role"),
        ("numbers that are not on the roster", "POST", f"/plans/{world.plan['id']}/assess",
         {"json": {"still_employed": [10**30]}}, 422, "persons_unknown"),
        ("the past", "POST", "/sandbox/clock", {"json": {"today": "2020-03-01"}}, 409,
         "clock_moves_forward"),
    ]  # fmt: skip
    assert not await wrong_answers(world, requests)
    assert await contents(owner_url) == before


@pytest.mark.parametrize("days", [("0001-03-09", "2020-12-31"), ("2020-03-09", "9999-12-31")])
async def test_no_plan_reaches_to_the_end_of_time(world: World, days: tuple[str, str]) -> None:
    """The database would take such a day for infinity, and answer what nobody can read."""
    await world.registered()
    body = world.plan_body(starts_on=days[0], ends_on=days[1])
    answer = await world.call("enterprise", "POST", "/plans", json=body)
    assert (answer.status_code, problem(answer)["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("years", [("1950", "1950"), ("2020", "2100"), ("2100", "2100")])
async def test_a_plan_far_away_breaks_nothing(world: World, years: tuple[str, str]) -> None:
    first, last = years
    await world.drafted(starts_on=f"{first}-03-09", ends_on=f"{last}-12-31")
    plan = f"/plans/{world.plan['id']}"
    for who, method, step in (
        ("enterprise", "GET", "findings"),
        ("enterprise", "GET", "progress"),
        ("enterprise", "POST", "assess"),
        ("enterprise", "POST", "submit"),
        ("officer1", "POST", "approve"),
        ("enterprise", "POST", "assess"),
    ):
        body = {"json": {"still_employed": []} if step == "assess" else {}}
        answer = await world.call(who, method, f"{plan}/{step}", **body)
        if last == "1950":
            assert problem(answer)["status"] == 409
        assert answer.status_code < 500, f"{step}: {answer.text}"


async def test_a_wrong_method_is_told_all_the_right_ones(world: World) -> None:
    for method, path, allowed in (
        ("PUT", "/claims", "GET, POST"),
        ("OPTIONS", "/notices", "GET, POST"),
        ("DELETE", f"/plans/{uuid4()}", "GET, PUT"),
    ):
        answer = await world.call("officer1", method, path)
        assert problem(answer)["code"] == "method_not_allowed"
        assert answer.headers["allow"] == allowed


async def test_a_number_is_no_day(world: World) -> None:
    """Seconds since 1970 would silently ask for the rates of that year."""
    for path in ("/policy/rates", "/policy/measures", "/policy"):
        answer = await world.call(None, "GET", path, params={"on": "0"})
        assert problem(answer)["errors"][0]["field"] == "query.on"
