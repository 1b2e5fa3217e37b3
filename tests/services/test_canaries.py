"""Does a resident ID or an account number lie open anywhere: rows, answers, logs, files?"""

import io
import logging
import traceback
import zipfile
from collections.abc import Iterable
from pathlib import Path

import httpx
import openpyxl
import pytest
import structlog
from fastapi import FastAPI

from app.settings import Settings
from tests.api.test_answers import answers_of_the_paid_case
from tests.databases import Connection
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
    world.ground = None  # what is logged on the way is looked at, too
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


async def test_neither_numbers_nor_secrets_lie_open_anywhere_after_a_whole_case(
    world: World, app: FastAPI, settings: Settings, owner: Connection, tmp_path: Path,
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Every answer, address, error, export, log line, row, audit detail and file is searched.

    Told whole are only: the bank's file, the original sheets and the reports on them to those
    charged with the case, and a number that an officer asked for with a reason.
    """
    caplog.set_level(logging.DEBUG)
    told, whole = _listening(world.http)
    secrets = await _signed_in(world)
    with structlog.testing.capture_logs() as lines:
        await answers_of_the_paid_case(world, app)
        await _refused(world, _canaries(world))
        await _exported(world)
        await _revealed(world)
    numbers = _canaries(world)
    keys = [getattr(settings, f"{name}_key").get_secret_value() for name in ("sealing", "digest")]
    keys += settings.signing_key.get_secret_value().splitlines()[1:-1]
    canaries = [*numbers, *secrets, *keys]
    assert len(told) > 200
    assert sum("file." in url for url, _ in [*told, *whole]) > 2
    assert sorted(_open_in([text for _, text in whole], numbers)) == sorted(numbers)
    assert _open_in([text for pair in told for text in pair], canaries) == []
    logs = [*map(str, lines), caplog.text, *capfd.readouterr()]
    assert _open_in(logs, [*canaries, *world.tokens.values()]) == []
    assert _open_in(await _rows(owner), [*canaries, *world.tokens.values()]) == []
    kept = [each.read_bytes() for each in (tmp_path / "evidence").rglob("*") if each.is_file()]
    assert _open_in([_text(each) for each in kept], canaries) == []


def _listening(http: httpx.AsyncClient) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Note the address and the answer of each request, those that may tell numbers apart."""
    told: list[tuple[str, str]] = []
    whole: list[tuple[str, str]] = []

    async def keep(answer: httpx.Response) -> None:
        path = answer.request.url.path
        if path.endswith("/token"):
            return
        may = path.endswith(("/reveal", "/content", "/report")) or "/payment-batches/" in path
        pair = (str(answer.request.url), _text(await answer.aread()))
        (whole if may and answer.is_success else told).append(pair)

    http.event_hooks["response"].append(keep)
    return told, whole


def _text(content: bytes) -> str:
    """Return what may be read in these bytes; of a workbook, what stands in its sheets."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(package.read(name).decode(errors="replace") for name in package.namelist())


async def _signed_in(world: World) -> list[str]:
    """Sign in, well and badly, and return the secrets that were told and answered."""
    told = []
    for password in ("sandbox-officer1", "canary-password-wrong"):
        form = {"username": "officer1", "password": password}
        answer = await world.call(None, "POST", "/token", data=form)
        told += [password, *(answer.json().get(name) for name in ("access_token", "refresh_token"))]
    return [each for each in told if each]


async def _refused(world: World, canaries: list[str]) -> None:
    """Put numbers where none belongs: into addresses' objects, searches, names and bodies."""
    number = canaries[0]
    plan = f"/plans/{world.plan['id']}"
    await world.upload("enterprise", f"{plan}/roster", "roster_dirty.xlsx")
    for who, path, body in (
        ("enterprise", "/plans", world.plan_body(unknown=number)),
        ("enterprise", "/enterprises", world.enterprise_body(account_number=number + "x")),
        ("officer1", f"{plan}/trainees/1/resident-id/reveal", {"reason": f"核对 {number}"}),
        ("officer1", "/learning-records/search", {"plan_id": world.plan["id"], number: number}),
        ("platform", "/learning-records:batch", {"records": [{"key": number}]}),
    ):
        answer = await world.call(who, "POST", path, json=body)
        assert answer.is_client_error or "refused" in answer.text, answer.text
    form = {"username": number, "password": number}
    await world.call(None, "POST", "/token", data=form)


async def _exported(world: World) -> None:
    """Fetch every file that the service writes, and the originals."""
    (batch,) = (await world.get("cashier", "/payment-batches"))["items"]
    for kind in ("xlsx", "csv"):
        path = f"/payment-batches/{batch['id']}/file.{kind}"
        assert (await world.call("cashier", "GET", path)).status_code == 200
    assert (await world.call("cashier", "GET", "/reconciliation/file.csv")).status_code == 200
    plan = f"/plans/{world.plan['id']}"
    for paper in await world.get("officer1", f"{plan}/evidence"):
        await world.call("officer1", "GET", f"/evidence/{paper['id']}/content")
    for imported in await world.get("officer1", f"{plan}/learning-batches"):
        path = f"/learning-batches/{imported['id']}/report"
        assert (await world.call("officer1", "GET", path)).status_code == 200


async def _revealed(world: World) -> None:
    reason = {"reason": "与原件核对"}
    for number in range(1, 25):
        path = f"/plans/{world.plan['id']}/trainees/{number}/resident-id/reveal"
        await world.post("officer1", path, reason)
    account = f"/enterprises/{world.enterprise['id']}/account-number/reveal"
    await world.post("cashier", account, reason)
