"""What does not fit is shown to the officers, and nobody approves before it was looked at."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.database.neighbours import workers
from tests.odd_records import (
    DEVICE,
    HEADER,
    REMARK,
    checked,
    filed_with,
    on,
    row,
    rows_of,
    signals,
)
from tests.refusals import refused
from tests.sheets.build import xlsx
from tests.world import CLAIM, FILING, World


@pytest.mark.parametrize(
    ("sheet", "export"),
    [
        ("plan.json", "learning_px_class.xlsx"),
        ("plan_own_site.json", "learning_own_site_gbk.csv"),
    ],
)
async def test_the_clean_samples_raise_none(world: World, sheet: str, export: str) -> None:
    await world.learned(export, sheet)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert await signals(world) == {}
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["state"] == "approved"


async def test_the_dirty_export_raises_what_it_deserves(world: World) -> None:
    """Rows 624 to 628: at once, before the plan, nobody on the roster, above the clock."""
    await world.learned("learning_dirty.xlsx")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    found = await signals(world)
    assert found.keys() == {"two_at_once", "outside_the_dates", "not_on_roster", "above_the_clock"}
    sheet_rows = {kind: [each["row"] for each in await rows_of(world, one["rows"])]
                  for kind, one in found.items()}  # fmt: skip
    assert sheet_rows == {
        "two_at_once": [2, 624],
        "outside_the_dates": [625],
        "not_on_roster": [626],
        "above_the_clock": [628],
    }
    assert found["above_the_clock"]["text"].endswith("最多多报 270 分钟。")
    assert found["two_at_once"]["severity"] == "serious"
    assert world.claim["amount"] == "8640.00", "a signal is no verdict: it moves no fen"


async def test_sessions_at_night_and_one_device_for_many(world: World) -> None:
    people = workers(world, 5)
    night = [row(people[0], on(25, 23, 5), 45)]
    shared = [row(each, on(26, 6, 10 * at), 5, device=DEVICE) for at, each in enumerate(people[:4])]
    await filed_with(world, *night, *shared)
    found = await signals(world)
    assert found.keys() == {"at_night", "shared_device"}
    (late,) = await rows_of(world, found["at_night"]["rows"])
    assert (late["trainee_number"], late["row"]) == (1, 2)
    device = await rows_of(world, found["shared_device"]["rows"])
    assert [each["device"] for each in device] == [DEVICE] * 4
    assert found["shared_device"]["data"]["persons"] == [1, 2, 3, 4]


async def test_three_at_one_computer_and_many_with_the_same_kind_of_device_are_ordinary(
    world: World,
) -> None:
    people = workers(world, 24)
    shared = [row(each, on(26, 6, 10 * at), 5, device=DEVICE) for at, each in enumerate(people[:3])]
    same = [row(each, on(27, 6, at), 1, device="Windows 10") for at, each in enumerate(people)]
    await filed_with(world, *shared, *same)
    assert await signals(world) == {}


async def test_one_address_for_many_counts_persons_and_needs_an_address(
    world: World,
) -> None:
    """Twenty-four are no more than a class; the threshold itself is tried with the law."""
    await filed_with(world, *(row(each, on(26, 6), 1) for each in workers(world, 24)))
    assert "shared_address" not in await signals(world)


async def test_who_left_before_the_claim_is_told(world: World) -> None:
    left = [{"number": 24, "left_on": "2020-03-28"}]
    await filed_with(world, still_employed=list(range(1, 24)), left=left)
    found = await signals(world)
    assert found.keys() == {"left_before_claim"}
    assert found["left_before_claim"]["text"] == "企业申报花名册第 24 号人员在申请前已离职。"


async def test_an_enterprise_of_fewer_people_and_people_of_any_age(
    world: World, tmp_path: Path
) -> None:
    """The roster's second person becomes a man of 60, and the enterprise has 23 people."""
    await world.registered(headcount=23)
    world.plan = await world.post("enterprise", "/plans", world.plan_body())
    book = openpyxl.load_workbook(world.examples / "roster.xlsx")
    sheet = book.worksheets[0]
    old = "210202196003090013"
    sheet.cell(4, 3).value = checked(old)
    book.save(tmp_path / "roster.xlsx")
    roster = (tmp_path / "roster.xlsx").read_bytes()
    path = f"/plans/{world.plan['id']}"
    await world.send("enterprise", f"{path}/roster", roster, filename="roster.xlsx")
    await world.papers(FILING)
    world.plan = await world.post("enterprise", f"{path}/submit")
    await world.day("2020-03-03")
    await world.post("officer1", f"{path}/approve", {})
    await world.day("2020-03-30")
    await world.send("enterprise", f"{path}/learning-batches", "learning_px_class.xlsx")
    await world.papers(CLAIM)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    found = await signals(world)
    assert found["above_headcount"]["data"] == {"trainees": 24, "headcount": 23}
    assert found["past_retirement"]["data"] == {"persons": [2]}
    assert found["not_on_roster"]["data"]["sessions"] > 0


