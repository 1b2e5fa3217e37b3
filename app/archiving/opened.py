"""What does an archive hold of what is sealed, if it is opened? The sheets, and each value."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidTag

from app.archiving.members import opened_path
from app.archiving.sections import ENTERPRISE, FILES, KEYS, OBJECTIONS, PAYMENTS, Section
from app.errors import EvidenceLost
from app.office import Office
from app.services import contents, enterprises, objections

_Row = Mapping[str, Any]
_VALUES: Final[tuple[tuple[Section, str, str], ...]] = (
    (ENTERPRISE, "account_sealed", enterprises.SEAL),
    (PAYMENTS, "account_sealed", enterprises.SEAL),
    (OBJECTIONS, "said_sealed", objections.SEAL),
)


async def members(
    office: Office, kept: Mapping[str, Sequence[_Row]]
) -> AsyncIterator[tuple[str, bytes]]:
    """Yield the members that hold what is sealed in the rows of *kept*, opened.

    Raises:
        app.errors.EvidenceLost: a key does not open it.
    """
    keys = {row["sha256"]: _bytes(row["key_sealed"]) for row in kept[KEYS.path]}
    for row in kept[FILES.path]:
        if row["sealed"]:
            digest = row["sha256"]
            stored = contents.Stored(_bytes(digest), row["size"], True, keys.get(digest))  # noqa: FBT003
            content = b"".join([bytes(chunk) async for chunk in contents.read(office, stored)])
            yield opened_path(row), content
    told = [
        {"section": section.path, "id": row["id"], "column": column, "value": value}
        for section, column, seal in _VALUES
        for row in kept[section.path]
        for value in (_open(office, row[column], seal),)
    ]
    yield "opened/values.json", (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _open(office: Office, sealed: str, purpose: str) -> str:
    try:
        return office.sealer.open(_bytes(sealed), purpose)
    except InvalidTag:
        raise EvidenceLost from None


def _bytes(told: str) -> bytes:
    """Return bytes that the database told in JSON: in hexadecimal digits, with a mark before."""
    return bytes.fromhex(told.removeprefix("\\x"))
