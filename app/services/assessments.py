"""What does the law say of this claim? Facts in, assessment out."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from app.actors import Member
from app.errors import PersonsUnknown
from app.hot import Row as HotRow
from app.models import Plan
from app.office import Desk
from app.policy.assessment import law_of
from app.policy.determination import determine
from app.policy.facts import ClaimFacts, PersonFacts, Purpose
from app.policy.kinds import Payee
from app.policy.parameters import Parameters
from app.schemas.claims import Employed
from app.services import cases, circumstances, facts, kept, law, people
from app.services.kept import CLAIM_FACTS, PERSON_FACTS, Assessed


async def of_plan(
    desk: Desk[Member],
    plan: Row[Any],
    said: Employed,
    commitments: int,
    purpose: Purpose = Purpose.CLAIM,
) -> Assessed:
    """Assess an application for *plan* as it would be filed today.

    Raises:
        PersonsUnknown: numbers that are not on the roster.
    """
    applied = law.of(plan.ends_on)
    rows = await people.persons(desk, plan.id, plan.measure, applied)
    employed, left = _said(said, frozenset(row.number for row in rows))
    persons = tuple(people.person(row, employed=employed, left=left) for row in rows)
    case = await facts.of_plan(desk, plan, persons, commitments, purpose)
    return _assessed(case, applied, rows)


async def again(desk: Desk[Member], claim: Row[Any]) -> tuple[Row[Any], Assessed]:
    """Return the claim's stored assessment, and the same facts assessed as things stand today.

    Today's are what officers ordered, found and declared since, and the persons' entitlements:
    these are locked, so that nobody else decides on them meanwhile.
    """
    basis = await kept.latest(desk, claim.id)
    case = CLAIM_FACTS.validate_python({**basis.facts, "persons": ()})
    applied = law.of(case.plan.ends_on)
    rows = await people.persons(desk, claim.plan_id, claim.measure, applied, locked=True)
    standing = {row.number: row for row in rows}
    persons = tuple(
        _with_standing(PERSON_FACTS.validate_python(line.facts), standing[line.number])
        for line in await kept.lines(desk, basis.id)
    )
    told = await facts.around(desk, await cases.found(desk, Plan, claim.plan_id))
    now = replace(
        case,
        persons=circumstances.with_standing(persons, told.details),
        class_also_paid_to=Payee(told.class_paid_to) if told.class_paid_to else None,
        requirements_met=claim.requirements_met,
        enterprise=replace(case.enterprise, **circumstances.blacklisted(told.blacklisting)),
        plan=replace(case.plan, suspensions=circumstances.suspensions(told.suspensions)),
        **circumstances.evaluated(told.evaluation),
        **circumstances.declared(told.declared),
    )
    return basis, _assessed(now, applied, rows)


def _assessed(case: ClaimFacts, balances: Parameters, rows: list[HotRow]) -> Assessed:
    applied = law_of(case)
    return Assessed(case, applied, balances, rows, determine(case, applied))


def assessed(case: ClaimFacts, before: Assessed) -> Assessed:
    """Return *before* with other facts of the claim: assessed again, of the same people."""
    return _assessed(case, before.balances, before.people)


def _said(said: Employed, known: frozenset[int]) -> tuple[frozenset[int], dict[int, date | None]]:
    employed = frozenset(said.still_employed)
    left = {leaver.number: leaver.left_on for leaver in said.left}
    strangers = (employed | left.keys()) - known
    if strangers or employed & left.keys():
        raise PersonsUnknown(numbers=sorted(strangers), both=sorted(employed & left.keys()))
    return employed, left


def _with_standing(person: PersonFacts, row: HotRow) -> PersonFacts:
    now = people.person(row, employed=frozenset(), left={})
    return replace(
        person,
        occupied=now.occupied,
        already_subsidised=now.already_subsidised,
        counted=now.counted,
        used=now.used,
    )
