"""Can a bureau ask what other figures would have cost, without a case being touched?"""

from pathlib import Path
from typing import Any

import pytest

from tests.elsewhere import provincial
from tests.refusals import problem
from tests.rows import contents, scalar
from tests.simulations import PATH, cap, simulated, until
from tests.world import World


async def test_a_lowered_cap_is_computed_and_no_case_changes(world: World, owner_url: str) -> None:
    await world.paid()
    before = await contents(owner_url)
    answer = await world.call("officer1", "POST", PATH, json=cap("300.00"))
    asked = answer.json()
    assert (answer.status_code, asked["result"], asked["failure"]) == (202, None, None)
    assert asked["state"] in {"waiting", "running"}
    assert answer.headers["location"] == f"/api/v1{PATH}/{asked['id']}"
    found = await until(world, "cashier", asked, "done", "failed")
    assert (found["state"], found["lines_done"], found["lines_total"]) == ("done", 24, 24)
    assert found["asked_by_name"] == "中山区 经办一"
    sums = {
        "claims": 1, "lines": 24, "before": "8640.00", "after": "7200.00",
        "difference": "-1440.00", "claims_gaining": 0, "claims_losing": 1,
    }  # fmt: skip
    share = {"bureau_code": "210202", "measure": "hourly_sme"}
    claim = {"id": world.claim["id"], "receipt": world.claim["receipt"]}
    assert found["result"] == {
        **sums,
        "persons_gaining": 0,
        "persons_losing": 24,
        "shares": [{**sums, **share, "lines_gaining": 0, "lines_losing": 24}],
        "changed": [{**claim, "before": "8640.00", "after": "7200.00"}],
    }
    after = await contents(owner_url)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"simulations", "audit_events"}


@pytest.mark.parametrize("body", [cap("1200.00"), cap("300.00", "2020-03-28"), cap("1000.00")])
async def test_what_does_not_concern_a_claim_leaves_it_as_it_is(
    world: World, body: dict[str, Any]
) -> None:
    """A cap that nobody reached, one from the day after the completion, and the one in force."""
    await world.filed()
    found = await simulated(world, "officer1", body)
    assert (found["before"], found["after"], found["difference"]) == ("8640.00", "8640.00", "0.00")
    assert found["changed"] == []


async def test_a_withdrawn_claim_costs_nothing(world: World) -> None:
    await world.filed()
    await world.step("enterprise", "withdraw", {"reason": "材料有误"})
    found = await simulated(world, "officer1", cap("300.00"))
    assert (found["claims"], found["lines"], found["shares"]) == (0, 0, [])


async def test_a_district_asks_about_its_own_and_the_centre_about_all(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    """The centre learns what other districts' claims cost, and none of their numbers."""
    await world.paid()
    other = await provincial(world, owner_url, tmp_path)
    await other.paid()
    own = await simulated(world, "officer1", cap("300.00"))
    assert {each["bureau_code"] for each in own["shares"]} == {"210202"}
    none = await simulated(world, "xigang", cap("300.00"))
    assert (none["claims"], none["shares"], none["changed"]) == (0, [], [])
    every = await simulated(world, "centre", cap("300.00"))
    assert [(each["bureau_code"], each["after"]) for each in every["shares"]] == [
        ("210202", "7200.00"),
        ("LN-PROV", "7200.00"),
    ]
    assert [each["id"] for each in every["changed"]] == [other.claim["id"]]
    assert every["persons_losing"] == 48


async def test_another_bureaus_simulation_does_not_exist(world: World) -> None:
    asked = await world.post("officer1", PATH, cap("300.00"))
    for who in ("xigang", "centre"):
        answer = await world.call(who, "GET", f"{PATH}/{asked['id']}")
        assert (answer.status_code, problem(answer)["code"]) == (404, "not_found")
        assert (await world.get(who, PATH))["items"] == []
    assert (await world.call("enterprise", "POST", PATH, json=cap("1.00"))).status_code == 403


async def test_a_list_is_told_in_pages_newest_first(world: World) -> None:
    asked = [(await world.post("officer1", PATH, cap(f"{n}00.00")))["id"] for n in range(3)]
    first = await world.get("officer2", PATH, limit=2)
    assert [each["id"] for each in first["items"]] == asked[:0:-1]
    assert "result" not in first["items"][0]
    rest = await world.get("officer2", PATH, limit=2, before=first["next"])
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (asked[:1], None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "cap"}, "parameter_refused"),
        ({"value": 1200}, "parameter_refused"),
        ({"value": "many"}, "parameter_refused"),
        ({"value": 1.5}, "invalid_request"),
        ({"starts_on": "2020-02-30"}, "invalid_request"),
        ({"until": "2020-04-01"}, "invalid_request"),
    ],
)
async def test_an_unfit_change_is_refused_and_nothing_is_asked(
    world: World, owner_url: str, change: dict[str, Any], code: str
) -> None:
    before = await contents(owner_url)
    (fit,) = cap("1200.00")["changes"]
    answer = await world.call("officer1", "POST", PATH, json={"changes": [fit, {**fit, **change}]})
    told = problem(answer)
    assert (answer.status_code, told["code"]) == (422, code)
    if code == "parameter_refused":
        assert (told["number"], "key" in told) == (1, False), "which one, and nothing of it"
    assert await contents(owner_url) == before


async def test_asking_is_recorded_with_what_was_asked(world: World, owner_url: str) -> None:
    asked = await world.post("officer1", PATH, cap("300.00"))
    event = await scalar(
        owner_url,
        "SELECT account_name || ' ' || bureau_code || ' ' || object_id || ' ' ||"
        " (details -> 'changes' -> 0 ->> 'value') FROM audit_events"
        " WHERE object_kind = 'simulations' AND act = 'ask'",
    )
    assert event == f"中山区 经办一 210202 {asked['id']} 300.00"


async def test_the_same_key_asks_once(world: World) -> None:
    key = {"Idempotency-Key": "once"}
    first = await world.call("officer1", "POST", PATH, json=cap("300.00"), headers=key)
    again = await world.call("officer1", "POST", PATH, json=cap("300.00"), headers=key)
    assert (again.status_code, again.content) == (202, first.content)
    assert len((await world.get("officer1", PATH))["items"]) == 1
