"""`make run` tells who may sign in, plays the case, says what was paid, serves, and stops whole."""

import re
import signal
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.cells import cell_len

from app.sandbox.accounts import ACCOUNTS
from tests.processes.programs import (
    SERVING,
    Program,
    Start,
    figures_in,
    is_one_case,
    leaves_nothing,
)


@dataclass
class TwoStarts:
    """What two starts in one folder printed, answered, counted and left."""

    first: Program
    lines: list[dict[str, str]]
    statuses: dict[str, int]
    counted: dict[str, int]
    first_end: tuple[int, bool]
    second: Program
    counted_again: dict[str, int]
    second_end: tuple[int, bool]
    swept: bool


@pytest.fixture(scope="module")
async def two(start: Start, place: Path) -> TwoStarts:
    """The first start is stopped by Ctrl-C, the second by SIGTERM."""
    first = start("sandbox", "--data", str(place)).until(SERVING)
    async with httpx.AsyncClient(base_url=first.url) as http:
        paths = ("/docs", "/api/v1/health", "/api/v1/openapi.json")
        statuses = {path: (await http.get(path)).status_code for path in paths}
        (notice,) = (await http.get("/api/v1/notices")).json()["items"]
        lines = (await http.get(f"/api/v1/notices/{notice['id']}")).json()["lines"]
    counted = await figures_in(place)
    first_end = (first.signalled(signal.SIGINT), leaves_nothing(first, place))
    abandoned = place / "evidence" / "incoming" / "half of an upload"
    abandoned.write_bytes(b"%PDF-1.7")
    second = start("sandbox", "--data", str(place)).until(SERVING)
    swept = not abandoned.exists()
    counted_again = await figures_in(place)
    second_end = (second.signalled(signal.SIGTERM), leaves_nothing(second, place))
    return TwoStarts(
        first, lines, statuses, counted, first_end, second, counted_again, second_end, swept
    )  # fmt: skip


def test_accounts_and_passwords_are_printed_whole(two: TwoStarts) -> None:
    for printed in (two.first.text, two.second.text):
        for ready in ACCOUNTS:
            told = rf"^{ready.username} +{ready.password} +{ready.name}"
            assert re.search(told, printed, re.MULTILINE)


def test_nothing_is_cut_off_in_a_pipe_of_80_columns(two: TwoStarts) -> None:
    assert max(map(cell_len, two.first.lines)) <= 80
    assert "…" not in two.first.text


def test_every_step_is_told_with_what_the_api_returned(two: TwoStarts) -> None:
    steps = re.findall(r"^ *(\d+)/13 2020-0\d-\d\d ", two.first.text, re.MULTILINE)
    assert steps == [str(number) for number in range(1, 14)]
    assert re.search(r"━ 13/13$", two.first.text, re.MULTILINE)
    for told in (
        "POST /claims → 201",
        "POST /payment-batches → 409",
        "617 条学习记录",
        "试算 24 人",
    ):
        assert told in two.first.text


def test_every_person_is_told_with_amount_and_clauses(two: TwoStarts) -> None:
    assert len(two.lines) == 24
    for line in two.lines:
        row = rf"{line['name']} +{re.escape(line['id_masked'])} 1620 +36 360.00 360.00 "
        clauses = r"DL-2\.3-e[-.\w\s]*?DL-2\.3-f"
        assert re.search(row + clauses, two.first.text), line


def test_the_last_screen_says_what_was_paid_when_on_which_clauses_and_where_to_go(
    two: TwoStarts,
) -> None:
    last = "\n".join(two.first.lines[:-2][-24:])
    for told in (
        "8640.00 元，24 人，2020-04-10",
        "2020-04-01 至 2020-04-09",
        "DL-2.3-e",
        "DL-4.3-j",
        f"{two.first.url}/docs",
        "Ctrl-C",
    ):
        assert told in last


def test_it_goes_on_serving(two: TwoStarts) -> None:
    assert set(two.statuses.values()) == {200}


def test_the_case_is_paid_once_to_the_fen(two: TwoStarts) -> None:
    assert is_one_case(two.counted), two.counted


def test_a_second_start_finds_everything_in_place_and_leaves_no_trace(two: TwoStarts) -> None:
    assert two.counted_again == two.counted
    assert "样例已办结，不再重办" in two.second.text
    assert "8640.00 元，24 人，2020-04-10" in two.second.text
    assert "/13" not in two.second.text
    assert len(two.second.lines) < 40


def test_what_a_killed_start_was_receiving_is_swept_away(two: TwoStarts) -> None:
    assert two.swept


def test_ctrl_c_and_sigterm_stop_all_of_it(two: TwoStarts) -> None:
    assert (two.first_end, two.second_end) == ((0, True), (0, True))
    assert "已停止 Stopped." in two.first.lines[-1]
