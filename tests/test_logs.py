"""A log line tells where an error arose, and repeats nothing that was sent or stored."""

import json
import logging

import pytest
import structlog

from app import logs


def _fail() -> None:
    raise ValueError("210202199003070009") from KeyError("6222020200001234567")


def test_an_error_is_told_by_its_kinds_and_places_only(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    logs.configure()
    with pytest.raises(ValueError, match="9003070009") as caught:
        _fail()
    structlog.get_logger().error("unexpected error", exc_info=caught.value)
    logging.getLogger("uvicorn.error").error("Exception in ASGI", exc_info=caught.value)
    structlog.configure(**before)
    printed = capsys.readouterr().err
    line = json.loads(printed)
    assert line["kinds"] == ["ValueError", "KeyError"]
    assert "test_logs.py" in line["where"][-1]
    assert "2102021990" not in printed
    assert "62220202" not in printed
