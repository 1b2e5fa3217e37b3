"""Which programs use the embedded server, and which of their processes are alive?"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CARELESS = {"fsync": "off"}


@dataclass
class Program:
    """One running program of ``user_of_server.py``."""

    started: subprocess.Popen[str]

    def url(self) -> str:
        assert self.started.stdout is not None
        return self.started.stdout.readline().strip()

    def leave(self) -> int:
        self.started.communicate(timeout=20)
        return self.started.returncode


def processes_of(folder: Path) -> dict[int, str]:
    """Every process that works in the folder or was started with its name, this one aside."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            place = str((entry / "cwd").readlink())
        except OSError:
            continue
        if str(folder) in command or place.startswith(str(folder)):
            found[int(entry.name)] = command
    return found


def kill_all(folder: Path, kind: str = "") -> None:
    """Kill the folder's processes whose command contains ``kind``, with SIGKILL."""
    for number, command in processes_of(folder).items():
        if kind in command:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


def until(reached: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
