"""Two connections at one upload, a lost one, one that never ends: no byte is lost or mixed."""

import asyncio
import hashlib
import itertools
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access import open_desk
from app.actors import Sweeper
from app.database import for_asyncpg
from app.services import uploads
from tests.embedded.programs import until
from tests.uploads.conftest import files
from tests.uploads.tus import CHUNK, PDF, SPOKEN, Tus

MEGABYTE = 1024 * 1024
BODY = PDF + os.urandom(9 * MEGABYTE)


class Trickle:
    """The body of one connection: what was put into it has been sent, and the end is open."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self.queue.get()) is not None:
            yield chunk


def _sending(tus: Tus, where: str, offset: int, body: Trickle) -> "asyncio.Task[httpx.Response]":
    headers = {**SPOKEN, **CHUNK, "Upload-Offset": str(offset)}
    path = where.removeprefix("/api/v1")
    return asyncio.create_task(
        tus.world.call(tus.who, "PATCH", path, content=body.__aiter__(), headers=headers)
    )


async def test_a_new_connection_takes_over_from_one_that_hangs(tus: Tus, folder: Path) -> None:
    """The old one gets a conflict, whatever it still sends, and none of that is in the file."""
    before = set(files(folder))
    where = await tus.created(len(BODY))
    old = Trickle()
    hanging = _sending(tus, where, 0, old)
    await old.queue.put(BODY[:1000])
    await asyncio.to_thread(until, lambda: len(files(folder)) > len(before))  # it has begun
    assert (await tus.patch(where, 0, BODY)).status_code == 204
    await old.queue.put(b"x" * 1000)
    await old.queue.put(None)
    assert (await hanging).status_code == 409
    known = await tus.evidence(where)
    assert known["sha256"] == hashlib.sha256(BODY).hexdigest()
    assert [path.name for path in set(files(folder)) - before] == [known["sha256"]]


async def test_of_many_connections_with_other_bytes_one_wins(tus: Tus) -> None:
    where = await tus.created(len(PDF) + 1)
    bodies = [PDF + bytes([65 + number]) for number in range(8)]
    answers = await asyncio.gather(*(tus.patch(where, 0, body) for body in bodies))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [204] + [409] * 7
    known = await tus.evidence(where)
    assert known["sha256"] in {hashlib.sha256(body).hexdigest() for body in bodies}


async def test_bytes_of_a_lost_connection_count(tus: Tus, app: FastAPI) -> None:
    """As a server tells it: a part of the body, and then that nobody is there any more."""
    where = await tus.created(len(BODY))
    messages = iter(
        [
            {"type": "http.request", "body": BODY[: 6 * MEGABYTE], "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    headers = {
        **SPOKEN, **CHUNK, "Upload-Offset": "0", "Content-Length": str(len(BODY)),
        "Authorization": f"Bearer {tus.world.tokens[tus.who]}",
    }  # fmt: skip
    scope = {
        "type": "http", "method": "PATCH", "path": where, "raw_path": where.encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "server": ("test", 80),
        "client": ("test", 1), "http_version": "1.1",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        return next(messages)

    async def send(_: object) -> None:
        """Nobody is there."""

    await app(scope, receive, send)  # type: ignore[arg-type]  plain dictionaries
    assert await tus.offset(where) == 6 * MEGABYTE
    assert (await tus.patch(where, 6 * MEGABYTE, BODY[6 * MEGABYTE :])).status_code == 204
    assert (await tus.evidence(where))["sha256"] == hashlib.sha256(BODY).hexdigest()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.sets(st.integers(1, 60_000), max_size=6), forgotten=st.booleans())
async def test_wherever_it_is_cut_it_is_the_same_file(
    tus: Tus, app: FastAPI, cuts: set[int], *, forgotten: bool
) -> None:
    """Also if the process that hashed the beginning is not the one that gets the end."""
    body = PDF + os.urandom(60_000)
    where = await tus.created(len(body))
    borders = [0, *sorted(cuts), len(body)]
    for start, stop in itertools.pairwise(borders):
        if forgotten:
            app.state.office.store._digests.clear()
        assert (await tus.patch(where, start, body[start:stop])).status_code == 204
    assert (await tus.evidence(where))["sha256"] == hashlib.sha256(body).hexdigest()


async def _swept(app: FastAPI) -> int:
    async with open_desk(app.state.office, Sweeper(), "", "") as desk:
        return await uploads.sweep(desk)


@pytest.fixture
async def aged(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The administrator, who can make an upload older than it is."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    yield connection
    await connection.close()


async def test_what_expired_is_gone_and_swept_away(
    tus: Tus, app: FastAPI, folder: Path, aged: asyncpg.Connection
) -> None:
    before = files(folder)
    late = await tus.created(len(BODY), BODY[:5000])
    await aged.execute("UPDATE uploads SET expires_at = now() - interval '1 second'")
    running = await tus.created(len(BODY), BODY[:7000])
    for method in ("HEAD", "DELETE", "GET"):
        assert (await tus.ask(method, late)).status_code == 410
    assert (await tus.patch(late, 5000, BODY[5000:])).status_code == 410
    assert await _swept(app) == 1
    assert (await tus.ask("HEAD", late)).status_code == 404
    assert len(files(folder)) == len(before) + 1
    assert (await tus.patch(running, 7000, BODY[7000:])).status_code == 204
    assert await tus.evidence(running)


async def test_a_finished_upload_expires_and_its_evidence_stays(
    tus: Tus, app: FastAPI, aged: asyncpg.Connection
) -> None:
    where = await tus.created(len(PDF), PDF)
    known = await tus.evidence(where)
    await aged.execute("UPDATE uploads SET expires_at = now() - interval '1 second'")
    assert await _swept(app) == 1
    content = await tus.world.call("enterprise", "GET", f"/evidence/{known['id']}/content")
    assert content.content == PDF


async def test_what_a_killed_process_left_is_swept_away_when_it_is_old(
    app: FastAPI, tus: Tus, folder: Path
) -> None:
    running = await tus.created(len(BODY), BODY[:100])
    for name in ("old", "new"):
        (folder / "incoming" / name).write_bytes(b"%PDF")
    os.utime(folder / "incoming" / "old", (0, 0))
    (segment,) = (path for path in files(folder) if path.stat().st_size == 100)
    os.utime(segment, (0, 0))
    assert await _swept(app) == 1
    assert {path.name for path in (folder / "incoming").iterdir()} == {"new", segment.name}
    assert await tus.offset(running) == 100
