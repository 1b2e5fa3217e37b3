"""Which layers does a request pass before the application? Envelope, CORS, recorder, threshold."""

from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.api.attempts import Attentive
from app.api.envelope import Envelope
from app.api.limits import Threshold
from app.settings import Settings, listed

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SENT: Final = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "If-Range",
    "Objection-Token", "Range", "Tus-Resumable", "Upload-Checksum", "Upload-Length",
    "Upload-Metadata", "Upload-Offset", "X-HTTP-Method-Override",
)  # fmt: skip
_READ: Final = (
    "Content-Disposition", "Content-Range", "ETag", "Idempotency-Replayed", "Location",
    "RateLimit", "RateLimit-Policy", "Retry-After", "Tus-Extension", "Tus-Max-Size",
    "Tus-Resumable", "Tus-Version", "Upload-Evidence", "Upload-Expires", "Upload-Length",
    "Upload-Metadata", "Upload-Offset", "X-Request-Id",
)  # fmt: skip
_PREFLIGHT_SECONDS: Final = 600


def add_layers(app: FastAPI, settings: Settings) -> None:
    """Put the layers around the application; the one added last is the outermost."""
    app.add_middleware(
        Threshold,
        rates=app.state.rates,
        body_max=settings.body_max_bytes,
        upload_max=settings.evidence_max_bytes,
    )
    app.add_middleware(Attentive, attempts=app.state.attempts)
    origins = listed(settings.cors_origins)
    if origins:
        # No cookies are used, so none are let through: who calls sends his token himself.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_SENT,
            expose_headers=_READ,
            max_age=_PREFLIGHT_SECONDS,
        )
    app.add_middleware(Envelope, hsts_seconds=settings.hsts_seconds)
