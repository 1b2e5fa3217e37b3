"""Which programs of the system do tests need? Installed by whoever may, else told as not run."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

import pytest

_PATH: Final = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the tests that needs programs; what it shows, in words for the last lines."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    shows: str

    @property
    def runs(self) -> bool:
        """Tell whether all programs are there."""
        return all(path_of(name) for name in self.programs)


PARTS: Final = (
    Part(("clamd",), ("clamav-daemon",), "evidence scanned by a real ClamAV"),
    Part(("node", "npm"), ("nodejs", "npm"), "resumable uploads by tus-js-client"),
    Part(("chromium",), ("chromium",), "the page of the interface in a real Chromium"),
)


def path_of(program: str) -> str | None:
    """Return where *program* is, also where only root looks."""
    return shutil.which(program, path=_PATH)


def needed(program: str) -> str:
    """Return where *program* is; a test that needs it is skipped without it."""
    found = path_of(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def install(parts: tuple[Part, ...] = PARTS) -> None:
    """Install what is missing, if this is root on Debian; what fails is told at the end."""
    packages = [name for part in parts if not part.runs for name in part.packages]
    apt = path_of("apt-get")
    if not packages or apt is None or os.geteuid() != 0:
        return
    print(f"== installing {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("update", "-q"), ("install", "-y", "-q", "--no-install-recommends")):
        more = packages if command[0] == "install" else []
        subprocess.run((apt, *command, *more), env=quiet, capture_output=True, check=False)


def not_run() -> list[str]:
    """Return a line for each part that this machine cannot run."""
    return [
        f"not run: {part.shows} (install {' '.join(part.packages)})"
        for part in PARTS
        if not part.runs
    ]
