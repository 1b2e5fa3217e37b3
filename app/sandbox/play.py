"""How far has the sample case come? The case as a client of the API knows it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx

from app.sandbox import case_sheet, words
from app.sandbox.case_sheet import SampleCase
from app.sandbox.client import Call, Desk

CLAIM: Final = "claim"
ADVANCE: Final = "advance"
_SECTIONS: Final = {CLAIM: "补贴", ADVANCE: "预拨"}


class OtherCase(RuntimeError):  # noqa: N818  an answer for the person at the terminal
    """The database holds another of the sample cases."""


@dataclass(slots=True)
class Play:
    """The case as far as it has come; ``calls`` and ``told`` are of the step at hand.

    ``applications`` are those filed on the plan, by kind: the claim, and the advance if there is
    one.
    """

    http: httpx.Client
    examples: Path
    sample: SampleCase
    sheet: dict[str, Any] = field(init=False)
    desks: dict[str, Desk] = field(default_factory=dict)
    enterprise: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = case_sheet.read_sheet(self.examples / self.sample)

    @property
    def claim(self) -> dict[str, Any]:
        """The claim of the subsidy itself."""
        return self.applications[CLAIM]

    def desk(self, username: str | None) -> Desk:
        """Return the desk of an account, signed in when it is first needed; None: nobody's."""
        name = username or ""
        if name not in self.desks:
            self.desks[name] = Desk(self.http, username, self.calls)
        return self.desks[name]

    def file(self, name: str) -> Path:
        """Return a file that the sheet names; names are relative to the sheet's folder."""
        return (self.examples / self.sample).parent / name

    def today(self) -> date:
        """Return the business day."""
        return date.fromisoformat(self.desk(None).get("/sandbox/clock")["today"])

    def planned(self, step: str, kind: str | None = None) -> date:
        """Return the day that the sheet foresees for a step, of an application of that kind."""
        days = self.sheet["日程"]
        return date.fromisoformat((days[_SECTIONS[kind]] if kind else days)[step])

    def day(self, to: date) -> None:
        """Let the business clock go on to *to*, unless it is later already."""
        if self.today() < to:
            self.desk(None).post("/sandbox/clock", {"today": to.isoformat()})

    def upload(self, section: str) -> None:
        """Upload the papers of a section of the sheet that the plan does not have yet."""
        path, desk = f"/plans/{self.plan['id']}/evidence", self.desk("enterprise")
        files = {
            words.PAPERS[title]: self.file(name) for title, name in self.sheet[section].items()
        }
        known = {(each["kind"], each["filename"]) for each in desk.get(path)}
        missing = {kind: file for kind, file in files.items() if (kind, file.name) not in known}
        for kind, file in missing.items():
            desk.send(path, file, kind=kind)
        if missing:
            self.told.append(f"上传材料 {len(missing)} 份")
