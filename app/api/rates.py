"""How often may somebody ask? A bucket of tokens by account, by address, and by what is asked.

Kept in the memory of each process: with several processes each counts what comes to it. A bucket
holds a minute's share and is filled evenly; it is kept as the one moment at which it would be full
again (the generic cell rate algorithm), and forgotten from then on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final
from uuid import UUID

from fastapi import Request
from starlette.types import Scope

from app.api.bodies import is_stream
from app.errors import TooManyRequests
from app.settings import Settings

_MINUTE: Final = 60.0
_MOST_BUCKETS: Final = 100_000
_IPV6_SUBSCRIBER: Final = 64
HEALTH: Final = "/api/v1/health"
_SIGN_IN: Final = ("/api/v1/token", "/api/v1/token/revocation")
_NOTICES: Final = "/api/v1/notices"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bucket stands after a request: its share a minute, what is left, when more is."""

    name: str
    quota: int
    left: int
    next_in: float

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that tell it."""
        return [
            ("ratelimit-policy", f'"{self.name}";q={self.quota};w={_MINUTE:.0f}'),
            ("ratelimit", f'"{self.name}";r={self.left};t={ceil(self.next_in)}'),
        ]


class Buckets:
    """The buckets of one kind, by whose they are."""

    def __init__(self, name: str, quota: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._quota, self._clock = name, quota, clock
        self._full_at: dict[object, float] = {}

    def take(self, whose: object) -> Standing | None:
        """Take a token out of somebody's bucket; None: there is no limit.

        Raises:
            TooManyRequests: the bucket is empty; ``retry_after`` says for how long.
        """
        if not self._quota:
            return None
        now, every = self._clock(), _MINUTE / self._quota
        full_at = max(self._full_at.get(whose, now), now) + every
        lacking = full_at - now - _MINUTE
        # A hair's breadth, since sixty seconds are no whole number of intervals.
        if lacking > every * 1e-6:
            refused = TooManyRequests(retry_after=max(1, ceil(lacking)))
            refused.stands = dict(Standing(self._name, self._quota, 0, lacking).headers())
            raise refused
        self._full_at[whose] = full_at
        if len(self._full_at) > _MOST_BUCKETS:
            self._forget(now)
        left = int((_MINUTE - (full_at - now)) / every + 1e-6)
        return Standing(self._name, self._quota, left, every)

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full; if that is not half of them, those nearest to it."""
        lasting = {whose: at for whose, at in self._full_at.items() if at > now}
        if len(lasting) > _MOST_BUCKETS // 2:
            latest = sorted(lasting.items(), key=lambda each: each[1])[-_MOST_BUCKETS // 2 :]
            lasting = dict(latest)
        self._full_at = lasting


class Rates:
    """All limits of a process, made from its settings."""

    def __init__(self, settings: Settings) -> None:
        self._accounts = Buckets("account", settings.rate_per_minute_account)
        self._addresses = Buckets("address", settings.rate_per_minute_address)
        self._sign_in = Buckets("sign-in", settings.rate_per_minute_sign_in)
        self._search = Buckets("search", settings.rate_per_minute_search)
        self._objections = Buckets("objections", settings.rate_per_minute_objections)
        self._uploads = Buckets("uploads", settings.rate_per_minute_uploads)

    def take_by_address(self, scope: Scope) -> Standing | None:
        """Count a request for its address, and for what it asks.

        Raises:
            TooManyRequests: as named.
        """
        if scope["path"] == HEALTH:
            return None
        whose = _subscriber(scope["client"][0] if scope.get("client") else "")
        of_all = self._addresses.take(whose)
        special = self._special(scope["method"], scope["path"])
        return (special.take(whose) if special else None) or of_all

    def take_by_account(self, account_id: UUID) -> Standing | None:
        """Count a request for its account.

        Raises:
            TooManyRequests: as named.
        """
        return self._accounts.take(account_id)

    def _special(self, method: str, path: str) -> Buckets | None:
        if method == "POST" and path in _SIGN_IN:
            return self._sign_in
        if method == "GET" and path == _NOTICES:
            return self._search
        if method == "POST" and path.endswith("/objections"):
            return self._objections
        if method in {"POST", "PATCH"} and is_stream(path):
            return self._uploads
        return None


def _subscriber(address: str) -> str:
    """Return whose an address is: of IPv6 each subscriber has at least a network of 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(int(parsed) >> _IPV6_SUBSCRIBER)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def count_once(request: Request, account_id: UUID) -> None:
    """Count a request for its account, however often it is asked who is calling.

    Raises:
        TooManyRequests: as named.
    """
    if getattr(request.state, "counted", False):
        return
    request.state.counted = True
    rates: Rates = request.app.state.rates
    standing = rates.take_by_account(account_id)
    if standing is not None:
        request.state.rate = standing
