"""Which other enterprises are there, with whom on their rosters? Each files plans of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

import openpyxl
from fastapi import FastAPI

from app import clock
from app.policy import identifiers
from tests.databases import Connection
from tests.sheets.build import xlsx
from tests.world import CLAIM, FILING, World

_ROSTER: Final = ("姓名", "身份证号", "岗位", "用工形式", "是否一线", "入职日期")
_LEARNING: Final = ("姓名", "身份证号", "课程名称", "开始时间", "结束时间", "学习时长(分钟)")
_COURSE: Final = "车间安全"
_FIRST_MONDAY: Final = date(2020, 3, 9)
_DAYS: Final = 5


class Worker(NamedTuple):
    """A person as he stands on a roster."""

    name: str
    resident_id: str


class Project(NamedTuple):
    """A week of training: which week, how many class hours, for whom."""

    week: int
    hours: int
    people: Sequence[Worker]

    @property
    def days(self) -> list[date]:
        """The days on which it is taught, Monday to Friday."""
        monday = _FIRST_MONDAY + timedelta(weeks=self.week)
        return [monday + timedelta(days=number) for number in range(_DAYS)]


def workers(world: World, number: int) -> list[Worker]:
    """Return the first people of the sample's roster."""
    sheet = openpyxl.load_workbook(world.examples / "roster.xlsx").worksheets[0]
    rows = sheet.iter_rows(min_row=3, max_row=2 + number, values_only=True)
    return [Worker(str(row[1]), str(row[2])) for row in rows]


async def neighbour(world: World, app: FastAPI, owner: Connection, number: int) -> World:
    """Return another enterprise of the district, registered and verified, with its own account."""
    account, enterprise = uuid4(), uuid4()
    await owner.execute(
        "INSERT INTO accounts (id, username, name, password_hash, role, enterprise_id)"
        " VALUES ($1, $2, $2, '', 'enterprise', $3)",
        account, f"neighbour{number}", enterprise,
    )  # fmt: skip
    claims = {"sub": str(account), "jti": "test", "name": f"neighbour{number}", "scope": ""}
    claims |= {"role": "enterprise", "enterprise": str(enterprise)}
    token = app.state.office.tokens.sign(claims, clock.now())
    its = replace(world, tokens={**world.tokens, "enterprise": token}, enterprise={})
    name = f"大连邻居{number}有限公司"
    return await its.registered(name=name, account_name=name, uscc=_uscc(number))


async def submitted(its: World, project: Project, **more: object) -> World:
    """Its plan for the project is submitted."""
    first, *_, last = project.days
    changes: dict[str, Any] = {
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "cost": "100000.00",
        "courses": [_course(project.hours)],
        **more,
    }
    its.plan = await its.post("enterprise", "/plans", its.plan_body(**changes))
    rows = [(*each, "车工", "劳动合同", "是", date(2019, 1, 2)) for each in project.people]
    roster = xlsx([_ROSTER, *rows])
    await its.send("enterprise", f"/plans/{its.plan['id']}/roster", roster, filename="roster.xlsx")
    await its.papers(FILING)
    its.plan = await its.post("enterprise", f"/plans/{its.plan['id']}/submit")
    return its


async def reviewed(its: World, project: Project) -> World:
    """Its people have learned what was filed, and its claim is filed and reviewed."""
    export = learning(project)
    path = f"/plans/{its.plan['id']}/learning-batches"
    await its.send("enterprise", path, export, filename="learning.xlsx")
    await its.papers(CLAIM)
    its.claim = await its.post("enterprise", "/claims", await its.claim_body())
    await its.cleared()
    await its.step("officer1", "review")
    return its


def learning(project: Project) -> bytes:
    """Return the export of a platform on which the project's people learned what was filed."""
    return xlsx([_LEARNING, *_sessions(project)])


def _sessions(project: Project) -> Iterable[tuple[Any, ...]]:
    minutes = project.hours * 45 // _DAYS
    for worker in project.people:
        for day in project.days:
            start = datetime(day.year, day.month, day.day, 8, 0)  # noqa: DTZ001  a sheet's clock
            yield (*worker, _COURSE, start, start + timedelta(minutes=minutes), minutes)


def _course(hours: int) -> dict[str, object]:
    return {
        "name": _COURSE,
        "class_hours": hours,
        "category": "safety_skill",
        "mode": "online",
        "delivery": "recorded",
    }


def _uscc(number: int) -> str:
    body = f"91210202MA0T{number:05}"
    return next(code for mark in "0123456789ABCDEFGHJKLMNPQRTUWXY" if _valid(code := body + mark))


def _valid(code: str) -> bool:
    try:
        identifiers.uscc(code)
    except identifiers.InvalidIdentifier:
        return False
    return True
