"""How far has the sample case come? The case as a client of the API knows it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from app.sandbox import case_sheet
from app.sandbox.case_sheet import SampleCase
from app.sandbox.client import Call, Desk


class OtherCase(RuntimeError):  # noqa: N818  an answer for the person at the terminal
    """The database holds another of the sample cases."""


@dataclass(slots=True)
class Play:
    """The case as far as it has come; ``calls`` and ``told`` are of the step at hand."""

    http: httpx.Client
    examples: Path
    sample: SampleCase
    desks: dict[str, Desk] = field(default_factory=dict)
    enterprise: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    claim: dict[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def desk(self, username: str | None) -> Desk:
        """Return the desk of an account, signed in when it is first needed; None: nobody's."""
        name = username or ""
        if name not in self.desks:
            self.desks[name] = Desk(self.http, username, self.calls)
        return self.desks[name]

    def sheet(self) -> dict[str, Any]:
        """Return the case sheet in the words of the office."""
        return case_sheet.read_sheet(self.examples / self.sample)

    def today(self) -> date:
        """Return the business day."""
        return date.fromisoformat(self.desk(None).get("/sandbox/clock")["today"])

    def day(self, to: date) -> None:
        """Let the business clock go on to *to*, unless it is later already."""
        if self.today() < to:
            self.desk(None).post("/sandbox/clock", {"today": to.isoformat()})

    def upload(self, files: dict[str, str]) -> None:
        """Upload the papers that the plan does not have yet: kind and name of each file."""
        path, desk = f"/plans/{self.plan['id']}/evidence", self.desk("enterprise")
        known = {(each["kind"], each["filename"]) for each in desk.get(path)}
        missing = {kind: name for kind, name in files.items() if (kind, name) not in known}
        for kind, name in missing.items():
            desk.send(path, self.examples / name, kind=kind)
        if missing:
            self.told.append(f"上传材料 {len(missing)} 份")
