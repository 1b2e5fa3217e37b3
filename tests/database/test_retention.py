"""Nothing of a case is deleted, by whomever; and a held case keeps what could be replaced, too."""

from typing import Final

import asyncpg
import pytest
from fastapi import FastAPI

from app.access import open_desk
from app.actors import Actor, Sweeper
from app.archiving.sections import SECTIONS
from app.services import uploads
from tests import rare_rows
from tests.database.callers import REFUSED, accounts, become, seated
from tests.databases import Connection
from tests.refusals import problem
from tests.uploads.tus import PDF, Tus
from tests.world import World

OF_A_CASE: Final = sorted({section.table for section in SECTIONS} | {"persons", "year_balances"})
NOT_OF_A_CASE: Final = {
    "alembic_version": "the state of the tables",
    "bureaus": "reference data",
    "business_clock": "the sandbox's day",
    "calendar_days": "reference data",
    "invitations": "one-time tokens",
    "password_resets": "one-time tokens",
    "refresh_tokens": "sessions",
    "second_factors": "a person's own choice",
    "sign_ups": "who asked for an account; the enterprise and the event stay",
    "signature_limits": "reference data",
    "stored_answers": "answers to repeated requests: swept after their day",
    "uploads": "what is not whole yet: no evidence",
    "upload_segments": "as above",
    "worklist": "derived from the cases' states",
    "worklist_counts": "as above",
}
"""The tables of which rows may be deleted, each with the reason."""

HOLD: Final = {"reason": "审计署驻大连特派办调取", "document": "审调〔2020〕3号"}
ENDED: Final = {"reason": "审计已结束", "document": "审调〔2020〕9号"}


async def test_every_table_but_the_listed_refuses_deletion_and_truncation(
    owner: Connection,
) -> None:
    """By a trigger, so the tables' owner and the administrator are refused as well."""
    rows = await owner.fetch(
        """
        SELECT relname FROM pg_class AS c
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND (SELECT count(DISTINCT kind) FROM pg_trigger AS t, unnest(ARRAY[8, 32]) AS kind
               WHERE t.tgrelid = c.oid AND NOT tgisinternal AND tgtype & kind > 0
                 AND tgtype & 1 = 0 AND tgenabled IN ('O', 'A')) < 2
        """
    )
    assert {row[0] for row in rows} == set(NOT_OF_A_CASE)


async def test_no_role_deletes_a_row_of_a_paid_case(
    world: World, owner: Connection, owner_url: str
) -> None:
    """Neither a caller's, nor one of the machine's, nor the owner's, nor the administrator."""
    await world.paid()
    await rare_rows.put(owner_url, *rare_rows.ALL)
    # No hold stands: what is filed is kept without one.
    await owner.execute(
        "UPDATE legal_holds SET lifted_on = placed_on, lifted_by_name = '', lifted_reason = '理由',"
        " lifted_document = '文号', lifted_by = (SELECT id FROM accounts WHERE username = 'centre')"
    )
    roles = [
        row[0]
        for row in await owner.fetch("SELECT rolname FROM pg_roles WHERE rolname ~ '^subsidy_'")
    ]
    assert len(roles) > 14
    who = (await accounts(owner_url)).values()
    for table in OF_A_CASE:
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") > 0, table
        for role in (None, *roles):
            assert await _deleted(owner, role, f"DELETE FROM {table}") == 0, (role, table)
            assert await _deleted(owner, role, f"TRUNCATE {table} CASCADE") == 0, (role, table)
        for actor in who:
            assert await _deleted(owner, actor, f"DELETE FROM {table}") == 0, (actor, table)


async def _deleted(owner: Connection, who: Actor | str | None, statement: str) -> int:
    """Try a deletion as somebody, and return how many rows it would have cost."""
    attempt = owner.transaction()
    await attempt.start()
    try:
        if isinstance(who, str):
            await owner.execute(f"SET LOCAL ROLE {who}")
        else:
            await become(owner, who)
        done: str = await owner.execute(statement)
    except asyncpg.PostgresError:
        return 0
    finally:
        await attempt.rollback()
    return -1 if done.startswith("TRUNCATE") else int(done.rpartition(" ")[2])


async def test_a_draft_is_written_anew_and_a_filed_plan_is_not(
    world: World, owner: Connection
) -> None:
    await world.drafted()
    again = await world.send("enterprise", f"/plans/{world.plan['id']}/roster", "roster.xlsx")
    assert again["stored"] == 24
    await world.post("enterprise", f"/plans/{world.plan['id']}/submit")
    for table in ("trainees", "plan_courses"):
        with pytest.raises(asyncpg.RestrictViolationError, match="what was filed is kept"):
            await owner.execute(f"DELETE FROM {table}")


