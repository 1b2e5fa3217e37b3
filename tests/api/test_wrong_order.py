"""A step out of order is refused, names the state and the possible steps, and changes nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.policy.procedure import (
    CLAIM_MOVES,
    CLOSED_CLAIMS,
    PLAN_MOVES,
    ClaimState,
    Move,
    PlanState,
    possible_moves,
)
from tests.refusals import problem
from tests.rows import contents
from tests.world import World

REASON = {"reason": "材料不齐"}
EDITABLE = {PlanState.DRAFT, PlanState.RETURNED}


async def plan_step(world: World, who: str, name: str, body: object = None) -> None:
    world.plan = await world.post(who, f"/plans/{world.plan['id']}/{name}", body)


async def plan_returned(world: World) -> None:
    await world.submitted()
    await plan_step(world, "officer1", "return", REASON)


async def plan_withdrawn(world: World) -> None:
    await world.drafted()
    await plan_step(world, "enterprise", "withdraw", REASON)


PLANS: dict[PlanState, Callable[[World], Awaitable[object]]] = {
    PlanState.DRAFT: World.drafted,
    PlanState.SUBMITTED: World.submitted,
    PlanState.RETURNED: plan_returned,
    PlanState.APPROVED: World.approved,
    PlanState.WITHDRAWN: plan_withdrawn,
}


async def reviewed(world: World) -> None:
    await world.filed()
    await world.step("officer1", "review")


async def returned(world: World) -> None:
    await world.filed()
    await world.step("officer1", "return", REASON)


async def rejected(world: World) -> None:
    await world.filed()
    await world.step("officer1", "reject", REASON)


async def withdrawn(world: World) -> None:
    await world.filed()
    await world.step("enterprise", "withdraw", REASON)


async def paying(world: World) -> None:
    await world.published()
    await world.day("2020-04-10")
    await world.post("cashier", "/payment-batches", {"claim_ids": [world.claim["id"]]})


async def superseded(world: World) -> None:
    await world.published()
    old = world.claim
    word = {"objection": "异议〔2020〕3号", "reason": "异议成立"}
    world.claim = await world.post("officer1", f"/claims/{old['id']}/redetermine", word)
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    world.claim = old


CLAIMS: dict[ClaimState, Callable[[World], Awaitable[object]]] = {
    ClaimState.FILED: World.filed,
    ClaimState.REVIEWED: reviewed,
    ClaimState.RETURNED: returned,
    ClaimState.APPROVED: World.decided,
    ClaimState.PUBLISHED: World.published,
    ClaimState.PAYING: paying,
    ClaimState.PAID: World.paid,
    ClaimState.REJECTED: rejected,
    ClaimState.WITHDRAWN: withdrawn,
    ClaimState.SUPERSEDED: superseded,
}

WHO = {"review": "officer1", "approve": "officer2", "pay": "cashier", None: "enterprise"}
"""Who may make a move of this duty."""


def test_every_state_is_reached() -> None:
    assert (set(PLANS), set(CLAIMS)) == (set(PlanState), set(ClaimState))


@pytest.mark.parametrize("state", PlanState)
async def test_a_plan_makes_no_step_out_of_order(
    world: World, owner_url: str, state: PlanState
) -> None:
    await PLANS[state](world)
    before = await contents(owner_url)
    plan = f"/plans/{world.plan['id']}"
    for move in PLAN_MOVES:
        if state not in move.sources:
            body = REASON if move.reason else {}
            answer = await world.call(WHO[move.duty], "POST", f"{plan}/{move.name}", json=body)
            told_where_it_stands(problem(answer), state, PLAN_MOVES)
    if state not in EDITABLE:
        edit = await world.call("enterprise", "PUT", plan, json=world.plan_body())
        told_where_it_stands(problem(edit), state, PLAN_MOVES)
        roster = await world.upload("enterprise", f"{plan}/roster", "roster.xlsx")
        told_where_it_stands(problem(roster), state, PLAN_MOVES)
    if state is not PlanState.APPROVED:
        export = "learning_px_class.xlsx"
        learned = await world.upload("enterprise", f"{plan}/learning-batches", export)
        told_where_it_stands(problem(learned), state, PLAN_MOVES)
        claim = await world.call("enterprise", "POST", "/claims", json=await world.claim_body())
        told_where_it_stands(problem(claim), state, PLAN_MOVES)
    assert await contents(owner_url) == before


@pytest.mark.parametrize("state", ClaimState)
async def test_a_claim_makes_no_step_out_of_order(
    world: World, owner_url: str, state: ClaimState
) -> None:
    await CLAIMS[state](world)
    requests = await requests_of(world)
    before = await contents(owner_url)
    for move in CLAIM_MOVES:
        if state not in move.sources and move.name in requests:
            path, body = requests[move.name]
            answer = await world.call(WHO[move.duty], "POST", path, json=body)
            told_where_it_stands(problem(answer), state, CLAIM_MOVES)
    # In the place of what was superseded stands the decision made anew.
    stands = ClaimState.APPROVED if state is ClaimState.SUPERSEDED else state
    if state not in {*CLOSED_CLAIMS, ClaimState.RETURNED}:
        again = "learning_own_site_gbk.csv"
        path = f"/plans/{world.plan['id']}/learning-batches"
        told_where_it_stands(
            problem(await world.upload("enterprise", path, again)), stands, CLAIM_MOVES
        )
    if state not in CLOSED_CLAIMS:
        path = f"/plans/{world.plan['id']}/withdraw"
        answer = await world.call("enterprise", "POST", path, json=REASON)
        told_where_it_stands(problem(answer), stands, CLAIM_MOVES)
        filed = await world.call("enterprise", "POST", "/claims", json=await world.claim_body())
        assert problem(filed)["code"] == "claim_already_filed"
    assert await contents(owner_url) == before


async def test_a_failed_payment_is_settled_once(world: World, owner_url: str) -> None:
    await paying(world)
    requests = await requests_of(world)
    path, failed = requests["payment_failed"]
    await world.post("cashier", path, failed)
    before = await contents(owner_url)
    for name in ("payment_failed", "confirm_payment"):
        answer = await world.call("cashier", "POST", path, json=requests[name][1])
        told_where_it_stands(problem(answer), ClaimState.PUBLISHED, CLAIM_MOVES)
    assert await contents(owner_url) == before


async def requests_of(world: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return path and body of every move on the claim for which there is an address."""
    claim = f"/claims/{world.claim['id']}"
    body = await world.claim_body()
    requests: dict[str, tuple[str, dict[str, Any]]] = {
        move.name: (f"{claim}/{move.name}", REASON if move.reason else {})
        for move in CLAIM_MOVES
        if move.hands
    }
    requests["resubmit"] = (f"{claim}/resubmit", {k: body[k] for k in body if k != "plan_id"})
    requests["publish"] = (f"{claim}/notice", {})
    requests["pay"] = ("/payment-batches", {"claim_ids": [world.claim["id"]]})
    payments = await world.get("enterprise", f"{claim}/payments")
    batches = (await world.get("cashier", "/payment-batches"))["items"]
    for name, said in (
        ("confirm_payment", {"outcome": "paid"}),
        ("confirm_part", {"outcome": "paid"}),
        ("payment_failed", {"outcome": "failed", "reason": "账户有误"}),
    ):
        if payments:
            results = [{"payment_id": payments[0]["id"], **said}]
            path = f"/payment-batches/{batches[0]['id']}/results"
            requests[name] = (path, {"results": results})
        else:
            del requests[name]  # without a batch there is no address for it
    return requests


def told_where_it_stands(refusal: dict[str, Any], state: str, moves: tuple[Move, ...]) -> None:
    assert (refusal["status"], refusal["code"], refusal["state"]) == (409, "wrong_state", state)
    possible = [(move.name, move.title_zh) for move in possible_moves(moves, state)]
    assert [(step["name"], step["title"]) for step in refusal["possible"]] == possible
