"""With which keys may others check our tokens? They are published where everybody looks."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.api.auth import office_of

PATH: Final = "/.well-known/jwks.json"
_SECONDS: Final = 300
"""So long a reader may keep what it read: a new key stands second for longer than this."""


def add_jwks(app: FastAPI) -> None:
    """Answer with the public keys that are accepted now; they are no part of the contract."""

    @app.get(PATH, include_in_schema=False)
    async def jwks(request: Request) -> JSONResponse:
        return JSONResponse(
            office_of(request).tokens.published(),
            headers={"Cache-Control": f"public, max-age={_SECONDS}"},
            media_type="application/jwk-set+json",
        )
