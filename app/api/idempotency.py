"""Was this request answered before? The same key and content get the same answer.

The key is taken when the request's transaction opens, so a concurrent twin waits for it, and the
answer is stored in that same transaction: a crash leaves either both the act and its answer or
neither. Refused requests are not remembered; they may be mended and sent again.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from app.actors import Actor
from app.api.bodies import is_stream
from app.errors import KeyReused
from app.office import Desk
from app.services import answers
from app.services.answers import Answer, Place

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST: Final = 255
_KEY: Final = re.compile("[!-~]([ -~]*[!-~])?")
# What the server writes anew for each answer.
_NOT_KEPT: Final = frozenset({"content-length", "date"})
_PARAMETER: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "同一值、同一内容的请求只办理一次，重复提交得到同一答复；至少保存24小时",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": _LONGEST,
        "pattern": f"^{_KEY.pattern}$",
    },
}


@dataclass(slots=True)
class Keyed:
    """A request that came with a key; ``content`` is the digest of what was sent."""

    key: str
    request_line: bytes
    content: bytes = b""
    desk: Desk[Actor] | None = None
    place: Place | None = None

    def at(self, desk: Desk[Actor]) -> Place:
        """Return the place of this request's answer."""
        return answers.place(desk, self.key, self.request_line + b"\x00" + self.content)


class AnsweredBefore(Exception):  # noqa: N818  not an error: the answer is at hand
    """The request was answered before, with this response."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered before")
        self.response = Response(answer.body, answer.status)
        self.response.raw_headers = [
            *((name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers),
            *(pair for pair in self.response.raw_headers if pair[0] == b"content-length"),
            (REPLAYED.lower().encode(), b"true"),
        ]


class KeyedRoute(APIRoute):
    """A route that honours the Idempotency-Key header of writing requests."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:  # noqa: ANN401  the framework's own, handed on
        if not READING.issuperset(more.get("methods") or {"GET"}):
            told = more.get("openapi_extra") or {}
            named = [*told.get("parameters", ()), _PARAMETER]
            more["openapi_extra"] = {**told, "parameters": named}
        super().__init__(path, endpoint, **more)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler; requests without a key pass straight through."""
        answer = super().get_route_handler()

        async def answer_once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method in READING:
                return await answer(request)
            keyed = Keyed(_checked(key), _request_line(request))
            if not is_stream(request.url.path):
                keyed.content = hashlib.sha256(await request.body()).digest()
            request.state.keyed = keyed
            try:
                response = await answer(request)
            except AnsweredBefore as before:
                return before.response
            await remember(keyed, response)
            return response

        return answer_once


async def take_key(request: Request, desk: Desk[Actor]) -> None:
    """Take the request's key, if it came with one, or find that it is taken.

    Raises:
        AnsweredBefore: by the same request, with the answer it got.
        KeyReused: by another request.
    """
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    if keyed is None:
        return
    where = keyed.at(desk)
    answered = await answers.take(desk, where)
    if answered is not None:
        raise AnsweredBefore(answered)
    keyed.desk, keyed.place = desk, where


async def is_answered(request: Request, desk: Desk[Actor]) -> bool:
    """Tell whether the request's key is taken: then what comes is only to be compared."""
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    return keyed is not None and await answers.is_taken(desk, keyed.at(desk))


async def compare(request: Request, desk: Desk[Actor]) -> NoReturn:
    """Answer once more a request whose key was taken, now that its content is known.

    Raises:
        AnsweredBefore, KeyReused: one of them.
    """
    await take_key(request, desk)
    raise KeyReused  # the answer was swept while this content came


def note_content(request: Request, digest: bytes) -> None:
    """Let the key stand for content, too, that was read as a stream."""
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    if keyed is not None:
        keyed.content = digest


async def remember(keyed: Keyed, response: Response) -> None:
    """Keep the answer, if this request took the key."""
    if keyed.desk is None or keyed.place is None:
        return
    headers = [pair for pair in response.headers.items() if pair[0] not in _NOT_KEPT]
    answer = Answer(response.status_code, headers, bytes(response.body))
    await answers.keep(keyed.desk, keyed.place, answer)
    keyed.desk = None


async def remember_here(request: Request, response: Response) -> None:
    """Keep the answer now, for a route whose transaction ends before it returns."""
    keyed: Keyed | None = getattr(request.state, "keyed", None)
    if keyed is not None:
        await remember(keyed, response)


def _checked(key: str) -> str:
    if len(key) > _LONGEST or not _KEY.fullmatch(key):
        fault = {
            "type": "string_pattern_mismatch",
            "loc": ("header", HEADER),
            "msg": "1 to 255 printable ASCII characters",
            "ctx": {"pattern": _KEY.pattern},
        }
        raise RequestValidationError([fault])
    return key


def _request_line(request: Request) -> bytes:
    """Return what is asked for, and with which secret; a bearer's token may be another by then."""
    scope = request.scope
    signed_in = request.headers.get("authorization", "")
    if signed_in[:7].lower() == "bearer ":
        signed_in = ""
    token = f"{request.headers.get('objection-token', '')}\x00{signed_in}".encode()
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return b"\x00".join((request.method.encode(), raw, scope["query_string"], token))
