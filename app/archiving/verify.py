"""Does an archive prove itself, without a database? Its bytes, its law, its notices, its files."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.archiving.bag import PAYLOAD, hashed
from app.archiving.members import attachment_path, evidence_path
from app.archiving.reading import Archive, Fault
from app.archiving.sections import (
    ASSESSMENTS,
    ATTACHMENTS,
    CLAIMS,
    FILES,
    LINES,
    NOTICES,
    SECTIONS,
    Section,
)
from app.archiving.words import law_path
from app.policy import clauses
from app.replay import compare
from app.services import law
from app.services.notices import digest
from app.stored_cases import Stored

_MISREAD: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


@dataclass(slots=True)
class Report:
    """How much was read, and every fault."""

    members: int = 0
    assessments: int = 0
    lines: int = 0
    notices: int = 0
    sha256: str = ""
    faults: list[Fault] = field(default_factory=list)


def verify(path: Path, sha256: str | None = None) -> Report:
    """Read an archive, and tell everything that is not as it must be; *sha256* is what was told."""
    with path.open("rb") as file:
        report = Report(sha256=hashed(file))
    if sha256 is not None and sha256.strip().lower() != report.sha256:
        report.faults.append(Fault(path.name, "is another file than the one that was exported"))
    try:
        archive = Archive(path)
    except ValueError as unread:
        report.faults.append(Fault(path.name, str(unread)))
        return report
    try:
        report.faults += archive.faults()
        report.members = len(archive.members)
        report.faults += _Reading(archive, report).faults()
    finally:
        archive.close()
    return report


class _Reading:
    """The contents of an archive whose bytes were looked at already."""

    def __init__(self, archive: Archive, report: Report) -> None:
        self._archive, self._report = archive, report

    def faults(self) -> Iterator[Fault]:
        """Yield what the contents say that cannot be."""
        for section in SECTIONS:
            if PAYLOAD + section.path not in self._archive.members:
                yield Fault(PAYLOAD + section.path, "is missing: every archive has it")
        checks: tuple[tuple[Section, Callable[[], Iterator[Fault]]], ...] = (
            (FILES, lambda: self._files(FILES, "evidence/", evidence_path)),
            (ATTACHMENTS, lambda: self._files(
                ATTACHMENTS, "notices/attachments/", attachment_path)),
            (NOTICES, self._notices),
            (ASSESSMENTS, self._assessments),
        )  # fmt: skip
        for section, check in checks:
            try:
                yield from check()
            except _MISREAD as misread:
                yield Fault(PAYLOAD + section.path, f"cannot be read: {misread!r}")

    def _rows(self, section: Section) -> list[dict[str, Any]]:
        path = PAYLOAD + section.path
        if not self._archive.has(path):
            return []
        rows: list[dict[str, Any]] = json.loads(self._archive.text(path), parse_float=Decimal)
        return rows

    def _files(
        self, section: Section, folder: str, path_of: Callable[[dict[str, Any]], str]
    ) -> Iterator[Fault]:
        """Compare the files with what the database said of them, not with a manifest."""
        known = {PAYLOAD + section.path}
        for row in self._rows(section):
            path = PAYLOAD + path_of(row)
            known.add(path)
            lying = self._archive.members.get(path)
            if lying is None:
                yield Fault(path, f"is missing, and {section.path} lists it")
            elif lying[1] and lying[1] != row["sha256"].removeprefix("\\x"):
                yield Fault(path, f"is not the file that {section.path} lists")
        for path in self._archive.members:
            if path.startswith(PAYLOAD + folder) and path not in known:
                yield Fault(path, f"is there, and {section.path} does not list it")

    def _notices(self) -> Iterator[Fault]:
        for row in self._rows(NOTICES):
            self._report.notices += 1
            if digest(row["content"]).hex() != row["sha256"].removeprefix("\\x"):
                yield Fault(
                    PAYLOAD + NOTICES.path, f"notice {row['receipt']} is not what its digest says"
                )

    def _assessments(self) -> Iterator[Fault]:
        """Let the law speak once more, and compare it yuan by yuan."""
        lines = defaultdict(list)
        for line in self._rows(LINES):
            lines[line["assessment_id"]].append(line)
        last: dict[str, dict[str, Any]] = {}
        rows = sorted(self._rows(ASSESSMENTS), key=lambda row: row["number"])
        for row in rows:
            last[row["claim_id"]] = row
            yield from self._again(row, lines.pop(row["id"], []))
        for stray in lines:
            yield Fault(PAYLOAD + LINES.path, f"assessment {stray} is none of this case")
        for claim in self._rows(CLAIMS):
            made = last.get(claim["id"])
            if made is not None and made["amount"] != claim["amount"]:
                told = f"claim {claim['receipt']} says {claim['amount']} yuan"
                yield Fault(PAYLOAD + CLAIMS.path, f"{told}, its assessment {made['amount']}")
        for edition in sorted({row["edition"] for row in rows}):
            yield from self._law(edition)

    def _again(self, row: dict[str, Any], lines: list[dict[str, Any]]) -> Iterator[Fault]:
        self._report.assessments += 1
        self._report.lines += len(lines)
        place = f"assessment {row['number']} of claim {row['claim_id']}"
        if not lines:
            yield Fault(PAYLOAD + LINES.path, f"{place} has no lines")
            return
        for each in compare(_stored(row, lines)):
            where = f"line {each.line}: " if each.line else ""
            yield Fault(
                PAYLOAD + (LINES if each.line else ASSESSMENTS).path,
                f"{place}, {where}{each.what} is {each.stored}, the law says {each.computed}",
            )

    def _law(self, edition: str) -> Iterator[Fault]:
        """Compare the parameters and clauses with those that this software computes by."""
        path = PAYLOAD + law_path(edition)
        told = json.loads(self._archive.text(path)) if self._archive.has(path) else {}
        known = law.in_force(date.fromisoformat(edition))
        values = {one.key: one.value for one in known.parameters}
        words = {one.id: one.printed for one in clauses.all_clauses()}
        said = {one["key"]: one["value"] for one in told.get("parameters", ())}
        written = {one["id"]: one["text"] for one in told.get("clauses", ())}
        for kind, ours, theirs in (("parameter", values, said), ("clause", words, written)):
            if not theirs:
                yield Fault(path, f"tells no {kind}")
            for key in sorted(key for key in theirs if ours.get(key) != theirs[key]):
                yield Fault(path, f"{kind} {key} is not what the law says")


def _stored(row: dict[str, Any], lines: list[dict[str, Any]]) -> Stored:
    """Return an assessment as ``subsidy replay`` reads it."""
    lines = sorted(lines, key=lambda line: line["number"])
    return Stored(
        id=UUID(row["id"]),
        claim_id=UUID(row["claim_id"]),
        bureau_code=row["bureau_code"],
        edition=row["edition"],
        year=row["year"],
        law_day=date.fromisoformat(row["edition"]),
        measure=row["facts"]["measure"],
        amount=row["amount"],
        findings=json.dumps(row["findings"]),
        facts=json.dumps(row["facts"]),
        persons=[UUID(line["person_id"]) for line in lines],
        payable=[line["payable"] for line in lines],
        hours=[line["hours"] for line in lines],
        line_findings=[json.dumps(line["findings"]) for line in lines],
        line_facts=[json.dumps(line["facts"]) for line in lines],
    )
