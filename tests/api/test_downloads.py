"""Files go out whole or in part as RFC 9110 says, run nothing, and every look is an event."""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.databases import connected
from tests.refusals import problem
from tests.world import World

PDF = b"%PDF-1.7\n"
CONTENT = PDF + os.urandom(9_000_000 - len(PDF))
SIZE = len(CONTENT)


@pytest.fixture
async def file(world: World) -> dict[str, Any]:
    """A file of nine million bytes, more than two ranges of the store."""
    await world.drafted()
    path = f"/plans/{world.plan['id']}/evidence"
    told: dict[str, Any] = await world.send(
        "enterprise", path, CONTENT, kind="training_video", filename='录像 "1".pdf'
    )
    return told


async def _ask(
    world: World, file: dict[str, Any], method: str = "GET", **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await world.call("officer1", method, f"/evidence/{file['id']}/content", headers=named)


async def _looks(owner_url: str) -> list[dict[str, Any]]:
    async with connected(owner_url) as owner:
        rows = await owner.fetch("SELECT details FROM audit_events WHERE act = 'read' ORDER BY id")
    return [json.loads(row["details"]) for row in rows]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-4194303", 0, 4 << 20),
        ("bytes=4194303-4194304", (4 << 20) - 1, (4 << 20) + 1),
        ("bytes=8999999-", SIZE - 1, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        ("bytes=-99999999", 0, SIZE),
        ("bytes=10-99999999", 10, SIZE),
        ("Bytes= 5-9", 5, 10),
    ],
)
async def test_one_range_is_sent_alone_and_told_in_the_audit(
    world: World, owner_url: str, file: dict[str, Any], asked: str, start: int, stop: int
) -> None:
    answer = await _ask(world, file, Range=asked)
    assert answer.status_code == 206
    assert answer.content == CONTENT[start:stop]
    said = f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["content-range"] == said
    assert answer.headers["content-length"] == str(stop - start)
    assert await _looks(owner_url) == [{"kind": "training_video", "range": said}]


@pytest.mark.parametrize(
    "asked",
    ["bytes=9000000-", "bytes=9000000-9000001", "bytes=-0", "bytes=9000000-,9000001-9000002"],
)
async def test_what_does_not_exist_is_416_and_no_look(
    world: World, owner_url: str, file: dict[str, Any], asked: str
) -> None:
    answer = await _ask(world, file, Range=asked)
    assert (answer.status_code, problem(answer)["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert await _looks(owner_url) == []


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "bytes=0-1,9000000-", "bytes=5-4", "bytes=a-b", "bytes=-", "bytes=",
     "bytes", "lines=0-1", "bytes=1-2-3", "bytes=+1-2", f"bytes=0-{'9' * 5000}"],
)  # fmt: skip
async def test_several_ranges_and_malformed_ones_get_the_whole(
    world: World, owner_url: str, file: dict[str, Any], asked: str
) -> None:
    answer = await _ask(world, file, Range=asked)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert "content-range" not in answer.headers
    assert await _looks(owner_url) == [{"kind": "training_video"}]


async def test_the_tag_is_the_hash_and_lets_a_download_go_on(
    world: World, owner_url: str, file: dict[str, Any]
) -> None:
    """A part belongs to the same content, or the whole comes."""
    whole = await _ask(world, file)
    tag = whole.headers["etag"]
    assert tag == f'"{file["sha256"]}"'
    for given, status in ((tag, 206), (f"W/{tag}", 200), ('"other"', 200),
                          ("Sun, 22 Nov 2026 10:00:00 GMT", 200)):  # fmt: skip
        answer = await _ask(world, file, Range="bytes=1-2", If_Range=given)
        assert answer.status_code == status, given
    for given, status in ((tag, 304), (f'"a", W/{tag}', 304), ("*", 304), ('"other"', 200)):
        answer = await _ask(world, file, If_None_Match=given, Range="bytes=1-2")
        assert answer.status_code == (206 if status == 200 else status), given
        if status == 304:
            assert (answer.content, answer.headers["etag"]) == (b"", tag)
    assert {"kind": "training_video", "unchanged": True} in await _looks(owner_url)


async def test_head_tells_the_headers_of_a_download_and_shows_nothing(
    world: World, owner_url: str, file: dict[str, Any]
) -> None:
    head = await _ask(world, file, "HEAD", Range="bytes=0-1")
    assert await _looks(owner_url) == []
    whole = await _ask(world, file)
    assert (head.status_code, head.content) == (200, b"")
    differ = {"x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in differ} == {
        k: v for k, v in whole.headers.items() if k not in differ
    }
    assert head.headers["content-length"] == str(SIZE)


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-9"}])
async def test_nothing_of_it_runs_in_a_browser_or_is_kept_there(
    world: World, file: dict[str, Any], asked: dict[str, str]
) -> None:
    headers = (await _ask(world, file, **asked)).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E5%BD%95%E5%83%8F%20%221%22.pdf"
    )
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-store"
    assert headers["accept-ranges"] == "bytes"


async def test_a_sealed_sheet_is_opened_and_then_cut(world: World, owner_url: str) -> None:
    await world.drafted()
    papers = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    (roster,) = [each for each in papers if each["kind"] == "roster"]
    sheet = (world.examples / "roster.xlsx").read_bytes()
    assert (await _ask(world, roster)).content == sheet
    part = await _ask(world, roster, Range="bytes=100-299")
    assert (part.status_code, part.content) == (206, sheet[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(sheet)}"
    assert len(await _looks(owner_url)) == 2


@pytest.mark.parametrize("how", ["missing", "short"])
async def test_what_the_store_has_lost_is_told_before_a_byte_is_sent(
    world: World, file: dict[str, Any], tmp_path: Path, how: str
) -> None:
    (stored,) = (tmp_path / "evidence").rglob(file["sha256"])
    if how == "missing":
        stored.unlink()
    else:
        stored.write_bytes(CONTENT[:1000])
    answer = await _ask(world, file)
    assert (answer.status_code, problem(answer)["code"]) == (500, "evidence_lost")


async def test_a_strange_key_does_not_make_a_look_a_write(
    world: World, owner_url: str, file: dict[str, Any]
) -> None:
    """An Idempotency-Key on a download or a HEAD is passed over: nothing of it is stored."""
    for method in ("GET", "HEAD"):
        answer = await _ask(world, file, method, Idempotency_Key="k")
        assert answer.status_code == 200
    async with connected(owner_url) as owner:
        assert await owner.fetchval("SELECT count(*) FROM stored_answers") == 0
