"""How does the service run outside the sandbox? As the environment says, and never on a guess."""

import asyncio
import os
import signal
from typing import Final

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from app import logs
from app.connections import wiring
from app.installation import refuse_unfit
from app.main import create_app
from app.settings import Settings

# Shorter than what compose.yaml and most orchestrators wait before they kill.
_GRACE_SECONDS: Final = 25


class EnvironmentRefused(RuntimeError):  # noqa: N818  an answer for the person at the terminal
    """The environment is not complete or not right; the text names every variable at fault."""


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that are under way then are finished.

    Raises:
        EnvironmentRefused: variables are missing or wrong.
        app.installation.DatabaseUnusable, app.database.UnsafeDatabaseRoleError: as named.
    """
    app = application()
    logs.configure()
    asyncio.run(refuse_unfit(app.state.office.settings.database_url.get_secret_value()))
    config = uvicorn.Config(
        **wiring(app),
        host=host,
        port=port,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    # The server tells the signal once more when all is done: then there is nothing left to stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        raise SystemExit(1)


def owner_url() -> str:
    """Return the URL of the database's administrator, which the service itself is never given."""
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        raise SystemExit("set DATABASE_OWNER_URL to the URL of the database's administrator")
    return url


def application() -> FastAPI:
    """Return the application of the environment.

    Raises:
        EnvironmentRefused: variables are missing or wrong.
    """
    try:
        return create_app(Settings())
    except ValidationError as invalid:
        faults = [_fault(each["type"], each["loc"], each["msg"]) for each in invalid.errors()]
    except ValueError as invalid:
        faults = [str(invalid)]
    raise EnvironmentRefused(
        "\n  ".join(["the environment is not complete or not right:", *faults])
    )


def _fault(kind: str, place: tuple[int | str, ...], said: str) -> str:
    field = str(place[0]) if place else ""
    variable = field if field.isupper() else f"SUBSIDY_{field.upper()}"
    told = "is not set" if kind == "missing" else said.removeprefix("Value error, ")
    return f"{variable} {told}" if field else told
