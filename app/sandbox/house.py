"""How does the sandbox come up, and how does it go down? Database, service and player, as one."""

import asyncio
import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import asyncpg
import uvicorn
from rich.console import Console
from rich.table import Table

from app.database import SERVICE, for_asyncpg, prepare_roles, service_password, with_role
from app.embedded import default_folder, running
from app.installation import create_account, load_reference, migrate
from app.main import create_app
from app.sandbox.accounts import ACCOUNTS
from app.sandbox.player import play
from app.sealing import new_key
from app.settings import Settings
from app.tokens import new_signing_key

HOST: Final = "127.0.0.1"
FIRST_DAY: Final = date(2020, 3, 2)
_DATABASE: Final = "subsidy"


class PortTaken(RuntimeError):  # noqa: N818  an answer for the person at the terminal
    """Another program listens where the sandbox wants to."""


@dataclass(frozen=True, slots=True)
class Database:
    """The sandbox's database as its administrator and as the service reach it."""

    admin_url: str
    service_url: str


def run(project: Path, port: int, *, play_case: bool = True) -> None:
    """Start everything, play the sample case once, and serve until interrupted.

    Raises:
        PortTaken: the port is in use.
    """
    _refuse_taken(port)
    with _database(project) as database:
        asyncio.run(prepare_roles(database.admin_url, _password(database)))
        migrate(database.admin_url)
        asyncio.run(_furnish(database.admin_url))
        _serve(_settings(project, database), port, project, play_case=play_case)


@contextmanager
def _database(project: Path) -> Iterator[Database]:
    """Use the server that DATABASE_URL names, or else the embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        password = service_password(given)
        yield Database(given, with_role(given, SERVICE, password))
        return
    with running(default_folder(project)) as server:
        asyncio.run(_make_database(server.url("postgres")))
        yield Database(server.url(_DATABASE), server.url(_DATABASE, SERVICE))


async def _make_database(admin_url: str) -> None:
    connection = await asyncpg.connect(for_asyncpg(admin_url))
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        await connection.execute(f"CREATE DATABASE {_DATABASE}")
    await connection.close()


def _password(database: Database) -> str | None:
    return service_password(database.admin_url)


async def _furnish(admin_url: str) -> None:
    """Enter reference data, the accounts and the first business day; what is there stays."""
    await load_reference(admin_url)
    for ready in ACCOUNTS:
        await create_account(
            admin_url,
            username=ready.username,
            name=ready.name,
            password=ready.password,
            bureau=ready.bureau,
            duties=ready.duties,
        )
    connection = await asyncpg.connect(for_asyncpg(admin_url))
    async with connection.transaction():
        await connection.execute("SET LOCAL ROLE subsidy_owner")
        await connection.execute("GRANT INSERT, UPDATE ON business_clock TO subsidy_sandbox")
        await connection.execute(
            "INSERT INTO business_clock (one_row, today) VALUES (true, $1) ON CONFLICT DO NOTHING",
            FIRST_DAY,
        )
    await connection.close()


def _settings(project: Path, database: Database) -> Settings:
    folder = default_folder(project).parent
    return Settings.model_validate(
        {
            "DATABASE_URL": database.service_url,
            "evidence_url": (folder / "evidence").resolve().as_uri(),
            "sandbox": True,
            **_keys(folder / "keys.json"),
        }
    )


def _keys(path: Path) -> dict[str, str]:
    """Return the sandbox's own keys, made at its first start; nobody else has them."""
    if not path.exists():
        keys = {
            "signing_key": new_signing_key(),
            "sealing_key": new_key(),
            "digest_key": new_key(),
        }
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(keys), "utf-8")
        draft.rename(path)
    kept: dict[str, str] = json.loads(path.read_text("utf-8"))
    return kept


def _serve(settings: Settings, port: int, project: Path, *, play_case: bool) -> None:
    console = Console()
    _print_accounts(console, port)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host=HOST,
            port=port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )
    if play_case:
        player = threading.Thread(
            target=_play, args=(server, console, port, project / "examples"), daemon=True
        )
        player.start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()


def _play(server: uvicorn.Server, console: Console, port: int, examples: Path) -> None:
    base = f"http://{HOST}:{port}"
    play(base, examples, console)
    if not server.should_exit:
        console.print(f"\n服务运行中 Swagger UI: [bold]{base}/docs[/bold]  （Ctrl-C 停止）")


def _print_accounts(console: Console, port: int) -> None:
    table = Table(title=f"沙箱账户 sandbox accounts (http://{HOST}:{port}/docs)")
    for heading in ("user", "password", "name", "bureau", "duties"):
        table.add_column(heading)
    for ready in ACCOUNTS:
        duties = " ".join(ready.duties)
        table.add_row(ready.username, ready.password, ready.name, ready.bureau or "-", duties)
    console.print(table)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = (
                f"port {port} on {HOST} is in use: stop the other program (perhaps another"
                " sandbox), or choose a port: make run PORT=8001"
            )
            raise PortTaken(message) from error
