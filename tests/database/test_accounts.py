"""Nobody grants himself a right, or changes a stranger's account: the database itself says no."""

from typing import Any

import asyncpg
import pytest

from app.actors import AccountHolder, Actor, DistrictOfficer, EnterpriseUser
from tests.database.callers import REFUSED, seated
from tests.databases import Connection, connected
from tests.world import World

YES, NO = True, False
GRANT = "UPDATE accounts SET duties = $2 WHERE id = $1"
MAKE = (
    "INSERT INTO accounts (id, username, name, password_hash, role, bureau_code, duties,"
    " must_change_password) VALUES (gen_random_uuid(), 'x', 'x', '', $1, $2, $3, $4)"
)


def changed(status: str) -> int:
    return int(status.rpartition(" ")[2])


async def tried(url: str, actor: Actor, statement: str, *values: Any) -> int:  # noqa: ANN401
    """Return how many rows the statement changed."""
    async with seated(url, actor) as connection:
        return changed(await connection.execute(statement, *values))


def id_of(actor: Actor) -> Any:  # noqa: ANN401
    assert isinstance(actor, DistrictOfficer | EnterpriseUser)
    return actor.account_id


async def test_an_administrator_changes_a_colleague_and_neither_himself_nor_another_bureau(
    callers: dict[str, Actor], service_url: str
) -> None:
    mine = callers["administrator"]
    assert await tried(service_url, mine, GRANT, id_of(callers["officer1"]), ["review"]) == 1
    assert await tried(service_url, mine, GRANT, id_of(mine), ["pay"]) == 0
    assert await tried(service_url, mine, GRANT, id_of(callers["xigang"]), ["review"]) == 0
    assert await tried(service_url, mine, "UPDATE accounts SET active = active") == 5


@pytest.mark.parametrize("who", ["officer1", "cashier", "auditor", "centre", "xigang"])
async def test_who_does_not_administer_grants_nothing_to_anybody(
    callers: dict[str, Actor], service_url: str, who: str
) -> None:
    assert await tried(service_url, callers[who], "UPDATE accounts SET duties = '{pay}'") == 0
    with pytest.raises(REFUSED):
        await tried(service_url, callers[who], MAKE, "district", "210202", ["pay"], YES)


async def test_an_administrator_who_was_deactivated_grants_nothing_with_the_token_he_has(
    callers: dict[str, Actor], service_url: str, owner: Connection
) -> None:
    await owner.execute("UPDATE accounts SET active = false WHERE username = 'administrator'")
    officer = id_of(callers["officer1"])
    assert await tried(service_url, callers["administrator"], GRANT, officer, ["pay"]) == 0


@pytest.mark.parametrize(
    ("role", "bureau", "one_time"),
    [("district", "210203", True), ("centre", "LN-PROV", True), ("district", "210202", False)],
)
async def test_an_account_is_made_for_the_own_bureau_only_and_with_a_one_time_password(
    callers: dict[str, Actor], service_url: str, role: str, bureau: str, one_time: bool
) -> None:
    made = callers["administrator"]
    with pytest.raises(REFUSED):
        await tried(service_url, made, MAKE, role, bureau, ["pay"], one_time)
    assert await tried(service_url, made, MAKE, "district", "210202", ["pay"], YES) == 1


@pytest.mark.parametrize("duties", [["administer", "pay"], ["audit", "review"], ["rule"]])
async def test_duties_that_are_kept_apart_stand_in_no_account(
    callers: dict[str, Actor], service_url: str, duties: list[str]
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await tried(service_url, callers["administrator"], MAKE, "district", "210202", duties, YES)


async def test_a_manager_changes_a_colleague_and_a_clerk_changes_nobody(
    callers: dict[str, Actor], service_url: str
) -> None:
    manager, clerk = callers["enterprise"], callers["clerk"]
    rank = "UPDATE accounts SET clerk = $2 WHERE id = $1"
    assert await tried(service_url, manager, rank, id_of(clerk), YES) == 1
    assert await tried(service_url, manager, rank, id_of(manager), NO) == 0
    assert await tried(service_url, manager, rank, id_of(callers["stranger"]), YES) == 0
    assert await tried(service_url, clerk, rank, id_of(manager), YES) == 0
    with pytest.raises(REFUSED):
        await tried(service_url, manager, GRANT, id_of(clerk), ["pay"])


async def test_a_holder_reaches_his_own_account_and_grants_himself_nothing(
    callers: dict[str, Actor], service_url: str
) -> None:
    holder = AccountHolder(id_of(callers["officer1"]), "", None, "210202")
    assert await tried(service_url, holder, "UPDATE accounts SET failures = 0") == 1
    for right in ("duties = '{pay}'", "active = true", "clerk = false", "role = 'centre'"):
        with pytest.raises(REFUSED):
            await tried(service_url, holder, f"UPDATE accounts SET {right}")


async def test_at_sign_in_nobody_joins_an_enterprise_uninvited_or_becomes_an_officer(
    callers: dict[str, Actor], service_url: str
) -> None:
    join = (
        "INSERT INTO accounts (id, username, name, password_hash, role, enterprise_id, bureau_code)"
        " VALUES (gen_random_uuid(), 'x', 'x', '', $1, $2, $3)"
    )
    enterprise = callers["enterprise"]
    assert isinstance(enterprise, EnterpriseUser)
    desk = callers["sign_in"]
    for values in (("enterprise", enterprise.enterprise_id, None), ("district", None, "210202")):
        with pytest.raises(REFUSED):
            await tried(service_url, desk, join, *values)


async def test_a_change_of_the_password_ends_every_session_whoever_makes_it(
    callers: dict[str, Actor], service_url: str, owner: Connection
) -> None:
    officer = id_of(callers["officer1"])
    await owner.execute(
        "INSERT INTO refresh_tokens (digest, family_id, account_id, expires_at)"
        " VALUES ('a', gen_random_uuid(), $1, now() + interval '1 hour')",
        officer,
    )
    await owner.execute("INSERT INTO second_factors VALUES ($1, '')", officer)
    reset = "UPDATE accounts SET password_hash = 'new', must_change_password = true WHERE id = $1"
    assert await tried(service_url, callers["administrator"], reset, officer) == 1
    assert await owner.fetchval("SELECT revoked_at IS NOT NULL FROM refresh_tokens")
    assert await owner.fetchval("SELECT count(*) FROM second_factors") == 0


async def test_an_account_is_never_deleted(owner_url: str) -> None:
    async with connected(owner_url) as owner:
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute("DELETE FROM accounts WHERE username = 'stranger'")


async def test_who_signed_up_files_nothing_before_a_bureau_accepted_his_credit_code(
    world: World, callers: dict[str, Actor], service_url: str, owner: Connection
) -> None:
    await world.drafted()
    await owner.execute("ALTER TABLE enterprises DISABLE TRIGGER accept_registration")
    await owner.execute("UPDATE enterprises SET state = 'registered', accepted = false")
    await owner.execute("INSERT INTO sign_ups SELECT id, uscc, name FROM enterprises")
    submit = "UPDATE plans SET state = 'submitted'"
    with pytest.raises(REFUSED):
        await tried(service_url, callers["enterprise"], submit)
    await owner.execute("UPDATE enterprises SET accepted = true")
    assert await tried(service_url, callers["enterprise"], submit) == 1
