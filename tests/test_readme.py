"""The README keeps its word: its walk works as printed, its tables are complete and right."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from app.settings import Settings
from tests.world import World

ROOT: Final = Path(__file__).parents[1]
README: Final = (ROOT / "README.md").read_text("utf-8")
ROLES: Final = (ROOT / "app/roles.sql").read_text("utf-8")
COUNTED: Final = {18: "Eighteen", 19: "Nineteen", 20: "Twenty"}
NUMBERS: Final = {
    "plan_id": "PLAN",
    "enterprise_id": "ENTERPRISE",
    "claim_id": "CLAIM",
    "notice_id": "NOTICE",
    "objection_id": "OBJECTION",
    "batch_id": "BATCH",
}


def printed_steps() -> list[list[str]]:
    rows = [line for line in README.splitlines() if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@dataclass
class Reader:
    """Somebody who does what the table says, and notes what it says to note."""

    world: World
    noted: dict[str, str] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)

    async def does(self, number: str, account: str, route: str, fill: str) -> list[httpx.Response]:
        self.filled[number] = fill
        if again := re.match(r"as in (\d+)", fill):
            fill = self.filled[again[1]]
        who = None if account == "anyone" else account
        method, path = route.strip("`").split()
        path = re.sub(r"{(\w+)}", lambda name: self.noted[NUMBERS[name[1]]], path)
        query = {
            name: self.noted.get(value, value)
            for name, value in re.findall(r"`(good_rows_only|replaces)` (\w+)", fill)
        }
        files = re.findall(r"(?:`kind` (\w+), )?file `([\w.]+)`", fill)
        if not files:
            return [await self.world.call(who, method, path, json=self.body(fill))]
        return [
            await self.world.upload(
                account, path, file, **query, **({"kind": kind} if kind else {})
            )
            for kind, file in files
        ]

    def body(self, fill: str) -> Any:  # noqa: ANN401  JSON
        if not fill:
            return None
        if letter := re.match(r"body ([ABC])", fill):
            (fill,) = re.findall(
                rf"\*\*Body {letter[1]}\*\*.*?```json\n(.*?)```", README, re.DOTALL
            )
        for name, value in self.noted.items():
            fill = fill.replace(name, value)
        return json.loads(fill.strip("`"))

    def notes(self, out: str, answer: Any) -> None:  # noqa: ANN401  JSON
        for where, name in re.findall(r"`([\w.\[\]]+)` as \*\*(\w+)\*\*", out):
            value = answer
            for part in re.findall(r"\w+", where):
                value = value[int(part) if part.isdigit() else part]
            self.noted[name] = value


async def test_the_printed_walk_leads_to_the_paid_claim_with_every_refusal_it_names(
    world: World,
) -> None:
    reader = Reader(world)
    for number, account, route, fill, out in printed_steps():
        status, *told = re.findall(r"`([^`]+)`", out)
        for answer in await reader.does(number, account, route, fill):
            assert str(answer.status_code) == status, f"step {number}: {answer.text}"
            shown = json.dumps(answer.json(), ensure_ascii=False, indent=2)
            for fragment in (each for each in told if each.startswith('"')):
                assert fragment in shown, f"step {number}: no {fragment} in {shown}"
        reader.notes(out, answer.json())
    assert int(number) == len(printed_steps()) > 40, "the steps are numbered without a gap"


def test_the_bodies_and_the_other_platform_are_those_of_the_case_sheets(world: World) -> None:
    """What those cases bring is tested with the sample case."""
    reader = Reader(world)
    bodies = [world.enterprise_body(), world.plan_body()]
    assert [reader.body("body A"), reader.body("body B")] == bodies
    (platform,) = re.findall(r'`"platform": (\{"kind": "own".*?\})`', README)
    assert json.loads(platform) == world.plan_body("plan_own_site.json")["platform"]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_variable_stands_in_the_table_with_its_default(name: str) -> None:
    setting = Settings.model_fields[name]
    variable = setting.validation_alias or f"SUBSIDY_{name.upper()}"
    (default,) = re.findall(rf"^\| `{variable}` \| (.*?) \|", README, re.MULTILINE)
    meant = setting.get_default(call_default_factory=True, validated_data={})
    known = "required" if setting.is_required() else str(meant).lower()
    assert default.strip("`").lower() == known


def test_every_database_role_is_explained_and_counted() -> None:
    made = set(re.findall(r"'(subsidy_\w+)'|CREATE ROLE (subsidy_\w+)", ROLES))
    roles = {listed or connecting for listed, connecting in made}
    pages = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (`subsidy_.*?) \|", pages, re.MULTILINE)
    assert set(re.findall(r"`(subsidy_\w+)`", " ".join(rows))) == roles
    assert f"{COUNTED[len(roles)]} database roles are made" in README


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/architecture.md"])
def test_every_link_and_every_file_named_is_there(page: str) -> None:
    written = (ROOT / page).read_text("utf-8")
    links = {ROOT / page / ".." / link for link in re.findall(r"\]\((?!\w+:)([^)#]+)", written)}
    named = {
        ROOT / path for path in re.findall(r"`((?:app|docs|migrations|openapi)/[^`]*)`", written)
    }
    assert [path for path in links | named if not path.resolve().exists()] == []
