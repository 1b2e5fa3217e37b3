"""What does ``make test`` run? Every check with its time, and a summary of what failed.

The tests use the embedded PostgreSQL, or the server that DATABASE_URL names.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import system

ROOT = Path(__file__).parent.parent
_MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made there
_ROOM = 8 * 2**30
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports",)),
    ("dependencies", ("deptry", ".")),
    ("security lint", ("bandit", "-q", "-r", "app", "-c", "pyproject.toml")),
    # Three, since a third of the time is spent waiting for processes; in the order of the folders,
    # so that those are not all that is left at the end.
    ("tests", ("pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")),
)


def main() -> int:
    """Run the checks in turn; later ones run although an earlier one failed."""
    os.chdir(ROOT)
    system.install()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with _files_in_memory():
        failed = [name for name, command in CHECKS if not _passes(name, command)]
    print("\nfailed: " + ", ".join(failed) if failed else "\nall checks passed")
    for line in system.not_run():
        print(line)
    return 1 if failed else 0


@contextmanager
def _files_in_memory() -> Iterator[None]:
    """Keep the tests' files in memory where there is room: they make thousands of databases."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ROOM:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="subsidy-tests-", dir=_MEMORY) as folder:
        Path(folder).chmod(0o711)  # the database's own user passes through
        os.environ["TMPDIR"] = folder
        yield


def _passes(name: str, command: tuple[str, ...]) -> bool:
    program = shutil.which(
        command[0], path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if program is None:
        print(f"== {name}: {command[0]} is not installed; run `make test`")
        return False
    print(f"== {name}: {' '.join(command)}", flush=True)
    began = time.monotonic()
    passed = subprocess.run((program, *command[1:]), check=False).returncode == 0
    print(
        f"== {name}: {'ok' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True
    )
    return passed


if __name__ == "__main__":
    raise SystemExit(main())
