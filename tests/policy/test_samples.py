"""The case files of the office come out to the fen: 24 persons of 36 hours, 8,640.00 yuan."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.policy.assessment import assess
from app.policy.explanation import explain
from app.policy.facts import (
    Category,
    ClaimFacts,
    Course,
    Employment,
    Material,
    Mode,
    PlanFacts,
    Session,
)
from app.policy.learning import midnight
from app.policy.rows import row_findings
from tests.policy.cases import LAW, facts, findings_of

FILES = Path(__file__).parents[2] / "examples"
CATEGORIES = {
    "安全技能": Category.SAFETY_SKILL,
    "岗位技能": Category.JOB_SKILL,
    "健康卫生及疫情防控": Category.HEALTH_AND_EPIDEMIC,
    "通用职业素质": Category.GENERAL_QUALITY,
}
PAPERS = frozenset(
    {
        Material.LICENCE,
        Material.SME_PROOF,
        Material.TEACHING_PLAN,
        Material.PLATFORM_SCREENSHOT,
        Material.ACCOUNT_PROOF,
        Material.DISPATCH_AGREEMENT,
    }
)


@lru_cache(maxsize=8)
def rows_of(name: str) -> list[tuple[Any, ...]]:
    sheet = load_workbook(FILES / name).worksheets[0]
    return list(sheet.iter_rows(values_only=True))


def plan() -> PlanFacts:
    filed = json.loads((FILES / "plan.json").read_text("utf-8"))
    courses = tuple(
        Course(number, each["名称"], CATEGORIES[each["类别"]], Mode.ONLINE, each["课时"])
        for number, each in enumerate(filed["课程"], 1)
    )
    return replace(
        facts().plan,
        courses=courses,
        main_business=filed["与主营业务关系"],
        starts_on=date.fromisoformat(filed["开始日期"]),
        ends_on=date.fromisoformat(filed["结束日期"]),
        cost=Decimal(filed["培训成本(元)"]),
        trainees=24,
        dispatched=sum(row[4] == "劳务派遣" for row in rows_of("roster.xlsx")),
        materials=PAPERS,
    )


def second(moment: datetime) -> int:
    since_midnight = moment - datetime.combine(moment.date(), datetime.min.time())
    return midnight(moment.date()) + int(since_midnight.total_seconds())


def from_excel(name: str) -> dict[int, tuple[str, Session]]:
    """Every row by its number in the file: whose it is, and what it states."""
    numbers = {course.name: course.number for course in plan().courses}
    return {
        row: (who, Session(numbers.get(course, 0), second(start), second(end), minutes * 60))
        for row, (_, who, course, start, end, minutes, *_) in enumerate(rows_of(name)[1:], 2)
    }


def from_csv(name: str) -> dict[int, tuple[str, Session]]:
    numbers = {course.name: course.number for course in plan().courses}
    with (FILES / name).open(encoding="gb18030", newline="") as file:
        lines = list(csv.reader(file))[1:]
    found: dict[int, tuple[str, Session]] = {}
    for row, (_, who, course, start, end, length) in enumerate(lines, 2):
        hours, minutes, seconds = (int(part) for part in length.split(":"))
        stated = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        times = (second(datetime.strptime(t, "%Y/%m/%d %H:%M:%S")) for t in (start, end))  # noqa: DTZ007  the record is wall time of Shanghai
        begin, stop = times
        session = Session(numbers[course], begin, stop, int(stated.total_seconds()))
        found[row] = (who.strip(), session)
    return found


def by_person(rows: Mapping[int, tuple[str, Session]]) -> dict[str, dict[int, Session]]:
    people: dict[str, dict[int, Session]] = defaultdict(dict)
    for row, (who, session) in rows.items():
        people[who][row] = session
    return people


def roster() -> Iterable[tuple[Any, ...]]:
    return rows_of("roster.xlsx")[2:]


def claim(rows: Mapping[int, tuple[str, Session]]) -> ClaimFacts:
    learned = by_person(rows)
    base = facts().persons[0]
    persons = tuple(
        replace(
            base,
            number=number,
            post=post,
            employment=Employment.DISPATCHED if kind == "劳务派遣" else Employment.CONTRACT,
            dispatch_company=company or "",
            dispatch_uscc=code or "",
            frontline=frontline == "是",
            hired_on=hired_on.date(),
            sessions=tuple(learned[who].values()),
        )
        for number, _, who, post, kind, company, code, frontline, hired_on, _ in roster()
    )
    return replace(facts(), plan=plan(), persons=persons)


@pytest.mark.parametrize("name", ["learning_px_class.xlsx", "learning_dirty.xlsx", "csv"])
def test_24_persons_get_360_yuan_each_and_only_deviations_are_found(name: str) -> None:
    rows = from_csv("learning_own_site_gbk.csv") if name == "csv" else from_excel(name)
    assessment = assess(claim(rows), LAW)
    deviations = ["courses_as_planned", "dates_as_planned"] if "dirty" in name else []
    assert [each.rule for each in findings_of(assessment)] == deviations
    assert len(assessment.lines) == 24
    for line in assessment.lines:
        assert (line.minutes, line.hours, line.payable) == (1620, 36, Decimal("360.00"))
    assert assessment.amount == Decimal("8640.00")


def test_five_rows_of_the_dirty_file_say_why_and_no_other_row_says_anything() -> None:
    on_roster = {row[2] for row in roster()}
    found: dict[int, tuple[str, ...]] = {}
    texts: dict[int, str] = {}
    for who, rows in by_person(from_excel("learning_dirty.xlsx")).items():
        answers = row_findings(plan(), list(rows.values()), on_roster=who in on_roster)
        for row, findings in zip(rows, answers, strict=True):
            if findings:
                found[row] = tuple(each.rule for each in findings)
                texts[row] = explain(findings[0]).reason
    assert found == {
        624: ("overlaps_other_session",),
        625: ("outside_plan_dates",),
        626: ("not_on_roster",),
        627: ("course_not_filed",),
        628: ("more_than_the_clock",),
    }
    assert texts[628] == "填报学习 300 分钟，起止时间只有 30 分钟，按起止时间计算。"


def test_one_minute_lost_is_not_completed() -> None:
    rows = from_excel("learning_px_class.xlsx")
    who, lost = rows[2]
    rows[2] = (who, lost._replace(stated=lost.stated - 60))
    assessment = assess(claim(rows), LAW)
    assert [(each.rule, each.outcome) for each in findings_of(assessment)] == [
        ("hours_as_planned", "warned"),
        ("completed", "failed"),
    ]
    assert assessment.amount == Decimal("8280.00")
