"""Which records do not fit, and what do the officers see of it? Beside those of the sample case."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.database.neighbours import Worker
from tests.elsewhere import is_resident_id
from tests.sheets.build import xlsx
from tests.world import World

HEADER = (
    "姓名",
    "身份证号",
    "课程名称",
    "开始时间",
    "结束时间",
    "学习时长(分钟)",
    "终端",
    "IP地址",
)
COURSE = "数控机床安全操作规程"
OTHER_COURSE = "车间安全"
REMARK = {"remark": "已电话核实，属实"}
DEVICE = "A1-B2-C3-D4-E5-F6-00"


def row(worker: Worker, start: datetime, minutes: int, **more: Any) -> tuple[Any, ...]:  # noqa: ANN401
    course = more.get("course", COURSE)
    stated = more.get("stated", minutes)
    device = more.get("device", "手机")
    return (*worker, course, start, start + timedelta(minutes=minutes), stated, device, "")


def checked(number: str) -> str:
    """Return the number with the check character that makes it valid."""
    return next(valid for mark in "0123456789X" if is_resident_id(valid := number[:17] + mark))


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 3, day, hour, minute)  # noqa: DTZ001  a sheet's clock


async def signals(world: World) -> dict[str, dict[str, Any]]:
    """The signals of the claim's present round, by kind."""
    found = await world.get("officer1", f"/claims/{world.claim['id']}/signals")
    return {one["kind"]: one for one in found if one["round"] == found[0]["round"]}


async def filed_with(world: World, *rows: tuple[Any, ...], **body: object) -> World:
    """The claim is filed with these rows beside the sample's own."""
    await world.learned()
    path = f"/plans/{world.plan['id']}/learning-batches"
    if rows:
        await world.send("enterprise", path, xlsx([HEADER, *rows]), filename="more.xlsx")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body(**body))
    return world


async def rows_of(world: World, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The learning records under these numbers, as an officer finds them."""
    path = f"/plans/{world.plan['id']}/learning-records"
    wanted = set(ids)
    found: list[dict[str, Any]] = []
    after = 0
    while page := await world.get("officer1", path, after=after):
        found += [one for one in page if one["id"] in wanted]
        after = page[-1]["id"]
    return found
