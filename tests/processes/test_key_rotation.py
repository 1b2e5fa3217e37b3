"""Sealing keys rotate while the service goes on; afterwards the old key is needed by nothing."""

import asyncio
import base64
import hashlib
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.resealing import SEALED
from app.sealing import Sealer, new_key
from app.services.rosters import ID
from app.settings import Settings
from tests.conftest import everybody
from tests.databases import Connection, connected
from tests.objecting import objected
from tests.processes import programs
from tests.world import World

OLD, NEW, SM4 = new_key(), f"2:{new_key()}", "3:sm4:MDEyMzQ1Njc4OWFiY2RlZg=="
PERSONS = 2000


def keyed(settings: Settings, sealing: str) -> Settings:
    """The same service with other sealing keys."""
    fields = {name: getattr(settings, name) for name in type(settings).model_fields}
    fields["DATABASE_URL"] = fields.pop("database_url")
    return Settings.model_validate({**fields, "sealing_key": sealing})


@pytest.fixture
def environment(settings: Settings, owner_url: str) -> dict[str, str]:
    """What the operator sets for ``subsidy keys``, but for the sealing keys."""
    return {
        "DATABASE_OWNER_URL": owner_url,
        "SUBSIDY_DIGEST_KEY": settings.digest_key.get_secret_value(),
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
    }


@asynccontextmanager
async def serving(settings: Settings, sealing: str, owner_url: str) -> AsyncIterator[World]:
    app: FastAPI = create_app(keyed(settings, sealing))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield await everybody(http, app, owner_url)
    await asyncio.to_thread(app.state.workshop.stop)
    await app.state.office.engine.dispose()


async def _many_persons(owner: Connection, sealer: Sealer) -> None:
    """Let there be so many that a rotation can be killed in the middle."""
    await owner.executemany(
        "INSERT INTO persons (id, id_digest, id_sealed) VALUES (gen_random_uuid(), $1, $2)",
        [(sealer.digest(f"{n}", ID), sealer.seal(f"{n}", ID)) for n in range(PERSONS)],
    )


