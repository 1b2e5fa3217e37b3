"""Whatever is done to an archive is told by the name of what it was done to."""

import json
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.archiving.bag import Bag, entry
from app.archiving.export import export
from app.archiving.reading import Archive
from app.archiving.sections import SECTIONS
from app.archiving.verify import Report, verify
from app.storage import EvidenceStore
from tests.world import World

SEED = 20201122
Tampering = Callable[[dict[str, bytes]], dict[str, bytes]]


@pytest.fixture
async def made(world: World, owner_url: str, tmp_path: Path) -> Path:
    """The archive of the paid sample case."""
    await world.paid()
    store = EvidenceStore((tmp_path / "evidence").as_uri())
    done = await export(owner_url, store, world.plan["receipt"], tmp_path / "made.zip", "档案员")
    assert verify(done.path).faults == []
    return done.path


def members(path: Path) -> dict[str, bytes]:
    """Return the members of an archive by their paths in the bag."""
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, found: Mapping[str, bytes]) -> Path:
    """Write members as an archive is written, but with what they say of each other as it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            with archive.open(entry(f"BAG/{name}", len(content)), "w") as member:
                member.write(content)
    return path


def bagged(path: Path, found: Mapping[str, bytes], changes: Mapping[str, bytes | None]) -> Report:
    """Verify members after *changes* (None: left out), with manifests made anew to fit."""
    with path.open("w+b") as file, Bag(file, "BAG") as bag:
        for name, content in {**found, **changes}.items():
            if name.startswith("data/") and content is not None:
                bag.write(name.removeprefix("data/"), content)
        bag.close({})
    return verify(path)


def named(report: Report) -> set[str]:
    return {fault.name for fault in report.faults}


def read(path: Path) -> set[str]:
    """Return what the bytes alone give away, before anything is computed."""
    archive = Archive(path)
    try:
        return {fault.name for fault in archive.faults()}
    finally:
        archive.close()


async def test_each_member_changed_dropped_renamed_or_added_is_told_by_name(
    made: Path, tmp_path: Path
) -> None:
    found, other = members(made), tmp_path / "other.zip"
    assert len(found) > len(SECTIONS)
    assert read(zipped(other, found)) == set()
    for name, content in found.items():
        place = len(content) // 2
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert name in read(zipped(other, {**found, name: changed})), name
        longer = {**found, name: content + b"\n"}
        assert name in read(zipped(other, longer)), name
        rest = {key: value for key, value in found.items() if key != name}
        assert name in read(zipped(other, rest)), name
        moved = f"{name}.old"
        assert {name, moved} <= read(zipped(other, {**rest, moved: content})), name
    for stray in ("data/evidence/more.pdf", "notes.txt"):
        assert stray in read(zipped(other, {**found, stray: b"more"}))


async def test_each_line_of_a_manifest_that_is_changed_or_gone_is_told(
    made: Path, tmp_path: Path
) -> None:
    found, other = members(made), tmp_path / "other.zip"
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        lines = found[name].decode().splitlines(keepends=True)
        assert len(lines) > 2
        for number, line in enumerate(lines):
            about = line.split()[1]
            digit = "0" if line[0] != "0" else "1"
            for instead in (digit + line[1:], "", "x" + line):
                content = "".join([*lines[:number], instead, *lines[number + 1 :]]).encode()
                told = read(zipped(other, {**found, name: content}))
                assert about in told, (name, instead)
        swapped = "".join(reversed(lines)).encode()
        assert name in read(zipped(other, {**found, name: swapped}))


async def test_no_bit_of_the_file_can_be_turned(made: Path, tmp_path: Path) -> None:
    """Nor can a byte be put before, between or after: headers, dates and comments are compared."""
    content, other = _bytes(made), tmp_path / "other.zip"
    directory = content.rindex(b"PK\x01\x02")
    places = [*range(120), *range(directory, len(content))]
    places += random.Random(SEED).sample(range(len(content)), 150)  # noqa: S311  a sample
    for number, place in enumerate(places):
        bit = 1 << number % 8
        other.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
        assert _is_refused(other), (place, bit)
    for put in (b"x" + content, content + b"x", content[:-1], b""):
        other.write_bytes(put)
        assert _is_refused(other)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _is_refused(path: Path) -> bool:
    try:
        return bool(read(path))
    except ValueError:
        return True


async def test_a_file_that_is_no_archive_is_told_and_one_that_was_exchanged(
    made: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK and nothing else")
    assert named(verify(other)) == {"other.zip"}
    assert named(verify(zipped(other, {}))) >= {"manifest-sha256.txt"}
    report = verify(made)
    assert named(verify(made, report.sha256)) == set()
    assert named(verify(made, "0" * 64)) == {"made.zip"}


async def test_manifests_made_anew_hide_no_changed_figure(made: Path, tmp_path: Path) -> None:
    """The law is asked once more; notices and files are held against what the database said."""
    found, other = members(made), tmp_path / "other.zip"
    assert bagged(other, found, {}).faults == []

    def changed(name: str, change: Callable[[Any], None]) -> set[str]:
        rows = json.loads(found[name])
        change(rows)
        told = json.dumps(rows, ensure_ascii=False).encode()
        return {
            f"{fault.name}: {fault.what}" for fault in bagged(other, found, {name: told}).faults
        }

    lines, claims = "data/assessments/lines.json", "data/claims/claims.json"
    (told,) = changed(lines, lambda rows: rows[6].update(payable=359.99))
    assert told.startswith(lines)
    assert "line 7: payable is 359.99, the law says 360.00" in told
    assert changed(lines, lambda rows: rows[6]["facts"]["sessions"].clear())
    assert changed(lines, lambda rows: rows.pop())
    assert changed(lines, lambda rows: rows[0].pop("facts"))
    assert changed("data/assessments/assessments.json", lambda rows: rows[0].update(amount=1))
    (told,) = changed(claims, lambda rows: rows[0].update(amount=1.5))
    assert told.startswith(f"{claims}: claim")
    notices = "data/notices/notices.json"
    (told,) = changed(notices, lambda rows: rows[0]["content"].update(amount="8641.00"))
    assert told.startswith(f"{notices}: notice GS")
    (law,) = [name for name in found if name.startswith("data/law/")]
    (told,) = changed(law, lambda told: told["parameters"][5].update(value="11"))
    assert told.startswith(f"{law}: parameter")
    (told,) = changed(law, lambda told: told["clauses"][5].update(text="别的"))
    assert told.startswith(f"{law}: clause")


async def test_manifests_made_anew_hide_no_file_and_no_section(made: Path, tmp_path: Path) -> None:
    found, other = members(made), tmp_path / "other.zip"
    (paper,) = [
        f"data/evidence/{row['id']}.pdf"
        for row in json.loads(found["data/evidence/files.json"])
        if row["kind"] == "training_record"
    ]
    assert named(bagged(other, found, {paper: b"another"})) == {paper}
    assert named(bagged(other, found, {paper: None})) == {paper}
    stray = "data/evidence/stray.pdf"
    assert named(bagged(other, found, {stray: b"more"})) == {stray}
    for section in SECTIONS:
        name = f"data/{section.path}"
        assert name in named(bagged(other, found, {name: None})), name
        assert bagged(other, found, {name: b"{"}).faults or section.path not in _READ


_READ = {
    "evidence/files.json", "claims/claims.json", "assessments/assessments.json",
    "assessments/lines.json", "notices/notices.json", "notices/attachments.json",
}  # fmt: skip
"""The sections that are not only hashed."""
