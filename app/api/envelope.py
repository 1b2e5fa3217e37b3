"""What does every answer carry? An id of its own, and what keeps a browser from misusing it.

A plain ASGI layer: it neither copies bodies nor runs after the answer.
"""

import uuid
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.bodies import is_resumable

TUS_VERSION: Final = "1.0.0"
SAFETY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of an answer that has none of these of its own."""
_SAFETY: Final = [(name.lower().encode(), value.encode()) for name, value in SAFETY.items()]
_TUS: Final = [
    (b"tus-resumable", TUS_VERSION.encode()),
    (b"tus-version", TUS_VERSION.encode()),
]


class Envelope:
    """Gives each request an id, and each answer its headers."""

    def __init__(self, app: ASGIApp, hsts_seconds: int) -> None:
        self._app = app
        told = f"max-age={hsts_seconds}; includeSubDomains".encode()
        self._over_tls = [(b"strict-transport-security", told)] if hsts_seconds else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        headers = [(b"x-request-id", request_id.encode()), *_SAFETY]
        if is_resumable(scope["path"]):
            headers += _TUS
        if scope["scheme"] == "https":
            headers += self._over_tls

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                rate = state.get("rate")
                stands = _as_bytes(rate.headers()) if rate else ()
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in (*headers, *stands) if pair[0] not in named),
                ]
            await send(message)

        await self._app(scope, receive, answer)


def _as_bytes(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]
