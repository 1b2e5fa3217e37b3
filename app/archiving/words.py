"""What do stored findings say, and what does the law that they were found by?

Each finding is told once, however many lines it stands in: they are found by what is stored.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.schemas.findings import FindingRead
from app.services import law
from app.services.kept import unpacked

FINDINGS: Final = "assessments/findings.json"


def law_path(edition: str) -> str:
    """Return where the parameters and clauses of an edition stand."""
    return f"law/{edition}.json"


def law_text(edition: str) -> bytes:
    """Return the parameters in force in an edition, and every clause with its words."""
    told = law.in_force(date.fromisoformat(edition)).model_dump(mode="json")
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


class Words:
    """Gathers findings and editions from the rows of assessments and their lines."""

    def __init__(self) -> None:
        self._findings: dict[str, list[Any]] = {}
        self._editions: set[str] = set()

    def add(self, row: Mapping[str, Any]) -> None:
        """Take note of what a row was found by."""
        if "edition" in row:
            self._editions.add(row["edition"])
        for stored in row["findings"]:
            self._findings.setdefault(json.dumps(stored, sort_keys=True), stored)

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Yield the members that tell the words."""
        told = []
        for key in sorted(self._findings):
            (finding,) = unpacked([self._findings[key]])
            words = FindingRead.of(finding).model_dump(mode="json", exclude={"data"})
            told.append({"stored": self._findings[key], **words})
        yield FINDINGS, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
        for edition in sorted(self._editions):
            yield law_path(edition), law_text(edition)
