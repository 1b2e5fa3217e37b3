"""What reaches the application at all? Nothing too large; everything with an id of its own.

A plain ASGI layer: it neither copies bodies nor runs after the answer.
"""

import json
import uuid
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import MEDIA_TYPE, problem
from app.errors import BodyTooLarge

UPLOADS: Final = (
    "/evidence", "/roster", "/details-sheet", "/learning-batches", "/report",
    "/learning-records:batch", "/attachments", "/licences",
)  # fmt: skip
"""Routes that read their body as a stream and know a limit of their own."""
TUS_VERSION: Final = "1.0.0"
_TUS: Final = "/api/v1/uploads"
_TUS_HEADERS: Final = [
    (b"tus-resumable", TUS_VERSION.encode()),
    (b"tus-version", TUS_VERSION.encode()),
]
_TUS_METHODS: Final = frozenset({"PATCH", "DELETE", "HEAD"})


class Threshold:
    """Gives each request an id and refuses a body that is larger than the route may take."""

    def __init__(self, app: ASGIApp, body_max: int, upload_max: int) -> None:
        self._app, self._body_max, self._upload_max = app, body_max, upload_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or answer 413 before a byte of it is kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        resumable = scope["path"].startswith(_TUS)
        of_files = resumable or scope["path"].endswith(UPLOADS)
        limit = self._upload_max if of_files else self._body_max
        if resumable:
            scope["method"] = _meant_method(scope)
        counted = _Counted(receive, limit)
        answered = _Answered(send, request_id, _TUS_HEADERS if resumable else [])
        if _declared_length(scope) > limit:
            await _too_large(answered, limit)
            return
        await self._app(scope, counted.receive, answered)


class _Counted:
    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left = receive, limit

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            # An HTTPException, because FastAPI turns any other error of reading into a 400.
            raise HTTPException(BodyTooLarge.status)
        return message


class _Answered:
    def __init__(self, send: Send, request_id: str, more: list[tuple[bytes, bytes]]) -> None:
        self._send, self._request_id, self._more = send, request_id.encode(), more

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            extra = [
                (b"x-request-id", self._request_id),
                (b"x-content-type-options", b"nosniff"),
                (b"cache-control", b"no-store"),
                *self._more,
            ]
            named = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(pair for pair in extra if pair[0] not in named),
            ]
        await self._send(message)


def _declared_length(scope: Scope) -> int:
    value = _header(scope, b"content-length")
    return int(value) if value.isdigit() else 0


def _meant_method(scope: Scope) -> str:
    """Return the method that is meant: tus lets a client behind an old proxy send POST instead."""
    meant = _header(scope, b"x-http-method-override").decode("latin-1").upper()
    return meant if scope["method"] == "POST" and meant in _TUS_METHODS else str(scope["method"])


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


async def _too_large(send: Send, limit: int) -> None:
    refusal = BodyTooLarge
    body = json.dumps(
        problem(refusal.status, refusal.code, refusal.title, refusal.remedy, limit=limit),
        ensure_ascii=False,
    ).encode()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
