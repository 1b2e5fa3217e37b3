"""Who is enrolled, what did each receive before, and what did he learn?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from struct import Struct
from typing import Final
from uuid import UUID

from sqlalchemy import text

from app.actors import Member
from app.hot import Hot
from app.hot import Row as HotRow
from app.office import Desk
from app.policy.facts import Employment, PersonFacts, Session
from app.policy.money import yuan
from app.policy.parameters import Parameters

# One statement for all persons: who they are here, what they already received, what they learned.
# What they learned is gathered first, apart: the planner takes the sessions of a plan for very few.
# A person's sessions come as one string of eight-byte numbers, four to a session: arrays of arrays
# cost the server twice and the driver thrice as much.
_PERSONS: Final = Hot(
    text(
        """
    WITH learned AS MATERIALIZED (
        SELECT r.trainee_id,
               string_agg(
                   int8send(r.course_number)
                   || int8send(date_part('epoch', r.started_at)::bigint + 28800)
                   || int8send(date_part('epoch', r.ended_at)::bigint + 28800)
                   || int8send(r.stated_seconds),
                   ''::bytea ORDER BY r.id
               ) AS sessions
        FROM learning_records AS r
        WHERE r.plan_id = :plan_id AND r.trainee_id IS NOT NULL
          AND r.batch_id IN (
              SELECT b.id FROM learning_batches AS b
              WHERE b.plan_id = :plan_id AND b.replaced_by IS NULL)
        GROUP BY r.trainee_id
    )
    SELECT t.number, t.id, t.person_id, t.name, t.id_masked, t.post, t.frontline, t.employment,
           t.dispatch_company, t.dispatch_uscc, t.hired_on,
           s.occupied, s.already_subsidised, s.counted, s.used, l.sessions
    FROM standing(:plan_id, :measure, :period, false) AS s
    JOIN trainees AS t ON t.id = s.trainee
    LEFT JOIN learned AS l ON l.trainee_id = t.id
    WHERE t.plan_id = :plan_id
    ORDER BY t.number
    """
    )
)
# The same without what they learned, while their entitlements wait for us.
_STANDING: Final = Hot(
    text(
        """
    SELECT t.number, t.id, t.person_id, t.name, t.id_masked,
           s.occupied, s.already_subsidised, s.counted, s.used
    FROM standing(:plan_id, :measure, :period, true) AS s
    JOIN trainees AS t ON t.id = s.trainee
    WHERE t.plan_id = :plan_id
    ORDER BY t.number
    """
    )
)

_NUMBERS: Final = Struct("!4q")
_SESSION: Final = partial(tuple.__new__, Session)


async def persons(desk: Desk[Member], plan_id: UUID, measure: str, law: Parameters) -> list[HotRow]:
    """Return a row per person of the plan: who he is, what he received, what he learned."""
    return await _PERSONS.rows(
        desk.driver, plan_id=plan_id, measure=measure, period=law.policy_period
    )


async def locked(desk: Desk[Member], plan_id: UUID, measure: str, law: Parameters) -> list[HotRow]:
    """Return a row per person with what he received; nobody else books for him meanwhile."""
    return await _STANDING.rows(
        desk.driver, plan_id=plan_id, measure=measure, period=law.policy_period
    )


def with_standing(one: PersonFacts, row: HotRow) -> PersonFacts:
    """Return *one* with what he received as it stands now: mostly as it stood before."""
    occupied, subsidised, counted = row["occupied"], row["already_subsidised"], row["counted"]
    used = _used(row)
    before = (one.occupied, one.already_subsidised, one.counted, one.used)
    if before == (occupied, subsidised, counted, used):
        return one
    return replace(
        one, occupied=occupied, already_subsidised=subsidised, counted=counted, used=used
    )


def person(row: HotRow, *, employed: frozenset[int], left: dict[int, date | None]) -> PersonFacts:
    """Return the facts of one person, with the enterprise's word on his employment."""
    said = True if row["number"] in employed else False if row["number"] in left else None
    return PersonFacts(
        number=row["number"],
        id_valid=True,
        twice_on_roster=False,
        post=row["post"],
        frontline=row["frontline"],
        employment=Employment(row["employment"]),
        dispatch_company=row["dispatch_company"],
        dispatch_uscc=row["dispatch_uscc"],
        hired_on=row["hired_on"],
        left_on=left.get(row["number"]),
        still_employed=said,
        occupied=row["occupied"],
        already_subsidised=row["already_subsidised"],
        counted=row["counted"],
        used=_used(row),
        sessions=tuple(map(_SESSION, _NUMBERS.iter_unpack(row["sessions"] or b""))),
    )


def _used(row: HotRow) -> dict[int, Decimal]:
    return {int(year): yuan(used) for year, used in row["used"].items()}
