"""Under which path does a file lie in an archive? Under its id: a name may be anything."""

import re
from collections.abc import Mapping
from typing import Any, Final

_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}\Z")


def evidence_path(row: Mapping[str, Any]) -> str:
    """Return where a piece of evidence lies as it is stored: a sealed sheet stays sealed."""
    return f"evidence/{row['id']}{'.sealed' if row['sealed'] else _suffix(row)}"


def attachment_path(row: Mapping[str, Any]) -> str:
    """Return where the attachment of an objection lies."""
    return f"notices/attachments/{row['id']}{_suffix(row)}"


def opened_path(row: Mapping[str, Any]) -> str:
    """Return where a sealed sheet lies as it was uploaded, if it was opened."""
    return f"opened/{row['id']}{_suffix(row)}"


def _suffix(row: Mapping[str, Any]) -> str:
    found = _SUFFIX.search(row["filename"].lower())
    return found.group() if found else ".bin"
