"""What does the whole law cost beside the amount alone? 10,000 lines of 27 sessions, in one run.

`python -m benchmarks.law` assesses one claim with every finding, and computes the bare amount of
the same facts by a straight-line function; it prints microseconds a line and the ratio of the two.
"""

import gc
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import itemgetter
from statistics import median
from time import perf_counter

from app.policy.assessment import assess
from app.policy.facts import (
    Category,
    ClaimFacts,
    Course,
    Employment,
    EnterpriseFacts,
    InsuranceLevel,
    LegalForm,
    Material,
    Mode,
    PersonFacts,
    PlanFacts,
    Platform,
    PlatformKind,
    Session,
)
from app.policy.learning import DAY, midnight
from app.policy.parameters import Parameters, edition

LINES, SESSIONS, ROUNDS = 10_000, 27, 5
FIRST = date(2020, 3, 9)
LAW = edition(FIRST)
ALLOWED_RATIO = 8


def claim(lines: int) -> ClaimFacts:
    """Return a clean claim: every person learned 27 hours' worth of sessions of 60 minutes."""
    begins = midnight(FIRST) + 8 * 3600
    sessions = tuple(
        Session(1 + place % 3, start, start + 3600, 3600)
        for place in range(SESSIONS)
        for start in [begins + place // 3 * DAY + place % 3 * 4000]
    )
    person = PersonFacts(
        number=1,
        id_valid=True,
        twice_on_roster=False,
        post="数控车工",
        frontline=True,
        employment=Employment.CONTRACT,
        dispatch_company="",
        dispatch_uscc="",
        hired_on=date(2019, 1, 1),
        left_on=None,
        still_employed=True,
        occupied=False,
        already_subsidised=False,
        counted=0,
        used={2020: Decimal("100.00")},
    )
    # Tuples of their own, as they come from the database: nothing is shared between the lines.
    persons = tuple(
        replace(person, number=number, sessions=tuple(Session(*one) for one in sessions))
        for number in range(1, lines + 1)
    )
    return ClaimFacts(
        measure="hourly_sme",
        claimed_on=date(2020, 4, 1),
        handled_by_centre=False,
        enterprise=_enterprise(),
        plan=_plan(lines),
        materials=frozenset(Material),
        commitments=7,
        persons=persons,
    )


def _enterprise() -> EnterpriseFacts:
    return EnterpriseFacts(
        legal_form=LegalForm.LEGAL_PERSON,
        registered_in_liaoning=True,
        dispatch_company=False,
        industry="INDUSTRY",
        headcount=186,
        revenue_wan=Decimal("7350.50"),
        assets_wan=Decimal("5200.00"),
        insurance=InsuranceLevel.CITY,
        verified=True,
    )


def _plan(lines: int) -> PlanFacts:
    return PlanFacts(
        project_key="数控",
        mode=Mode.ONLINE,
        starts_on=FIRST,
        ends_on=date(2020, 3, 27),
        approved_on=date(2020, 3, 3),
        main_business="机械零部件加工",
        converted_from_offline=False,
        cost=Decimal(1000 * lines),
        courses=tuple(
            Course(number, f"课程{number}", Category.JOB_SKILL, Mode.ONLINE, 12)
            for number in (1, 2, 3)
        ),
        platform=Platform(PlatformKind.LISTED, "中国职业培训在线", "px.class.com.cn"),
        materials=frozenset(Material),
        trainees=lines,
        dispatched=0,
    )


def bare_amount(facts: ClaimFacts, law: Parameters) -> Decimal:
    """Return the amount and nothing else: union of sessions, filed hours, rate, cap."""
    opens, closes = midnight(facts.plan.starts_on), midnight(facts.plan.ends_on) + DAY
    filed = {
        each.number: each.class_hours * law.class_hour_minutes * 60 for each in facts.plan.courses
    }
    hour = law.class_hour_minutes * 60
    total = Decimal("0.00")
    for person in facts.persons:
        seconds = dict.fromkeys(filed, 0)
        covered = opens
        for course, start, end, stated in sorted(person.sessions, key=itemgetter(1)):
            if course not in filed or start < opens or end > closes:
                continue
            stop = min(end, start + stated)
            begin = max(covered, start)
            if stop > begin:
                seconds[course] += stop - begin
                covered = stop
        hours = sum(min(seconds[course], filed[course]) for course in filed) // hour
        left = law.cap_per_person_year - person.used.get(2020, Decimal("0.00"))
        total += min(law.rate_per_class_hour * hours, left)
    return total


def seconds(work: Callable[[ClaimFacts, Parameters], object], facts: ClaimFacts) -> float:
    """Return the seconds of one call."""
    gc.collect()
    began = perf_counter()
    work(facts, LAW)
    return perf_counter() - began


def main() -> int:
    """Print the costs; fail where the law costs more than eight times the bare amount."""
    facts, tenth = claim(LINES), claim(LINES // 10)
    assert assess(facts, LAW).amount == bare_amount(facts, LAW)
    pairs = [(seconds(assess, facts), seconds(bare_amount, facts)) for _ in range(ROUNDS)]
    ratio = median(law / bare for law, bare in pairs)
    law, bare = (median(times) for times in zip(*pairs, strict=True))
    small = median(seconds(assess, tenth) for _ in range(ROUNDS))
    print(f"{LINES} lines of {SESSIONS} sessions, median of {ROUNDS}")
    print(f"law, all findings   {law / LINES * 1e6:7.1f} us/line")
    print(f"amount alone        {bare / LINES * 1e6:7.1f} us/line")
    print(f"ratio               {ratio:7.2f}        (at most {ALLOWED_RATIO})")
    print(f"growth x10          {law / small:7.2f}        (linear is 10)")
    return 0 if ratio <= ALLOWED_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
