"""In which bytes are events, seals and exports written, so that every reader hashes the same?

An event is one line of JSON in a fixed order of members; its details stand as PostgreSQL itself
writes them, which is one text for one content. Whatever is signed is a line of JSON as well, with
its signature as the last member.
"""

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

EVENT_COLUMNS: Final = (
    "id", "at", "business_day", "account_id", "account_name", "role", "act", "object_kind",
    "object_id", "case_id", "enterprise_id", "bureau_code", "outcome", "request_id", "address",
)  # fmt: skip
"""Every column that says something, but the details, which come last."""
FORMAT: Final = "dalian-training-subsidy audit 1"
GENESIS: Final = bytes(32)
"""What the first seal has before it."""
_LEAF: Final = struct.Struct(">q32s")


class Leaf(NamedTuple):
    """One event in the list that a seal signs."""

    id: int
    digest: bytes


class Seal(NamedTuple):
    """What a seal says; ``digest`` of its line is what the next one has before it."""

    number: int
    leaves: bytes
    previous: bytes
    sealed_at: datetime
    key: str

    def statement(self) -> bytes:
        """Return what is signed: the line without its signature."""
        return canonical(self._members())

    def line(self, signature: bytes) -> bytes:
        """Return the line that stands in an export."""
        return canonical({**self._members(), "signature": signature.hex()})

    def _members(self) -> dict[str, Any]:
        return {
            "seal": self.number,
            "events": len(self.leaves) // _LEAF.size,
            "leaves": self.leaves.hex(),
            "previous": self.previous.hex(),
            "sealed_at": instant(self.sealed_at),
            "key": self.key,
        }


def event_line(row: Mapping[str, Any]) -> bytes:
    """Return the line of an event; ``details`` of *row* is the text of its jsonb."""
    told = {name: _plain(row[name]) for name in EVENT_COLUMNS}
    details: str = row["details"]
    return canonical(told)[:-1] + b',"details":' + details.encode() + b"}"


def canonical(members: Mapping[str, Any]) -> bytes:
    """Return the one way to write *members*."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def digest(line: bytes) -> bytes:
    """Return the digest under which a line is known."""
    return hashlib.sha256(line).digest()


def pack(leaves: Sequence[Leaf]) -> bytes:
    """Return the list that a seal signs: eight bytes of id and 32 of digest for each event."""
    return b"".join(_LEAF.pack(*leaf) for leaf in leaves)


def unpack(leaves: bytes) -> list[Leaf]:
    """Return the events of a list.

    Raises:
        ValueError: it is no whole number of them.
    """
    if len(leaves) % _LEAF.size:
        raise ValueError("the list is cut off")
    return [Leaf(*each) for each in _LEAF.iter_unpack(leaves)]


def instant(moment: datetime) -> str:
    """Return a moment in UTC to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
