"""Above an amount a third officer signs, and nobody pays before he did."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.parameters import Parameters, edition
from app.services import law
from tests.elsewhere import administer
from tests.refusals import in_vain
from tests.rows import scalar
from tests.world import World


@pytest.fixture
async def low_limit(world: World, owner_url: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A bureau that lets three sign above 5,000 yuan: in the parameters and in the database."""

    def low(day: date) -> Parameters:
        return replace(edition(day), third_signature_above=Decimal("5000.00"))

    monkeypatch.setattr(law.parameters, "edition", low)
    await administer(owner_url, "UPDATE signature_limits SET amount = 5000.00")
    return world


async def _waiting(world: World) -> list[str]:
    told = await world.get("enterprise", f"/claims/{world.claim['id']}/signatures")
    waiting: list[str] = told["waiting"]
    return waiting


async def test_above_the_limit_it_is_countersigned_before_it_is_published(
    low_limit: World,
) -> None:
    world = low_limit
    await world.decided()
    path = f"/claims/{world.claim['id']}"
    assert await _waiting(world) == ["countersign", "pay"]
    await world.day("2020-04-01")
    await in_vain(world, "officer2", f"{path}/notice", "third_signature_missing")
    for who in ("officer1", "officer2"):
        await in_vain(world, who, f"{path}/countersign", "signed_already")
    await in_vain(world, "cashier", f"{path}/countersign", "duty_missing")
    claim = await world.step("officer3", "countersign", {"remark": "同意"})
    assert (claim["state"], claim["remark"]) == ("approved", "同意")
    assert await _waiting(world) == ["pay"]
    await in_vain(world, "officer3", f"{path}/countersign", "signed_already")
    assert (await world.post("officer2", f"{path}/notice"))["amount"] == "8640.00"
    given = (await world.get("officer1", f"{path}/signatures"))["given"]
    assert [(each["step"], each["officer_name"]) for each in given] == [
        ("review", "中山区 经办一"),
        ("approve", "中山区 经办二"),
        ("countersign", "中山区 经办三"),
    ]
    assert len({each["officer_name"] for each in given}) == 3


async def test_below_the_limit_nobody_countersigns(world: World) -> None:
    await world.decided()
    assert await _waiting(world) == ["pay"]
    path = f"/claims/{world.claim['id']}/countersign"
    await in_vain(world, "officer3", path, "wrong_state")


async def test_who_decided_on_a_line_does_not_countersign(low_limit: World) -> None:
    world = low_limit
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    decision = {"number": 7, "kind": "exclude", "reason": "代学", "reference": "记录1号"}
    path = f"/claims/{world.claim['id']}"
    await world.post("officer3", f"{path}/line-decisions", decision)
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    await in_vain(world, "officer3", f"{path}/countersign", "signed_already")


async def test_the_limit_in_the_database_is_the_parameter(world: World, owner_url: str) -> None:

    stored = await scalar(owner_url, "SELECT amount FROM signature_limits")
    assert stored == edition(date(2020, 3, 2)).third_signature_above
    told = await world.get(None, "/policy", on="2020-03-02")
    (limit,) = [each for each in told["parameters"] if each["key"] == "third_signature_above"]
    assert (limit["certainty"], "本地规则" in limit["source"]) == ("uncertain", True)
