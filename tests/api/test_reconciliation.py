"""Do approved, published, sent and paid agree to the fen, at every step, with every difference?"""

import csv
import io
from decimal import Decimal
from typing import Any

from tests import money
from tests.refusals import refused
from tests.rows import scalar
from tests.world import World

STEPS = ("approved", "published", "sent", "paid", "failed", "open")


async def books(world: World) -> dict[str, Any]:
    told: dict[str, Any] = await world.get("cashier", "/reconciliation", year=2020)
    assert told["balanced"]
    sums = {name: Decimal(told[name]) for name in STEPS}
    assert sums["sent"] == sums["paid"] + sums["failed"] + sums["open"]
    return told


def kinds(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["kind"], each["amount"]) for each in told["differences"]]


async def test_every_step_of_a_claim_is_itemised_until_it_is_paid(
    world: World, owner_url: str
) -> None:
    await world.decided()
    due = world.claim["amount"]
    assert kinds(await books(world)) == [("not_published", due)]
    await world.day("2020-04-01")
    await world.post("officer2", f"/claims/{world.claim['id']}/notice")
    assert kinds(await books(world)) == [("notice_open", due)]
    await world.day("2020-04-10")
    assert kinds(await books(world)) == [("not_batched", due)]
    made = await money.batch(world)
    assert kinds(await books(world)) == [("awaiting_result", due)]
    await money.results(world, made, "failed")
    told = await books(world)
    assert (kinds(told), told["failed"]) == ([("payment_failed", due)], due)
    await money.results(world, await money.batch(world))
    told = await books(world)
    assert [told[name] for name in STEPS] == [due, due, due, due, "0.00", "0.00"]
    assert (kinds(told), told["transferred"]) == ([], due)
    assert await scalar(owner_url, "SELECT count(*) FROM ledger_differences()") == 0


async def test_the_csv_tells_the_same_and_only_of_ones_own_bureau(world: World) -> None:
    await world.decided()
    path = "/reconciliation/file.csv"
    answer = await world.call("cashier", "GET", path, params={"year": 2020})
    rows = [row for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) if row]
    assert ["已审批", world.claim["amount"]] in rows
    assert rows[-1][:4] == [
        world.claim["receipt"], "published", "已审批、尚未公示", world.claim["amount"],
    ]  # fmt: skip
    for who, bureau in (("cashier", "210203"), ("centre", "210202")):
        answer = await world.call(who, "GET", path, params={"bureau": bureau})
        assert not refused(answer, 404, "not_found")
    assert (await world.get("xigang", "/reconciliation", year=2020))["claims"] == 0
