"""A sheet that is a trap is refused or read at once: no file is read, nobody is called."""

import socket
import time
from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from tests import money
from tests.api.test_bad_files import bomb, far_cell
from tests.hostile.corpus import PLAIN
from tests.refusals import problem
from tests.rows import contents
from tests.sheets.build import repacked as with_parts
from tests.sheets.build import with_rows, xlsx
from tests.world import World

SECONDS = 4
COLUMNS = {
    "roster": ("姓名", "身份证号", "岗位", "用工形式", "派遣单位", "派遣单位信用代码", "手机号"),
    "details-sheet": (
        "姓名",
        "身份证号",
        "入职类型",
        "入职日期",
        "证书等级",
        "证书编号",
        "发证日期",
    ),
    "learning-batches": ("姓名", "身份证号", "课程名称", "开始时间", "结束时间", "学习时长"),
    "results/file": ("拨付编号", "拨付结果", "银行回单号", "失败原因", "金额（元）"),
}
PLACES = {
    "/plans/{plan}/roster": "drafted",
    "/plans/{plan}/roster/report": "drafted",
    "/plans/{plan}/details-sheet": "drafted",
    "/plans/{plan}/learning-batches": "approved",
    "/plans/{plan}/learning-batches/report": "approved",
    "/payment-batches/{batch}/results/file": "sent",
}
"""Every route that reads a sheet, and how far the case has come then."""


def columns(place: str) -> tuple[str, ...]:
    return next(titles for name, titles in COLUMNS.items() if name in place)


def document(kind: str) -> str:
    """Return an XML document whose entities swell, or are somewhere else."""
    if kind == "billion laughs":
        levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        return f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><x>&l9;</x>'
    if kind == "quadratic":
        return f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>'
    if kind == "file":
        return '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    return f'<!DOCTYPE x [<!ENTITY % d SYSTEM "{kind}/x.dtd"> %d;]><x>&y;</x>'


@cache
def swelling() -> bytes:
    """Return the zip bomb, made once: that takes longer than refusing it."""
    return bomb()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A door on the loopback at which nobody should knock."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0)
        yield door


async def came_to(world: World, state: str) -> dict[str, str]:
    """Bring the case so far; return the ids that paths need."""
    if state != "sent":
        await (world.approved() if state == "approved" else world.drafted())
        return {"plan": world.plan["id"], "batch": ""}
    await world.published()
    await world.day("2020-04-10")
    return {"plan": world.plan["id"], "batch": (await money.batch(world))["id"]}


@pytest.mark.parametrize(("place", "state"), PLACES.items())
async def test_no_entity_is_resolved_and_nothing_swells(
    world: World, owner_url: str, listener: socket.socket, place: str, state: str
) -> None:
    path = place.format(**await came_to(world, state))
    who = "cashier" if state == "sent" else "enterprise"
    before = await contents(owner_url)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    good = xlsx([columns(place), ["x"] * len(columns(place))])
    parts = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "_rels/.rels")
    traps = [
        with_parts(good, {part: told.encode(encoding)})
        for kind in ("billion laughs", "quadratic", "file", address)
        for part in parts
        for told, encoding in (
            (f'<?xml version="1.0"?>{document(kind)}', "utf-8"),
            (f'<?xml version="1.0" encoding="UTF-16"?>{document(kind)}', "utf-16"),
        )
    ]
    bare = [document("file").encode(), f'<?xml version="1.0"?>{document(address)}'.encode()]
    for trap in [*traps, *bare, swelling(), far_cell()]:
        began = time.perf_counter()
        answer = await world.upload(who, path, trap, filename="x.xlsx")
        assert time.perf_counter() - began < SECONDS
        assert answer.status_code in {413, 415, 422}, answer.text[:300]
        assert "root:" not in answer.text
        problem(answer)
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert await contents(owner_url) == before


CELLS = {
    "marks on one letter": "甲" + "\u0301\u0316" * 20_000,
    "a word of eighteen": "\ufdfa" * 20_000,
    "digits": "9" * 40_000,
    "an exponent": "1e999999999",
    "clocks": "0:" * 20_000,
    "dashes": "2020-" * 8_000,
    "blanks": " " * 40_000 + "x",
    "odd blanks": "甲\u3000\xa0" * 15_000,
    "years": "1年" * 20_000,
    "brackets": "(" * 40_000,
    "quotation marks": "'" * 40_000,
    "dots": "甲·" * 20_000,
}


@pytest.mark.parametrize(("place", "state"), PLACES.items())
@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_no_cell_takes_longer_than_it_is_long(
    world: World, place: str, state: str, form: str
) -> None:
    """In the heading, above it and in every column; a sheet is read beside the event loop."""
    path = place.format(**await came_to(world, state))
    who = "cashier" if state == "sent" else "enterprise"
    titles = columns(place)
    for name, cell in CELLS.items():
        rows = [[cell], [*titles, cell], [cell] * len(titles)]
        content = written(rows) if form == "csv" else inline(rows)
        began = time.process_time()
        answer = await world.upload(who, path, content, filename=f"x.{form}")
        taken = time.process_time() - began
        assert taken < SECONDS, f"{name}: {taken:.1f} s"
        assert answer.status_code < 500, (name, answer.text[:300])
        assert len(answer.content) < 400_000, "nothing that long is told"


@pytest.mark.parametrize(("place", "state"), PLACES.items())
async def test_no_text_of_a_sheet_is_obeyed(
    world: World, owner_url: str, place: str, state: str
) -> None:
    path = place.format(**await came_to(world, state))
    who = "cashier" if state == "sent" else "enterprise"
    tables = (await contents(owner_url)).keys()
    titles = columns(place)
    for text in PLAIN:
        for rows in ([titles, [text] * len(titles)], [[*titles, text], ["x"] * len(titles)]):
            answer = await world.upload(who, path, written(rows), filename="x.csv")
            assert answer.status_code < 500, (text, answer.text[:300])
    assert (await contents(owner_url)).keys() == tables


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a csv, in which every cell stands in quotation marks."""
    return "\r\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    ).encode()


def inline(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook whose cells hold their texts themselves."""
    return with_rows(
        "".join(
            "<row>"
            + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
            + "</row>"
            for row in rows
        )
    )
