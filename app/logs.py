"""Where do log lines go? To standard error, one JSON object each, with nothing sent to us.

An error's text may repeat what was sent or stored (a database names the failing row), so a line
tells only the kinds of errors and where they arose.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

_FRAMES: Final = 15


def configure() -> None:
    """Write one JSON object per line; other libraries' warnings go the same way, as text."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_it_arose,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s", force=True)
    # The application has told of a bug already; the server would print the error's text as well.
    logging.getLogger("uvicorn.error").addFilter(_has_no_error)


def where_it_arose(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an error by the kinds in its chain and the places it passed."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        event["where"] = [
            f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames
        ]
        event["kinds"] = _kinds(error)
    return event


def _kinds(error: BaseException | None) -> list[str]:
    kinds: list[str] = []
    while error is not None:
        kinds.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return kinds


def _has_no_error(record: logging.LogRecord) -> bool:
    return not record.exc_info
