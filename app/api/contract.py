"""What does the contract say that FastAPI does not write by itself? How requests are refused.

FastAPI announces a document of its own with 422; what this service answers is a problem document.
What the layers around the routes refuse, and the headers that they add, no route announces itself.
"""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI

from app.api.around import HEADERS, REFUSED, announce_around
from app.api.problems import INVALID, MEDIA_TYPE, REFERENCE

_CODE, _TITLE = INVALID
_TOLD: Final = f"`{_CODE}` {_TITLE}"
_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "description": "拒绝的原因和处理办法（RFC 9457）",
    "required": ["type", "title", "status", "code", "remedy"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "发生了什么"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "稳定的错误代码"},
        "remedy": {"type": "string", "description": "如何处理"},
        "detail": {"type": "string"},
    },
    "additionalProperties": True,
}
_OF_THE_FRAMEWORK: Final = ("HTTPValidationError", "ValidationError")


def add_contract(app: FastAPI, paths: Sequence[str]) -> None:
    """Have the contract announce the refusals that the service gives, and *paths* in this order."""
    write = app.openapi

    def told() -> dict[str, Any]:
        if app.openapi_schema is None:
            _announce(write())
            _arrange(write(), list(paths))
        return write()

    app.openapi = told  # type: ignore[method-assign]  # FastAPI's own way to extend the contract


def _arrange(contract: dict[str, Any], order: list[str]) -> None:
    told = contract["paths"]
    contract["paths"] = {path: told[path] for path in sorted(told, key=order.index)}


def _announce(contract: dict[str, Any]) -> None:
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            if "parameters" in operation or "requestBody" in operation:
                _announce_faults(operation["responses"])
            announce_around(method, path, operation)
    components = contract["components"]
    for name in _OF_THE_FRAMEWORK:
        components["schemas"].pop(name, None)
    components["schemas"]["Problem"] = _PROBLEM
    components |= {"headers": HEADERS, "responses": REFUSED}


def _announce_faults(responses: dict[str, Any]) -> None:
    known = responses.get("422", {})
    others = f"；{known['description']}" if MEDIA_TYPE in known.get("content", {}) else ""
    responses["422"] = {
        "description": f"{_TOLD}{others}",
        "content": {MEDIA_TYPE: {"schema": REFERENCE}},
    }
