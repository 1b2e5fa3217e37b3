"""Which attempts were refused? Each leaves an audit event in a transaction of its own.

A refusal rolls its request back, so its event cannot be the request's. A plain ASGI layer sees
every answer, whoever made it, and writes before the answer leaves: who tried what on which object,
and the code of the refusal; nothing of what was sent. A database that is away, or a flood, changes
no answer: what is not recorded is counted, and logged.
"""

import asyncio
import json
import time
from collections import Counter
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import open_desk
from app.actors import Sender, Visitor
from app.api.problems import MEDIA_TYPE
from app.office import Office
from app.services import acts

OF_AN_ACCOUNT: Final = 60
OF_AN_ADDRESS: Final = 20
OF_STRANGERS: Final = 60
"""The most that is recorded a minute, of one account, one address, and all without an account."""
_PATIENCE: Final = 2.0
"""Seconds that an answer waits for its event at most."""
_REST: Final = 10.0
"""Seconds for which nothing is tried after the database did not answer."""
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OVERSTEPPED: Final = 403
_PREFIX: Final = "/api/v1/"
_log = structlog.get_logger()


class Meter:
    """How many attempts are recorded in this minute, and which were left out?"""

    def __init__(self) -> None:
        self._minute = -1
        self._admitted: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def admit(self, account: str, address: str, code: str, now: float) -> bool:
        """Tell whether one more is recorded; *account* is empty for one without."""
        if int(now // 60) != self._minute:
            self._minute = int(now // 60)
            self._admitted.clear()
        limits = {account: OF_AN_ACCOUNT} if account else {
            f"@{address}": OF_AN_ADDRESS, "": OF_STRANGERS,
        }  # fmt: skip
        if any(self._admitted[source] >= limit for source, limit in limits.items()):
            self.leave_out(code)
            return False
        # Only what is admitted is counted: a flood of addresses fills no memory either.
        self._admitted.update(limits.keys())
        return True

    def leave_out(self, code: str) -> None:
        """Count what is not recorded."""
        if not self._left_out:
            _log.warning("refused attempts are left out of the audit", first=code)
        self._left_out[code] += 1

    def take_left_out(self, now: float | None = None) -> dict[str, int]:
        """Return, once, what was left out in minutes that are over; without *now*, until now."""
        if now is not None and int(now // 60) == self._minute:
            return {}
        left, self._left_out = dict(self._left_out), Counter()
        return left


class Attempts:
    """The recorder of one process."""

    def __init__(self, office: Office) -> None:
        self._office, self._meter, self._rests_until = office, Meter(), 0.0

    async def refused(self, scope: Scope, status: int, code: str) -> None:
        """Record one refused attempt, if there is room for it."""
        now = time.monotonic()
        caller: Sender | None = scope["state"].get("caller")
        address = (scope.get("client") or ("",))[0]
        left_out = self._meter.take_left_out(now)
        account = "" if caller is None else str(caller.account_id)
        admitted = self._meter.admit(account, address, code, now)
        if now < self._rests_until:
            if admitted:
                self._meter.leave_out(code)
            return
        if left_out:
            await self._tell_left_out(left_out)
        if admitted:
            told = {"code": code, "status": status}
            await self._write(caller or Visitor(), _attempt(scope), told, scope, address)

    async def settle(self) -> None:
        """Record, at the end, how many were left out."""
        left_out = self._meter.take_left_out()
        if left_out:
            await self._tell_left_out(left_out)

    async def _tell_left_out(self, left_out: dict[str, int]) -> None:
        what = acts.Attempt("left_out", "requests", "")
        await self._write(Visitor(), what, {"left_out": left_out}, {}, "")

    async def _write(
        self,
        who: Sender | Visitor,
        what: acts.Attempt,
        told: dict[str, Any],
        scope: Scope | dict[str, Any],
        address: str,
    ) -> None:
        request_id = scope.get("state", {}).get("request_id", "")
        try:
            async with (
                asyncio.timeout(_PATIENCE),
                open_desk(self._office, who, request_id, address) as desk,
            ):
                await acts.refuse(desk, what, told)
        except Exception as error:  # noqa: BLE001  the answer leaves, whatever became of its event
            self._rests_until = time.monotonic() + _REST
            _log.warning(
                "a refused attempt was not recorded", request_id=request_id, told=told,
                kind=type(error).__name__,
            )  # fmt: skip


class Attentive:
    """Sees every answer, and has what was refused recorded before it leaves."""

    def __init__(self, app: ASGIApp, attempts: Attempts) -> None:
        self._app, self._attempts = app, attempts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        await self._app(scope, receive, _Answer(self._attempts, scope, send))


class _Answer:
    """One answer on its way; a refusal is held until it is recorded."""

    def __init__(self, attempts: Attempts, scope: Scope, send: Send) -> None:
        self._attempts, self._scope, self._send = attempts, scope, send
        self._held: list[Message] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_refusal(self._scope, message):
            self._held = [message]
            return
        if not self._held:
            await self._send(message)
            return
        self._held.append(message)
        if message.get("more_body"):
            return
        held, self._held = self._held, []
        await self._attempts.refused(self._scope, held[0]["status"], _code(held))
        for each in held:
            await self._send(each)


def _is_refusal(scope: Scope, start: Message) -> bool:
    """Tell whether an act was refused: not an answer to reading, but for who oversteps his role."""
    status: int = start["status"]
    told = (b"content-type", MEDIA_TYPE.encode()) in start["headers"]
    attempted = scope["method"] not in _READING or status == _OVERSTEPPED
    return told and attempted and 400 <= status < 500  # noqa: PLR2004  what is a refusal in HTTP


def _code(held: list[Message]) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(b"".join(each.get("body", b"") for each in held[1:]))["code"])
    return ""


def _attempt(scope: Scope) -> acts.Attempt:
    """Return what was tried, by the route's own words: the path may hold anything."""
    route = getattr(scope.get("route"), "path", "")
    if not route.startswith(_PREFIX):
        return acts.Attempt(f"{scope['method']} ?", "requests", "")
    path = route.removeprefix(_PREFIX)
    kind = path.partition("/")[0].partition(":")[0].replace("-", "_")
    ids = [each for each in map(_id, scope.get("path_params", {}).values()) if each]
    return acts.Attempt(f"{scope['method']} /{path}", kind, ids[0] if ids else "")


def _id(value: object) -> str:
    with suppress(ValueError):
        return str(UUID(str(value)))
    return ""
