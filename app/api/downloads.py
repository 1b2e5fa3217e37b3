"""How does a file go out? Whole or in part, named by its hash, as something no browser runs."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import quote

from fastapi import Depends, Header
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import RangeRefused

Bytes = AsyncIterator[bytes | memoryview]

_MEDIA_TYPE: Final = "application/octet-stream"
_OF_ANY_ANSWER: Final = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes"}
_SAFETY: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SPEC: Final = re.compile("([0-9]*)-([0-9]*)")
_MOST_DIGITS: Final = 18

_BODY: Final = {_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
DOWNLOADED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": _BODY, "description": "全部内容"},
    206: {"content": _BODY, "description": "所请求的范围，见 Content-Range"},
    304: {"description": "内容与 If-None-Match 所列相同，不再发送"},
}
"""What the contract says of a download."""
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "响应头同下载，没有内容"}}
"""What the contract says of the answer to HEAD."""


class Download(StreamingResponse):
    """A file on its way; what is wrong with its first bytes is told before anything is sent."""

    media_type = _MEDIA_TYPE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        content = self.body_iterator
        first = await anext(aiter(content))

        async def whole() -> AsyncIterator[Any]:
            yield first
            async for chunk in content:
                yield chunk

        self.body_iterator = whole()
        await super().__call__(scope, receive, send)


class Part(NamedTuple):
    """The bytes of a file from ``start`` up to ``stop`` with the status that tells of them."""

    status: int
    start: int
    stop: int
    size: int
    tag: str

    @property
    def told(self) -> dict[str, object]:
        """What the audit event tells beside that the file was looked at."""
        if self.status == 206:  # noqa: PLR2004  the status of a part
            return {"range": self._range}
        return {"unchanged": True} if self.status == 304 else {}  # noqa: PLR2004  as above

    @property
    def _range(self) -> str:
        return f"bytes {self.start}-{self.stop - 1}/{self.size}"

    def answer(self, filename: str, content: Bytes) -> Response:
        """Return the answer that sends *content*, or says that it is not needed."""
        if self.status == 304:  # noqa: PLR2004  as above
            return Response(status_code=304, headers={**_OF_ANY_ANSWER, "ETag": self.tag})
        headers = _headers(filename, self.tag, self.stop - self.start)
        if self.status == 206:  # noqa: PLR2004  as above
            headers["Content-Range"] = self._range
        return Download(content, self.status, headers)


class Wanted(NamedTuple):
    """What a request says of the bytes it wants, in the words of RFC 9110."""

    range: str | None
    if_range: str | None
    if_none_match: str | None

    def part_of(self, sha256: bytes, size: int) -> Part:
        """Return what of a file to send.

        A malformed range is passed over, as are several at once of which one can be had: the whole
        file is an answer to both.

        Raises:
            RangeRefused: none of the bytes exist.
        """
        tag = _tag(sha256)
        if self.if_none_match is not None and lists(self.if_none_match, tag):
            return Part(304, 0, size, size, tag)
        ranges = _ranges(self.range, size) if self.if_range in {None, tag} else None
        if ranges is None:
            return Part(200, 0, size, size, tag)
        satisfiable = [(start, stop) for start, stop in ranges if start < stop]
        if not satisfiable:
            raise RangeRefused(size=size)
        if len(ranges) > 1:
            return Part(200, 0, size, size, tag)
        return Part(206, *satisfiable[0], size, tag)


def named(filename: str) -> str:
    """Return how an answer says that it is a file of this name, whatever stands in the name."""
    return f"attachment; filename*=UTF-8''{quote(filename, safe='')}"


def attached(filename: str, content: bytes) -> Response:
    """Return the answer with a file that was made for it, whole."""
    headers = {
        "Content-Disposition": named(filename),
        "Cache-Control": "private, no-store",
        **_SAFETY,
    }
    return Response(content, headers=headers, media_type=_MEDIA_TYPE)


def whole(filename: str, content: Bytes) -> StreamingResponse:
    """Return the answer with a stored file that leaves as it is, without ranges."""
    headers = {"Content-Disposition": named(filename), **_SAFETY}
    return StreamingResponse(content, media_type=_MEDIA_TYPE, headers=headers)


def headers_only(filename: str, sha256: bytes, size: int) -> Response:
    """Return the answer to HEAD."""
    return Response(headers=_headers(filename, _tag(sha256), size), media_type=_MEDIA_TYPE)


def _tag(sha256: bytes) -> str:
    return f'"{sha256.hex()}"'


def _headers(filename: str, tag: str, length: int) -> dict[str, str]:
    return {
        "Content-Length": str(length),
        "Content-Disposition": named(filename),
        "ETag": tag,
        **_OF_ANY_ANSWER,
        **_SAFETY,
    }


def lists(header: str, tag: str) -> bool:
    """Tell whether an If-None-Match header names the tag."""
    if header.strip() == "*":
        return True
    return tag in (each.strip().removeprefix("W/") for each in header.split(","))


def _ranges(header: str | None, size: int) -> list[tuple[int, int]] | None:
    """Return the ranges of a header, those that do not exist as empty ones; None: no such header.

    One that is not well-formed counts as none.
    """
    unit, _, specs = (header or "").partition("=")
    if unit.strip().lower() != "bytes":
        return None
    found = [_range(spec.strip(), size) for spec in specs.split(",") if spec.strip()]
    whole = [each for each in found if each is not None]
    return whole if found and len(whole) == len(found) else None


def _range(spec: str, size: int) -> tuple[int, int] | None:
    written = _SPEC.fullmatch(spec)
    if written is None or spec == "-" or len(spec) > 2 * _MOST_DIGITS:
        return None
    first, last = written.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


async def _wanted(
    range_: Annotated[
        str | None, Header(alias="Range", description="如 bytes=0-1048575；多段一律返回全部内容")
    ] = None,
    if_range: Annotated[
        str | None, Header(description="续传用：与 ETag 不同则返回全部内容")
    ] = None,
    if_none_match: Annotated[str | None, Header(description="已有内容的 ETag")] = None,
) -> Wanted:
    return Wanted(range_, if_range, if_none_match)


Asked = Annotated[Wanted, Depends(_wanted)]
"""What the request says of the bytes it wants."""
