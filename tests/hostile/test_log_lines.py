"""Nobody writes a line of the log but the service."""

import json

import pytest
import structlog

from app import logs
from tests.hostile.corpus import EVERYTHING


@pytest.mark.parametrize("text", [each for each in EVERYTHING if "\ud800" not in each], ids=ascii)
def test_a_word_from_outside_stays_within_its_line(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """None should come into a line at all; one that did would end no line and forge no field."""
    before = structlog.get_config()
    logs.configure()
    structlog.get_logger().warning("odd", word=text)
    structlog.configure(**before)
    printed = capsys.readouterr().err
    assert (printed.count("\n"), printed.count("\r")) == (1, 0)
    line = json.loads(printed)
    assert (line["event"], line["level"], line["word"]) == ("odd", "warning", text)
