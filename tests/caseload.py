"""What do sixteen adjudicators decide on? Many reviewed claims, of persons that they share.

They are forged by the administrator from the sample claim, with the figures that the law gives, so
that the service itself decides on them.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import FastAPI

from app import clock
from app.models import new_id
from app.policy.assessment import law_of
from app.policy.determination import determine
from app.policy.facts import ClaimFacts
from app.services import kept
from tests.databases import Connection
from tests.world import ZHONGSHAN, World

ADJUDICATORS: Final = tuple(f"adjudicator{number}" for number in range(16))

# A copy of the sample's row, with the columns that differ; a row for each of the caseload.
_COPIES: Final = {
    "plans": """
        SELECT DISTINCT ON (plan) jsonb_build_object('id', plan, 'receipt', 'BA-' || plan,
            'project_key', project) AS more FROM caseload
    """,
    "trainees": """
        SELECT jsonb_build_object('id', trainee, 'plan_id', plan, 'person_id', person,
            'number', number) AS more FROM caseload
    """,
    "claims": """
        SELECT jsonb_build_object('id', claim, 'plan_id', plan, 'receipt', 'SQ-' || claim,
            'state', 'reviewed', 'persons', count(*), 'amount', sum(payable)) AS more
        FROM caseload JOIN template USING (variant, number) GROUP BY claim, plan
    """,
    "assessments": """
        SELECT jsonb_build_object('id', assessment, 'claim_id', claim, 'amount', sum(payable),
            'facts', facts) AS more
        FROM caseload JOIN template USING (variant, number) JOIN template_facts USING (variant)
        GROUP BY assessment, claim, facts
    """,
    "assessment_lines": """
        SELECT line || jsonb_build_object('assessment_id', assessment, 'claim_id', claim,
            'trainee_id', trainee, 'person_id', person, 'number', number) AS more
        FROM caseload JOIN template USING (variant, number)
    """,
}
_SIGNED: Final = """
    INSERT INTO signatures (id, claim_id, enterprise_id, bureau_code, round, step,
                            officer_id, officer_name, assessment_id, signed_on)
    SELECT gen_random_uuid(), c.id, c.enterprise_id, c.bureau_code, c.round, 'review', a.id,
           a.name, s.id, c.filed_on
    FROM claims AS c JOIN assessments AS s ON s.claim_id = c.id,
         (SELECT id, name FROM accounts WHERE username = 'officer1') AS a
    WHERE c.state = 'reviewed';
    INSERT INTO officer_checks (id, claim_id, enterprise_id, bureau_code, round, code, outcome,
                                officer_id, officer_name, checked_on)
    SELECT gen_random_uuid(), c.id, c.enterprise_id, c.bureau_code, c.round, asked, 'met', a.id,
           a.name, c.filed_on
    FROM claims AS c, unnest(c.asked_checks) AS asked,
         (SELECT id, name FROM accounts WHERE username = 'officer1') AS a
    WHERE c.state = 'reviewed';
    ANALYZE
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many claims, of how many of all the persons each."""

    claims: int
    of_each: int
    persons: int = 2000


async def adjudicators(world: World, app: FastAPI, owner: Connection) -> None:
    """Give the world sixteen officers who review and approve."""
    for name in ADJUDICATORS:
        account = uuid4()
        await owner.execute(
            "INSERT INTO accounts (id, username, name, password_hash, role, bureau_code, duties)"
            " VALUES ($1, $2, $2, '', 'district', $3, '{review,approve}')",
            account, name, ZHONGSHAN,
        )  # fmt: skip
        claims = {"sub": str(account), "jti": "test", "name": name, "scope": "review approve"}
        claims |= {"role": "district", "bureau": ZHONGSHAN}
        world.tokens[name] = app.state.office.tokens.sign(claims, clock.now())


async def reviewed(world: World, owner: Connection, size: Size, seed: int) -> list[str]:
    """Return the ids of so many claims, reviewed by officer1, beside the sample claim.

    Each second one is of half the courses; two and two are of the same project.
    """
    await world.filed()
    await world.day("2020-03-31")
    await _templates(owner, world.claim["id"], size.of_each)
    people = [uuid4() for _ in range(size.persons)]
    await owner.copy_records_to_table(
        "persons", columns=["id", "id_digest", "id_sealed"],
        records=[(person, person.bytes, b"") for person in people],
    )  # fmt: skip
    await owner.execute(
        "CREATE TEMPORARY TABLE caseload (claim uuid, plan uuid, assessment uuid, variant int,"
        " project text, number int, trainee uuid, person uuid)"
    )
    rows = list(_rows(size, people, random.Random(seed)))  # noqa: S311  reproducible, not secret
    await owner.copy_records_to_table("caseload", records=rows)
    for table, source in _COPIES.items():
        await _copy(owner, table, source, world)
    await owner.execute(_SIGNED)
    return list(dict.fromkeys(str(row[0]) for row in rows))


def _rows(size: Size, people: Sequence[UUID], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for claim in range(size.claims):
        ids = (new_id(), uuid4(), uuid4(), claim % 2, f"project {claim // 2}")
        for number, person in enumerate(chance.sample(people, size.of_each), start=1):
            yield (*ids, number, uuid4(), person)


async def _copy(owner: Connection, table: str, source: str, world: World) -> None:
    key = {"plans": "id", "claims": "id"}.get(table, "claim_id")
    of = world.claim["id"]
    if table in {"plans", "trainees"}:
        key, of = ("id" if table == "plans" else "plan_id"), world.plan["id"]
    columns = await owner.fetchval(
        "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = $1::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        table,
    )
    await owner.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM (SELECT new.* FROM"
        f" (SELECT * FROM {table} WHERE {key} = '{of}' LIMIT 1) AS old, ({source}) AS source,"
        f" jsonb_populate_record(NULL::{table}, to_jsonb(old) || more) AS new) AS copy"
    )


async def _templates(owner: Connection, claim: str, of_each: int) -> None:
    """Keep what the law says of the lines: of the whole project, and of half of its courses."""
    whole = await _facts(owner, claim, of_each)
    await owner.execute(
        "CREATE TEMPORARY TABLE template_facts (variant int, facts jsonb);"
        "CREATE TEMPORARY TABLE template (variant int, number int, payable numeric, line jsonb)"
    )
    for variant, case in enumerate((whole, _half(whole))):
        facts = kept.CLAIM_FACTS.dump_json(replace(case, persons=())).decode()
        await owner.execute("INSERT INTO template_facts VALUES ($1, $2)", variant, facts)
        await owner.copy_records_to_table("template", records=list(_lines(case, variant)))


def _half(case: ClaimFacts) -> ClaimFacts:
    courses = case.plan.courses[: len(case.plan.courses) // 2]
    numbers = {course.number for course in courses}
    return replace(
        case,
        plan=replace(case.plan, courses=courses),
        persons=tuple(
            replace(one, sessions=tuple(each for each in one.sessions if each.course in numbers))
            for one in case.persons
        ),
    )


async def _facts(owner: Connection, claim: str, of_each: int) -> ClaimFacts:
    """Return the facts of the sample claim with so many persons: its own, over and over."""
    row = await owner.fetchrow(
        "SELECT a.facts, array_agg(l.facts::text ORDER BY l.number) AS persons"
        " FROM assessments AS a JOIN assessment_lines AS l ON l.assessment_id = a.id"
        " WHERE a.claim_id = $1 GROUP BY a.id",
        UUID(claim),
    )
    persons = [kept.PERSON_FACTS.validate_json(facts) for facts in row["persons"]]
    case = kept.CLAIM_FACTS.validate_json(row["facts"])
    return replace(
        case,
        plan=replace(case.plan, trainees=of_each, cost=Decimal(100_000)),
        persons=tuple(
            replace(persons[number % len(persons)], number=number + 1) for number in range(of_each)
        ),
    )


def _lines(case: ClaimFacts, variant: int) -> Iterator[tuple[Any, ...]]:
    result = determine(case, law_of(case))
    for one, line in zip(case.persons, result.lines, strict=True):
        assert line.payable > 0, line
        told = {
            "minutes": line.minutes, "hours": line.hours, "gross": str(line.gross),
            "payable": str(line.payable), "findings": json.loads(kept.packed(line.findings)),
            "facts": json.loads(kept.PERSON_FACTS.dump_json(one)),
        }  # fmt: skip
        yield variant, line.number, line.payable, json.dumps(told, ensure_ascii=False)