async def test_the_same_courses_under_another_name(world: World) -> None:
    """The claim is withdrawn from no rule: another project of the enterprise, the same people."""
    await world.filed()
    first = world.plan["id"]
    await world.day("2020-03-31")
    later = {"title": "车间岗位练兵", "starts_on": "2020-04-06", "ends_on": "2020-04-24"}
    world.plan = await world.post("enterprise", "/plans", world.plan_body(**later))
    assert world.plan["id"] != first
    path = f"/plans/{world.plan['id']}"
    await world.send("enterprise", f"{path}/roster", "roster.xlsx")
    await world.papers(FILING)
    await world.post("enterprise", f"{path}/submit")
    await world.post("officer1", f"{path}/approve", {})
    await world.day("2020-04-27")
    export = xlsx([HEADER, row(workers(world, 1)[0], datetime(2020, 4, 6, 8), 45)])  # noqa: DTZ001  as above
    await world.send("enterprise", f"{path}/learning-batches", export, filename="l.xlsx")
    await world.papers(CLAIM)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    found = await signals(world)
    assert found.keys() == {"renamed_project", "same_file"}
    assert found["renamed_project"]["data"]["courses"] == 4
    assert set(found["same_file"]["data"]["names"].split("、")) == set(CLAIM.values())


async def test_nobody_approves_before_every_signal_was_cleared(world: World) -> None:
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    (signal,) = (await signals(world)).values()
    claim = f"/claims/{world.claim['id']}"
    await world.step("officer1", "review")
    early = await world.call("officer2", "POST", f"{claim}/approve", json={})
    assert not refused(early, 409, "signals_open")
    assert [one["id"] for one in early.json()["signals"]] == [signal["id"]]
    path = f"{claim}/signals/{signal['id']}/clear"
    told = await world.post("officer1", path, REMARK)
    assert (told["open"], told["remark"], told["cleared_by_name"], told["cleared_on"]) == (
        False, REMARK["remark"], "中山区 经办一", "2020-03-30",
    )  # fmt: skip
    again = await world.call("officer1", "POST", path, json=REMARK)
    assert not refused(again, 409, "signal_cleared")
    assert (await world.step("officer2", "approve"))["state"] == "approved"
    late = await world.call("officer1", "POST", path, json=REMARK)
    assert not refused(late, 409, "wrong_state")


async def test_who_clears_a_signal_does_not_approve(world: World) -> None:
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    (signal,) = (await signals(world)).values()
    claim = f"/claims/{world.claim['id']}"
    await world.post("officer2", f"{claim}/signals/{signal['id']}/clear", REMARK)
    await world.step("officer1", "review")
    answer = await world.call("officer2", "POST", f"{claim}/approve", json={})
    assert not refused(answer, 409, "signed_already")


async def test_a_new_round_looks_again_and_is_cleared_again(world: World) -> None:
    """What was mended is gone, and what was not is to be looked at anew."""
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    (before,) = (await signals(world)).values()
    await world.cleared()
    await world.step("officer1", "return", {"reason": "请说明夜间学习"})
    body = await world.claim_body()
    del body["plan_id"]
    world.claim = await world.post("enterprise", f"/claims/{world.claim['id']}/resubmit", body)
    (again,) = (await signals(world)).values()
    assert (again["round"], again["open"], again["kind"]) == (2, True, before["kind"])
    path = f"/claims/{world.claim['id']}/signals"
    old = await world.call("officer1", "POST", f"{path}/{before['id']}/clear", json=REMARK)
    assert not refused(old, 404, "not_found")
    assert [one["round"] for one in await world.get("officer1", path)] == [2, 1]
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer1", "reassess")
    assert (await signals(world))["at_night"]["round"] == 3
    await world.cleared()
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["state"] == "approved"


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("enterprise", 403, "not_your_role"),
        ("cashier", 403, "duty_missing"),
        ("xigang", 404, "not_found"),
        ("centre", 404, "not_found"),
    ],
)
async def test_only_an_officer_of_the_bureau_who_reviews_clears(
    world: World, who: str, status: int, code: str
) -> None:
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    (signal,) = (await signals(world)).values()
    path = f"/claims/{world.claim['id']}/signals/{signal['id']}/clear"
    answer = await world.call(who, "POST", path, json=REMARK)
    assert not refused(answer, status, code)


async def test_the_enterprise_learns_nothing_of_signals(world: World) -> None:
    """Neither from the list nor from the history of its case, in which officers find it."""
    await filed_with(world, row(workers(world, 1)[0], on(25, 23, 5), 45))
    await world.cleared()
    claim = f"/claims/{world.claim['id']}"
    answer = await world.call("enterprise", "GET", f"{claim}/signals")
    assert not refused(answer, 403, "not_your_role")
    theirs = await world.get("enterprise", f"{claim}/history")
    assert [each["act"] for each in theirs] == ["claims.file"]
    ours = await world.get("officer1", f"{claim}/history")
    assert [each["act"] for each in ours] == ["claims.file", "signals.clear"]
    assert ours[-1]["details"] == {"kind": "at_night", "remark": "已核实"}
