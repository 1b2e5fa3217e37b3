"""Programs that run while a test looks at them, and end with it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from app.main import create_app
from app.settings import Settings
from tests.embedded.programs import until
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


@pytest.fixture
def base(settings: Settings) -> Iterator[str]:
    """The URL of a service on this test's database."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
