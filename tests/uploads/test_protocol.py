"""tus 1.0 as it is written: creation, offsets, checksums, expiration and termination."""

import hashlib
import os
from pathlib import Path

import pytest

from tests.uploads.conftest import files
from tests.uploads.tus import PDF, Tus, checksum

BODY = PDF + os.urandom(100_000)


async def test_a_file_in_pieces_is_the_same_file(tus: Tus, folder: Path) -> None:
    before = set(files(folder))
    where = await tus.created(len(BODY))
    for start, stop in ((0, 1), (1, 50_000), (50_000, len(BODY))):
        answer = await tus.patch(where, start, BODY[start:stop])
        assert answer.status_code == 204, answer.text
        assert answer.headers["upload-offset"] == str(stop)
    known = await tus.evidence(where)
    assert known["id"] == answer.headers["upload-evidence"]
    assert (known["sha256"], known["size"]) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert [path.name for path in set(files(folder)) - before] == [known["sha256"]]


async def test_what_is_offered_is_told_to_anybody(tus: Tus) -> None:
    answer = await tus.world.http.options("/api/v1/uploads")
    assert answer.status_code == 204
    told = {name: answer.headers[name] for name in answer.headers if name.startswith("tus-")}
    assert told == {
        "tus-resumable": "1.0.0",
        "tus-version": "1.0.0",
        "tus-extension": "creation,creation-with-upload,checksum,expiration,termination",
        "tus-max-size": str(500 * 1024 * 1024),
        "tus-checksum-algorithm": "sha256,sha1,md5",
    }


async def test_the_beginning_may_come_with_the_creation(tus: Tus) -> None:
    answer = await tus.create(len(BODY), BODY[:1000])
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "1000")
    where = answer.headers["location"]
    assert (await tus.patch(where, 1000, BODY[1000:])).status_code == 204
    assert (await tus.evidence(where))["sha256"] == hashlib.sha256(BODY).hexdigest()


async def test_a_whole_file_may_come_with_the_creation(tus: Tus) -> None:
    where = await tus.created(len(BODY), BODY, kind="courseware", filename="课件.pdf")
    known = await tus.evidence(where)
    assert (known["kind"], known["filename"]) == ("courseware", "课件.pdf")


async def test_a_head_repeats_what_was_told_and_says_where_to_go_on(tus: Tus) -> None:
    created = await tus.create(len(BODY), BODY[:7])
    head = await tus.ask("HEAD", created.headers["location"])
    sent = created.request.headers
    assert head.headers["upload-metadata"] == sent["upload-metadata"]
    assert head.headers["upload-length"] == sent["upload-length"]
    assert (head.headers["upload-offset"], head.content) == ("7", b"")
    assert head.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("version", ["0.2.2", ""])
async def test_another_version_is_refused_with_the_one_that_is_spoken(
    tus: Tus, version: str
) -> None:
    where = await tus.created(len(BODY))
    for method, path in (("POST", "/uploads"), ("HEAD", where), ("PATCH", where)):
        answer = await tus.ask(method, path, Tus_Resumable=version)
        assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")


async def test_bytes_that_do_not_follow_are_refused_and_nothing_is_kept(tus: Tus) -> None:
    where = await tus.created(len(BODY), BODY[:100])
    for offset in (0, 99, 101, len(BODY)):
        answer = await tus.patch(where, offset, b"x")
        assert (answer.status_code, answer.json()["offset"]) == (409, 100)
    assert await tus.offset(where) == 100


async def test_a_body_must_say_that_it_is_a_piece(tus: Tus) -> None:
    where = await tus.created(len(BODY))
    answer = await tus.patch(where, 0, BODY, **{"Content-Type": "application/octet-stream"})
    assert (answer.status_code, answer.json()["code"]) == (415, "chunk_type")
    assert await tus.offset(where) == 0


async def test_more_bytes_than_announced_are_refused(tus: Tus) -> None:
    where = await tus.created(100, BODY[:50])
    answer = await tus.patch(where, 50, BODY[50:101])
    assert (answer.status_code, answer.json()["limit"]) == (413, 50)
    assert await tus.offset(where) == 50


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
async def test_a_chunk_is_kept_only_if_its_checksum_fits(
    tus: Tus, folder: Path, algorithm: str
) -> None:
    where = await tus.created(len(BODY))
    before = files(folder)
    wrong = await tus.patch(where, 0, BODY[:500], **checksum(BODY[:499], algorithm))
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
    assert (await tus.offset(where), files(folder)) == (0, before)
    right = await tus.patch(where, 0, BODY, **checksum(BODY, algorithm))
    assert right.status_code == 204
    assert (await tus.evidence(where))["sha256"] == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize("value", ["crc32 AAAA", "sha256", "sha256 ???", "sha256 AAAA", ""])
async def test_a_checksum_that_is_none_is_refused(tus: Tus, value: str) -> None:
    where = await tus.created(len(BODY))
    answer = await tus.patch(where, 0, BODY, **{"Upload-Checksum": value})
    assert (answer.status_code, answer.json()["code"]) == (400, "checksum_unknown")


async def test_a_terminated_upload_leaves_nothing(tus: Tus, folder: Path) -> None:
    before = files(folder)
    where = await tus.created(len(BODY), BODY[:5000])
    assert len(files(folder)) == len(before) + 1
    assert (await tus.ask("DELETE", where)).status_code == 204
    assert files(folder) == before
    for method in ("HEAD", "DELETE", "GET"):
        assert (await tus.ask(method, where)).status_code == 404
    assert (await tus.patch(where, 5000, BODY[5000:])).status_code == 404


async def test_evidence_is_not_terminated(tus: Tus) -> None:
    where = await tus.created(len(BODY), BODY)
    answer = await tus.ask("DELETE", where)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_finished")
    assert await tus.evidence(where)


async def test_a_finished_upload_takes_no_further_byte(tus: Tus) -> None:
    where = await tus.created(len(BODY), BODY)
    assert (await tus.patch(where, len(BODY), b"x")).status_code == 413
    again = await tus.patch(where, len(BODY), b"")
    assert (again.status_code, again.headers["upload-offset"]) == (204, str(len(BODY)))


async def test_the_same_key_creates_the_same_upload(tus: Tus) -> None:
    key = {"Idempotency-Key": "abc"}
    where = await tus.created(len(BODY), **key)
    await tus.patch(where, 0, BODY[:10])
    again = await tus.create(len(BODY), **key)
    assert (again.status_code, again.headers["location"]) == (201, where)
    assert again.headers["upload-offset"] == "10"
    other = await tus.create(len(BODY) + 1, **key)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_a_proxy_that_knows_no_patch_is_passed_by_a_post(tus: Tus) -> None:
    where = await tus.created(len(BODY))
    headers = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    kind = {"Content-Type": "application/offset+octet-stream"}
    answer = await tus.ask("POST", where, BODY, **headers, **kind)
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(BODY)))
