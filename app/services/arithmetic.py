"""How do minutes become class hours, and class hours yuan? Written out, to be checked by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from app.policy import advance
from app.policy.amount import UNLIMITED, by_class_hours
from app.policy.assessment import line_cases
from app.policy.case import LineCase
from app.policy.counting import Count
from app.policy.facts import ClaimFacts, PersonFacts, Purpose
from app.policy.learning import NOTHING_LEARNED, Learned, Syllabus
from app.policy.measures import measure
from app.policy.money import NOTHING, rounded_down
from app.policy.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line as it is computed again from the facts that the decision rests on."""

    claim: ClaimFacts
    person: PersonFacts
    plan: Syllabus
    law: Parameters
    count: Count
    stored: Row[Any]

    @property
    def minutes(self) -> int:
        """The verified minutes."""
        return self.count.seconds // 60

    @property
    def is_advance(self) -> bool:
        """Tell whether the line is one of an advance, which rests on no learning."""
        return self.claim.purpose is Purpose.ADVANCE


def steps(line: Line, completed_on: date | None) -> list[str]:
    """Return the sums of the line, one sentence each; what differs from the stored is told."""
    told = list(_of_advance(line) if line.is_advance else _of_learning(line, completed_on))
    return [*told, f"应补贴 {line.stored.payable} 元。"]


def differences(line: Line, completed_on: date | None) -> list[str]:
    """Return where the stored line does not follow from the stored facts: nothing, if untouched."""
    if line.is_advance:
        return []
    case, stored = _case(line, completed_on), line.stored
    figures = (
        ("核定分钟数", stored.minutes, line.minutes),
        ("课时", stored.hours, line.count.hours),
        ("课时 × 标准（元）", stored.gross, case.gross),
    )
    found = [
        f"{name}：决定所载为 {was}，按决定所依据的学习记录重新计算为 {now}。"
        for name, was, now in figures
        if was != now
    ]
    due = min(case.gross, case.remaining)
    if stored.payable not in {NOTHING, due}:
        found.append(f"应补贴金额：决定所载为 {stored.payable}，重新计算为 {due}。")
    return found


def _of_advance(line: Line) -> Iterator[str]:
    share = advance.share_of(line.claim, line.law)
    due = rounded_down(line.stored.gross * share)
    yield f"标准 {line.stored.gross} 元 × 预拨比例 {share} = {due} 元（分以下舍去）。"


def _of_learning(line: Line, completed_on: date | None) -> Iterator[str]:
    names = {course.number: course for course in line.claim.plan.courses}
    for each in line.count.courses:
        course = names[each.number]
        yield (
            f"课程{each.number}《{course.name}》：{each.sessions} 次学习共 {each.own} 秒，"
            f"备案 {course.class_hours} 课时即 {each.filed} 秒，计入 {each.seconds} 秒。"
        )
    if line.count.courses:
        yield from _hours(line)
    yield from _yuan(line, _case(line, completed_on))


def _hours(line: Line) -> Iterator[str]:
    courses, seconds = line.count.courses, line.count.seconds
    added = " + ".join(str(each.seconds) for each in courses)
    yield f"{added} = {seconds} 秒；{seconds} ÷ 60 = {line.minutes} 分钟（不足1分钟的舍去）。"
    whole = [each.hours for each in courses if each.hours is not None]
    rest = sum(each.seconds for each in courses if each.hours is None)
    parts = [f"{rest} 秒 ÷ 每课时 {line.plan.class_hour} 秒 = {rest // line.plan.class_hour} 课时"]
    if whole:
        parts.append(f"逐次折算的课程 {' + '.join(map(str, whole))} 课时")
    yield f"{'；'.join(parts)}；共 {line.count.hours} 课时（不足1课时的舍去）。"


def _yuan(line: Line, case: LineCase) -> Iterator[str]:
    applied = measure(line.claim.measure)
    if applied.gross is by_class_hours:
        rate = line.law.rate_per_class_hour
        yield f"{line.count.hours} 课时 × {rate} 元 = {case.gross} 元。"
    else:
        standard = case.rate.amount if case.rate else NOTHING
        yield f"按「{applied.title}」的标准 {standard} 元计，为 {case.gross} 元。"
    if case.remaining != UNLIMITED:
        used = line.person.used.get(case.year, NOTHING)
        cap, due = line.law.cap_per_person_year, min(case.gross, case.remaining)
        yield (
            f"{case.year} 年每人上限 {cap} 元 − 已享受 {used} 元，尚余 {case.remaining} 元；"
            f"与 {case.gross} 元取其小，为 {due} 元。"
        )
    if line.stored.payable == NOTHING < min(case.gross, case.remaining):
        yield "因核查事项中注明的原因不予补贴。"


def _case(line: Line, completed_on: date | None) -> LineCase:
    done: Learned = NOTHING_LEARNED._replace(minutes=line.minutes, hours=line.count.hours)
    alone = replace(line.claim, persons=(line.person,))
    applied = measure(line.claim.measure)
    (case,) = line_cases(applied, alone, line.law, (done,), completed_on)
    return case
