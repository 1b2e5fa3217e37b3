"""How does the sandbox come up, and how does it go down? Database, service and player, as one.

The main thread brings everything up, plays the case and waits; the service runs in a thread of its
own. So a Ctrl-C arrives here, wherever things stand, and everything goes down in order.
"""

import asyncio
import contextlib
import io
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app import logs
from app.connections import wiring
from app.embedded import running, wait_until_left
from app.main import create_app
from app.sandbox import story
from app.sandbox.case_sheet import SampleCase
from app.sandbox.furnishing import furnish, make_database
from app.sandbox.place import PROJECT, Place, SandboxError, address, listening
from app.sandbox.player import play
from app.settings import Settings

_DATABASE: Final = "subsidy"
_GRACE_SECONDS: Final = 5
_LOOK_SECONDS: Final = 0.02
_ASKED_TO_STOP: Final = threading.Event()
_ENDED: Final = "the service ended by itself; what it wrote above says why"


def run(port: int, data: Path | None, sample: SampleCase | None) -> None:
    """Start everything, play *sample* unless that was done, and serve until interrupted.

    Raises:
        SandboxError: it cannot run here; the text says why and what to do.
        app.embedded.EmbeddedServerError, app.installation.DatabaseUnusable: so can its database.
    """
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot write Chinese
    logs.configure()
    console = Console(highlight=False)
    given = os.environ.get("DATABASE_URL")
    place = Place.of(data, embedded=not given)
    try:
        _run(console, port, place, given, sample)
    except KeyboardInterrupt:
        _ignore_signals()
        wait_until_left(place.postgres)
        console.print("\n已停止 Stopped.")


def _run(
    console: Console, port: int, place: Place, given: str | None, sample: SampleCase | None
) -> None:
    with place.occupied(port), listening(port) as door, _server(place, given, console) as admin_url:
        service_url = furnish(admin_url, place)
        with _serving(create_app(_settings(place, service_url)), door) as ended:
            story.accounts(console)
            if sample is not None:
                play(address(port), PROJECT / "examples", sample, place.played, console)
            if _ASKED_TO_STOP.is_set():  # and not heard: a finalizer may lose what is raised in it
                raise KeyboardInterrupt
            story.serving(console, address(port))
            ended.wait()
            raise SandboxError(_ENDED)


@contextmanager
def _server(place: Place, given: str | None, console: Console) -> Iterator[str]:
    """Use the server that DATABASE_URL names, or else the embedded one."""
    if given:
        story.database(console, "DATABASE_URL", place.folder)
        yield given
        return
    story.database(console, "内置 PostgreSQL (embedded)", place.folder)
    with running(place.postgres) as server:
        asyncio.run(make_database(server.url("postgres"), _DATABASE))
        yield server.url(_DATABASE)


def _settings(place: Place, service_url: str) -> Settings:
    return Settings.model_validate(
        {
            "DATABASE_URL": service_url,
            "evidence_url": place.evidence_url,
            "sandbox": True,
            # One person at one address plays every part here.
            "rate_per_minute_account": 0,
            "rate_per_minute_address": 0,
            **place.keys(),
        }
    )


@contextmanager
def _serving(app: FastAPI, door: socket.socket) -> Iterator[threading.Event]:
    """Serve on *door* in a thread; the event is set when that ends by itself."""
    config = uvicorn.Config(**wiring(app), timeout_graceful_shutdown=_GRACE_SECONDS)
    server, ended = uvicorn.Server(config), threading.Event()

    def serve() -> None:
        with contextlib.suppress(SystemExit):
            server.run(sockets=[door])
        ended.set()

    thread = threading.Thread(target=serve, name="service")
    thread.start()
    try:
        while not server.started:
            if ended.wait(_LOOK_SECONDS):
                raise SandboxError(_ENDED)
        yield ended
    finally:
        _ignore_signals()
        server.should_exit = True
        thread.join()


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    """Let SIGTERM come as Ctrl-C, which asyncio knows how to receive in the midst of its work."""
    _ASKED_TO_STOP.set()
    signal.raise_signal(signal.SIGINT)


def _ignore_signals() -> None:
    """Once is enough: from here on everything goes down in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
