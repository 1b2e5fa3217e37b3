"""Who signs a case that came on paper? Nobody who keyed it in, in whatever round."""

from typing import Any

from tests.refusals import in_vain
from tests.world import CLAIM, FILING, World

FAX = {"channel": "fax"}
REASON = {"reason": "材料需要补正"}


async def _code(world: World, who: str, path: str, body: object = None) -> str:
    answer = await world.call(who, "POST", path, json={} if body is None else body)
    assert answer.is_client_error, answer.text
    code: str = answer.json()["code"]
    return code


async def _original(world: World, who: str, said: bytes) -> dict[str, Any]:
    """Add the scan of a paper, each with other words."""
    content = (world.examples / "application_form.pdf").read_bytes() + b"%" + said
    path = f"/plans/{world.plan['id']}/evidence"
    told: dict[str, Any] = await world.send(
        who, path, content, kind="paper_original", filename="original.pdf"
    )
    return told


async def _keyed_in(world: World) -> str:
    """Officer one keys in a claim that came by fax; return its path."""
    await world.learned()
    body = await world.claim_body(**FAX)
    assert await _code(world, "enterprise", "/claims", body) == "not_your_role"
    await _original(world, "officer1", b"the claim")
    world.claim = await world.post("officer1", "/claims", body)
    assert (world.claim["channel"], world.claim["state"]) == ("fax", "filed")
    return f"/claims/{world.claim['id']}"


async def test_who_keyed_a_claim_in_signs_none_of_its_steps(world: World) -> None:
    path = await _keyed_in(world)
    assert await _code(world, "officer1", f"{path}/review") == "signed_already"
    await world.step("officer2", "review")
    assert await _code(world, "officer1", f"{path}/approve") == "signed_already"


async def test_a_new_round_does_not_make_him_a_stranger(world: World) -> None:
    """The round began with a colleague's act, so his hand is not in it; his case it remains."""
    path = await _keyed_in(world)
    await world.step("officer2", "review")
    again = await world.post("officer2", f"{path}/reassess")
    assert again["round"] == 2
    assert await _code(world, "officer1", f"{path}/review") == "signed_already"
    assert (await world.step("officer2", "review"))["state"] == "reviewed"


async def test_who_keyed_in_the_correction_signs_none_either(world: World) -> None:
    path = await _keyed_in(world)
    await world.post("officer2", f"{path}/return", REASON)
    body = await world.claim_body()
    del body["plan_id"]
    missing = await in_vain(world, "officer2", f"{path}/resubmit", "materials_missing", body)
    assert missing["missing"] == ["paper_original"]
    await _original(world, "officer2", b"the correction")
    assert (await world.post("officer2", f"{path}/resubmit", body))["round"] == 2
    assert await _code(world, "officer2", f"{path}/review") == "signed_already"
    assert await _code(world, "officer1", f"{path}/review") == "signed_already"


async def test_an_officer_does_not_speak_for_an_enterprise_that_files_itself(world: World) -> None:
    await world.filed()
    await world.step("officer1", "return", REASON)
    body = await world.claim_body()
    del body["plan_id"]
    path = f"/claims/{world.claim['id']}/resubmit"
    assert await _code(world, "officer1", path, body) == "not_your_role"


async def test_who_keyed_a_plan_in_or_submitted_it_does_not_approve_it(world: World) -> None:
    await world.registered()
    body = world.plan_body(enterprise_id=world.enterprise["id"], channel="post")
    assert await _code(world, "enterprise", "/plans", body) == "not_your_role"
    world.plan = await world.post("officer1", "/plans", body)
    path = f"/plans/{world.plan['id']}"
    await world.send("officer1", f"{path}/roster", "roster.xlsx")
    for kind, name in FILING.items():
        await world.send("officer1", f"{path}/evidence", name, kind=kind)
    missing = await in_vain(world, "officer2", f"{path}/submit", "materials_missing")
    assert missing["missing"] == ["paper_original"]
    await _original(world, "officer1", b"the filing")
    assert (await world.post("officer2", f"{path}/submit"))["state"] == "submitted"
    assert await _code(world, "officer1", f"{path}/approve") == "signed_already"
    assert await _code(world, "officer2", f"{path}/approve") == "signed_already"
    assert (await world.post("officer2", f"{path}/return", REASON))["state"] == "returned"


