"""What do the signals of a claim rest on? Gathered from the tables in one statement."""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from app.actors import Member
from app.hot import Hot
from app.hot import Row as HotRow
from app.models import Plan
from app.office import Desk
from app.policy.facts import ClaimFacts
from app.policy.kinds import Entity
from app.policy.measures import measure
from app.policy.procedure import PlanState
from app.policy.signals import (
    THRESHOLDS,
    Age,
    Attended,
    Renamed,
    SameFile,
    SharedUse,
    SignalFacts,
    Twin,
)
from app.services import cases, kept

# The assessment has read the sessions already. Which device or address many persons share is
# counted here: its text tells nothing beyond that.
_GATHER: Final = Hot(
    text(
        """
    WITH live AS MATERIALIZED (
        SELECT r.id, r.trainee_id, r.device, r.address
        FROM learning_records AS r
        WHERE r.plan_id = :plan_id AND r.batch_id = ANY (ARRAY(
            SELECT b.id FROM learning_batches AS b
            WHERE b.plan_id = :plan_id AND b.replaced_by IS NULL))
    ), devices AS (
        SELECT d.device
        FROM (SELECT DISTINCT device, trainee_id FROM live WHERE device <> '') AS d
        WHERE CAST(:trainees AS integer) > CAST(:persons_per_device AS integer)
        GROUP BY d.device
        HAVING count(d.trainee_id) > CAST(:persons_per_device AS integer)
           AND min(d.device) ~ CAST(:device_pattern AS text)
    ), addresses AS (
        SELECT d.address FROM (SELECT DISTINCT address, trainee_id FROM live) AS d
        WHERE CAST(:trainees AS integer) > CAST(:persons_per_address AS integer)
        GROUP BY d.address
        HAVING count(d.trainee_id) > CAST(:persons_per_address AS integer) AND d.address <> ''
    )
    SELECT ARRAY(SELECT l.id FROM live AS l WHERE l.trainee_id IS NULL) AS strays,
           (SELECT json_agg(u) FROM (
                SELECT array_agg(DISTINCT t.number) AS persons, array_agg(l.id) AS rows
                FROM devices JOIN live AS l USING (device) JOIN trainees AS t ON t.id = l.trainee_id
                GROUP BY device) AS u) AS devices,
           (SELECT json_agg(u) FROM (
                SELECT array_agg(DISTINCT t.number) AS persons, array_agg(l.id) AS rows
                FROM addresses JOIN live AS l USING (address)
                JOIN trainees AS t ON t.id = l.trainee_id
                GROUP BY address) AS u) AS addresses,
           ARRAY(SELECT c.number FROM plan_courses AS c
                 WHERE c.plan_id = :plan_id AND c.delivery = 'recorded') AS recorded,
           (SELECT json_agg(json_build_array(t.number, t.turns_16_on, t.retires_on)
                            ORDER BY t.number)
            FROM trainees AS t
            WHERE t.plan_id = :plan_id
              AND (t.turns_16_on IS NOT NULL OR t.retires_on IS NOT NULL)) AS ages,
           seen_elsewhere(:plan_id, :on_day, :overlap, :class_papers, :shared_papers) AS elsewhere
    """
    )
)
# The rows in which the sessions stand, in the order of the assessment's sessions.
_ROWS: Final = Hot(
    text(
        """
    SELECT t.number, array_agg(r.id ORDER BY r.id) AS rows
    FROM learning_records AS r JOIN trainees AS t ON t.id = r.trainee_id
    WHERE r.plan_id = :plan_id AND r.batch_id IN (
        SELECT b.id FROM learning_batches AS b
        WHERE b.plan_id = :plan_id AND b.replaced_by IS NULL)
    GROUP BY t.number
    """
    )
)
_STILL_EMPLOYED: Final = "still_employed_at_claim"
_OWN_STAFF: Final = frozenset({Entity.ENTERPRISE, Entity.COOPERATIVE, Entity.WORKSHOP})


async def gathered(desk: Desk[Member], plan_id: UUID, done: kept.Assessed) -> SignalFacts:
    """Return the facts of an application that is assessed already.

    For the rows of the sessions stand their places: `with_rows` tells them where any are needed.
    """
    case = done.facts
    found = await _GATHER.row(
        desk.driver,
        plan_id=plan_id,
        trainees=case.plan.trainees,
        on_day=case.claimed_on,
        overlap=THRESHOLDS.overlap_seconds,
        persons_per_device=THRESHOLDS.persons_per_device,
        persons_per_address=THRESHOLDS.persons_per_address,
        device_pattern=THRESHOLDS.device_pattern,
        class_papers=list(THRESHOLDS.class_papers),
        shared_papers=list(THRESHOLDS.shared_papers),
    )
    return SignalFacts(
        claimed_on=case.claimed_on,
        starts_on=case.plan.starts_on,
        ends_on=case.plan.ends_on,
        approved_on=case.plan.approved_on,
        class_hour=done.law.class_hour_minutes * 60,
        trainees=case.plan.trainees,
        headcount=case.enterprise.headcount if case.enterprise.entity in _OWN_STAFF else None,
        recorded=frozenset(found.recorded),
        persons=tuple(
            Attended(each.number, each.sessions, range(len(each.sessions))) for each in case.persons
        ),
        strays=tuple(found.strays),
        devices=_uses(found.devices),
        addresses=_uses(found.addresses),
        ages=tuple(_age(*each) for each in found.ages or ()),
        left=_left(case),
        **_elsewhere(found, case.plan.trainees),
    )


async def with_rows(desk: Desk[Member], plan_id: UUID, facts: SignalFacts) -> SignalFacts:
    """Return the facts with the rows in which the sessions stand.

    Raises:
        WrongState: an import has changed them since they were assessed.
    """
    found = await _ROWS.rows(desk.driver, plan_id=plan_id)
    rows = {row.number: row.rows for row in found}
    persons = tuple(each._replace(rows=rows.get(each.number, ())) for each in facts.persons)
    if any(len(each.sessions) != len(each.rows) for each in persons):
        raise cases.wrong_state(
            Plan, PlanState.APPROVED, "提出申请的同时学习记录有变更，请重新提出。"
        )
    return replace(facts, persons=persons)


def _left(case: ClaimFacts) -> tuple[int, ...]:
    """Return who left before the claim, where the measure asks that people are still employed."""
    if not any(rule.name == _STILL_EMPLOYED for rule in measure(case.measure).line_rules):
        return ()
    return tuple(each.number for each in case.persons if each.still_employed is False)


def _uses(told: list[dict[str, list[int]]] | None) -> tuple[SharedUse, ...]:
    return tuple(SharedUse(tuple(each["persons"]), tuple(each["rows"])) for each in told or ())


def _age(number: int, turns_16_on: str | None, retires_on: str | None) -> Age:
    return Age(number, _day(turns_16_on), _day(retires_on))


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _elsewhere(found: HotRow, trainees: int) -> dict[str, Any]:
    """Return what is known of others' cases: that there is something, never whose."""
    told = found.elsewhere
    return {
        "at_once_elsewhere": tuple((number, row) for number, row in told["at_once"] or ()),
        "hired_elsewhere": tuple(told["hired"] or ()),
        "files": tuple(SameFile(*each) for each in told["files"] or ()),
        "twins": tuple(Twin(shared, trainees, there) for shared, there in told["twins"] or ()),
        "renamed": tuple(
            Renamed(tuple(persons), *figures) for persons, *figures in told["renamed"] or ()
        ),
    }
