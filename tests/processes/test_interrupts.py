"""Ctrl-C and SIGTERM stop everything at any moment; here while plan_own_site.json is played."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.programs import until
from tests.processes.programs import (
    SECONDS,
    SERVING,
    Start,
    environment,
    figures_in,
    free_port,
    is_one_case,
    leaves_nothing,
)


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


LOSING = """
import os, signal, sys
from pathlib import Path
from app.sandbox import house

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        sum(range(10))  # where Python hears it, and only reports what is raised

def play(*_):
    Finalized()
    print("played on", flush=True)

house.play = play
house.run(int(sys.argv[1]), Path(sys.argv[2]), object())
"""


def test_a_signal_that_is_lost_in_a_finalizer_stops_it_all_the_same(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOSING, str(free_port()), str(tmp_path / "data")],
        env=environment(), capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert "KeyboardInterrupt" in ended.stderr
    assert "played on" in ended.stdout
    assert SERVING not in ended.stdout
    assert "Stopped" in ended.stdout
    assert ended.returncode == 0
