"""What clamd answers is taken for what it is: only OK is clean, and no answer is no verdict."""

import pytest
from pydantic import ValidationError

from app.policy.facts import Scan
from app.scanning.clamd import ScanBroken, told
from app.settings import Settings


@pytest.mark.parametrize(
    ("answer", "scan", "detail"),
    [
        ("stream: OK", Scan.CLEAN, None),
        ("stream: Win.Test.EICAR_HDB-1 FOUND", Scan.INFECTED, "Win.Test.EICAR_HDB-1"),
        ("stream: Heuristics.Encrypted.Zip FOUND", Scan.UNSCANNABLE,
         "文件已加密（Heuristics.Encrypted.Zip）"),
        ("stream: Heuristics.Limits.Exceeded.MaxFiles FOUND", Scan.UNSCANNABLE,
         "文件超过检查程序的大小上限（Heuristics.Limits.Exceeded.MaxFiles）"),
        ("INSTREAM size limit exceeded. ERROR", Scan.UNSCANNABLE,
         "文件超过检查程序的大小上限（StreamMaxLength）"),
        ("stream: Heuristics.Phishing.Email FOUND", Scan.INFECTED, "Heuristics.Phishing.Email"),
    ],
)  # fmt: skip
def test_an_answer_is_told_as_a_state(answer: str, scan: Scan, detail: str | None) -> None:
    assert told(answer) == (scan, detail)


@pytest.mark.parametrize(
    "answer", ["", "stream: ", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "OK then"]
)
def test_what_is_no_verdict_makes_nothing_clean(answer: str) -> None:
    with pytest.raises(ScanBroken):
        told(answer)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("tcp://clamav:3310", True),
        ("tcp://[::1]:3310", True),
        ("unix:///run/clamav/clamd.ctl", True),
        ("http://clamav:3310", False),
        ("tcp://clamav", False),
        ("unix://relative/path", False),
        ("clamav:3310", False),
    ],
)
def test_a_scanner_is_named_by_an_address_of_a_kind_that_clamd_has(
    settings: Settings, url: str, *, fits: bool
) -> None:
    given = {**settings.model_dump(), "DATABASE_URL": settings.database_url, "scanner_url": url}
    if fits:
        assert Settings.model_validate(given).scanner_url == url
        return
    with pytest.raises(ValidationError, match="of a clamd"):
        Settings.model_validate(given)
