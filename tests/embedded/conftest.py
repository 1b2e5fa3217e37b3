"""Programs that use the embedded server, and a folder with a made database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.embedded import running
from tests.embedded.programs import CARELESS, HERE, ROOT, Program


@pytest.fixture
def program() -> Iterator[Callable[..., Program]]:
    """Starts programs: ``before`` is put before the command, the rest goes to Popen."""
    begun: list[subprocess.Popen[str]] = []

    def start(
        folder: Path,
        *,
        before: tuple[str, ...] = (),
        python: str = sys.executable,
        path: Path | None = None,
        uid: int | None = None,
    ) -> Program:
        places = [str(place) for place in (path, ROOT) if place is not None]
        begun.append(
            subprocess.Popen(
                [*before, python, str(HERE / "user_of_server.py"), str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd="/",
                user=uid,
                extra_groups=None if uid is None else [],
                env={**os.environ, "PYTHONPATH": ":".join(places)},
            )
        )
        return Program(begun[-1])

    yield start
    for one in begun:
        one.kill()
        one.communicate()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made database, whose server does not run."""
    folder = tmp_path_factory.mktemp("embedded") / "库 of tests"
    with running(folder, settings=CARELESS):
        pass
    return folder
