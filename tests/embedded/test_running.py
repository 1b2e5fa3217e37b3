"""The server starts, is shared, and is gone when its users are gone, however they went."""

import os
import signal
import socket
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.embedded import Server, running
from app.embedded.server import _answers
from tests.embedded.programs import CARELESS, Program, kill_all, processes_of, until

Start = Callable[..., Program]


async def ask(url: str, question: str = "SELECT 1") -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_first_start_makes_a_database_that_both_drivers_reach(tmp_path: Path) -> None:
    with running(tmp_path / "new") as server:
        url = server.url("postgres")
        assert await ask(url) == 1
        assert await ask(url, "SHOW server_encoding") == "UTF8"
        assert await ask(url, "SHOW timezone") == "UTC"
        assert await ask(url, "SHOW fsync") == "on"
        assert await ask(url, "SELECT upper('é大')") == "É大"
        engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1))
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT current_user::text")) == "postgres"
        await engine.dispose()
    assert processes_of(tmp_path) == {}


async def test_nobody_else_on_the_machine_can_connect(made: Path) -> None:
    with running(made, settings=CARELESS) as server:
        kept = server.socket_dir.stat()
        assert (stat.S_IMODE(kept.st_mode), kept.st_uid) == (0o700, os.geteuid())
        assert await ask(server.url("postgres"), "SHOW listen_addresses") == ""
    assert not server.socket_dir.exists()


async def test_data_survives_a_restart(made: Path) -> None:
    with running(made, settings=CARELESS) as server:
        await ask(server.url("postgres"), "CREATE TABLE kept AS SELECT 7 AS n")
    with running(made, settings=CARELESS) as server:
        assert await ask(server.url("postgres"), "SELECT n FROM kept") == 7


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_whatever_ends_the_program_ends_the_server(
    made: Path, program: Start, end: signal.Signals
) -> None:
    user = program(made)
    assert await ask(user.url()) == 1
    user.started.send_signal(end)
    assert until(lambda: processes_of(made) == {})
    with running(made, settings=CARELESS) as server:
        assert await ask(server.url("postgres")) == 1


async def test_a_killed_supervisor_takes_the_server_along(made: Path, program: Start) -> None:
    assert await ask(program(made).url()) == 1
    kill_all(made, "app.embedded.supervisor")
    assert until(lambda: not any("postgres" in one for one in processes_of(made).values())), (
        processes_of(made)
    )


async def test_after_a_crash_of_everything_the_next_start_needs_no_help(
    made: Path, program: Start
) -> None:
    first = await asyncpg.connect(program(made).url())
    kill_all(made)
    with running(made, settings=CARELESS) as server:
        assert await ask(server.url("postgres")) == 1
    first.terminate()
    assert processes_of(made) == {}


async def test_programs_share_one_server_until_the_last_has_left(
    made: Path, program: Start
) -> None:
    since = "SELECT pg_postmaster_start_time()::text"
    first, second = program(made), program(made)
    url = first.url()
    assert second.url() == url
    start = await ask(url, since)
    with running(made, settings=CARELESS) as server:
        for one in (first, second):
            one.started.kill()
            one.started.wait()
        assert await ask(server.url("postgres"), since) == start
        assert first.started.pid not in processes_of(made)
    assert processes_of(made) == {}


async def test_a_user_who_comes_while_the_server_stops_gets_a_new_one(
    made: Path, program: Start
) -> None:
    for _ in range(3):
        user = program(made)
        user.url()
        user.started.kill()
        with running(made, settings=CARELESS) as server:
            assert await ask(server.url("postgres")) == 1


async def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path, program: Start) -> None:
    folder = tmp_path / "cut short"
    program(folder)
    assert until((folder / "data.new" / "global").exists)
    kill_all(folder)
    assert not (folder / "data").exists()
    with running(folder, settings=CARELESS) as server:
        assert await ask(server.url("postgres")) == 1
        assert not (folder / "data.new").exists()


def test_a_socket_on_which_nobody_answers_is_not_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system takes connections for a server that has been killed and is not yet gone."""
    monkeypatch.setattr("app.embedded.server._ANSWER_SECONDS", 0.05)
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"{short}/.s.PGSQL.5432")
        silent.listen()
        assert not _answers(Server(Path(short), 5432))


def test_a_url_keeps_every_character_of_its_names() -> None:
    url = Server(Path("/tmp/a b"), 5432).url("d/ü", "r@le")  # noqa: S108  never opened
    assert url == "postgresql://r%40le@/d%2F%C3%BC?host=%2Ftmp%2Fa%20b&port=5432"
