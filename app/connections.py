"""How do a connection's bytes reach the application? Through one buffer, copied once, and in time.

uvicorn's own way copies a body four times; for a large file that takes as long as its hash. And it
waits for ever for who sends a request byte by byte, or never reads the answer.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.problems import told
from app.errors import TooSlow
from app.settings import Settings, listed

_BUFFER: Final = memoryview(bytearray(512 * 1024))
"""All connections of a process read into it, one at a time: what came is parsed before the next."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection is waited for, in seconds."""

    head: float
    body: float
    bytes_per_second: int
    answer: float


class Connection(asyncio.BufferedProtocol):
    """A connection whose bytes are read into a buffer that is there already."""

    def __init__(self, patience: Patience, **wiring: Any) -> None:  # noqa: ANN401  uvicorn's own, handed on
        self._http = _Http(patience, **wiring)

    def get_buffer(self, _: int) -> memoryview:
        """Return where to read to."""
        return _BUFFER

    def buffer_updated(self, size: int) -> None:
        """Parse what was read."""
        self._http.data_received(cast("bytes", _BUFFER[:size]))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._http.connection_made(cast("asyncio.Transport", transport))

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._http.connection_lost(exc)

    def eof_received(self) -> None:
        """Take note that no more comes."""
        self._http.eof_received()

    def pause_writing(self) -> None:
        """Wait until the other side has read."""
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """Write on."""
        self._http.resume_writing()


class _Http(HttpToolsProtocol):
    """Gives up on a late head, on a body that comes too slowly, and on an answer nobody reads."""

    def __init__(self, patience: Patience, **wiring: Any) -> None:  # noqa: ANN401  as above
        super().__init__(**wiring)
        self._patience = patience
        self._head_ends: asyncio.TimerHandle | None = None
        self._body_ends: asyncio.TimerHandle | None = None
        self._answer_ends: asyncio.TimerHandle | None = None
        self._arrived = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._await_head()
        super().data_received(data)
        cycle = self.cycle
        if cycle is not None and cycle.more_body and not cycle.response_complete:
            self._await_body()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._head_ends, self._body_ends, self._answer_ends):
            if timer is not None:
                timer.cancel()

    def on_headers_complete(self) -> None:
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand a piece of the body on as it is; only what waits already is put together."""
        self._arrived += len(body)
        if not self.cycle.body:
            self.cycle.body = cast("bytearray", body)
            body = b""
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._body_ends is not None:
            self._body_ends.cancel()
            self._body_ends = None
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._answer_ends = self.loop.call_later(self._patience.answer, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._answer_ends is not None:
            self._answer_ends.cancel()
            self._answer_ends = None

    def _await_head(self) -> None:
        if self._head_ends is None:
            self._head_ends = self.loop.call_later(self._patience.head, self._give_up)

    def _await_body(self) -> None:
        if self._body_ends is None:
            self._look_at_body(self._arrived)

    def _look_at_body(self, before: int) -> None:
        """Give up on a body unless enough of it came since; it is looked at again and again."""
        enough = self._patience.body * self._patience.bytes_per_second
        if self._body_ends is not None:
            if self.cycle.response_complete:
                self._body_ends = None
                return
            # What we do not read yet, or did not ask for, nobody can send.
            held = self.flow.read_paused or self.cycle.waiting_for_100_continue
            if self._arrived - before < enough and not held:
                self._give_up()
                return
        self._body_ends = self.loop.call_later(
            self._patience.body, self._look_at_body, self._arrived
        )

    def _give_up(self) -> None:
        """Tell that it took too long, if nothing was told yet, and hang up."""
        if self.transport.is_closing():
            return
        cycle = self.cycle
        of_next = cycle is None or self.scope is not cycle.scope
        if self.scope is not None and (of_next or not cycle.response_started):
            self.transport.write(_TOO_SLOW)
        self.transport.close()


def _too_slow() -> bytes:
    """Return the answer to a request that did not come in time."""
    answer = told(TooSlow())
    answer.headers["Connection"] = "close"
    head = b"".join(b"%b: %b\r\n" % pair for pair in answer.raw_headers)
    return b"HTTP/1.1 408 Request Timeout\r\n" + head + b"\r\n" + bytes(answer.body)


_TOO_SLOW: Final = _too_slow()


def wiring(app: FastAPI) -> dict[str, Any]:
    """Return what uvicorn is to be told for *app*, wherever it serves."""
    settings: Settings = app.state.office.settings
    patience = Patience(
        settings.header_seconds,
        settings.body_seconds,
        settings.body_bytes_per_second,
        settings.answer_seconds,
    )
    proxies = listed(settings.trusted_proxies)
    return {
        "app": app,
        # uvicorn calls it by the names of its own.
        "http": cast("type[asyncio.Protocol]", partial(Connection, patience)),
        "timeout_keep_alive": settings.keep_alive_seconds,
        "proxy_headers": bool(proxies),
        "forwarded_allow_ips": proxies,
        "server_header": False,
        "access_log": False,
        "log_config": None,
    }
