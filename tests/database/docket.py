"""Which cases does a money test decide on? Copies of the sample case, as many as wanted."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Final
from uuid import UUID, uuid4

from app.actors import Actor
from tests.database.callers import become
from tests.databases import Connection

MEASURE: Final = "hourly_sme"
PERIOD: Final = "2020-epidemic"
_NUMBERS = count(1)

_SIGN: Final = """
    INSERT INTO signatures (id, claim_id, enterprise_id, bureau_code, round, step,
                            officer_id, officer_name, assessment_id, signed_on)
    SELECT gen_random_uuid(), id, enterprise_id, bureau_code, $2, $3, $4, '',
           (SELECT a.id FROM assessments AS a WHERE a.claim_id = c.id
            ORDER BY a.number DESC LIMIT 1), '2020-03-31'
    FROM claims AS c WHERE id = $1
"""
_CHECK: Final = """
    INSERT INTO officer_checks (id, claim_id, enterprise_id, bureau_code, round, code, outcome,
                                officer_id, officer_name, checked_on)
    SELECT gen_random_uuid(), id, enterprise_id, bureau_code, round, asked, 'met', $2, '',
           '2020-03-31'
    FROM claims, unnest(asked_checks) AS asked WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A claim that waits for its approval, with the assessment to be approved."""

    id: UUID
    plan: UUID
    assessment: UUID


@dataclass(frozen=True, slots=True)
class Docket:
    """Makes cases as the administrator; they are decided on as the service."""

    owner: Connection
    officers: tuple[Actor, Actor]
    cashier: Actor

    async def people(self, number: int) -> list[UUID]:
        """Return new persons."""
        made = [uuid4() for _ in range(number)]
        await self.owner.executemany(
            "INSERT INTO persons (id, id_digest, id_sealed) VALUES ($1, $2, '')",
            [(person, person.bytes) for person in made],
        )
        return made

    async def plan(self, people: Iterable[UUID], first: str, last: str, project: str = "") -> UUID:
        """Return an approved plan with these people."""
        plan, number = uuid4(), next(_NUMBERS)
        dates = {"starts_on": first, "ends_on": last, "approved_on": "2020-03-03"}
        await self._copy(
            "plans", id=plan, receipt=f"BA-{number}", state="approved",
            project_key=project or str(plan), **dates,
        )  # fmt: skip
        for position, person in enumerate(people, start=1):
            of_person = {"person_id": person, "number": position}
            await self._copy("trainees", id=uuid4(), plan_id=plan, **of_person)
        return plan

    async def claim(
        self, payable: Mapping[UUID, Decimal], project: str = "", year: int = 2020
    ) -> Case:
        """Return a reviewed claim that pays each person so much."""
        plan = await self.plan(payable, "2020-03-09", "2020-03-27", project)
        case = Case(uuid4(), plan, uuid4())
        amount = str(sum(payable.values()))
        await self._copy(
            "claims", id=case.id, plan_id=plan, receipt=f"SQ-{case.id}", state="reviewed",
            amount=amount,
        )  # fmt: skip
        await self._copy(
            "assessments", id=case.assessment, claim_id=case.id, amount=amount, year=year
        )
        trainees = await self.owner.fetch(
            "SELECT id, number, person_id FROM trainees WHERE plan_id = $1", plan
        )
        for row in trainees:
            money = str(payable[row["person_id"]])
            of_person = {"trainee_id": row["id"], "person_id": row["person_id"]}
            await self._copy(
                "assessment_lines", assessment_id=case.assessment, claim_id=case.id,
                number=row["number"], payable=money, gross=money, **of_person,
            )  # fmt: skip
        return case

    async def _copy(self, table: str, **changes: object) -> None:
        """Store a copy of the sample's first row in *table*, with these columns changed."""
        changed = json.dumps(changes, default=str)
        columns = await self.owner.fetchval(
            "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = $1::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            table,
        )
        await self.owner.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM (SELECT new.* FROM"
            f" (SELECT * FROM {table} LIMIT 1) AS old,"
            f" jsonb_populate_record(NULL::{table}, to_jsonb(old) || $1::jsonb) AS new) AS copy",
            changed,
        )

    async def approve(
        self, connection: Connection, case: Case, cap: str = "1000.00", times: int = 3
    ) -> None:
        """Sign, approve and reserve as two officers do, in the transaction that is open."""
        for officer, step in zip(self.officers, ("review", "approve"), strict=True):
            await become(connection, officer)
            await sign(connection, case.id, officer, step)
        await check(connection, case.id, officer)
        await connection.execute("UPDATE claims SET state = 'approved' WHERE id = $1", case.id)
        await connection.execute(
            "SELECT reserve_entitlements($1, $2, $3, $4, $5)",
            case.assessment, MEASURE, PERIOD, Decimal(cap), times,
        )  # fmt: skip

    async def post(self, connection: Connection, case: Case) -> None:
        """Book an approved claim as paid; the steps between are of no account here."""
        await become(connection, self.cashier)
        await sign(connection, case.id, self.cashier, "pay")
        await become(connection, self.officers[1])
        for state in ("published", "paying", "paid"):
            await connection.execute(f"UPDATE claims SET state = '{state}' WHERE id = $1", case.id)
        await connection.execute("SELECT post_entitlements($1)", case.id)

    async def release(self, connection: Connection, case: Case) -> None:
        """Reject a claim and give back what it reserved."""
        await become(connection, self.officers[1])
        await connection.execute("UPDATE claims SET state = 'rejected' WHERE id = $1", case.id)
        await connection.execute("SELECT release_entitlements($1)", case.id)


async def sign(
    connection: Connection, claim: UUID, officer: Actor, step: str, signed_round: int = 1
) -> None:
    """Put an officer's signature under a step of a claim."""
    account = getattr(officer, "account_id", None)
    await connection.execute(_SIGN, claim, signed_round, step, account)


async def check(connection: Connection, claim: UUID, officer: Actor) -> None:
    """Make an officer's own checks of a claim: all that are asked, and all are met."""
    await connection.execute(_CHECK, claim, getattr(officer, "account_id", None))
