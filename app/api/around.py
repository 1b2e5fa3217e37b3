"""What may any request be answered, by the layers around the routes? As the contract tells it."""

from typing import Any, Final

from app.api.idempotency import HEADER, READING, REPLAYED
from app.api.problems import BUSY, MEDIA_TYPE, REFERENCE
from app.api.rates import HEALTH
from app.api.scopes import needed
from app.errors import (
    BodyTooLarge,
    DutyMissing,
    NotYourRole,
    Refusal,
    ScopeMissing,
    TooManyRequests,
    TooSlow,
)

_REQUEST_ID: Final = "X-Request-Id"
_RETRY: Final = "Retry-After"
_RATES: Final = ("RateLimit-Policy", "RateLimit")
_BUSY_CODE, _BUSY_TITLE = BUSY
HEADERS: Final[dict[str, dict[str, Any]]] = {
    _REQUEST_ID: {
        "description": "本次请求的编号，反映问题时请一并告知",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "RateLimit-Policy": {
        "description": "适用的限额名称，w 秒内 q 次；不限次数时没有",
        "schema": {"type": "string", "pattern": '^"[a-z-]+";q=[0-9]+;w=[0-9]+$'},
    },
    "RateLimit": {
        "description": "该限额还剩 r 次，t 秒后增加一次；不限次数时没有",
        "schema": {"type": "string", "pattern": '^"[a-z-]+";r=[0-9]+;t=[0-9]+$'},
    },
    _RETRY: {
        "description": "请至少等待这么多秒再试",
        "schema": {"type": "integer", "minimum": 1},
    },
    REPLAYED: {
        "description": f"此前以同一 {HEADER} 办理的答复，没有再次办理",
        "schema": {"type": "string", "const": "true"},
    },
}


def _with(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _told(code: str, title: str, *headers: str) -> dict[str, Any]:
    return {
        "description": f"`{code}` {title}",
        "headers": _with(*headers),
        "content": {MEDIA_TYPE: {"schema": REFERENCE}},
    }


def _of(refusal: type[Refusal], *headers: str) -> dict[str, Any]:
    return _told(refusal.code, refusal.title, *headers)


REFUSED: Final = {
    "TooSlow": _of(TooSlow),
    "BodyTooLarge": _of(BodyTooLarge, _REQUEST_ID),
    "TooManyRequests": _of(TooManyRequests, _REQUEST_ID, *_RATES, _RETRY),
    "Busy": _told(_BUSY_CODE, _BUSY_TITLE, _REQUEST_ID, _RETRY),
}
"""The refusals themselves; where a route gives the same status itself, both are told there."""
_BODILY: Final = {"408": "TooSlow", "413": "BodyTooLarge"}
_ANY: Final = {"429": "TooManyRequests", "503": "Busy"}


def announce_around(method: str, path: str, operation: dict[str, Any]) -> None:
    """Announce what is answered before *operation* begins, and the headers that its own get."""
    responses = operation["responses"]
    for refusal in _at_the_door(method.upper(), path) if operation.get("security") else ():
        status = str(refusal.status)
        told = _told(refusal.code, refusal.title)
        responses[status] = _both(responses[status], told) if status in responses else told
    keyed = any(each["name"] == HEADER for each in operation.get("parameters", ()))
    added = (_REQUEST_ID, *(() if path == HEALTH else _RATES), *((REPLAYED,) if keyed else ()))
    for status, response in responses.items():
        if status.startswith("2"):
            response["headers"] = {**response.get("headers", {}), **_with(*added)}
    around = {**(_BODILY if "requestBody" in operation else {}), **_ANY}
    if path == HEALTH:
        del around["429"]
    for status, name in around.items():
        own = responses.get(status)
        responses[status] = {"$ref": f"#/components/responses/{name}"}
        if own is not None:
            responses[status] = _both(own, REFUSED[name])
    operation["responses"] = dict(sorted(responses.items()))


def _at_the_door(method: str, path: str) -> list[type[Refusal]]:
    """Return the refusals of who is signed in but may not come in, whatever the route is."""
    refusals: list[type[Refusal]] = [NotYourRole]
    if needed(method, path) != "":
        refusals.append(ScopeMissing)
    if method not in READING:
        refusals.append(DutyMissing)  # who audits changes nothing
    return refusals


def _both(own: dict[str, Any], around: dict[str, Any]) -> dict[str, Any]:
    told, more = own["description"], around["description"]
    described = told if more in told else f"{told}；{more}"
    headers = {**own.get("headers", {}), **around["headers"]}
    return {**own, "description": described, "headers": headers}
