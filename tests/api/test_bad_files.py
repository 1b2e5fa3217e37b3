"""Files that are wrong, huge or hostile are refused whole, in flat memory, and leave nothing."""

import io
import resource
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from app.settings import Settings
from tests.refusals import problem, refused
from tests.rows import contents
from tests.world import World

GIGABYTE = 1 << 30
LIMIT = 64 << 20
CHUNK = 1 << 20
HEADER = ("序号", "姓名", "身份证号码", "岗位名称", "用工形式")


def workbook(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for number in range(rows):
        sheet.append((number, "张三", "220104199503227868", "电工", "劳动合同"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(name: str, part: bytes | Iterator[bytes]) -> bytes:
    """Return a good workbook in which one part is another."""
    packed = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(workbook(1)))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for each in good.namelist():
            if each != name:
                package.writestr(each, good.read(each))
        with package.open(name, "w") as target:
            for piece in [part] if isinstance(part, bytes) else part:
                target.write(piece)
    return packed.getvalue()


def bomb() -> bytes:
    """Return a workbook of a few hundred kilobytes that unpacks to 300 MB."""
    return with_part("xl/worksheets/sheet1.xml", (bytes(CHUNK) for _ in range(300)))


def far_cell() -> bytes:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    return with_part("xl/worksheets/sheet1.xml", sheet)


def sheets() -> list[tuple[str, bytes, int, str]]:
    good = workbook(1)
    csv = ",".join(HEADER) + "\n" + "1,张三,220104199503227868,电工,劳动合同\n" * 20_000
    return [
        ("20,000 rows", workbook(20_000), 413, "too_many_rows"),
        ("20,000 lines", csv.encode(), 413, "too_many_rows"),
        ("zip bomb", bomb(), 413, "file_too_large_unpacked"),
        ("far cell", far_cell(), 413, "too_many_rows"),
        ("cut short", good[:-100], 415, "file_not_a_sheet"),
        ("a zip", with_part("xl/workbook.xml", b"<workbook"), 415, "file_not_a_sheet"),
        ("a PDF", b"%PDF-1.7 not a sheet", 415, "file_not_a_sheet"),
        ("a page", b"<html><table><tr><td>1</td></tr></table></html>", 415, "file_not_a_sheet"),
        ("noise", bytes(range(256)) * 40, 415, "file_not_a_sheet"),
        ("nothing", b"", 422, "file_empty"),
        ("no header", b"a,b,c\n1,2,3\n", 422, "header_not_found"),
    ]


async def test_a_roster_or_an_export_that_is_none_is_refused_whole(
    world: World, owner_url: str
) -> None:
    await world.approved()
    drafted = await world.post("enterprise", "/plans", world.plan_body(title="另一项目"))
    before = await contents(owner_url)
    wrong = []
    for name, content, status, code in sheets():
        for path in (
            f"/plans/{drafted['id']}/roster",
            f"/plans/{drafted['id']}/details-sheet",
            f"/plans/{world.plan['id']}/learning-batches",
        ):
            if "learning" in path and name.startswith("20,000"):
                continue  # an export may well have 100,000 rows
            answer = await world.upload("enterprise", path, content, filename="名册.xlsx")
            wrong += [f"{name} {path}: {each}" for each in refused(answer, status, code)]
    assert not wrong, "\n".join(wrong)
    assert await contents(owner_url) == before


async def test_a_dirty_roster_is_told_row_by_row_and_nothing_of_it_is_stored(
    world: World, owner_url: str
) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}/roster"
    before = await contents(owner_url)
    document = problem(await world.upload("enterprise", path, "roster_dirty.xlsx"))
    assert (document["status"], document["code"]) == (422, "rows_unreadable")
    assert all({"row", "column", "value", "reason", "remedy"} <= r.keys() for r in document["rows"])
    assert await contents(owner_url) == before


@pytest.mark.parametrize(
    ("query", "content", "status", "code"),
    [
        ({"kind": "licence", "filename": "执照.pdf"}, b"MZ\x90\x00", 415, "program_refused"),
        ({"kind": "licence", "filename": "执照.pdf"}, b"", 422, "file_empty"),
        ({"kind": "secret", "filename": "执照.pdf"}, b"%PDF-1.7", 422, "invalid_request"),
        ({"kind": "licence"}, b"%PDF-1.7", 422, "invalid_request"),
        ({"filename": "执照.pdf"}, b"%PDF-1.7", 422, "invalid_request"),
        ({"kind": "licence", "filename": "执\0照.pdf"}, b"%PDF-1.7", 422, "invalid_request"),
        ({"kind": "licence", "filename": "😀.pdf"}, b"%PDF-1.7", 422, "invalid_request"),
        ({"kind": "licence", "filename": "x" * 300}, b"%PDF-1.7", 422, "invalid_request"),
    ],
)
async def test_a_file_that_is_no_evidence_is_refused(
    world: World,
    owner_url: str,
    tmp_path: Path,
    query: dict[str, str],
    content: bytes,
    status: int,
    code: str,
) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}/evidence"
    before, files = await contents(owner_url), stored(tmp_path)
    answer = await world.call("enterprise", "POST", path, content=content, params=query)
    assert not refused(answer, status, code)
    assert await contents(owner_url) == before
    assert stored(tmp_path) == files


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A lower limit, so that the bytes up to it come soon."""
    return settings.model_copy(update={"evidence_max_bytes": LIMIT})


class Flood:
    """A body without end that counts what was taken of it."""

    taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        piece = b"%PDF-1.7" + bytes(CHUNK - 8)
        for _ in range(5 * GIGABYTE // CHUNK):
            self.taken += len(piece)
            yield piece


TOO_LARGE = (413, "body_too_large")
PLACES = [
    ("/plans/{plan}/evidence", {"kind": "licence", "filename": "a.pdf"}, LIMIT, TOO_LARGE),
    ("/plans/{plan}/roster", {"filename": "a.xlsx"}, 20 << 20, TOO_LARGE),
    ("/plans/{plan}/details-sheet", {"filename": "a.xlsx"}, 20 << 20, TOO_LARGE),
    ("/plans/{plan}/learning-batches", {"filename": "a.xlsx"}, 20 << 20, TOO_LARGE),
    ("/plans", {}, 2 << 20, TOO_LARGE),
    ("/token", {}, 2 << 20, (422, "invalid_request")),  # no field of a form is that long
]


@pytest.mark.parametrize(("place", "query", "limit", "refusal"), PLACES)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "flood"}])
async def test_five_gigabytes_are_refused_before_much_of_them_is_taken(
    world: World,
    owner_url: str,
    tmp_path: Path,
    place: str,
    query: dict[str, str],
    limit: int,
    refusal: tuple[int, str],
    key: dict[str, str],
) -> None:
    await world.drafted()
    path = place.format(plan=world.plan["id"])
    before, files = await contents(owner_url), stored(tmp_path)
    told, declared = Flood(), {**key, "Content-Length": str(5 * GIGABYTE)}
    answer = await flood(world, path, query, told, declared)
    assert not refused(answer, *TOO_LARGE)
    assert told.taken <= CHUNK, "the declared length is enough to know"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    untold = Flood()
    answer = await flood(world, path, query, untold, {**key, "Transfer-Encoding": "chunked"})
    # Under a key the content counts, so all of a form is read before any field of it.
    assert not refused(answer, *(TOO_LARGE if key else refusal))
    assert untold.taken <= limit + 2 * CHUNK
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024
    assert grown < min(limit * 3, LIMIT), f"{grown >> 20} MB more"
    assert await contents(owner_url) == before
    assert stored(tmp_path) == files, "what had arrived is gone"


async def flood(
    world: World, path: str, query: dict[str, str], body: Flood, headers: dict[str, str]
) -> httpx.Response:
    kind = "application/x-www-form-urlencoded" if path == "/token" else "application/json"
    more: dict[str, Any] = {"content": body, "headers": {"Content-Type": kind, **headers}}
    return await world.call("enterprise", "POST", path, params=query, **more)


def stored(folder: Path) -> list[str]:
    return sorted(str(path) for path in (folder / "evidence").rglob("*") if path.is_file())


def test_the_limits_are_500_megabytes_of_evidence_20_of_a_sheet_and_2_of_json() -> None:
    told = Settings.model_fields
    assert told["evidence_max_bytes"].default == 500 << 20
    assert (told["sheet_max_bytes"].default, told["body_max_bytes"].default) == (20 << 20, 2 << 20)
