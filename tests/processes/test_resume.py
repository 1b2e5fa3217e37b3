"""A play that is cut after any change goes on from there and changes nothing twice."""

import contextlib
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from app.main import create_app
from app.sandbox.case_sheet import SampleCase
from app.sandbox.play import Play
from app.sandbox.player import STEPS
from app.settings import Settings
from tests.conftest import EXAMPLES
from tests.embedded.programs import until
from tests.processes.programs import figures, is_one_case


class AnswerLostError(Exception):
    """The service made the change, and the player never learned of it."""


class FewChanges(httpx.HTTPTransport):
    """Carries requests until so many have changed something, and loses the answer to the last."""

    def __init__(self, changes: int) -> None:
        super().__init__()
        self.made: list[str] = []
        self.changes = changes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        unchanging = request.url.path.endswith(("/token", "/assess"))
        if request.method == "POST" and answer.is_success and not unchanging:
            answer.read()
            self.made.append(request.url.path)
            if len(self.made) == self.changes:
                raise AnswerLostError
        return answer


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


def start(base: str, changes: int) -> list[str]:
    """Play from the beginning, as a new start does; return what was changed."""
    carrier = FewChanges(changes)
    with httpx.Client(base_url=base, transport=carrier, timeout=60) as http:
        case = Play(http, EXAMPLES, SampleCase.LISTED_PLATFORM)
        with contextlib.suppress(AnswerLostError):
            for _, step in STEPS:
                step(case)
            assert case.claim["state"] == "paid"
    return carrier.made


@pytest.mark.parametrize("changes", [1, 3])
async def test_every_change_is_made_once_though_answers_are_lost(
    base: str, owner_url: str, changes: int
) -> None:
    made: list[str] = []
    while new := start(base, changes):
        made += new
        assert len(made) <= 29, made
    assert len(made) == 29
    assert sum(path.endswith("/evidence") for path in made) == 10
    assert sum(path.endswith("/sandbox/clock") for path in made) == 6
    found = await figures(owner_url)
    assert is_one_case(found), found
