"""Is an export whole and unaltered? Said with the public key alone, line by line.

A line is right when it is byte for byte what was signed. So nothing depends on how a reader takes
white space, repeated members or the case of a letter: a line that reads the same and is written
otherwise is altered.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from app.auditing import form
from app.auditing.form import Leaf, Seal
from app.auditing.keys import KnownKeys

_SEAL: Final = b'{"seal":'
_SIGNATURE_BYTES: Final = 64


class Fault(NamedTuple):
    """What is wrong, and on which line of the file."""

    line: int
    what: str


@dataclass(slots=True)
class Verified:
    """What the file says of itself, how much was read, and everything that is wrong with it."""

    period: str = ""
    seals: int = 0
    events: int = 0
    digest: str = ""
    faults: list[Fault] = field(default_factory=list)


class _Broken(Exception):  # noqa: N818  a fault, told on its line
    """A line cannot be believed; the rest may."""


def verify(content: Iterable[bytes], keys: KnownKeys) -> Verified:
    """Return what is wrong with an export, given by the lines of its file."""
    told = Verified()
    numbered = enumerate(content, 1)
    try:
        promised = _first_line(next(numbered, (1, b""))[1], keys)
    except _Broken as broken:
        # Who alters the first line may have cut off the rest: nothing that follows says how much.
        told.faults.append(Fault(1, str(broken)))
        return told
    told.period = f"{promised['from']} .. {promised['to']}"
    _Reader(told, keys, promised).read(numbered)
    return told


class _Reader:
    """Reads what follows the first line: each seal, then its events."""

    def __init__(self, told: Verified, keys: KnownKeys, promised: dict[str, Any]) -> None:
        self._told, self._keys, self._promised = told, keys, promised
        self._next, self._previous = promised["first_seal"], promised["before"]

    def read(self, numbered: Iterator[tuple[int, bytes]]) -> None:
        seal_at, block, last = 0, list[tuple[int, bytes]](), 1
        leaves: list[Leaf] | None = []
        for number, raw in numbered:
            last = number
            if not raw.endswith(b"\n"):
                self._fault(number, "the line is cut off")
            line = raw.removesuffix(b"\n")
            if not line.startswith(_SEAL):
                block.append((number, line))
                continue
            self._events(seal_at, leaves, block)
            seal_at, block, leaves = number, [], self._seal(number, line)
        self._events(seal_at, leaves, block)
        self._end(last + 1)

    def _seal(self, number: int, line: bytes) -> list[Leaf] | None:
        """Return the events that follow, or None if the seal does not say."""
        self._told.seals += 1
        try:
            found = _seal(line, self._keys)
        except _Broken as broken:
            self._fault(number, f"seal {self._next}: {broken}")
            # Those that follow are told by themselves: each names what stands before it.
            self._next, self._previous = self._next + 1, ""
            return None
        if found.number != self._next:
            self._fault(number, f"seal {found.number} stands where seal {self._next} belongs")
        elif self._previous and found.previous.hex() != self._previous:
            self._fault(number, f"seal {found.number} does not follow from what stands before it")
        self._next, self._previous = found.number + 1, form.digest(line).hex()
        return form.unpack(found.leaves)

    def _events(
        self, seal_at: int, leaves: list[Leaf] | None, block: list[tuple[int, bytes]]
    ) -> None:
        """Compare the lines after a seal with the events that it lists."""
        self._told.events += len(block)
        if leaves is None:
            return
        wanted = {leaf.digest: place for place, leaf in enumerate(leaves)}
        place = 0
        for number, line in block:
            here = wanted.get(form.digest(line))
            if here is not None and here >= place:
                self._missing(number, leaves[place:here])
                place = here + 1
            elif here is not None:
                self._fault(number, f"event {leaves[here].id} is out of its order, or repeated")
            elif place < len(leaves) and _id(line) in {leaves[place].id, None}:
                self._fault(number, f"event {leaves[place].id} is altered")
                place += 1
            else:
                self._fault(number, f"an event that the seal of line {seal_at} does not list")
        self._missing(block[-1][0] + 1 if block else seal_at + 1, leaves[place:])

    def _missing(self, number: int, leaves: list[Leaf]) -> None:
        for leaf in leaves:
            self._fault(number, f"event {leaf.id} is missing before this line")

    def _end(self, number: int) -> None:
        promised, told = self._promised, self._told
        told.digest = self._previous
        if self._next != promised["last_seal"] + 1:
            self._fault(number, f"the file ends before seal {promised['last_seal']}")
        elif self._previous and self._previous != promised["digest"]:
            self._fault(number, f"seal {promised['last_seal']} is not the one that was exported")
        elif not told.faults and told.events != promised["events"]:
            self._fault(number, f"{promised['events']} events were exported")

    def _fault(self, number: int, what: str) -> None:
        self._told.faults.append(Fault(number, what))


def _first_line(raw: bytes, keys: KnownKeys) -> dict[str, Any]:
    if not raw.endswith(b"\n"):
        raise _Broken("the file is empty, or its first line is cut off")
    members = _signed(raw.removesuffix(b"\n"), keys)
    if members.get("export") != form.FORMAT:
        raise _Broken("this is not the first line of an export")
    return members


def _seal(line: bytes, keys: KnownKeys) -> Seal:
    members = _signed(line, keys)
    try:
        found = Seal(
            members["seal"], bytes.fromhex(members["leaves"]), bytes.fromhex(members["previous"]),
            datetime.fromisoformat(members["sealed_at"]), members["key"],
        )  # fmt: skip
        same = found.line(bytes.fromhex(members["signature"])) == line
    except (AttributeError, KeyError, TypeError, ValueError):
        same = False
    if not same:
        raise _Broken("it is not written as a seal is")
    return found


def _signed(line: bytes, keys: KnownKeys) -> dict[str, Any]:
    """Return the members of a line that is written as it must be, and signed with a known key."""
    try:
        members = json.loads(line)
        rest = {name: value for name, value in members.items() if name != "signature"}
        fingerprint, signature = members["key"], bytes.fromhex(members["signature"])
        told = {**rest, "signature": signature.hex()}
        as_it_must = (
            form.canonical(told) == line
            and isinstance(fingerprint, str)
            and len(signature) == _SIGNATURE_BYTES
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        as_it_must = False
    if not as_it_must:
        raise _Broken("the line is altered")
    if fingerprint not in keys:
        raise _Broken(f"it is signed with a key that was not given ({fingerprint[:16]}…)")
    if not keys.signed(fingerprint, form.canonical(rest), signature):
        raise _Broken("its signature is wrong: it is altered")
    return dict(members)


def _id(line: bytes) -> object:
    try:
        return json.loads(line)["id"]
    except (KeyError, RecursionError, TypeError, ValueError):
        return None
