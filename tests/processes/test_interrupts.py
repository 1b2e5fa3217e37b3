"""Ctrl-C and SIGTERM stop everything at any moment; here while plan_own_site.json is played."""

import os
import signal
from pathlib import Path

import pytest

from tests.embedded.programs import until
from tests.processes.programs import SERVING, Start, figures_in, is_one_case, leaves_nothing


def test_stopped_while_it_loads_it_says_nothing(start: Start, place: Path) -> None:
    sandbox = start("sandbox", "--data", str(place))
    libraries = Path(f"/proc/{sandbox.process.pid}/maps")
    assert until(lambda: "pydantic_core" in libraries.read_text())
    assert sandbox.signalled(signal.SIGINT) == -signal.SIGINT
    assert sandbox.lines == []


@pytest.mark.parametrize(
    ("moment", "numbers"),
    [
        ("数据 data", (signal.SIGINT,)),  # the database is being made
        ("数据 data", (signal.SIGTERM, signal.SIGINT)),
        ("沙箱账户", (signal.SIGTERM,)),
        (" 3/13 2020-", (signal.SIGINT,)),
        (" 8/13 2020-", (signal.SIGTERM,)),
    ],
)
def test_stopped_at_any_moment_it_leaves_nothing(
    start: Start, place: Path, moment: str, numbers: tuple[signal.Signals, ...]
) -> None:
    sandbox = start("sandbox", "--case", "plan_own_site.json", "--data", str(place)).until(moment)
    for number in numbers:
        os.killpg(sandbox.process.pid, number)
    assert sandbox.ended() == 0
    assert leaves_nothing(sandbox, place)


async def test_and_the_own_site_case_still_pays_the_same_money(start: Start, place: Path) -> None:
    sandbox = start("sandbox", "--case", "plan_own_site.json", "--data", str(place)).until(SERVING)
    assert "8640.00 元，24 人，2020-04-10" in sandbox.text
    found = await figures_in(place)
    assert is_one_case(found), found