async def test_a_held_case_keeps_even_its_draft_until_another_officer_lifts_the_hold(
    world: World, owner: Connection
) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}"
    first = await world.post("officer2", f"{path}/hold", HOLD)
    second = await world.post("officer2", f"{path}/hold", {**HOLD, "document": "另案"})
    for hold in (first, second):
        for method, where, sent in (
            ("PUT", path, {"json": world.plan_body()}),
            ("POST", f"{path}/roster", {"content": _roster(world)}),
        ):
            query = {"params": {"filename": "roster.xlsx"}} if "content" in sent else {}
            answer = await world.call("enterprise", method, where, **sent, **query)
            assert (answer.status_code, problem(answer)["code"]) == (409, "case_on_hold")
        assert await _deleted(owner, None, "DELETE FROM trainees") == 0
        lift = f"{path}/hold/{hold['id']}/lift"
        own = await world.call("officer2", "POST", lift, json=ENDED)
        assert (own.status_code, problem(own)["code"]) == (409, "two_persons")
        done = await world.post("officer3", lift, ENDED)
        assert (done["lifted_on"], done["lifted_by_name"] != done["placed_by_name"]) == (
            "2020-03-02", True,
        )  # fmt: skip
        again = await world.call("officer3", "POST", lift, json=ENDED)
        assert (again.status_code, problem(again)["code"]) == (409, "wrong_state")
    changed = await world.call("enterprise", "PUT", path, json=world.plan_body())
    assert changed.status_code == 200, changed.text
    told = await world.get("officer1", f"{path}/hold")
    assert [one["document"] for one in told] == [HOLD["document"], "另案"]
    assert all(one["lifted_document"] == ENDED["document"] for one in told)


def _roster(world: World) -> bytes:
    return (world.examples / "roster.xlsx").read_bytes()


async def test_a_hold_is_an_act_that_the_enterprise_does_not_see(world: World) -> None:
    """Its papers may be looked into; who reviews does not order it, and a word is needed."""
    await world.filed()
    path = f"/plans/{world.plan['id']}"
    for who, body, code in (
        ("cashier", HOLD, "duty_missing"),
        ("enterprise", HOLD, "not_your_role"),
        ("xigang", HOLD, "not_found"),
    ):
        answer = await world.call(who, "POST", f"{path}/hold", json=body)
        assert problem(answer)["code"] == code, who
    for body in ({**HOLD, "document": ""}, {"reason": "审计"}):
        assert (await world.call("officer2", "POST", f"{path}/hold", json=body)).status_code == 422
    hold = await world.post("officer2", f"{path}/hold", HOLD)
    await world.post("officer3", f"{path}/hold/{hold['id']}/lift", ENDED)
    acts = await world.get("officer1", f"{path}/history")
    told = [(one["act"], one["details"]) for one in acts if "legal_holds" in one["act"]]
    assert told == [("legal_holds.place", HOLD), ("legal_holds.lift", ENDED)]
    seen = {one["act"] for one in await world.get("enterprise", f"{path}/history")}
    assert not {act for act in seen if "legal_holds" in act}


async def test_the_database_itself_wants_another_hand_for_the_end_of_a_hold(
    world: World, service_url: str, owner_url: str
) -> None:
    """Nor does anybody place or lift one in another's name, or touch what was lifted."""
    await world.drafted()
    path = f"/plans/{world.plan['id']}/hold"
    hold = await world.post("officer2", path, HOLD)
    who = await accounts(owner_url)
    lifting = (
        "UPDATE legal_holds SET lifted_on = '2020-03-03', lifted_by = $1, lifted_by_name = '',"
        " lifted_reason = '理由', lifted_document = '文号'"
    )
    async with seated(service_url, who["officer2"]) as officer:
        with pytest.raises(asyncpg.CheckViolationError, match="ck_legal_holds_two_persons"):
            await officer.execute(lifting, who["officer2"].account_id)
    async with seated(service_url, who["officer3"]) as officer:
        with pytest.raises(REFUSED, match="row-level security"):
            await officer.execute(lifting, who["officer1"].account_id)
    await world.post("officer3", f"{path}/{hold['id']}/lift", ENDED)
    async with seated(service_url, who["officer1"]) as officer:
        assert await officer.execute(lifting, who["officer1"].account_id) == "UPDATE 0"


async def test_a_sweep_of_what_was_never_whole_takes_nothing_of_a_held_case(
    world: World, app: FastAPI, owner: Connection
) -> None:
    """Half of a file is no evidence yet; what is recorded stays, and so do its bytes."""
    await world.filed()
    await world.post("officer2", f"/plans/{world.plan['id']}/hold", HOLD)
    await Tus(world).created(100, PDF, plan_id=world.plan["id"])
    await owner.execute("UPDATE uploads SET expires_at = now() - interval '1 day'")
    before = await owner.fetch("SELECT id, sha256 FROM evidence ORDER BY id")
    office = app.state.office
    async with open_desk(office, Sweeper(), "sweep", "") as desk:
        assert await uploads.sweep(desk) > 0
    assert await owner.fetchval("SELECT count(*) FROM uploads") == 0
    assert await owner.fetch("SELECT id, sha256 FROM evidence ORDER BY id") == before
    for row in before:
        assert await office.store.size(row["sha256"]) > 0
