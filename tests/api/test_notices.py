"""A notice lists one claim or several, is found by anybody, and tells what became of it."""

from pathlib import Path
from typing import Any

from tests.elsewhere import Elsewhere, administer, other_people
from tests.refusals import problem
from tests.world import World

SECOND = {
    "uscc": "91210203MA0TE7T00K",
    "name": "大连第二精密铸造有限公司",
    "account_name": "大连第二精密铸造有限公司",
}


async def two_decided(world: World, owner_url: str, folder: Path) -> Elsewhere:
    """Two approved claims of two enterprises of 中山区; the second is returned."""
    await world.decided()
    await administer(owner_url, "UPDATE business_clock SET today = '2020-03-02'")
    other = Elsewhere(world.http, world.tokens, other_people(world.examples, folder / "other"))
    other.parts = {"enterprise": "stranger"}
    await other.registered(**SECOND)
    await other.decided()
    await world.day("2020-04-01")
    return other


async def found(world: World, **looked: object) -> list[str]:
    """Return the numbers of the notices that anybody finds."""
    return [one["receipt"] for one in (await world.get(None, "/notices", **looked))["items"]]


async def test_several_claims_are_published_together_or_not_at_all(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    other = await two_decided(world, owner_url, tmp_path)
    both = {"claim_ids": [world.claim["id"], other.claim["id"]]}
    filed = [*both["claim_ids"], "00000000-0000-0000-0000-000000000000"]
    none = await world.call("officer2", "POST", "/notices", json={"claim_ids": filed})
    assert none.status_code == 404
    assert await found(world) == []
    notice = await world.post("officer2", "/notices", both)
    assert (notice["claims"], notice["amount"], notice["last_day"]) == (2, "17280.00", "2020-04-09")
    assert {one["enterprise_name"] for one in notice["entries"]} == {
        world.enterprise["name"], SECOND["name"],
    }  # fmt: skip
    assert [len(one["lines"]) for one in notice["entries"]] == [24, 24]
    again = await world.call("officer2", "POST", "/notices", json=both)
    assert problem(again)["code"] == "wrong_state"
    for case in (world, other):
        of_claim = await case.get("enterprise", f"/claims/{case.claim['id']}/notice")
        assert of_claim["receipt"] == notice["receipt"]

    # An objection to one holds nothing of the other.
    body = {"claim_receipt": other.claim["receipt"], "grounds": "hours", "text": "学时不实"}
    await world.post(None, f"/notices/{notice['id']}/objections", body)
    await world.day("2020-04-10")
    path = "/payment-batches"
    held = await world.call("cashier", "POST", path, json=both)
    assert problem(held)["claim"] == other.claim["receipt"]
    assert (await world.post("cashier", path, {"claim_ids": [world.claim["id"]]}))[
        "total"
    ] == "8640.00"

    # One of them goes; the other still hangs, and both say so.
    await other.step("enterprise", "withdraw", {"reason": "不再申请"})
    told = await world.get(None, f"/notices/{notice['id']}")
    assert told["standing"] == "partly_ended"
    assert {one["claim_receipt"]: one["ended"] for one in told["entries"]} == {
        world.claim["receipt"]: None, other.claim["receipt"]: "withdrawn",
    }  # fmt: skip
    assert told["sha256"] == notice["sha256"]
    for name in (world.enterprise["name"], SECOND["name"], "第二精密", "铸造"):
        assert await found(world, enterprise=name) == [notice["receipt"]], name


async def test_a_notice_is_found_by_name_number_bureau_day_and_whether_it_hangs(
    world: World,
) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    name, number = world.enterprise["name"], [notice["receipt"]]
    parts = (name, name[:2], name[2:6], name[-4:], name[3], f" {name} ")
    wrong = [
        looked
        for looked, expected in [
            *(({"enterprise": part}, number) for part in parts),
            *(({"enterprise": part}, []) for part in ("西岗", "械大", "%", "_", name + "厂", "厂")),
            ({"receipt": notice["receipt"]}, number),
            ({"receipt": world.claim["receipt"]}, number),
            ({"receipt": notice["receipt"][:-1]}, []),
            ({"bureau": "210202"}, number),
            ({"bureau": "210203"}, []),
            ({"day": "2020-04-01"}, number),
            ({"day": "2020-04-02"}, []),
            ({"closed": "false"}, number),
            ({"closed": "true"}, []),
            ({"enterprise": name[:3], "bureau": "210202", "closed": "false"}, number),
            ({"enterprise": name[:3], "day": "2020-04-02"}, []),
        ]
        if await found(world, **looked) != expected
    ]
    assert wrong == []
    await world.day("2020-04-09")
    assert await found(world, closed="false") == number, "its last day"
    await world.day("2020-04-10")
    assert (await found(world, closed="false"), await found(world, closed="true")) == ([], number)


async def test_a_withdrawn_or_rejected_claim_is_marked_in_its_notice(world: World) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    assert notice["standing"] == "in_force"
    await world.step("officer2", "reject", {"reason": "材料不实"})
    (listed,) = (await world.get(None, "/notices"))["items"]
    told = await world.get(None, f"/notices/{notice['id']}")
    assert (listed["standing"], told["standing"], told["lines"]) == (
        "rejected", "rejected", notice["lines"],
    )  # fmt: skip
    body = {"grounds": "other", "text": "情况说明"}
    late = await world.call(None, "POST", f"/notices/{notice['id']}/objections", json=body)
    assert problem(late)["code"] == "objection_late"


async def test_where_the_notice_was_seen_is_recorded_with_it(world: World) -> None:
    """A-19: the address on the official site, and the hash of a screenshot."""
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    path = f"/notices/{notice['id']}/sites"
    site = {"url": "https://rsj.example.gov.cn/gs/1.html", "screenshot_sha256": "0a" * 32}
    told = await world.post("officer2", path, site)
    assert told["sites"] == [{**site, "seen_on": "2020-04-01"}]
    refused: list[tuple[str, dict[str, Any], int]] = [
        ("xigang", site, 404),
        ("cashier", site, 403),
        ("officer2", {**site, "url": "javascript:alert(1)"}, 422),
        ("officer2", {**site, "screenshot_sha256": "0a"}, 422),
    ]
    for who, body, status in refused:
        assert (await world.call(who, "POST", path, json=body)).status_code == status


_MORE = """
    CREATE TEMPORARY TABLE more AS
    SELECT d.day, gen_random_uuid() AS id, n.id AS first FROM notices AS n,
        unnest(ARRAY[-3, -2, -1, 0, 1, 2]) AS d (day);
    INSERT INTO notices SELECT r.* FROM notices AS n JOIN more AS m ON m.first = n.id,
        jsonb_populate_record(n, jsonb_build_object('id', m.id, 'receipt', 'GS' || m.day,
            'posted_on', n.posted_on + m.day, 'last_day', n.last_day + m.day)) AS r;
    INSERT INTO notice_claims SELECT r.* FROM notice_claims AS c JOIN more AS m
        ON m.first = c.notice_id, jsonb_populate_record(c, jsonb_build_object(
            'notice_id', m.id, 'ended', 'rejected')) AS r
"""


async def test_pages_of_notices_follow_each_other_whatever_is_asked_for(
    world: World, owner_url: str
) -> None:
    """In the order of their last days: neither open nor closed ones are left out or told twice."""
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    await administer(owner_url, _MORE)
    await world.day("2020-04-10")
    closed = ["GS0", notice["receipt"], "GS-1", "GS-2", "GS-3"]
    hanging = ["GS2", "GS1"]
    name = world.enterprise["name"]
    for part in ({}, {"enterprise": name}, {"enterprise": name[0]}, {"bureau": "210202"}):
        for state, expected in (
            ({}, hanging + closed),
            ({"closed": "true"}, closed),
            ({"closed": "false"}, hanging),
        ):
            told: list[str] = []
            place: dict[str, object] = {}
            while True:
                page = await world.get(None, "/notices", limit=2, **part, **state, **place)
                told += [one["receipt"] for one in page["items"]]
                if page["next"] is None:
                    break
                place = {"before": page["next"]}
            assert sorted(told) == sorted(expected), (part, state)
            assert [each for each in told if each not in closed[:2]] == [
                each for each in expected if each not in closed[:2]
            ], (part, state)
    of_day = await found(world, enterprise=name[:2], day=notice["posted_on"])
    assert sorted(of_day) == sorted(closed[:2])
