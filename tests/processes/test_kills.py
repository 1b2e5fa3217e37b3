"""Killed with -9 at every step, the next start goes on from there and pays 8640.00 once."""

from pathlib import Path

from app.sandbox.case_sheet import SampleCase, read_sheet
from app.sandbox.player import steps
from tests.conftest import EXAMPLES
from tests.processes.programs import SERVING, Start, figures_in, is_one_case


async def test_killed_at_every_step_it_resumes_and_pays_once(start: Start, place: Path) -> None:
    every = len(steps(read_sheet(EXAMPLES / SampleCase.LISTED_PLATFORM)))
    for number in range(1, every + 1):
        sandbox = start("sandbox", "--data", str(place)).until(f"{number}/{every} 2020-")
        sandbox.killed()
        assert "中断" not in sandbox.text
        assert sandbox.text.count("此前已办") >= number - 2  # at most the last step was cut
    last = start("sandbox", "--data", str(place)).until(SERVING)
    assert "8640.00 元，24 人，2020-04-10" in last.text
    found = await figures_in(place)
    assert is_one_case(found), found
