"""Is a person in one project at a time? The days of approved plans never overlap (LN-1.3-f)."""

import asyncpg
import pytest

from tests.database.callers import seated
from tests.database.docket import Docket

OCCUPY = "SELECT occupy_calendar($1)"


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [
        ("2020-03-28", "2020-04-10", True),  # begins the day after the other ends
        ("2020-03-27", "2020-04-10", False),  # begins on the day the other ends
        ("2020-03-04", "2020-03-08", True),
        ("2020-03-04", "2020-03-09", False),
        ("2020-03-12", "2020-03-12", False),
        ("2020-03-04", "2020-04-10", False),
    ],
)
async def test_two_projects_of_a_person_share_no_day(
    docket: Docket, service_url: str, first: str, last: str, free: bool
) -> None:
    person, other = await docket.people(2)
    held = await docket.plan([person], "2020-03-09", "2020-03-27")
    wanted = await docket.plan([other, person], first, last)
    async with seated(service_url, docket.officers[0]) as service:
        await service.execute(OCCUPY, held)
    if free:
        async with seated(service_url, docket.officers[1]) as service:
            await service.execute(OCCUPY, wanted)
        return
    with pytest.raises(asyncpg.ExclusionViolationError) as refused:
        async with seated(service_url, docket.officers[1]) as service:
            await service.execute(OCCUPY, wanted)
    assert refused.value.constraint_name == "ex_enrolments_no_overlap"
    taken = "SELECT count(*) FROM enrolments WHERE plan_id = $1"
    assert await docket.owner.fetchval(taken, wanted) == 0


async def test_what_was_learned_narrows_the_days_and_frees_the_rest(
    docket: Docket, service_url: str
) -> None:
    """A person who ended on the 20th may begin elsewhere on the 21st (A-17)."""
    (person,) = await docket.people(1)
    held = await docket.plan([person], "2020-03-09", "2020-03-27")
    wanted = await docket.plan([person], "2020-03-21", "2020-03-27")
    trainee = await docket.owner.fetchval("SELECT id FROM trainees WHERE plan_id = $1", held)
    async with seated(service_url, docket.officers[0]) as service:
        await service.execute(OCCUPY, held)
        await service.execute(
            "SELECT narrow_calendar($1, ARRAY[$2::uuid], '{2020-03-10}', '{2020-03-20}')",
            held,
            trainee,
        )
    async with seated(service_url, docket.officers[0]) as service:
        await service.execute(OCCUPY, wanted)


async def test_a_plan_never_holds_days_that_were_not_approved(
    docket: Docket, service_url: str
) -> None:
    (person,) = await docket.people(1)
    held = await docket.plan([person], "2020-03-09", "2020-03-27")
    trainee = await docket.owner.fetchval("SELECT id FROM trainees WHERE plan_id = $1", held)
    async with seated(service_url, docket.officers[0]) as service:
        await service.execute(OCCUPY, held)
        await service.execute(
            "SELECT narrow_calendar($1, ARRAY[$2::uuid], '{2020-01-01}', '{2020-12-31}')",
            held,
            trainee,
        )
    period = await docket.owner.fetchval(
        "SELECT period::text FROM enrolments WHERE NOT isempty(period) AND plan_id = $1", held
    )
    assert period == "[2020-03-09,2020-03-28)"


async def test_a_plan_occupies_when_approved_and_frees_when_withdrawn(
    docket: Docket, service_url: str
) -> None:
    (person,) = await docket.people(1)
    held = await docket.plan([person], "2020-03-09", "2020-03-27")
    with pytest.raises(asyncpg.CheckViolationError, match="withdrawn"):
        async with seated(service_url, docket.officers[0]) as service:
            await service.execute("SELECT release_calendar($1)", held)
    async with seated(service_url, docket.officers[0]) as service:
        await service.execute(OCCUPY, held)
        await service.execute("UPDATE plans SET state = 'withdrawn' WHERE id = $1", held)
        await service.execute("SELECT release_calendar($1)", held)
    with pytest.raises(asyncpg.CheckViolationError, match="approved plan"):
        async with seated(service_url, docket.officers[0]) as service:
            await service.execute(OCCUPY, held)
    again = await docket.plan([person], "2020-03-09", "2020-03-27")
    async with seated(service_url, docket.officers[0]) as service:
        await service.execute(OCCUPY, again)
