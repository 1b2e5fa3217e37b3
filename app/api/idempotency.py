"""Was this request answered before? The same key and content get the same answer.

The key is taken when the request's transaction opens, so a concurrent twin waits for it, and the
answer is stored in that same transaction: a crash leaves either both the act and its answer or
neither. Refused requests are not remembered; they may be mended and sent again.
"""

import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.actors import Sender
from app.api.limits import UPLOADS
from app.errors import KeyReused
from app.models import StoredAnswer
from app.office import Desk

HEADER: Final = "idempotency-key"
_LONGEST_KEY: Final = 255


@dataclass(slots=True)
class Keyed:
    """A request that came with a key; ``content`` is the digest of what was sent."""

    key: str
    request_line: bytes
    content: bytes = b""
    desk: Desk[Sender] | None = None

    @property
    def fingerprint(self) -> bytes:
        """The digest by which the same request is known again."""
        return hashlib.sha256(self.request_line + b"\x00" + self.content).digest()


class AnsweredBefore(Exception):  # noqa: N818  not an error: the answer is at hand
    """The request was answered before, with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


class KeyedRoute(APIRoute):
    """A route that honours the Idempotency-Key header of writing requests."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler; requests without a key pass straight through."""
        answer = super().get_route_handler()

        async def answer_once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method in {"GET", "HEAD"}:
                return await answer(request)
            keyed = Keyed(key[:_LONGEST_KEY], f"{request.method} {request.url}".encode())
            if not request.url.path.endswith(UPLOADS):
                keyed.content = hashlib.sha256(await request.body()).digest()
            request.state.keyed = keyed
            try:
                response = await answer(request)
            except AnsweredBefore as before:
                return before.response
            await _remember(keyed, response)
            return response

        return answer_once


async def take_key(keyed: Keyed, desk: Desk[Sender]) -> None:
    """Take the key for this request, or find that it is taken.

    Raises:
        AnsweredBefore: by the same request, with the answer it got.
        KeyReused: by another request.
    """
    taken = await desk.db.execute(
        insert(StoredAnswer)
        .values(
            account_id=desk.actor.account_id,
            key=keyed.key,
            fingerprint=keyed.fingerprint,
            status=0,
            media_type="",
            body=b"",
        )
        .on_conflict_do_nothing()
    )
    keyed.desk = desk
    if taken.rowcount:
        return
    stored = (await desk.db.execute(_of(keyed, desk))).one()
    if stored.fingerprint != keyed.fingerprint:
        raise KeyReused
    raise AnsweredBefore(
        Response(
            stored.body, stored.status, {"Idempotency-Replayed": "true"}, stored.media_type or None
        )
    )


def _of(keyed: Keyed, desk: Desk[Sender]) -> Any:  # noqa: ANN401  a Select of three columns
    return select(
        StoredAnswer.fingerprint, StoredAnswer.status, StoredAnswer.media_type, StoredAnswer.body
    ).where(StoredAnswer.account_id == desk.actor.account_id, StoredAnswer.key == keyed.key)


async def _remember(keyed: Keyed, response: Response) -> None:
    desk = keyed.desk
    if desk is None:
        return
    await desk.db.execute(
        update(StoredAnswer)
        .where(StoredAnswer.account_id == desk.actor.account_id, StoredAnswer.key == keyed.key)
        .values(
            status=response.status_code,
            media_type=response.headers.get("content-type", ""),
            body=bytes(response.body),
        )
    )
