"""How is the command run as a person runs it, and what does it leave behind?"""

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from app.embedded import running
from tests.embedded.programs import processes_of

SUBSIDY = str(Path(sys.executable).with_name("subsidy"))
SECONDS = 90
SERVING = "停止 stop"
_OURS = re.compile("DATABASE_|SUBSIDY_|COLUMNS|LINES|PYTHONDONTWRITEBYTECODE|PG|FORCE_COLOR")


def environment(**more: str) -> dict[str, str]:
    """The environment of a person who set nothing but *more*; what hangs can tell where."""
    kept = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
    return {**kept, "PYTHONFAULTHANDLER": "1", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def run(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, somewhere else than in the project."""
    return subprocess.run(
        [SUBSIDY, *arguments],
        env=environment(**env),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@dataclass
class Program:
    """A command that goes on running; what it prints is read line by line as it comes."""

    process: "subprocess.Popen[str]"
    port: int
    lines: list[str] = field(default_factory=list)
    _new: "queue.Queue[str | None]" = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def until(self, wanted: str) -> "Program":
        """Wait until a line holds *wanted*; fail with all that was printed if it never does."""
        deadline = time.monotonic() + SECONDS
        while True:
            line = self._new.get(timeout=max(0.1, deadline - time.monotonic()))
            assert line is not None, f"ended without {wanted!r}:\n{self.text}"
            self.lines.append(line)
            if wanted in line:
                return self

    def signalled(self, number: signal.Signals) -> int:
        """Send the signal as a terminal does, to the whole group; return the exit code."""
        os.killpg(self.process.pid, number)
        return self.ended()

    def killed(self) -> None:
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        try:
            code = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # every thread prints where it stands
            code = self.process.wait(SECONDS)
        while (line := self._new.get(timeout=SECONDS)) is not None:
            self.lines.append(line)
        if self.process.stdout is not None:
            self.process.stdout.close()
        assert code != -signal.SIGABRT, f"did not end:\n{self.text}"
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._new.put(line.rstrip("\n"))
        self._new.put(None)


def start(*arguments: str, port: int, **env: str) -> Program:
    """Start a command in a process group of its own, as a shell does; errors go to its output."""
    process = subprocess.Popen(
        [SUBSIDY, *arguments, "--port", str(port)],
        env=environment(**env),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    return Program(process, port)


Start = Callable[..., Program]


async def figures_in(folder: Path) -> dict[str, int]:
    """Count what must never be doubled; the sandbox of the folder may be running or not."""
    with running(folder / "postgres") as server:
        return await figures(server.url("subsidy"))


async def figures(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    tables = ("enterprises", "plans", "claims", "notices", "payments", "learning_records")
    try:
        found = {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in tables}
        found["audit_events"] = await connection.fetchval("SELECT count(*) FROM audit_events")
        paid = "SELECT sum(amount) * 100 FROM payments WHERE state = 'paid'"
        found["fen_paid"] = int(await connection.fetchval(paid) or 0)
    finally:
        await connection.close()
    return found


ONE_CASE = {
    "enterprises": 1,
    "plans": 1,
    "claims": 1,
    "notices": 1,
    "payments": 1,
    "learning_records": 617,
    "fen_paid": 864000,
}


def is_one_case(found: dict[str, int]) -> bool:
    return {name: found[name] for name in ONE_CASE} == ONE_CASE


def leaves_nothing(program: Program, folder: Path) -> bool:
    """Tell whether no process works in the folder, the port is free, and no traceback was shown."""
    assert "Traceback" not in program.text, program.text
    return processes_of(folder) == {} and is_free(program.port)