async def _opens(world: World, objection: dict[str, str], plans: list[str]) -> None:
    """Look at all that is sealed: sheets, bank files, an objection, an ID, an account number."""
    paths = []
    for plan in plans:
        papers = await world.get("officer1", f"/plans/{plan}/evidence")
        sealed = {"roster", "learning_export"}
        paths += [f"/evidence/{each['id']}/content" for each in papers if each["kind"] in sealed]
    assert len(paths) >= len(plans)
    (batch,) = (await world.get("cashier", "/payment-batches"))["items"]
    paths += [f"/payment-batches/{batch['id']}/file.{kind}" for kind in ("xlsx", "csv")]
    for path in paths:
        answer = await world.call("cashier", "GET", path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
    told = await world.get("officer2", f"/objections/{objection['objection_id']}")
    assert told["text"]


async def _own_account(world: World) -> None:
    """Seal what an officer tells of himself: his address, and the secret of his codes."""
    proof = {"password": "sandbox-officer1"}
    told = {**proof, "email": "a@example.com"}
    assert (await world.call("officer1", "PUT", "/me/email", json=told)).is_success
    await world.post("officer1", "/me/totp", proof)


async def _wrote(world: World) -> str:
    """Write once more what is sealed: an account number and a roster."""
    uscc = {"json": world.enterprise_body()}
    path = f"/enterprises/{world.enterprise['id']}"
    assert (await world.call("enterprise", "PUT", path, **uscc)).status_code == 200
    plan = await world.post("enterprise", "/plans", world.plan_body())
    await world.send("enterprise", f"/plans/{plan['id']}/roster", "roster.xlsx")
    identity: str = plan["id"]
    return identity


async def test_a_rotation_goes_on_beside_the_service_and_the_old_key_may_go(
    settings: Settings, owner_url: str, environment: dict[str, str]
) -> None:
    """Readers and writers see nothing of it; what they write meanwhile is under the new key."""
    async with serving(settings, OLD, owner_url) as world:
        await world.published()
        objection = await objected(world)
        await world.paid_out()
        await _own_account(world)
    plans = [world.plan["id"]]
    both = f"{NEW},{OLD}"
    async with serving(settings, both, owner_url) as now, connected(owner_url) as owner:
        now.enterprise = world.enterprise
        await _many_persons(owner, Sealer(OLD, environment["SUBSIDY_DIGEST_KEY"]))
        rotating = asyncio.create_task(_rotated(environment, both, "--at-once", "10"))
        while not rotating.done():
            await _opens(now, objection, plans[:2])
            plans.append(await _wrote(now))
        done = await rotating
        assert (done.returncode, done.stderr) == (0, "")
        assert "0 faults" in done.stdout
        assert await _versions(owner) == {2}
    assert len(plans) > 2
    async with serving(settings, NEW, owner_url) as after:
        after.enterprise = world.enterprise
        await _opens(after, objection, plans)


async def test_killed_in_the_middle_it_goes_on_where_it_was(
    owner_url: str, environment: dict[str, str]
) -> None:
    keys, digest = f"{NEW},{OLD}", environment["SUBSIDY_DIGEST_KEY"]
    async with connected(owner_url) as owner:
        await _many_persons(owner, Sealer(OLD, digest))
        rotating = _rotating(environment, keys)
        renewed = "SELECT count(*) FROM persons WHERE get_byte(id_sealed, 0) = 2"
        async with asyncio.timeout(programs.SECONDS):
            while await owner.fetchval(renewed) < 50:
                assert rotating.poll() is None, "it was done before it could be killed"
        rotating.kill()
        rotating.wait()
        done = await owner.fetchval(renewed)
        assert 50 <= done < PERSONS
        rest = await _rotated(environment, keys)
        assert (rest.returncode, rest.stderr) == (0, "")
        told = re.search(r"(\d+) seals renewed", rest.stdout)
        assert told is not None
        left = PERSONS - await owner.fetchval(renewed)
        assert left == 0
        assert PERSONS - done - 5 <= int(told[1]) <= PERSONS - done
        opener = Sealer(NEW, digest)
        for row in await owner.fetch("SELECT id_digest, id_sealed FROM persons"):
            assert opener.digest(opener.open(row["id_sealed"], ID), ID) == row["id_digest"]


async def test_what_cannot_be_opened_is_named_and_the_rest_goes_on(
    owner_url: str, environment: dict[str, str]
) -> None:
    """As where a key was removed too early: nothing of it is lost."""
    lost = new_key()
    async with connected(owner_url) as owner:
        digest = environment["SUBSIDY_DIGEST_KEY"]
        await _many_persons(owner, Sealer(OLD, digest))
        strange = Sealer(f"7:{lost}", digest).seal("x", ID)
        add = "INSERT INTO persons (id, id_digest, id_sealed) VALUES ($1, $2, $3)"
        who = "00000000-0000-7000-8000-000000000001"
        await owner.execute(add, who, b"x" * 32, strange)
        done = await _rotated(environment, f"{NEW},{OLD}")
        assert done.returncode == 1
        assert f"CANNOT BE OPENED persons.id_sealed {who}\n" in done.stdout
        assert "persons.id_sealed: 1 under version 7" in done.stdout
        assert f"{PERSONS} seals renewed, 1 faults" in done.stdout
        again = await _rotated(environment, f"{NEW},{OLD},7:{lost}")
        assert (again.returncode, "1 seals renewed, 0 faults" in again.stdout) == (0, True)


async def test_files_from_before_they_had_keys_open_after_a_rotation_to_sm4(
    settings: Settings, owner_url: str, environment: dict[str, str]
) -> None:
    async with serving(settings, OLD, owner_url) as world:
        await world.published()
        objection = await objected(world)
        await world.paid_out()
        await _own_account(world)
    old = Sealer(OLD, environment["SUBSIDY_DIGEST_KEY"])
    async with connected(owner_url) as owner:
        await _sealed_as_before(owner, old, Path(settings.evidence_url.removeprefix("file://")))
        done = await _rotated(environment, f"{SM4},{OLD}")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert await _versions(owner) == {3}
    async with serving(settings, SM4, owner_url) as after:
        await _opens(after, objection, [world.plan["id"]])


async def _sealed_as_before(owner: Connection, sealer: Sealer, folder: Path) -> None:
    """Put every sealed file as it was sealed before: under the service's own key, as text."""
    await owner.execute("SET session_replication_role = replica")
    for row in await owner.fetch("SELECT * FROM file_keys"):
        (table, column, purpose), *_ = [
            (table, column, purpose)
            for table, column, purpose in (
                ("evidence", "sha256", "evidence.sheet"),
                ("payment_batches", "xlsx_kept", "payment_batches.file"),
                ("payment_batches", "csv_kept", "payment_batches.file"),
            )
            if await owner.fetchval(
                f"SELECT EXISTS (SELECT FROM {table} WHERE {column} = $1)", row["sha256"]
            )
        ]
        name = row["sha256"].hex()
        kept = (folder / name[:2] / name).read_bytes()
        content = sealer.open_file(kept, row["key_sealed"], purpose)
        sealed = sealer.seal(base64.b64encode(content).decode(), purpose)
        digest = hashlib.sha256(sealed).digest()
        place = folder / digest.hex()[:2] / digest.hex()
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(sealed)
        await owner.execute(
            f"UPDATE {table} SET {column} = $1 WHERE {column} = $2", digest, row["sha256"]
        )
    await owner.execute("DELETE FROM file_keys")


async def test_another_digest_key_is_refused_before_anything_is_renewed(
    owner_url: str, environment: dict[str, str]
) -> None:
    """It does not rotate: under another key every person would be a new one."""
    async with connected(owner_url) as owner:
        await _many_persons(owner, Sealer(OLD, environment["SUBSIDY_DIGEST_KEY"]))
        environment["SUBSIDY_DIGEST_KEY"] = new_key()
        done = await _rotated(environment, f"{NEW},{OLD}")
        assert done.returncode == 1
        assert "SUBSIDY_DIGEST_KEY is not the key that persons are known by" in done.stderr
        renewed = "SELECT count(*) FROM persons WHERE get_byte(id_sealed, 0) = 2"
        assert await owner.fetchval(renewed) == 0


async def test_every_sealed_column_rotates(owner_url: str) -> None:
    """A column that is added and not listed would be lost with its key."""
    async with connected(owner_url) as owner:
        rows = await owner.fetch(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name LIKE '%\\_sealed'"
        )
    assert {tuple(row) for row in rows} == {(one.table, one.column) for one in SEALED}


def _rotating(environment: dict[str, str], keys: str) -> "subprocess.Popen[bytes]":
    """Start a rotation that takes its time."""
    return subprocess.Popen(
        [programs.SUBSIDY, "keys", "rotate", "--at-once", "5"],
        env=programs.environment(**environment, SUBSIDY_SEALING_KEY=keys),
        stdout=subprocess.DEVNULL,
    )


async def _rotated(
    environment: dict[str, str], keys: str, *more: str
) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(
        programs.run, "keys", "rotate", *more, **environment, SUBSIDY_SEALING_KEY=keys
    )


async def _versions(owner: Connection) -> set[int]:
    found: set[int] = set()
    for one in SEALED:
        rows = await owner.fetch(
            f"SELECT DISTINCT get_byte({one.column}, 0) FROM {one.table}"
            f" WHERE {one.column} IS NOT NULL"
        )
        assert rows, f"{one.name} is empty: nothing can be said of it"
        found |= {row[0] for row in rows}
    return found
