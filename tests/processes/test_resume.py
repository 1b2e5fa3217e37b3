"""A play that is cut after any change goes on from there and changes nothing twice."""

import contextlib

import httpx
import pytest

from app.sandbox.case_sheet import SampleCase
from app.sandbox.play import Play
from app.sandbox.player import steps
from tests.conftest import EXAMPLES
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
        if request.method != "GET" and answer.is_success and not unchanging:
            answer.read()
            self.made.append(request.url.path)
            if len(self.made) == self.changes:
                raise AnswerLostError
        return answer


def start(base: str, changes: int, sample: SampleCase = SampleCase.LISTED_PLATFORM) -> list[str]:
    """Play from the beginning, as a new start does; return what was changed."""
    carrier = FewChanges(changes)
    with httpx.Client(base_url=base, transport=carrier, timeout=60) as http:
        case = Play(http, EXAMPLES, sample)
        with contextlib.suppress(AnswerLostError):
            for step in steps(case.sheet):
                step.act(case)
            assert case.claim["state"] == "paid"
    return carrier.made


@pytest.mark.parametrize("changes", [1, 3])
async def test_every_change_is_made_once_though_answers_are_lost(
    base: str, owner_url: str, changes: int
) -> None:
    made: list[str] = []
    while new := start(base, changes):
        made += new
        assert len(made) <= 31, made
    assert len(made) == 31
    assert sum(path.endswith("/evidence") for path in made) == 10
    assert sum(path.endswith("/sandbox/clock") for path in made) == 6
    found = await figures(owner_url)
    assert is_one_case(found), found
