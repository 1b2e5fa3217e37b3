"""What does the law say of this claim? Facts in, assessment out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update

from app.actors import Member, Officer
from app.errors import PersonsUnknown
from app.hot import Row as HotRow
from app.models import Claim, Plan
from app.office import Desk
from app.policy.assessment import law_of
from app.policy.determination import determine
from app.policy.facts import ClaimFacts, PersonFacts, Purpose
from app.policy.kinds import Payee
from app.policy.parameters import Parameters
from app.schemas.claims import Employed
from app.services import cases, circumstances, facts, kept, law, people, scans
from app.services.kept import Assessed, Basis


async def of_plan(
    desk: Desk[Member],
    plan: Row[Any],
    said: Employed,
    commitments: int,
    purpose: Purpose = Purpose.CLAIM,
    held: Mapping[str, Any] | None = None,
) -> Assessed:
    """Assess an application for *plan* as it would be filed today.

    ``held`` are facts of the claim that stand from before: what officers decided, and of a
    redetermination the day of the claim.

    Raises:
        PersonsUnknown: numbers that are not on the roster.
    """
    applied = law.of(plan.ends_on)
    rows = await people.persons(desk, plan.id, plan.measure, applied)
    employed, left = _said(said, frozenset(row.number for row in rows))
    persons = tuple(people.person(row, employed=employed, left=left) for row in rows)
    case = await facts.of_plan(desk, plan, persons, commitments, purpose)
    return _assessed(replace(case, **held or {}), applied, rows)


async def again(desk: Desk[Member], claim: Row[Any]) -> tuple[Basis, Assessed]:
    """Return the claim's stored assessment, and the same facts assessed as things stand today.

    Today's are what officers ordered, found and declared since, and the persons' entitlements:
    these are locked, so that nobody else decides on them meanwhile.
    """
    basis = await kept.basis(desk, claim.id)
    case = basis.facts
    applied = law.of(case.plan.ends_on)
    rows = await people.locked(desk, claim.plan_id, claim.measure, applied)
    standing = {row.number: row for row in rows}
    persons = [people.with_standing(one, standing[one.number]) for one in case.persons]
    told = await facts.around(desk, await cases.found(desk, Plan, claim.plan_id))
    case = _with_scans(case, scans.held(desk.office, told.files or (), told.sheets or ()))
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


def _with_scans(case: ClaimFacts, held: scans.Held) -> ClaimFacts:
    """Return the facts without the materials that the scanner has withheld since the filing."""
    return replace(
        case,
        materials=case.materials.difference(held.withheld),
        plan=replace(
            case.plan,
            materials=case.plan.materials.difference(held.withheld),
            withheld={
                kind: scan
                for kind, scan in held.withheld.items()
                if kind in case.materials or kind in case.plan.withheld
            },
        ),
    )


def _assessed(case: ClaimFacts, balances: Parameters, rows: list[HotRow]) -> Assessed:
    applied = law_of(case)
    return Assessed(case, applied, balances, rows, determine(case, applied))


def assessed_with(
    before: Assessed,
    **changes: Any,  # noqa: ANN401  members of ClaimFacts
) -> Assessed:
    """Return *before* with other facts of the claim: assessed again, of the same people."""
    return _assessed(replace(before.facts, **changes), before.balances, before.people)


async def assess_with(
    desk: Desk[Officer],
    claim_id: UUID,
    before: Assessed,
    **changes: Any,  # noqa: ANN401  members of ClaimFacts
) -> Assessed:
    """Assess a claim again with other facts, and store what comes out as its assessment."""
    done = assessed_with(before, **changes)
    await desk.db.execute(
        update(Claim)
        .where(Claim.id == claim_id)
        .values(amount=done.result.amount, persons=done.persons_paid)
    )
    await kept.store(desk, claim_id, done)
    return done


async def with_records(
    desk: Desk[Member], claim: Row[Any], done: Assessed
) -> tuple[PersonFacts, ...]:
    """Return the persons of an assessment with the learning that is on record today."""
    rows = await people.persons(desk, claim.plan_id, claim.measure, done.balances)
    now = {row.number: people.person(row, employed=frozenset(), left={}) for row in rows}
    return tuple(replace(one, sessions=now[one.number].sessions) for one in done.facts.persons)


def _said(said: Employed, known: frozenset[int]) -> tuple[frozenset[int], dict[int, date | None]]:
    employed = frozenset(said.still_employed)
    left = {leaver.number: leaver.left_on for leaver in said.left}
    strangers = (employed | left.keys()) - known
    if strangers or employed & left.keys():
        raise PersonsUnknown(numbers=sorted(strangers), both=sorted(employed & left.keys()))
    return employed, left
