"""How is a refusal told? As one ``application/problem+json`` (RFC 9457) with a stable code.

Titles and remedies are Chinese, for those who read them; the code is for programs. Nothing that was
sent is echoed: a rejected value may be a resident ID.
"""

import json
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app.api.envelope import SAFETY
from app.api.reasons import reason
from app.errors import NotSignedIn, RangeRefused, Refusal, TooManyRequests, refusal_of
from app.office import Crowded
from app.policy.masking import hide_numbers

MEDIA_TYPE = "application/problem+json"
INVALID = ("invalid_request", "请求内容不符合要求")
BUSY = ("busy", "系统繁忙")
_log = structlog.get_logger()
_FAULTS_LISTED = 100
_FIELD_SHOWN = 200  # the name of an unknown field may be as long as the body

_UNREADABLE = 400
"""With which FastAPI answers a body that is no JSON at all; to the sender it is an invalid one."""
_NO_SUCH_METHOD = 405
_BY_STATUS = {
    404: ("not_found", "没有找到", "请核对网址和编号。"),
    405: ("method_not_allowed", "不支持此方法", "请查看接口文档。"),
    413: ("body_too_large", "上传内容过大", "请压缩或拆分后上传。"),
}
# Serialisation, deadlock, lock and statement limits, too many connections, shutdown and start.
_BUSY_SQLSTATES = frozenset(
    {"40001", "40P01", "55P03", "57014", "53300", "57P01", "57P02", "57P03"}
)


def problem(
    status: int,
    code: str,
    title: str,
    remedy: str,
    detail: str = "",
    **members: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Return the problem document."""
    document = {
        "type": f"urn:subsidy:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "remedy": remedy,
    }
    return {**document, **({"detail": detail} if detail else {}), **members}


def _answer(document: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)
    # The name of an unknown field may hold half a character; its escape is good JSON.
    answer = content.encode("utf-8", "backslashreplace")
    return Response(answer, document["status"], headers, MEDIA_TYPE)


def told(refusal: Refusal) -> Response:
    """Return the answer that tells *refusal*."""
    headers = {}
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, RangeRefused):
        headers["Content-Range"] = f"bytes */{refusal.members['size']}"
    if "retry_after" in refusal.members:
        headers["Retry-After"] = str(refusal.members["retry_after"])
    if isinstance(refusal, TooManyRequests):
        headers.update(refusal.stands)
    return _answer(refusal.document(), headers)


async def _refused(_: Request, refusal: Refusal) -> Response:
    return told(refusal)


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    faults = [
        {"field": _field(fault["loc"]), "reason": reason(fault)} for fault in found[:_FAULTS_LISTED]
    ]
    return _faulty(faults, more=len(found) - len(faults))


def _faulty(faults: list[dict[str, str]], more: int = 0) -> Response:
    remedy = "请按 errors 中逐项列出的字段修改；more 为未列出的项数。"
    return _answer(problem(422, *INVALID, remedy, errors=faults, more=more))


def _field(place: tuple[object, ...]) -> str:
    """Return the name of a field; the name of an unknown one is the sender's own word."""
    return hide_numbers(".".join(map(str, place))[:_FIELD_SHOWN])


async def _http(request: Request, error: HTTPException) -> Response:
    if error.status_code == NotSignedIn.status:
        return told(NotSignedIn())
    if error.status_code == _UNREADABLE:
        return _faulty([{"field": "body", "reason": "不是有效的请求内容，无法读取"}])
    code, title, remedy = _BY_STATUS.get(
        error.status_code, ("http_error", "请求未被接受", "请查看接口文档。")
    )
    allowed = {"Allow": _allowed(request)} if error.status_code == _NO_SUCH_METHOD else {}
    return _answer(
        problem(error.status_code, code, title, remedy), {**(error.headers or {}), **allowed}
    )


def _allowed(request: Request) -> str:
    """Return the methods of all routes at this address; each route knows its own only."""
    at_this_address = (
        route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE
    )
    return ", ".join(sorted({method for route in at_this_address for method in route.methods}))


async def _database(request: Request, error: DBAPIError) -> Response:
    """Explain what a constraint refused; anything else the database said is a bug or a bad hour."""
    if error.connection_invalidated:
        return _busy()
    return await _refused_by_database(request, error, getattr(error.orig, "__cause__", None))


async def _driver(request: Request, error: asyncpg.PostgresError) -> Response:
    """Explain the same where a hot statement or the commit met it, past SQLAlchemy."""
    return await _refused_by_database(request, error, error)


async def _refused_by_database(
    request: Request, error: Exception, cause: BaseException | None
) -> Response:
    refusal = refusal_of(cause)
    if refusal is not None:
        return told(refusal)
    if getattr(cause, "sqlstate", "") in _BUSY_SQLSTATES:
        return _busy()
    if isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        _log.warning("constraint without a refusal", constraint=cause.constraint_name)
    return await _broken(request, error)


def _busy() -> Response:
    document = problem(503, *BUSY, "请稍后用同一 Idempotency-Key 重试。")
    return _answer(document, {"Retry-After": "1"})


async def _broken(request: Request, error: Exception) -> Response:
    trace = getattr(request.state, "request_id", "")
    _log.error("unexpected error", request_id=trace, kind=type(error).__name__, exc_info=error)
    document = problem(
        500, "internal_error", "系统内部错误", "请将 trace 编号告知管理员。", trace=trace
    )
    # A bug is answered outside of the envelope, which else adds these headers.
    # The server closes the connection after it.
    return _answer(document, {"X-Request-Id": trace, **SAFETY, "Connection": "close"})


async def _overloaded(_: Request, error: Exception) -> Response:
    _log.warning("no connection to the database", kind=type(error).__name__)
    return _busy()


def add_problems(app: FastAPI) -> None:
    """Make every refusal, every invalid request and every bug a problem document."""
    app.exception_handler(Refusal)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(DBAPIError)(_database)
    app.exception_handler(asyncpg.PostgresError)(_driver)
    app.exception_handler(PoolTimeoutError)(_overloaded)
    app.exception_handler(Crowded)(_overloaded)
    app.exception_handler(OSError)(_overloaded)
    app.exception_handler(Exception)(_broken)


REFERENCE = {"$ref": "#/components/schemas/Problem"}


def problems(*refusals: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of a route that may end in one of *refusals*."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append(refusal)
    return {
        status: {
            "description": "；".join(f"`{each.code}` {each.title}" for each in several),
            "content": {MEDIA_TYPE: {"schema": REFERENCE}},
        }
        for status, several in by_status.items()
    }
