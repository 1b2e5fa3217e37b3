"""Is a balance always the sum of its entries, whatever is reserved, posted and released?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database.docket import Case, Docket
from tests.databases import Connection

CAP: Final = Decimal("1000.00")
TIMES: Final = 3
PAYABLE: Final = (
    ("turning", ("600.00", "400.01", "0.00")),
    ("milling", ("400.00", "599.99", "10.00")),
    ("turning", ("0.01", "1000.00", "10.00")),
    ("welding", ("0.00", "10.00", "980.00")),
    ("safety", ("10.00", "0.00", "0.01")),
    ("quality", ("5.00", "5.00", "5.00")),
)
"""Six claims on three persons: in some orders a cap, a count or a project stands in the way."""

ACTS: Final = ("approve", "post", "release")
SEQUENCES: Final = st.lists(
    st.tuples(st.integers(0, len(PAYABLE) - 1), st.sampled_from(ACTS)), min_size=4, max_size=16
)

_SUMS: Final = """
    SELECT person_id, sum(used) AS used, sum(counted) AS counted FROM ledger_entries
    GROUP BY person_id
"""
_BALANCES: Final = """
    SELECT person_id, used, counted FROM year_balances JOIN period_balances USING (person_id)
"""


@dataclass
class Model:
    """What the law allows, reckoned in Python beside the database."""

    used: Counter[int] = field(default_factory=Counter)
    counted: Counter[int] = field(default_factory=Counter)
    projects: set[tuple[int, str]] = field(default_factory=set)
    states: dict[int, str] = field(default_factory=dict)

    def allows(self, claim: int, act: str) -> bool:
        """Tell whether the act may be done."""
        state = self.states.get(claim, "reviewed")
        if act == "release":
            return state in {"reviewed", "approved", "closed"}
        if act == "post":
            return state == "approved"
        project, _ = PAYABLE[claim]
        return state == "reviewed" and all(
            self.used[person] + fen <= CAP * 100
            and self.counted[person] < TIMES
            and (person, project) not in self.projects
            for person, fen in _paid(claim)
        )

    def does(self, claim: int, act: str) -> None:
        """Do the act."""
        held = self.states.get(claim) == "approved"
        closed = "released" if held else "closed"  # closed without a reserve, it gives back nothing
        self.states[claim] = {"approve": "approved", "post": "paid", "release": closed}[act]
        sign = {"approve": 1, "post": 0, "release": -int(held)}[act]
        for person, fen in _paid(claim):
            self.used[person] += sign * fen
            self.counted[person] += sign
            taken = {(person, PAYABLE[claim][0])}
            if sign:
                self.projects = self.projects | taken if sign > 0 else self.projects - taken


def _paid(claim: int) -> Iterator[tuple[int, int]]:
    for person, amount in enumerate(PAYABLE[claim][1]):
        if Decimal(amount) > 0:
            yield person, int(Decimal(amount) * 100)


@pytest.fixture
async def six(docket: Docket) -> tuple[Docket, list[UUID], list[Case]]:
    """The six claims on the three persons; nothing is decided."""
    people = await docket.people(3)
    return docket, people, [
        await docket.claim(dict(zip(people, map(Decimal, amounts), strict=True)), project)
        for project, amounts in PAYABLE
    ]  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sequence=SEQUENCES)
async def test_the_database_agrees_with_the_model(
    six: tuple[Docket, list[UUID], list[Case]], sequence: list[tuple[int, str]]
) -> None:
    docket, people, cases = six
    model = Model()
    with_rollback = docket.owner.transaction()
    await with_rollback.start()
    try:
        for claim, act in sequence:
            allowed = model.allows(claim, act)
            assert await _done(docket, cases[claim], act) is allowed, (claim, act)
            if allowed:
                model.does(claim, act)
            await _same(docket.owner, people, model)
    finally:
        await with_rollback.rollback()


async def _done(docket: Docket, case: Case, act: str) -> bool:
    """Try an act as the service does it; a refused one leaves nothing."""
    attempt = docket.owner.transaction()
    await attempt.start()
    try:
        await getattr(docket, act)(docket.owner, case)
    except asyncpg.IntegrityConstraintViolationError:
        await attempt.rollback()
        return False
    await docket.owner.execute("RESET ROLE")
    await attempt.commit()
    return True


async def _same(owner: Connection, people: list[UUID], model: Model) -> None:
    """Compare entries, balances and model."""
    wanted = {
        people[person]: (Decimal(model.used[person]) / 100, model.counted[person])
        for person in range(len(people))
    }
    for query in (_SUMS, _BALANCES):
        nothing = dict.fromkeys(people, (Decimal(0), 0))
        found = {
            row["person_id"]: (row["used"], row["counted"]) for row in await owner.fetch(query)
        }
        assert {**nothing, **found} == wanted