async def _keyed_plan(world: World) -> World:
    """Officer one keys in a filing that came by post, with its original; officer two approves."""
    await world.registered()
    body = world.plan_body(enterprise_id=world.enterprise["id"], channel="post")
    world.plan = await world.post("officer1", "/plans", body)
    path = f"/plans/{world.plan['id']}"
    await world.send("officer1", f"{path}/roster", "roster.xlsx")
    for kind, name in FILING.items():
        await world.send("officer1", f"{path}/evidence", name, kind=kind)
    await _original(world, "officer1", b"the filing")
    await world.post("officer1", f"{path}/submit")
    await world.day("2020-03-03")
    await in_vain(world, "officer1", f"{path}/approve", "signed_already")
    world.plan = await world.post("officer2", f"{path}/approve", {})
    return world


async def test_a_paper_case_goes_from_the_filing_to_the_payment_and_is_made_anew(
    world: World,
) -> None:
    """Every state, and in none of them does who keyed it in sign or decide."""
    await _keyed_plan(world)
    path = f"/plans/{world.plan['id']}"
    await world.day("2020-03-30")
    await world.send("officer1", f"{path}/learning-batches", "learning_px_class.xlsx")
    for kind, name in CLAIM.items():
        await world.send("officer1", f"{path}/evidence", name, kind=kind)
    body = await world.claim_body(**FAX)
    missing = await in_vain(world, "officer1", "/claims", "materials_missing", body)
    assert missing["missing"] == ["paper_original"], "the filing's original is another paper"
    await _original(world, "officer1", b"the claim")
    world.claim = await world.post("officer1", "/claims", body)
    claim = f"/claims/{world.claim['id']}"
    point = {"kind": "document", "place": "application_form", "how": "请加盖公章"}
    await world.step("officer2", "return", {"reason": "缺公章", "points": [point]})
    del body["plan_id"], body["channel"]
    answered = [{"number": 1, "answer": "mended", "explanation": "已加盖"}]
    await _original(world, "officer1", b"the correction")
    await world.step("officer1", "resubmit", {**body, "points": answered})
    decision = {"number": 7, "kind": "exclude", "reason": "代学", "reference": "记录1号"}
    await in_vain(world, "officer1", f"{claim}/line-decisions", "signed_already", decision)
    await world.post("officer2", f"{claim}/line-decisions", decision)
    await world.day("2020-03-31")
    for signal in await world.get("officer2", f"{claim}/signals"):
        if signal["open"]:
            clear = f"{claim}/signals/{signal['id']}/clear"
            await world.post("officer2", clear, {"remark": "已核实"})
    await in_vain(world, "officer1", f"{claim}/review", "signed_already")
    await world.step("officer2", "review")
    await in_vain(world, "officer1", f"{claim}/approve", "signed_already")
    await world.step("officer3", "approve")
    await world.post("officer3", f"{claim}/notice")
    await world.day("2020-04-10")
    batch = await world.post("cashier", "/payment-batches", {"claim_ids": [world.claim["id"]]})
    results = [{"payment_id": each["id"], "outcome": "paid"} for each in batch["items"]]
    await world.post("cashier", f"/payment-batches/{batch['id']}/results", {"results": results})
    paid = await world.get("enterprise", claim)
    assert (paid["state"], paid["channel"], paid["amount"]) == ("paid", "fax", "8280.00")
    anew = {"objection": "异议1号", "reason": "异议成立", "lifted": [7]}
    await in_vain(world, "officer1", f"{claim}/redetermine", "signed_already", anew)
    made = await world.post("officer2", f"{claim}/redetermine", anew)
    assert (made["channel"], made["to_pay"]) == ("fax", "360.00")
    await in_vain(world, "officer1", f"/claims/{made['id']}/review", "signed_already")
