"""How much memory does a server hold, and how much did it hold at most?"""

import contextlib
import sys
from pathlib import Path


def _process(port: int) -> Path:
    for found in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = found.read_bytes().split(b"\0")
            if words[0] == sys.executable.encode() and str(port).encode() in words:
                return found.parent
    raise RuntimeError("the service is not running")


def forget_peak(port: int) -> None:
    """Let the peak be counted anew."""
    (_process(port) / "clear_refs").write_text("5")


def megabytes(what: str, port: int) -> float:
    """Return what the service holds, in megabytes."""
    status = (_process(port) / "status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024
