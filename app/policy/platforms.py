"""Is the filed channel what it calls itself? Held against the catalogue of platforms (DL-3.2)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import unquote

from app.policy.facts import Platform, PlatformKind
from app.policy.writing import folded

_APART: Final = re.compile(r"[\s,;、；。<>()\"'“”‘’]+")
_PATH: Final = re.compile(r"[/?#]")
# An ideographic full stop stands for a dot within a host, as browsers take it.
_FULL_STOP: Final = re.compile(r"(?<=[a-z0-9])。(?=[a-z0-9])")
_BARE: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+|[0-9]+(?:\.[0-9]+){3}")
_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_SHARED: Final = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org"})
_NOT_COMPARED: Final = re.compile(
    r"[\s\u200b-\u200f\u2060\ufeff\"'“”‘’「」『』《》<>()\[\]【】·•.,，。_\-\u2010-\u2015]+"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A platform of the catalogue that bears the filed name or has one of the filed hosts.

    ``named`` tells that it bears the name, ``own`` that it is registered as the applicant's own
    site. ``conditions_met`` is what was found from ``valid_from`` to ``valid_to`` (DL-3.2-b).
    """

    kind: PlatformKind
    hosts: tuple[str, ...]
    named: bool
    own: bool = False
    conditions_met: bool | None = None
    valid_from: date = date.min
    valid_to: date = date.max
    blocked_since: date | None = None
    blocked_reason: str = ""

    def reaches(self, hosts: Sequence[str]) -> bool:
        """Tell whether one of the hosts is the platform's, or lies below one of them."""
        return any(_below(host, self.hosts) for host in hosts)

    def vouches(self, hosts: Sequence[str]) -> bool:
        """Tell whether the channel is this platform and nothing else: by hosts, where both tell."""
        if hosts and self.hosts:
            return all(_below(host, self.hosts) for host in hosts)
        return self.named


def held_against(filed: Platform, entries: Iterable[Entry], day: date) -> Platform:
    """Return the filed channel as the catalogue knows it on *day*.

    The catalogue's word on the conditions of an "other" platform counts where no officer ticked
    them for the plan itself.
    """
    hosts = hosts_in(filed.address)
    # The name of somebody's own site says nothing of a stranger's of the same name.
    known = [
        each
        for each in entries
        if each.reaches(hosts) or (each.named and (each.own or each.kind is not PlatformKind.OWN))
    ]
    kind = _kind(filed.kind, known, hosts)
    met = filed.conditions_met
    if met is None and kind is PlatformKind.OTHER:
        met = _conditions(known, hosts, day)
    blocks = [(each.blocked_since, each.blocked_reason) for each in known if each.blocked_since]
    found = replace(filed, kind=kind, conditions_met=met)
    if not blocks:
        return found
    since, reason = min(blocks)
    return replace(found, blocked=True, blocked_since=since, blocked_reason=reason)


def _kind(stated: PlatformKind, known: Sequence[Entry], hosts: Sequence[str]) -> PlatformKind:
    """Return the kind of the channel; one that only calls itself listed or own is an "other"."""
    listed = [each for each in known if each.kind is PlatformKind.LISTED]
    if any(each.vouches(hosts) for each in listed):
        return PlatformKind.LISTED
    if stated is PlatformKind.LISTED:
        return PlatformKind.LISTED if listed else PlatformKind.OTHER
    foreign = [each for each in known if each.reaches(hosts) and not each.own]
    return PlatformKind.OTHER if foreign else stated


def _conditions(known: Sequence[Entry], hosts: Sequence[str], day: date) -> bool | None:
    words = [
        each.conditions_met
        for each in known
        if each.conditions_met is not None
        and each.valid_from <= day <= each.valid_to
        and each.vouches(hosts)
    ]
    return all(words) if words else None


def plain_name(name: str) -> str:
    """Return a platform's name as it is compared: bare of width, blanks, marks and case."""
    plain = _NOT_COMPARED.sub("", folded(name)).casefold()
    return plain or name


def hosts_in(address: str) -> tuple[str, ...]:
    """Return the hosts that an address as people write it names, in the form of the DNS."""
    text = folded(unquote(address)).casefold().replace("\\", "/")
    found = [_host(piece) for piece in _APART.split(_FULL_STOP.sub(".", text))]
    return tuple(dict.fromkeys(filter(None, found)))


def suffixes(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return each host and the domains above it, under any of which a platform may be known."""
    labels = [host.split(".") for host in hosts]
    above = [".".join(each[start:]) for each in labels for start in range(len(each) - 1)]
    return tuple(dict.fromkeys(above))


def is_host(text: str) -> bool:
    """Tell whether a platform may be known by this host, and not half of the country with it."""
    first, *others = text.split(".")
    shared = len(others) == 1 and first in _SHARED
    return bool(_HOST.fullmatch(text)) and not shared


def _host(piece: str) -> str:
    _, marked, rest = piece.partition("//")
    authority = _PATH.split(rest if marked else piece)[0]
    if not marked:
        # Without the two slashes it is a host only if it looks like one, and no mail address.
        bare = None if "@" in authority else _BARE.search(authority)
        return bare[0].removeprefix("www.") if bare else ""
    host = authority.rsplit("@", maxsplit=1)[-1].partition(":")[0].strip(".")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return host.removeprefix("www.")


def _below(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
