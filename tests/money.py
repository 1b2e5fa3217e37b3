"""How does money go on after the sample case? A second claim, batches, results and demands."""

from dataclasses import replace
from typing import Any

from tests.database.neighbours import Project, reviewed, submitted, workers
from tests.world import World


async def second(world: World, week: int = 6, people: int = 3) -> World:
    """Another claim of the same enterprise, reviewed on the Monday after its week: 200.00 each."""
    its = replace(world)
    project = Project(week, 20, workers(world, people))
    await submitted(its, project, title=f"车间安全第{week}期")
    its.plan = await its.post("officer1", f"/plans/{its.plan['id']}/approve", {})
    await its.day((project.days[-1]).isoformat())
    await reviewed(its, project)
    return its


async def published(its: World, posted: str, closed: str) -> World:
    """The claim is approved and published, and its notice has closed."""
    await its.day(posted)
    await its.step("officer2", "approve")
    await its.post("officer2", f"/claims/{its.claim['id']}/notice")
    await its.day(closed)
    return its


async def batch(world: World, *claims: World) -> dict[str, Any]:
    """A batch of these claims, or of the world's own."""
    ids = [its.claim["id"] for its in claims or (world,)]
    made: dict[str, Any] = await world.post("cashier", "/payment-batches", {"claim_ids": ids})
    return made


async def results(world: World, made: dict[str, Any], outcome: str = "paid") -> dict[str, Any]:
    """Every payment of the batch ended so."""
    told = [{"payment_id": each["id"], "outcome": outcome} for each in made["items"]]
    if outcome == "failed":
        told = [{**each, "reason": "账号户名不符"} for each in told]
    path = f"/payment-batches/{made['id']}/results"
    done: dict[str, Any] = await world.post("cashier", path, {"results": told})
    return done


async def demand(world: World, ground: str = "error", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A demand of 360.00 each for the first two people of the claim."""
    body = {
        "ground": ground, "reason": "不符合条件", "document": "大人社追〔2020〕1号",
        "lines": [{"number": number, "amount": "360.00"} for number in (1, 2)], **more,
    }  # fmt: skip
    path = f"/claims/{world.claim['id']}/recoveries"
    made: dict[str, Any] = await world.post("officer2", path, body)
    return made


async def signed(world: World, demanded: dict[str, Any], kind: str) -> dict[str, Any]:
    """Two officers sign that the demand is kept back (offset) or written off."""
    path = f"/recoveries/{demanded['id']}/decisions"
    body = {"kind": kind, "reason": "依规办理", "document": "文号"}
    decided = await world.post("officer1", path, body)
    path = f"{path}/{decided['decisions'][-1]['id']}/countersign"
    done: dict[str, Any] = await world.post("officer2", path)
    return done


async def violation(world: World) -> dict[str, Any]:
    """A file on the enterprise's violation, established by another officer."""
    body = {
        "enterprise_id": world.enterprise["id"], "kind": "false_report", "amount": "720.00",
        "findings": "虚报参训人员",
    }  # fmt: skip
    if world.claim:
        concerned = {"claim_id": world.claim["id"], "persons": [1, 2], "amount": "720.00"}
        body = {**body, "claims": [concerned]}
    opened = await world.post("officer1", "/violations", body)
    word = {"conclusion": "情况属实", "document": "大人社认〔2020〕1号"}
    path = f"/violations/{opened['id']}/establish"
    done: dict[str, Any] = await world.post("officer2", path, word)
    return done


async def budget(world: World, amount: str, year: int = 2020) -> dict[str, Any]:
    """A budget that one officer entered and another confirmed."""
    body = {"year": year, "amount": amount, "document": "大财指社〔2020〕1号"}
    entered = await world.post("officer1", "/budgets", body)
    done: dict[str, Any] = await world.post("officer2", f"/budgets/{entered['id']}/confirm")
    return done
