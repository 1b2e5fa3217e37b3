"""How do a connection's bytes reach the application? Through one buffer, and copied once.

uvicorn's own way copies a body four times; for a large file that takes as long as its hash.
"""

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_BUFFER: Final = memoryview(bytearray(512 * 1024))
"""All connections of a process read into it, one at a time: what came is parsed before the next."""


class Connection(asyncio.BufferedProtocol):
    """A connection whose bytes are read into a buffer that is there already."""

    def __init__(self, **wiring: Any) -> None:  # noqa: ANN401  uvicorn's own, handed on
        self._http = _Http(**wiring)

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
    def on_body(self, body: bytes) -> None:
        """Hand a piece of the body on as it is; only what waits already is put together."""
        if not self.cycle.body:
            self.cycle.body = cast("bytearray", body)
            body = b""
        super().on_body(body)


CONNECTION: Final = cast("type[asyncio.Protocol]", Connection)
"""To be given to uvicorn, which calls it by the names of its own."""
