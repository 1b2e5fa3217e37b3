"""The list of claims, whose JSON the database makes, keeps the contract and its pages."""

from uuid import UUID

from app.schemas.claims import ClaimSummary
from tests.world import World


async def test_the_list_tells_of_a_claim_what_the_claim_itself_tells(world: World) -> None:
    await world.filed()
    (item,) = (await world.get("officer1", "/claims"))["items"]
    assert set(item) == set(ClaimSummary.model_fields)
    assert item == {name: world.claim[name] for name in item}
    assert item["amount"] == "8640.00"


async def test_pages_follow_each_other_newest_first_without_a_gap(world: World) -> None:
    await world.filed()
    for _ in range(2):
        await world.step("officer2", "reject", {"reason": "材料不实"})
        body = await world.claim_body()
        world.claim = await world.post("enterprise", "/claims", body)
    pages, before = [], None
    while before or not pages:
        asked = {"limit": 2, **({"before": before} if before else {})}
        pages.append(await world.get("officer1", "/claims", **asked))
        before = pages[-1]["next"]
    ids = [item["id"] for page in pages for item in page["items"]]
    assert [len(page["items"]) for page in pages] == [2, 1]
    assert ids == sorted(ids, key=UUID, reverse=True)
    assert ids[0] == world.claim["id"]


async def test_a_list_by_state_shows_that_state_only(world: World) -> None:
    await world.filed()
    assert await world.get("officer1", "/claims", state="paid") == {"items": [], "next": None}
    assert len((await world.get("officer1", "/claims", state="filed"))["items"]) == 1
