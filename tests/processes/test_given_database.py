"""With DATABASE_URL the sandbox uses that server, embeds nothing, and takes over nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from app.database import SERVICE, prepare_roles, service_password
from app.embedded import running
from app.installation import create_account, load_reference, migrate
from tests.embedded.programs import CARELESS, processes_of
from tests.processes import programs
from tests.processes.programs import SERVING, Start, figures, is_one_case

PASSWORD = "p@ss w:rd/%"


@dataclass
class Given:
    """A server that asks everybody for his password."""

    address: str

    def url(self, database: str, role: str = "postgres", password: str = PASSWORD) -> str:
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?{self.address}"

    async def execute(self, *statements: str, database: str = "postgres") -> None:
        connection = await asyncpg.connect(self.url(database))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()


@pytest.fixture(scope="module")
async def given(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Given]:
    """A server with the databases ``sandbox`` and ``earnest``, both empty."""
    folder = tmp_path_factory.mktemp("given") / "postgres"
    with running(folder, settings=CARELESS) as server:
        connection = await asyncpg.connect(server.url("postgres"))
        await connection.execute(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")
        await connection.execute("CREATE DATABASE sandbox")
        await connection.execute("CREATE DATABASE earnest")
        (folder / "data" / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.close()
        yield Given(server.url("x").partition("?")[2])


async def test_the_case_is_played_on_the_given_server_and_nothing_is_embedded(
    start: Start, place: Path, given: Given
) -> None:
    url = given.url("sandbox")
    sandbox = start("sandbox", "--data", str(place), DATABASE_URL=url).until(SERVING)
    assert not (place / "postgres").exists()
    assert len(processes_of(place)) == 1, processes_of(place)
    assert quote(PASSWORD, safe="") not in sandbox.text
    found = await figures(url)
    assert is_one_case(found), found


def test_a_sandbox_in_another_folder_has_no_keys_to_it(tmp_path: Path, given: Given) -> None:
    told = _refused_in(tmp_path, given.url("sandbox"))
    assert told.startswith("this database belongs to a sandbox in another folder")


async def test_a_database_in_earnest_use_gets_no_printed_passwords(
    tmp_path: Path, given: Given
) -> None:
    url = given.url("earnest")
    await prepare_roles(url, service_password(url))
    await asyncio.to_thread(migrate, url)
    await load_reference(url)
    await create_account(url, username="someone", name="某人", password="x", bureau="210202")
    told = _refused_in(tmp_path, given.url("earnest"))
    assert told.startswith("this database holds accounts and is no sandbox")
    count = "DO $$ BEGIN SET ROLE subsidy_registrar; ASSERT (SELECT count(*) FROM accounts) = 1;"
    await given.execute(f"{count} END $$", database="earnest")


async def test_a_server_of_another_installation_keeps_its_password(
    tmp_path: Path, given: Given
) -> None:
    await given.execute(f"ALTER ROLE {SERVICE} PASSWORD 'chosen'", "CREATE DATABASE third")
    told = _refused_in(tmp_path, given.url("third"))
    assert told.startswith("the server of DATABASE_URL has a role subsidy_service with another")
    await (await asyncpg.connect(given.url("third", SERVICE, "chosen"))).close()


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    port = programs.free_port()
    told = _refused_in(tmp_path, f"postgresql://me:secret@127.0.0.1:{port}/none")
    assert told.startswith(f"postgresql://me:***@127.0.0.1:{port}/none cannot be used")


def _refused_in(folder: Path, url: str) -> str:
    """Start where it must be refused, and return the one line that says why."""
    port = str(programs.free_port())
    ended = programs.run("sandbox", "--port", port, "--data", str(folder), DATABASE_URL=url)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
    return ended.stderr
