"""Who signs a case that came on paper? Nobody who keyed it in, in whatever round."""

from tests.world import FILING, World

FAX = {"channel": "fax"}
REASON = {"reason": "材料需要补正"}


async def _code(world: World, who: str, path: str, body: object = None) -> str:
    answer = await world.call(who, "POST", path, json={} if body is None else body)
    assert answer.is_client_error, answer.text
    code: str = answer.json()["code"]
    return code


async def _keyed_in(world: World) -> str:
    """Officer one keys in a claim that came by fax; return its path."""
    await world.learned()
    body = await world.claim_body(**FAX)
    assert await _code(world, "enterprise", "/claims", body) == "not_your_role"
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
    assert (await world.post("officer2", f"{path}/submit"))["state"] == "submitted"
    assert await _code(world, "officer1", f"{path}/approve") == "signed_already"
    assert await _code(world, "officer2", f"{path}/approve") == "signed_already"
    assert (await world.post("officer2", f"{path}/return", REASON))["state"] == "returned"
