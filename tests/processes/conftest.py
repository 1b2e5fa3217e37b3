"""Programs that run while a test looks at them, and end with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import programs
from tests.processes.programs import Program, Start


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Starts ``subsidy`` commands on a free port; what still runs at the end is killed."""
    begun: list[Program] = []

    def begin(*arguments: str, port: int | None = None, **env: str) -> Program:
        begun.append(programs.start(*arguments, port=port or programs.free_port(), **env))
        return begun[-1]

    yield begin
    for one in begun:
        if one.process.poll() is None:
            one.killed()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one sandbox."""
    return tmp_path_factory.mktemp("sandbox") / "data"
