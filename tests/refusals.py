"""Is this answer one whole refusal, as every client may rely on?"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx

from tests.world import World

_CHINESE = re.compile(r"[一-鿿]")


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem document of a refusal, whose form is checked."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text[:300]
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "code", "remedy"} <= document.keys()
    assert document["status"] == answer.status_code
    assert document["type"] == f"urn:subsidy:problem:{document['code']}"
    assert re.fullmatch(r"[a-z_]+", document["code"])
    for told in (document["title"], document["remedy"]):
        assert _CHINESE.search(told), told
    for fault in document.get("errors", ()):
        assert _CHINESE.search(fault["reason"]), fault
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    return document


def refused(answer: httpx.Response, status: int, code: str) -> list[str]:
    """Return what is wrong with a refusal that should have this status and code."""
    try:
        document = problem(answer)
    except (AssertionError, ValueError, KeyError) as fault:
        return [f"{answer.status_code} is no whole problem: {fault}"]
    told = (answer.status_code, document["code"])
    return [] if told == (status, code) else [f"{told} instead of {(status, code)}: {document}"]


async def in_vain(
    world: World, who: str, path: str, code: str, body: object = None
) -> dict[str, Any]:
    """Post as *who*, and return the whole problem of that code with which it is refused."""
    answer = await world.call(who, "POST", path, json={} if body is None else body)
    document = problem(answer)
    assert document["code"] == code, document
    return document


@dataclass
class ByTheDatabase:
    """Under which name the database refused; empty if it did not."""

    name: str = ""


@asynccontextmanager
async def constraint() -> AsyncIterator[ByTheDatabase]:
    """Tell which constraint refused what is done within, if any did."""
    refused = ByTheDatabase()
    try:
        yield refused
    except asyncpg.IntegrityConstraintViolationError as violation:
        refused.name = violation.constraint_name or str(violation)
