"""Who sees and decides what: provincial cases, cases keyed in from paper, enterprises that move."""

from pathlib import Path

import asyncpg

from app.actors import PROVINCIAL_CENTRE
from app.database import for_asyncpg
from tests import rare_rows
from tests.elsewhere import Elsewhere, provincial
from tests.uploads.tus import PDF, Tus
from tests.world import FILING, World

DISTRICTS = ("officer2", "xigang")


async def test_the_centre_decides_a_provincial_case_to_its_payment_and_no_district_sees_it(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    case = await provincial(world, owner_url, tmp_path)
    await case.paid()
    assert (case.claim["state"], case.claim["amount"]) == ("paid", "8640.00")
    assert case.enterprise["bureau_code"] == PROVINCIAL_CENTRE
    for path in await everything_of(case):
        assert (await world.call("centre", "GET", path)).status_code == 200, path
        for officer in DISTRICTS:
            answer = await world.call(officer, "GET", path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    for noun in ("enterprises", "plans", "claims", "payment-batches"):
        assert len((await world.get("centre", f"/{noun}"))["items"]) == 1
        for officer in DISTRICTS:
            assert (await world.get(officer, f"/{noun}"))["items"] == [], noun


async def test_the_centre_sees_no_case_of_a_district(world: World) -> None:
    await world.paid()
    for path in await everything_of(world):
        assert (await world.call("centre", "GET", path)).status_code == 404, path
    for noun in ("enterprises", "plans", "claims", "payment-batches"):
        assert (await world.get("centre", f"/{noun}"))["items"] == [], noun


async def test_the_database_hides_a_provincial_case_from_a_district_whatever_is_asked(
    world: World, owner_url: str, service_url: str, tmp_path: Path
) -> None:
    case = await provincial(world, owner_url, tmp_path)
    await case.paid()
    await Tus(case).created(100, PDF)
    await rare_rows.put(owner_url, *rare_rows.ALL)
    connection = await asyncpg.connect(for_asyncpg(service_url))
    owned = await connection.fetch(
        "SELECT c.relname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid"
        " WHERE a.attname = 'bureau_code' AND c.relkind = 'r' AND c.relname <> 'accounts'"
        " AND has_table_privilege('subsidy_district', c.oid, 'SELECT')"
    )
    seen: dict[str, dict[str, int]] = {}
    for role, bureau in (("district", "210202"), ("centre", PROVINCIAL_CENTRE)):
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE subsidy_{role}")
            await connection.execute("SELECT set_config('app.bureau', $1, true)", bureau)
            seen[role] = {
                name: await connection.fetchval(f"SELECT count(*) FROM {name}") for (name,) in owned
            }
    await connection.close()
    for name in ("notices", "notice_claims", "notice_sites"):
        assert seen["district"].pop(name) == 1, "a notice is for everybody"
    assert seen["district"].pop("audit_events") == 1, "its posting, too"
    for name in ("platform_events", "blacklistings"):
        assert seen["district"].pop(name), "platforms and who is barred are every bureau's to know"
    assert {name for name, rows in seen["district"].items() if rows} == set()
    assert all(seen["centre"].values()), "the centre has rows in each of these tables"


async def test_an_officer_does_the_applicants_part_in_a_paper_case_and_then_may_not_approve_it(
    world: World,
) -> None:
    await world.registered()
    whose = {"enterprise_id": world.enterprise["id"], "channel": "fax"}
    world.plan = await world.post("officer1", "/plans", world.plan_body(**whose))
    plan = f"/plans/{world.plan['id']}"
    edited = await world.call("officer1", "PUT", plan, json=world.plan_body(**whose))
    assert edited.status_code == 200
    await world.send("officer1", f"{plan}/roster", "roster.xlsx")
    for kind, name in FILING.items():
        await world.send("officer1", f"{plan}/evidence", name, kind=kind)
    await world.send("officer1", f"{plan}/evidence", "licence.jpg", kind="paper_original")
    assert (await world.post("officer1", f"{plan}/submit"))["state"] == "submitted"
    refused = await world.call("officer1", "POST", f"{plan}/approve", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "signed_already")
    assert (await world.post("officer2", f"{plan}/approve", {}))["state"] == "approved"


async def test_an_enterprise_that_moved_after_its_case_is_no_fault_for_its_old_bureau(
    world: World,
) -> None:
    await world.paid()
    moved = await world.call(
        "enterprise",
        "PUT",
        f"/enterprises/{world.enterprise['id']}",
        json=world.enterprise_body(district_code="210203"),
    )
    assert moved.json()["bureau_code"] == "210203"
    for path in await everything_of(world):
        for officer in ("officer1", "xigang"):
            assert (await world.call(officer, "GET", path)).status_code in {200, 404}, path


async def everything_of(case: World) -> list[str]:
    """Return every address under which something of the case is read."""
    plan, claim = f"/plans/{case.plan['id']}", f"/claims/{case.claim['id']}"
    officer = "centre" if isinstance(case, Elsewhere) else "officer1"
    paper = (await case.get(officer, f"{claim}/evidence"))[0]["id"]
    batch = (await case.get(officer, "/payment-batches"))["items"][0]["id"]
    enterprise = f"/enterprises/{case.enterprise['id']}"
    parts = ("", "/trainees", "/findings", "/history", "/evidence", "/progress")
    of_claim = ("", "/assessment", "/history", "/evidence", "/payments", "/notice", "/sources")
    return [
        enterprise,
        f"{enterprise}/history",
        *(plan + part for part in (*parts, "/learning-batches", "/learning-records")),
        *(claim + part for part in of_claim),
        f"/evidence/{paper}",
        f"/evidence/{paper}/content",
        f"/payment-batches/{batch}",
    ]
