"""What does clamd say of these bytes? They are streamed to it, and it keeps none.

The socket is used directly: clamd answers a stream that is too long before it was sent, and closes;
asyncio's streams would lose that answer with the broken connection.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from app.policy.facts import Scan

_CONNECT_SECONDS: Final = 10
_SEND_SECONDS: Final = 60
_ANSWER_SECONDS: Final = 600  # clamd's own MaxScanTime is two minutes unless it is set
_LONGEST_ANSWER: Final = 4096
_COMMAND: Final = b"zINSTREAM\0"
_END: Final = bytes(4)
_TOO_LARGE: Final = "文件超过检查程序的大小上限"
_NOT_SEEN: Final = {
    "Heuristics.Limits.Exceeded": _TOO_LARGE,
    "Heuristics.Encrypted": "文件已加密",
}
"""What clamd "finds" where it could not look, by how the names of these findings begin."""


class ScannerAway(Exception):  # noqa: N818  it will be back
    """No clamd answers at the address."""


class ScanBroken(Exception):  # noqa: N818  as above
    """clamd took bytes and did not come to a verdict; the text says why."""


class Verdict(NamedTuple):
    """What the scanner says: the state, and what it found or why it could not look."""

    scan: Scan
    detail: str | None


async def verdict(url: str, content: AsyncIterator[bytes | memoryview]) -> Verdict:
    """Return what the clamd at *url* says of *content*.

    Raises:
        ScannerAway, ScanBroken: as named.
    """
    with await _connected(url) as connection:
        await _send(connection, content)
        return told(await _answer(connection))


def told(answer: str) -> Verdict:
    """Return what an answer of clamd means.

    Raises:
        ScanBroken: it is no verdict.
    """
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(Scan.CLEAN, None)
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND")
        for beginning, reason in _NOT_SEEN.items():
            if name.startswith(beginning):
                return Verdict(Scan.UNSCANNABLE, f"{reason}（{name}）")
        return Verdict(Scan.INFECTED, name)
    if "size limit exceeded" in said:
        return Verdict(Scan.UNSCANNABLE, f"{_TOO_LARGE}（StreamMaxLength）")
    raise ScanBroken(said or "no answer")


async def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    by_path = parts.scheme == "unix"
    where = unquote(parts.path) if by_path else (parts.hostname or "", parts.port or 0)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await _opened(socket.AF_UNIX if by_path else socket.AF_INET, where)
    except OSError as away:
        raise ScannerAway(str(away) or type(away).__name__) from away


async def _opened(family: socket.AddressFamily, where: str | tuple[str, int]) -> socket.socket:
    loop = asyncio.get_running_loop()
    if isinstance(where, tuple):
        found = await loop.getaddrinfo(*where, type=socket.SOCK_STREAM)
        family, _, _, _, where = found[0]  # type: ignore[assignment]  # IPv6 addresses have four
    connection = socket.socket(family)
    connection.setblocking(False)  # noqa: FBT003  as the loop asks
    try:
        await loop.sock_connect(connection, where)
    except BaseException:
        connection.close()
        raise
    return connection


async def _send(connection: socket.socket, content: AsyncIterator[bytes | memoryview]) -> None:
    """Send all of *content*, or as much as clamd takes: it answers why it takes no more."""
    taken = await _put(connection, _COMMAND)
    async for chunk in content:
        if not taken:
            return
        taken = await _put(connection, len(chunk).to_bytes(4, "big"), chunk)
    if taken:
        await _put(connection, _END)


async def _put(connection: socket.socket, *parts: bytes | memoryview) -> bool:
    """Send the parts; return whether clamd still takes any."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_SEND_SECONDS):
            for part in parts:
                await loop.sock_sendall(connection, part)
    except TimeoutError as broken:
        raise ScanBroken("it takes no bytes") from broken
    except OSError:
        return False
    return True


async def _answer(connection: socket.socket) -> str:
    loop = asyncio.get_running_loop()
    answer = b""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                more = await loop.sock_recv(connection, _LONGEST_ANSWER)
                if not more:
                    break
                answer += more
    except OSError as broken:  # a timeout, too
        raise ScanBroken(str(broken) or type(broken).__name__) from broken
    return answer.rstrip(b"\0").decode("utf-8", "replace")
