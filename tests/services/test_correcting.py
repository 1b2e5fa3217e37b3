"""A claim comes back with points to mend, each is answered, and what changed is told."""

from typing import Any

from tests.refusals import in_vain
from tests.world import World

POINTS = [
    {"kind": "document", "place": "training_record", "how": "请补充加盖公章的培训记录"},
    {"kind": "line", "place": "7", "how": "请说明在职情况"},
]
RETURN = {"reason": "材料需要补正", "points": POINTS}


def answers(*more: dict[str, Any]) -> list[dict[str, Any]]:
    mended = {"number": 1, "answer": "mended", "explanation": "已补充盖章的培训记录"}
    said = {"number": 2, "answer": "explained", "explanation": "该人员已于三月离职"}
    return [mended, said, *more]


async def returned(world: World) -> str:
    await world.filed()
    await world.step("officer1", "return", RETURN)
    return f"/claims/{world.claim['id']}"


async def resubmission(world: World, *, left: int | None = None, **more: object) -> dict[str, Any]:
    body = await world.claim_body(**more)
    del body["plan_id"]
    if left is not None:
        body["still_employed"].remove(left)
        body["left"] = [{"number": left, "left_on": "2020-03-29"}]
    return body


async def test_the_enterprise_sees_each_point_with_the_day_it_is_due(world: World) -> None:
    path = await returned(world)
    first, second = await world.get("enterprise", f"{path}/correction-points")
    assert (first["number"], first["kind"], first["place"]) == (1, "document", "training_record")
    # Ten working days after 30 March 2020, with 4 to 6 April off (Tomb-sweeping Day).
    assert (first["due_on"], first["overdue"], second["answer"]) == ("2020-04-14", False, None)
    await world.day("2020-04-15")
    assert all(each["overdue"] for each in await world.get("officer1", f"{path}/correction-points"))


async def test_every_point_is_answered_once_before_the_claim_is_filed_again(world: World) -> None:
    path = await returned(world)
    body = await resubmission(world)
    silent = await in_vain(world, "enterprise", f"{path}/resubmit", "points_open", body)
    assert [each["number"] for each in silent["points"]] == [1, 2]
    half = {**body, "points": answers()[:1]}
    told = await in_vain(world, "enterprise", f"{path}/resubmit", "points_open", half)
    assert [each["number"] for each in told["points"]] == [2]
    for surplus in (answers()[0], {**answers()[0], "number": 3}):
        twice = {**body, "points": answers(surplus)}
        told = await in_vain(world, "enterprise", f"{path}/resubmit", "points_open", twice)
        assert told["unfit"] == [surplus["number"]]
    again = await world.step("enterprise", "resubmit", {**body, "points": answers()})
    assert (again["state"], again["round"]) == ("filed", 2)
    seen = await world.get("officer1", f"{path}/correction-points")
    assert [(each["answer"], each["explanation"]) for each in seen] == [
        ("mended", "已补充盖章的培训记录"),
        ("explained", "该人员已于三月离职"),
    ]


async def test_the_resubmission_shows_what_changed(world: World) -> None:
    path = await returned(world)
    changed = world.enterprise_body(contact="李联系", phone="0411-12345678")
    answer = await world.call(
        "enterprise", "PUT", f"/enterprises/{world.enterprise['id']}", json=changed
    )
    assert answer.is_success, answer.text
    await world.post("officer1", f"/enterprises/{world.enterprise['id']}/verify", {})
    stamped = (world.examples / "training_record.pdf").read_bytes() + b"%stamped"
    kind = {"kind": "training_record", "filename": "盖章的培训记录.pdf"}
    await world.send("enterprise", f"{path}/evidence", stamped, **kind)
    body = await resubmission(world, left=7, points=answers())
    await world.step("enterprise", "resubmit", body)
    told = await world.get("officer1", f"{path}/rounds/2/changes")
    assert {each["field"]: (each["before"], each["after"]) for each in told["form"]} == {
        "contact": (world.enterprise["contact"], "李联系"),
        "phone": (world.enterprise["phone"], "0411-12345678"),
    }
    (line,) = told["lines"]
    assert (line["number"], line["kind"]) == (7, "changed")
    fields = {each["field"]: (each["before"], each["after"]) for each in line["changes"]}
    assert fields["payable"] == ("360.00", "0.00")
    assert fields["still_employed"] == ("True", "False")
    assert fields["left_on"] == (None, "2020-03-29")
    assert fields["still_employed_at_claim"] == (None, "failed")
    assert [each["filename"] for each in told["files"]] == ["盖章的培训记录.pdf"]
    amount = {each["field"]: (each["before"], each["after"]) for each in told["claim"]}["amount"]
    assert amount == ("8640.00", "8280.00")
    assert [each["answer"] for each in told["points"]] == ["mended", "explained"]
    answer = await world.call("officer1", "GET", f"{path}/rounds/3/changes")
    assert answer.json()["code"] == "not_found"
    first = await world.get("enterprise", f"{path}/rounds/1/changes")
    assert {line["kind"] for line in first["lines"]} == {"added"}
    assert (len(first["lines"]), first["points"]) == (24, [])
    assert "盖章的培训记录.pdf" not in {each["filename"] for each in first["files"]}


async def test_the_form_of_every_round_is_kept(world: World) -> None:
    """Also of a round that a reassessment ended: nothing of it changed."""
    await world.filed()
    await world.cleared()
    await world.step("officer1", "review")
    path = f"/claims/{world.claim['id']}"
    await world.post("officer1", f"{path}/reassess")
    told = await world.get("enterprise", f"{path}/rounds/2/changes")
    assert (told["form"], told["lines"], told["files"], told["claim"]) == ([], [], [], [])


async def test_what_is_not_mended_is_refused_in_the_end(world: World) -> None:
    path = await returned(world)
    await world.day("2020-04-15")
    told = await world.step("officer2", "reject", {"reason": "逾期未补正"})
    assert told["state"] == "rejected"
    ways = await world.get("enterprise", f"{path}/remedies")
    assert (ways["reason"], ways["decided_on"]) == ("逾期未补正", "2020-04-15")
    last_days = {each["code"]: each["last_day"] for each in ways["ways"]}
    assert last_days == {
        "statement": None,
        "administrative_review": "2020-06-14",
        "litigation": "2020-10-15",
    }


async def test_a_return_without_points_is_answered_by_filing_again(world: World) -> None:
    await world.filed()
    await world.step("officer1", "return", {"reason": "请核对"})
    assert await world.get("enterprise", f"/claims/{world.claim['id']}/correction-points") == []
    await world.step("enterprise", "resubmit", await resubmission(world))
    assert world.claim["round"] == 2


async def test_nobody_objects_to_what_was_withdrawn(world: World) -> None:
    await world.filed()
    await world.step("enterprise", "withdraw", {"reason": "不再申请"})
    ways = await world.get("enterprise", f"/claims/{world.claim['id']}/remedies")
    assert (ways["ways"], ways["decided_on"]) == ([], None)
