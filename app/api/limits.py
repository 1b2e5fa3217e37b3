"""What reaches the application at all? Nothing too large, and nothing too often.

A plain ASGI layer: it neither copies bodies nor runs after the answer.
"""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.bodies import is_resumable, is_stream
from app.api.problems import told
from app.api.rates import Rates
from app.errors import BodyTooLarge, Refusal, TooManyRequests

_TUS_METHODS: Final = frozenset({"PATCH", "DELETE", "HEAD"})
_DIGITS: Final = 19
"""More than any limit has; Python refuses to read numbers of thousands of digits."""


class Threshold:
    """Refuses who asks too often, and a body that is larger than the route may take."""

    def __init__(self, app: ASGIApp, rates: Rates, body_max: int, upload_max: int) -> None:
        self._app, self._rates = app, rates
        self._body_max, self._upload_max = body_max, upload_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass, or answer 429 or 413 before a byte of it is kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if is_resumable(scope["path"]):
            scope["method"] = _meant_method(scope)
        try:
            scope["state"]["rate"] = self._rates.take_by_address(scope)
        except TooManyRequests as refused:
            await _refuse(refused, scope, receive, send)
            return
        limit = self._upload_max if is_stream(scope["path"]) else self._body_max
        if _declared_length(scope) > limit:
            await _refuse(BodyTooLarge(limit=limit), scope, receive, send)
            return
        await self._app(scope, _Counted(receive, limit).receive, send)


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


def _declared_length(scope: Scope) -> int:
    value = _header(scope, b"content-length")
    return int(value[:_DIGITS]) if value.isdigit() else 0


def _meant_method(scope: Scope) -> str:
    """Return the method that is meant: tus lets a client behind an old proxy send POST instead."""
    meant = _header(scope, b"x-http-method-override").decode("latin-1").upper()
    return meant if scope["method"] == "POST" and meant in _TUS_METHODS else str(scope["method"])


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer before the body was read, which the connection does not outlive."""
    answer = told(refusal)
    answer.headers["Connection"] = "close"
    await answer(scope, receive, send)
