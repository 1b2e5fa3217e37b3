"""How many requests a second does a server answer to a fixed number of keep-alive connections?

The client must never be what is measured: requests are ready-made bytes, answers are parsed in C
and not decoded, and the share of one core that the client itself used is reported.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, cast

import httptools
import uvloop

from benchmarks.servers import HOST

CONNECTIONS: Final = 8


class WrongAnswerError(RuntimeError):
    """A server answered with another status than the measured one."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one spell of requests came to; ``client`` is the client's own share of one core."""

    answered: int
    seconds: float
    client: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds


def request(method: str, path: str, token: str, body: bytes = b"", key: str = "") -> bytes:
    """Return the bytes of a request, under an Idempotency-Key if one is given."""
    told = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else ""
    told += f"idempotency-key: {key}\r\n" if key else ""
    head = f"{method} {path} HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Bearer {token}\r\n"
    return f"{head}{told}\r\n".encode() + body


def drive(
    port: int, requests: Iterable[bytes], *, status: int, seconds: float = float("inf")
) -> Pace:
    """Send *requests* over all connections until they are used up, or for some seconds.

    Raises:
        WrongAnswerError: an answer had another status than *status*.
    """
    return uvloop.run(_drive(port, iter(requests), status, seconds))


def answer(port: int, asked: bytes, *, status: int) -> bytes:
    """Return the body of the answer to one request."""
    return uvloop.run(_alone(port, asked, status))


async def _drive(port: int, requests: Iterator[bytes], status: int, seconds: float) -> Pace:
    loop = asyncio.get_running_loop()
    deadline = time.perf_counter() + seconds
    lanes = [_Lane(requests, status, deadline) for _ in range(CONNECTIONS)]
    for lane in lanes:
        await loop.create_connection(lambda lane=lane: lane, HOST, port)
    began, busy = time.perf_counter(), time.process_time()
    for lane in lanes:
        lane.send()
    await asyncio.gather(*(lane.done for lane in lanes))
    took = time.perf_counter() - began
    return Pace(sum(lane.answered for lane in lanes), took, (time.process_time() - busy) / took)


async def _alone(port: int, asked: bytes, status: int) -> bytes:
    lane = _Lane(iter([asked]), status, float("inf"))
    await asyncio.get_running_loop().create_connection(lambda: lane, HOST, port)
    lane.send()
    await lane.done
    return lane.body


class _Lane(asyncio.Protocol):
    """One connection: the next request leaves when the last was answered."""

    def __init__(self, requests: Iterator[bytes], status: int, deadline: float) -> None:
        self._requests, self._status, self._deadline = requests, status, deadline
        self._chunks: list[bytes] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answered = 0

    @property
    def body(self) -> bytes:
        """The body of the last answer."""
        return b"".join(self._chunks)

    def send(self) -> None:
        """Send the next request, or leave if there is none or the time is up."""
        late = time.perf_counter() > self._deadline
        asked = None if late else next(self._requests, None)
        if asked is None:
            self._transport.close()
            return
        self._chunks.clear()
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(asked)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came; the parser calls the two methods below."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the answer, undecoded."""
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        """Count the answer and send the next request."""
        if self._parser.get_status_code() != self._status:
            self._fail(WrongAnswerError(f"{self._parser.get_status_code()}: {self.body.decode()}"))
            return
        self.answered += 1
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that this connection is through."""
        if exc is not None:
            self._fail(exc)
        elif not self.done.done():
            self.done.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)
        self._transport.close()
