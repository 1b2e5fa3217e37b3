"""On an S3 all is as in a folder: kept once, whole or not at all, read in parts, read again."""

import base64
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import obstore
import pytest

from app import evidence_check
from app.errors import BodyTooLarge, EvidenceLost, FileRefused
from app.evidence_check import What, check
from app.settings import Settings
from app.storage import EvidenceStore
from tests.databases import connected
from tests.processes import programs
from tests.world import World

PDF = b"%PDF-1.7\n"
LARGE = PDF + os.urandom(13_000_000)


async def _chunks(content: bytes, size: int = 1 << 20) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def _names(store: EvidenceStore) -> list[str]:
    return sorted([one["path"] async for some in obstore.list(store._store) for one in some])


@pytest.mark.parametrize("content", [PDF, LARGE], ids=["small", "in parts"])
async def test_a_file_is_kept_once_under_its_hash(store: EvidenceStore, content: bytes) -> None:
    digest = hashlib.sha256(content).digest()
    for _ in range(2):
        stored = await store.receive(_chunks(content), 1 << 30)
        assert (stored.sha256, stored.size) == (digest, len(content))
    assert b"".join([part async for part in store.read(digest)]) == content
    assert await _names(store) == [f"{digest.hex()[:2]}/{digest.hex()}"]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(LARGE, BodyTooLarge), (b"MZ\x90\x00" + LARGE, FileRefused)],
)
async def test_a_refused_file_leaves_nothing(
    store: EvidenceStore, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await store.receive(_chunks(content), 12_000_000 if refusal is BodyTooLarge else 1 << 30)
    assert await _names(store) == []


async def test_a_cut_connection_leaves_nothing(store: EvidenceStore) -> None:
    async def cut() -> AsyncIterator[bytes]:
        async for chunk in _chunks(LARGE):
            yield chunk
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.receive(cut(), 1 << 30)
    assert await _names(store) == []


async def test_sealed_bytes_are_kept_as_they_are(store: EvidenceStore) -> None:
    digest = await store.keep(b"sealed")
    assert b"".join([part async for part in store.read(digest)]) == b"sealed"
    with pytest.raises(EvidenceLost):
        await store.size(hashlib.sha256(b"another").digest())


async def test_a_case_is_filed_downloaded_in_parts_and_read_again(
    world: World, owner_url: str, settings: Settings, store: EvidenceStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Then a file is lost, one is altered and one is nobody's: each is told."""
    await world.filed()
    video = await world.send(
        "enterprise", f"/plans/{world.plan['id']}/evidence", LARGE, kind="training_video"
    )
    await _is_shown(world, video, LARGE)
    papers = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    (roster,) = [each for each in papers if each["kind"] == "roster"]
    await _is_shown(world, roster, (world.examples / "roster.xlsx").read_bytes())
    monkeypatch.setattr(evidence_check, "_YOUNG", timedelta(seconds=-2))
    report = await check(owner_url, store, 4, lambda *_: None)
    assert (report.files, report.faults) == (len(papers), [])

    by_kind = {each["kind"]: _name(each["sha256"]) for each in papers}
    await obstore.delete_async(store._store, by_kind["licence"])
    altered = LARGE[:-1] + bytes([LARGE[-1] ^ 1])
    await obstore.put_async(store._store, by_kind["training_video"], altered)
    await store.keep(b"nobody's")
    report = await check(owner_url, store, 4, lambda *_: None)
    assert [each.what for each in sorted(report.faults)] == [
        What.ALTERED, What.MISSING, What.ORPHAN,
    ]  # fmt: skip
    rests = [each for each in report.faults if each.what is not What.ORPHAN]
    assert {each.claims for each in rests} == {(world.claim["receipt"],)}
    env = {"DATABASE_OWNER_URL": owner_url, "SUBSIDY_EVIDENCE_URL": settings.evidence_url}
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    assert programs.run("evidence", "verify", **env, **aws).returncode == 1


async def test_an_upload_goes_on_where_it_was_cut_and_what_expired_is_swept(
    world: World, owner_url: str, settings: Settings, store: EvidenceStore
) -> None:
    await world.drafted()
    known = await _names(store)
    whole, half = [await _begun(world) for _ in range(2)]
    cut = 7_000_001
    for upload, parts in ((whole, (LARGE[:cut], LARGE[cut:])), (half, (LARGE[:cut],))):
        at = 0
        for part in parts:
            await _sent(world, upload, at, part)
            at += len(part)
    digest = hashlib.sha256(LARGE).hexdigest()
    papers = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    assert papers[-1]["sha256"] == digest
    assert set(await _names(store)) > {*known, _name(digest)}
    async with connected(owner_url) as owner:
        await owner.execute("UPDATE uploads SET expires_at = now() - interval '1 minute'")
    env = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SUBSIDY_SIGNING_KEY": settings.signing_key.get_secret_value().strip().replace("\n", "\\n"),
        "SUBSIDY_SEALING_KEY": settings.sealing_key.get_secret_value(),
        "SUBSIDY_DIGEST_KEY": settings.digest_key.get_secret_value(),
        "SUBSIDY_AUDIT_KEY": settings.audit_key.get_secret_value().strip().replace("\n", "\\n"),
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
    }
    swept = programs.run("evidence", "sweep", **env)
    assert swept.returncode == 0, swept.stderr
    assert await _names(store) == sorted([*known, _name(digest)])


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


async def _is_shown(world: World, file: dict[str, Any], content: bytes) -> None:
    path = f"/evidence/{file['id']}/content"
    assert (await world.call("officer1", "GET", path)).content == content
    part = await world.call("officer1", "GET", path, headers={"Range": "bytes=100-4999"})
    assert (part.status_code, part.content) == (206, content[100:5000])


async def _begun(world: World) -> str:
    told = {"kind": "training_video", "filename": "a.pdf", "plan_id": world.plan["id"]}
    coded = {name: base64.b64encode(value.encode()).decode() for name, value in told.items()}
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(LARGE)),
        "Upload-Metadata": ",".join(f"{name} {value}" for name, value in coded.items()),
    }
    answer = await world.call("enterprise", "POST", "/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].removeprefix("/api/v1")


async def _sent(world: World, upload: str, at: int, content: bytes) -> None:
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(at),
        "Content-Type": "application/offset+octet-stream",
    }
    answer = await world.call("enterprise", "PATCH", upload, headers=headers, content=content)
    assert answer.status_code == 204, answer.text
