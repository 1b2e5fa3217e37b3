"""What is refused is refused before its bytes are taken, and leaves none."""

from pathlib import Path
from uuid import uuid4

import pytest

from app.settings import Settings
from tests.uploads.conftest import files
from tests.uploads.tus import CHUNK, PDF, Tus, metadata


async def test_an_oversize_file_is_refused_at_its_creation(tus: Tus) -> None:
    limits = await tus.world.get("enterprise", "/evidence-limits")
    for each in limits:
        answer = await tus.create(each["max_bytes"] + 1, kind=each["kind"])
        told = answer.json()
        assert (answer.status_code, told["limit"]) == (413, each["max_bytes"]), each
    assert {each["kind"]: each["max_bytes"] for each in limits}["licence"] == 50 * 1024 * 1024
    assert all("application/pdf" in each["media_types"] for each in limits)
    assert all(each["name"] and not each["name"].isascii() for each in limits)


async def test_the_same_limits_hold_for_a_plain_upload(tus: Tus) -> None:
    path = f"/plans/{tus.world.plan['id']}/evidence"
    more = {"Content-Length": str(50 * 1024 * 1024 + 1)}
    query = {"kind": "licence", "filename": "执照.pdf"}
    answer = await tus.world.call(
        "enterprise", "POST", path, content=b"%PDF-", params=query, headers=more
    )
    assert (answer.status_code, answer.json()["limit"]) == (413, 50 * 1024 * 1024)


def test_limits_come_from_the_environment_and_never_exceed_the_largest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings.model_dump() | {"DATABASE_URL": settings.database_url}
    monkeypatch.setenv("SUBSIDY_EVIDENCE_LIMITS", '{"training_video": 9000, "licence": 5}')
    read = Settings(**{name: value for name, value in given.items() if name != "evidence_limits"})
    assert {kind.value: limit for kind, limit in read.evidence_limits.items()} == {
        "training_video": 9000,
        "licence": 5,
    }


_TOLD = metadata(kind="licence", filename="a.pdf", plan_id=str(uuid4()))


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Upload-Length": "12"}, "upload-metadata"),
        ({"Upload-Metadata": _TOLD}, "upload-length"),
        ({"Upload-Length": "x", "Upload-Metadata": _TOLD}, "upload-length"),
        ({"Upload-Length": "-1", "Upload-Metadata": _TOLD}, "upload-length"),
        ({"Upload-Length": "9" * 30, "Upload-Metadata": _TOLD}, "upload-length"),
        ({"Upload-Length": "1", "Upload-Metadata": "kind ???"}, "upload-metadata"),
        ({"Upload-Length": "1", "Upload-Metadata": ",, ,"}, "upload-metadata"),
        ({"Upload-Length": "1", "Upload-Metadata": "kind /w=="}, "upload-metadata"),
        ({"Upload-Length": "1", "Upload-Metadata": metadata(kind="no")}, "upload-metadata.kind"),
    ],
)
async def test_garbage_is_named_and_not_echoed(
    tus: Tus, headers: dict[str, str], field: str
) -> None:
    answer = await tus.ask("POST", "/uploads", **headers)
    assert answer.status_code == 422
    faults = [each["field"] for each in answer.json()["errors"]]
    assert any(field in each.lower() for each in faults), faults
    assert "???" not in answer.text


async def test_a_file_belongs_to_a_plan_or_to_a_claim(tus: Tus) -> None:
    both = await tus.create(10, plan_id=str(uuid4()), claim_id=str(uuid4()))
    assert both.status_code == 422
    assert "plan_id 和 claim_id" in both.text


@pytest.mark.parametrize("who", ["stranger", "xigang", "centre"])
async def test_nothing_is_taken_for_anothers_plan(tus: Tus, folder: Path, who: str) -> None:
    before = files(folder)
    answer = await Tus(tus.world, who).create(len(PDF), PDF)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert files(folder) == before


async def test_an_upload_is_gone_on_with_by_who_began_it(tus: Tus) -> None:
    where = await tus.created(100, PDF)
    officer, stranger = Tus(tus.world, "officer1"), Tus(tus.world, "stranger")
    assert await officer.offset(where) == len(PDF)
    for method in ("PATCH", "DELETE"):
        headers = {"Upload-Offset": str(len(PDF)), **CHUNK}
        assert (await officer.ask(method, where, b"x", **headers)).status_code == 403
        assert (await stranger.ask(method, where, b"x", **headers)).status_code == 404
    assert (await stranger.ask("HEAD", where)).status_code == 404
    assert await tus.offset(where) == len(PDF)


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.exe", "program_refused"), ("a.JS ", "program_refused"), ("a.xlsm", "macros_refused")],
)
async def test_a_name_that_a_double_click_runs_is_refused_at_once(
    tus: Tus, name: str, code: str
) -> None:
    answer = await tus.create(100, filename=name)
    assert (answer.status_code, answer.json()["code"]) == (415, code)


async def test_an_empty_file_is_none(tus: Tus) -> None:
    answer = await tus.create(0)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_empty")


@pytest.mark.parametrize("size", [10, 5000])
async def test_a_program_is_refused_as_soon_as_it_is_seen_and_leaves_nothing(
    tus: Tus, folder: Path, size: int
) -> None:
    """One that is long enough is seen by its beginning, a short one at its end."""
    before = files(folder)
    body = b"MZ\x90\x00" + bytes(size)
    where = await tus.created(len(body) + (size > 4096))
    answer = await tus.patch(where, 0, body)
    assert (answer.status_code, answer.json()["code"]) == (415, "program_refused")
    assert files(folder) == before
    assert (await tus.ask("HEAD", where)).status_code == 404


async def test_a_file_whose_beginning_came_byte_by_byte_is_no_worse(tus: Tus) -> None:
    body = b"\x89PNG\r\n\x1a\n" + bytes(20)
    where = await tus.created(len(body), filename="a.png")
    for at in range(len(body)):
        assert (await tus.patch(where, at, body[at : at + 1])).status_code == 204
    assert (await tus.evidence(where))["media_type"] == "image/png"


async def test_a_name_that_does_not_fit_is_told(tus: Tus) -> None:
    where = await tus.created(len(PDF), PDF, filename="照片.jpg")
    assert (await tus.evidence(where))["note"] == "扩展名为 .jpg，实际内容为 application/pdf。"
