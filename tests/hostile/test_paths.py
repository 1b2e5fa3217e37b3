"""A file's name leads nowhere: neither into the store, nor into a header, nor out of a folder."""

import io
import os
import re
import zipfile
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

from app.settings import Settings
from tests.hostile.corpus import CUT_LINES, FORMULAS, MARKUP, PATHS, SQL, UNSEEN
from tests.refusals import problem
from tests.uploads.tus import PDF, Tus
from tests.world import World

NAMES = [f"{each}.pdf" for each in (*PATHS, *SQL, *FORMULAS, *MARKUP)]
LIES = re.compile(r"([0-9a-f]{2}/[0-9a-f]{64}|incoming/[0-9a-f./-]+)")


def lying(settings: Settings) -> list[str]:
    """Return what lies in the store, by its path."""
    folder = Path(settings.evidence_url.removeprefix("file://"))
    return [str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()]


def assert_named(answer: httpx.Response, name: str) -> None:
    """The header is one attachment's, of which a reader gets the name as it was given."""
    told = answer.headers["content-disposition"]
    found = re.fullmatch(r"attachment; filename\*=UTF-8''([A-Za-z0-9._~%-]+)", told)
    assert found is not None, told
    assert unquote(found[1]) == name


async def test_no_name_of_evidence_leads_into_the_store_or_into_a_header(
    world: World, settings: Settings
) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}/evidence"
    for number, name in enumerate(NAMES):
        content = PDF + str(number).encode()
        made = await world.send("enterprise", path, content, kind="other", filename=name)
        assert made["filename"] == name
        assert_named(await world.call("officer1", "GET", f"/evidence/{made['id']}/content"), name)
        tus = await Tus(world).created(len(content), content, filename=name)
        assert (await Tus(world).evidence(tus))["filename"] == name
    assert not [each for each in lying(settings) if not LIES.fullmatch(each)]


async def test_no_name_of_a_licence_leads_into_a_header(world: World) -> None:
    await world.registered()
    path = f"/enterprises/{world.enterprise['id']}/licences"
    for name in NAMES[:: len(NAMES) // 9]:  # an enterprise has ten at most
        made = await world.send("enterprise", path, PDF, filename=name)
        assert_named(await world.call("enterprise", "GET", f"{path}/{made['id']}"), name)


@pytest.mark.parametrize("name", [*CUT_LINES, *UNSEEN], ids=ascii)
async def test_a_name_that_is_no_line_is_refused_wherever_a_file_comes_from(
    world: World, settings: Settings, name: str
) -> None:
    await world.drafted()
    before = lying(settings)
    plan = f"/plans/{world.plan['id']}"
    if "\ud800" not in name:  # which no address and no header can hold
        for path in ("evidence", "roster", "details-sheet", "roster/report"):
            answer = await world.upload(
                "enterprise", f"{plan}/{path}", PDF, filename=name, kind="other"
            )
            assert (answer.status_code, problem(answer)["code"]) == (422, "invalid_request"), path
        assert (await Tus(world).create(len(PDF), PDF, filename=name)).status_code == 422
    assert lying(settings) == before


@pytest.mark.parametrize(
    "place",
    ["/policy/clauses/{}", "/plans/{}", "/evidence/{}/content", "/uploads/{}"],
)
async def test_no_id_leads_out_of_its_place(world: World, place: str) -> None:
    for text in (*PATHS, *SQL):
        for written in (quote(text, safe=""), quote(text)):
            answer = await world.call("officer1", "GET", place.format(written))
            assert answer.status_code in {404, 405, 412, 422}, (written, answer.text[:200])
            assert "root:" not in answer.text


async def test_an_archive_whose_entries_lead_out_is_listed_and_never_unpacked(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    await world.drafted()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("../../out.txt", "/etc/out.txt", "a/../../../out.txt", "C:\\out.txt"):
            archive.writestr(name, "x")
    path = f"/plans/{world.plan['id']}/evidence"
    sent = {"filename": "照片.zip", "kind": "other"}
    answer = await world.upload("enterprise", path, packed.getvalue(), **sent)
    assert answer.status_code in {201, 415}, answer.text
    assert "out.txt" not in {name for _, _, names in os.walk(tmp_path) for name in names}
    assert not [each for each in lying(settings) if not LIES.fullmatch(each)]
