"""The sample case of every measure is played by the player itself and paid to the fen."""

import io
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from app.sandbox.case_sheet import SampleCase
from app.sandbox.client import Desk
from app.sandbox.player import play
from tests.conftest import EXAMPLES
from tests.processes.programs import SERVING, Start, figures_in
from tests.processes.test_resume import start as play_until_cut

README = (EXAMPLES / "measures" / "README.md").read_text("utf-8")


@dataclass(frozen=True)
class Expected:
    """What must come of a case, person by person; the fen are those of the worked examples."""

    measure: str
    payee: str
    lines: tuple[str, ...]
    amount: str
    paid: tuple[str, ...]
    advanced: str = "0.00"
    recovered: str | None = None


CASES = {
    # Three of level intermediate, one of level senior; one did not complete, one failed.
    SampleCase.SKILL_UPGRADE: Expected(
        "skill_upgrade",
        "enterprise",
        ("2000.00", "2000.00", "2000.00", "2500.00", "0.00", "0.00"),
        "8500.00",
        paid=("6000.00", "2500.00"),
        advanced="6000.00",
    ),
    # Five whole months of 5000 and of 6000 a year, and two whole months of 5000, each cut.
    SampleCase.APPRENTICESHIP: Expected(
        "apprenticeship",
        "enterprise",
        ("2083.33", "2500.00", "833.33"),
        "5416.66",
        paid=("8000.00",),
        advanced="8000.00",
        recovered="2583.34",
    ),
    # Three months of 1810 in 中山区, and two of the one who left.
    SampleCase.WORK_FOR_TRAINING: Expected(
        "work_for_training",
        "enterprise",
        ("5430.00", "5430.00", "5430.00", "5430.00", "3620.00"),
        "25340.00",
        paid=("25340.00",),
    ),
    # One did not complete.
    SampleCase.OTHER_WORKERS: Expected(
        "other_workers",
        "institution",
        ("1500.00", "1500.00", "1500.00", "0.00", "1500.00", "1500.00"),
        "7500.00",
        paid=("7500.00",),
    ),
    SampleCase.ORDER_TRAINING: Expected(
        "order_training",
        "enterprise",
        ("2000.00",) * 4,
        "8000.00",
        paid=("8000.00",),
    ),
}
every_measure = pytest.mark.parametrize(
    ("sample", "expected"), CASES.items(), ids=[each.measure for each in CASES.values()]
)


def played(base: str, sample: SampleCase, folder: Path) -> str:
    """Play as the sandbox does; return what is told."""
    told = io.StringIO()
    console = Console(file=told, width=80, highlight=False)
    play(base, EXAMPLES, sample, folder / "played.json", console)
    assert "中断" not in told.getvalue(), told.getvalue()
    return told.getvalue()


async def came_out(base: str, expected: Expected) -> None:
    """Compare what the service holds with what must come out."""
    with httpx.Client(base_url=base) as http:
        desk = Desk(http, "cashier", [])
        filed = {each["kind"]: each["id"] for each in desk.pages("/claims")}
        claim = desk.get(f"/claims/{filed['claim']}")
        assert {name: claim[name] for name in ("measure", "payee", "state", "amount")} == {
            "measure": expected.measure,
            "payee": expected.payee,
            "state": "paid",
            "amount": expected.amount,
        }
        assessment = desk.get(f"/claims/{claim['id']}/assessment")
        assert tuple(line["payable"] for line in assessment["lines"]) == expected.lines
        paid = [each for one in sorted(filed.values()) for each in _payments(desk, one)]
        assert tuple(paid) == expected.paid
        assert claim["advanced"] == expected.advanced
        if "advance" in filed:
            assert desk.get(f"/claims/{filed['advance']}")["state"] == "paid"
        if expected.recovered is None:
            assert claim["to_recover"] == "0.00"
            return
        recovery = desk.get(f"/claims/{claim['id']}/recovery")
        assert (recovery["amount"], recovery["state"]) == (expected.recovered, "repaid")


def _payments(desk: Desk, claim_id: str) -> list[str]:
    payments = desk.get(f"/claims/{claim_id}/payments")
    assert {each["state"] for each in payments} <= {"paid"}
    return [each["amount"] for each in payments]


@every_measure
async def test_the_case_of_every_measure_is_paid_to_the_fen(
    base: str, tmp_path: Path, sample: SampleCase, expected: Expected
) -> None:
    told = played(base, sample, tmp_path)
    how = "Settled, in parts" if expected.advanced != "0.00" else "Paid, in full"
    assert f"{how}: {expected.amount} yuan" in told
    assert "…" not in told, "nothing is cut off at 80 columns"
    await came_out(base, expected)
    assert "样例已办结，不再重办" in played(base, sample, tmp_path)


@pytest.mark.parametrize(
    ("sample", "changes"),
    [
        (SampleCase.SKILL_UPGRADE, 45),
        (SampleCase.APPRENTICESHIP, 42),
        (SampleCase.ORDER_TRAINING, 31),
    ],
)
async def test_every_change_is_made_once_though_answers_are_lost(
    base: str, sample: SampleCase, changes: int
) -> None:
    """These three take every step that the hourly case does not."""
    made: list[str] = []
    while new := play_until_cut(base, 1, sample):
        made += new
        assert len(made) <= changes, made
    assert len(made) == changes
    await came_out(base, CASES[sample])


@every_measure
def test_the_page_beside_the_sheets_states_what_comes_out(
    sample: SampleCase, expected: Expected
) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `{Path(sample).name}` ")]
    wanted = {expected.amount, *expected.paid, expected.recovered or expected.amount}
    assert [each for each in wanted if each not in row] == []


async def test_a_sheet_of_another_applicant_is_told_and_not_played(
    base: str, tmp_path: Path
) -> None:
    played(base, SampleCase.OTHER_WORKERS, tmp_path)
    told = played(base, SampleCase.ORDER_TRAINING, tmp_path / "elsewhere")
    assert "subsidy sandbox --case FILE --data NEW_FOLDER" in told
    await came_out(base, CASES[SampleCase.OTHER_WORKERS])


async def test_the_command_plays_the_case_that_is_asked_for(start: Start, place: Path) -> None:
    case = SampleCase.APPRENTICESHIP
    sandbox = start("sandbox", "--case", case.value, "--data", str(place)).until(SERVING)
    for said in ("5416.66 元，3 人，2020-09-30", "退回 2583.34 元，2020-10-09", "19/19 2020-10-09"):
        assert said in sandbox.text
    found = await figures_in(place)
    assert (found["claims"], found["payments"], found["fen_paid"]) == (2, 1, 800000)
