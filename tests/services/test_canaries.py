"""Does a resident ID or an account number lie open anywhere: rows, answers, logs, files?"""

import traceback
from collections.abc import Iterable
from pathlib import Path

import httpx
import openpyxl
import pytest
import structlog

from tests.database.callers import Connection
from tests.world import World

OTHER_CODE = "91210202MA0T00001M"


def _canaries(world: World) -> list[str]:
    """Return the 24 IDs of the roster and the account number."""
    sheet = openpyxl.load_workbook(world.examples / "roster.xlsx").worksheets[0]
    ids = [str(row[2]) for row in sheet.iter_rows(min_row=3, values_only=True) if row[2]]
    account = "".join(world.enterprise_body()["account_number"].split())
    assert len(ids) == 24
    assert len(account) == 18
    return [*ids, account]


def _open_in(texts: Iterable[str], canaries: Iterable[str]) -> list[str]:
    """Return the canaries that lie open, as they are or as the hexadecimal of their bytes."""
    everything = "\n".join(texts)
    return [each for each in canaries if each in everything or each.encode().hex() in everything]


async def _rows(owner: Connection) -> list[str]:
    """Return every row of every table as text; bytes are told in hexadecimal."""
    tables = await owner.fetch(
        "SELECT oid::regclass::text AS name FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    found = []
    for (name,) in tables:
        found += [row[0] for row in await owner.fetch(f"SELECT t::text FROM {name} AS t")]
    return found


async def test_no_number_lies_open_in_the_database_or_in_an_answer(
    world: World, http: httpx.AsyncClient, owner: Connection
) -> None:
    """Not even in the answers that are kept for repeated requests."""
    told: list[str] = []

    async def keep(answer: httpx.Response) -> None:
        told.append((await answer.aread()).decode(errors="replace"))

    http.event_hooks["response"].append(keep)
    key = {"Idempotency-Key": "once"}
    other = world.enterprise_body(uscc=OTHER_CODE)
    assert (
        await world.call("stranger", "POST", "/enterprises", json=other, headers=key)
    ).is_success
    await world.paid()
    for path in ("trainees", "evidence", "history"):
        await world.get("officer1", f"/plans/{world.plan['id']}/{path}")
    await world.get("officer1", f"/claims/{world.claim['id']}/assessment")
    await world.get(None, "/notices")

    rows = await _rows(owner)
    assert await owner.fetchval("SELECT octet_length(body) FROM stored_answers") > 0
    assert _open_in(rows, _canaries(world)) == []
    assert _open_in(told, _canaries(world)) == []


async def test_a_refused_sheet_or_form_does_not_repeat_the_number(world: World) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}/roster"
    dirty = await world.upload("enterprise", path, "roster_dirty.xlsx")
    assert dirty.is_client_error
    body = world.enterprise_body(unknown="", uscc="x")
    form = await world.call("stranger", "POST", "/enterprises", json=body)
    assert form.is_client_error
    assert _open_in([dirty.text, form.text], _canaries(world)) == []


async def test_uploaded_sheets_are_kept_sealed(
    world: World, owner: Connection, tmp_path: Path
) -> None:
    """The platform's CSV holds every ID in plain text; what is kept of it holds none."""
    await world.approved()
    await world.day("2020-03-30")
    export = (world.examples / "learning_own_site_gbk.csv").read_bytes().decode("gb18030")
    assert _open_in([export], _canaries(world))[:24] == _canaries(world)[:24]
    path = f"/plans/{world.plan['id']}/learning-batches"
    await world.send("enterprise", path, "learning_own_site_gbk.csv")
    kept = [each.read_bytes() for each in (tmp_path / "evidence").rglob("*") if each.is_file()]
    assert len(kept) >= 8
    assert _open_in([each.decode("latin-1") for each in kept], _canaries(world)) == []
    assert _open_in(await _rows(owner), _canaries(world)) == []


async def test_a_log_line_holds_no_number_even_when_the_database_fails(
    world: World, owner: Connection, capfd: pytest.CaptureFixture[str]
) -> None:
    """A bug is logged with its trace; what was sent with the statement is not."""
    await world.drafted()
    await owner.execute("ALTER TABLE trainees ADD CONSTRAINT ck_broken CHECK (false) NOT VALID")
    await owner.execute("ALTER TABLE enterprises ADD CONSTRAINT ck_broken CHECK (false) NOT VALID")
    with structlog.testing.capture_logs() as lines:
        path = f"/plans/{world.plan['id']}/roster"
        roster = await world.upload("enterprise", path, "roster.xlsx")
        body = world.enterprise_body(uscc=OTHER_CODE)
        enterprise = await world.call("stranger", "POST", "/enterprises", json=body)
    assert (roster.status_code, enterprise.status_code) == (500, 500), enterprise.text
    told = [str(line) for line in lines]
    for line in lines:
        if isinstance(line.get("exc_info"), BaseException):
            told += traceback.format_exception(line["exc_info"])
    told += capfd.readouterr()
    assert any("ck_broken" in text for text in told), "nothing was logged"
    told += [roster.text, enterprise.text]
    assert _open_in(told, _canaries(world)) == []
