"""What may others keep of what everybody may read? A proxy for half a minute; a browser asks again.

A browser that has the same answer already is told so, without being sent it.
"""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response

from app.api.downloads import lists
from app.api.idempotency import KeyedRoute

_KEPT: Final = "public, max-age=0, s-maxage=30"
_DONE: Final = 200
_TAG_BYTES: Final = 16


class PublishedRoute(KeyedRoute):
    """A route whose reading is the same for everybody, whoever asks."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler; only what is read is for keeping."""
        answer = super().get_route_handler()

        async def answer_with_tag(request: Request) -> Response:
            response = await answer(request)
            if request.method != "GET" or response.status_code != _DONE:
                return response
            tag = f'"{hashlib.sha256(response.body).hexdigest()[: 2 * _TAG_BYTES]}"'
            told = {"ETag": tag, "Cache-Control": _KEPT}
            if lists(request.headers.get("if-none-match", ""), tag):
                return Response(status_code=304, headers=told)
            response.headers.update(told)
            return response

        return answer_with_tag
