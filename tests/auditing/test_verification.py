"""Does a verifier with the public key alone find whatever was done to an export, and where?"""

import copy
import io
import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from app import clock
from app.auditing import export, form
from app.auditing.export import Period
from app.auditing.form import Leaf, Seal
from app.auditing.keys import AuditKey, KnownKeys, new_audit_key
from app.auditing.verification import Verified, verify
from tests.auditing.conftest import Desk
from tests.databases import Connection
from tests.world import World

YEARS = Period(date(2020, 1, 1), date(2100, 1, 1))


def proved(content: bytes, *keys: AuditKey) -> Verified:
    """Return what the verifier says of a file with this content."""
    return verify(io.BytesIO(content), KnownKeys(key.public_pem().encode() for key in keys))


def file_of(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


class Chain:
    """An export made by hand: small enough to try every bit of it."""

    def __init__(self, *sizes: int, first_id: int = 1, details: str = '{"n": 1}') -> None:
        self.key = AuditKey(new_audit_key())
        self._details, self._next = details, first_id
        self.seals = [[self._event() for _ in range(size)] for size in sizes]

    def _event(self) -> bytes:
        row = dict.fromkeys(form.EVENT_COLUMNS, "字")
        row |= {"id": self._next, "details": self._details}  # type: ignore[dict-item]
        self._next += 1
        return form.event_line(row)

    def lines(self, first: int = 1) -> list[bytes]:
        body, before = list[bytes](), form.GENESIS
        day = export.Period(date(2020, 1, 1), date(2020, 1, 1)).moments()[0]
        for number, events in enumerate(self.seals, first):
            leaves = [Leaf(json.loads(each)["id"], form.digest(each)) for each in events]
            seal = Seal(number, form.pack(leaves), before, day, self.key.fingerprint)
            line = seal.line(self.key.sign(seal.statement()))
            before = form.digest(line)
            body += [line, *events]
        members = {
            "export": form.FORMAT, "from": "2020-01-01", "to": "2020-12-31", "first_seal": first,
            "last_seal": first + len(self.seals) - 1, "events": sum(map(len, self.seals)),
            "before": form.GENESIS.hex(), "digest": before.hex(), "key": self.key.fingerprint,
        }  # fmt: skip
        signature = self.key.sign(form.canonical(members)).hex()
        return [form.canonical({**members, "signature": signature}), *body]

    def told(self, lines: list[bytes]) -> list[tuple[int, str]]:
        """Return what is wrong with a file of these lines."""
        return [tuple(fault) for fault in proved(file_of(lines), self.key).faults]  # type: ignore[misc]


@pytest.fixture(scope="module")
def chain() -> Chain:
    """Three seals of two events, one and three: lines 1; 2-4; 5-6; 7-10."""
    return Chain(2, 1, 3)


def test_what_was_exported_is_proved(chain: Chain) -> None:
    assert chain.told(chain.lines()) == []


def test_every_single_bit_flip_is_found_on_its_own_line() -> None:
    """All bits of a whole file: its first line, its seals, its events and its line ends."""
    chain = Chain(2, 1)
    content = file_of(chain.lines())
    keys = KnownKeys([chain.key.public_pem().encode()])
    ends = [place for place, byte in enumerate(content) if byte == ord("\n")]
    missed = []
    for place in range(len(content)):
        line = 1 + sum(end < place for end in ends)
        for bit in range(8):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            faults = verify(io.BytesIO(flipped), keys).faults
            if not faults or faults[0].line not in {line, line + (place in ends)}:
                missed.append((place, bit, line, faults))
    assert missed == []


@pytest.mark.parametrize("gone", range(10))
def test_a_line_that_is_dropped_is_named(chain: Chain, gone: int) -> None:
    lines = chain.lines()
    del lines[gone]
    (number, what), *_ = chain.told(lines)
    assert number == 1 if gone == 0 else number in {gone, gone + 1}, what


@pytest.mark.parametrize(
    ("line", "said"),
    [(3, "event 1 is missing"), (4, "event 2 is missing"), (6, "event 3 is missing"),
     (8, "event 4 is missing"), (9, "event 5 is missing"), (10, "event 6 is missing"),
     (5, "does not list"), (7, "does not list")],
)  # fmt: skip
def test_what_is_said_names_the_event_that_was_dropped(chain: Chain, line: int, said: str) -> None:
    lines = chain.lines()
    del lines[line - 1]
    assert said in chain.told(lines)[0][1]


@pytest.mark.parametrize(("one", "other"), list(pairwise(range(10))))
def test_two_lines_that_change_places_are_named(chain: Chain, one: int, other: int) -> None:
    lines = chain.lines()
    lines[one], lines[other] = lines[other], lines[one]
    numbers = {number for number, _ in chain.told(lines)}
    assert numbers & {one + 1, other + 1}


@pytest.mark.parametrize("one", range(10))
@pytest.mark.parametrize("at", range(11))
def test_a_line_that_stands_twice_is_named(chain: Chain, one: int, at: int) -> None:
    lines = chain.lines()
    lines.insert(at, lines[one])
    numbers = {number for number, _ in chain.told(lines)}
    assert numbers
    # A copy beside its original is the same file whichever of the two is the copy.
    assert numbers & {at, at + 1, at + 2}


@pytest.mark.parametrize("at", range(1, 11))
def test_an_event_that_is_put_in_is_named(chain: Chain, at: int) -> None:
    lines = chain.lines()
    invented = Chain(1, first_id=3).seals[0][0]
    lines.insert(at, invented.replace(b'"act":"\xe5\xad\x97"', b'"act":"invented"'))
    assert at + 1 in {number for number, _ in chain.told(lines)}


@pytest.mark.parametrize("kept", range(10))
def test_a_file_that_is_cut_short_is_found(chain: Chain, kept: int) -> None:
    lines = chain.lines()
    faults = chain.told(lines[:kept])
    assert faults
    assert faults[-1][0] in {kept, kept + 1}


def test_a_file_cut_short_within_its_last_line_is_found(chain: Chain) -> None:
    content = file_of(chain.lines())
    for less in (1, 2, 40):
        assert proved(content[:-less], chain.key).faults


def test_an_event_that_was_altered_is_named_even_if_it_reads_the_same(chain: Chain) -> None:
    lines = chain.lines()
    good = lines[8]
    for altered in (
        good.replace(b'"act":', b'"act": '),
        good.replace(b'{"id":5', b'{"id":5,"id":5'),
        good.replace(b'"n": 1', b'"n": 1.0'),
        good.replace(b'"n": 1', b'"n": 1, "n": 1'),
        good + b" ",
        good + b"\r",
        b" " + good,
        good.replace("字".encode(), rb"\u5b57"),
        b"",
        b"{}",
        b"[" * 100_000,
    ):
        assert altered != good
        lines[8] = altered
        assert chain.told(lines)[0] in {
            (9, "event 5 is altered"),
            (9, "an event that the seal of line 7 does not list"),
        }


@pytest.mark.parametrize("place", [0, 1, 4, 6])
def test_a_signed_line_that_reads_the_same_and_is_written_otherwise_is_altered(
    chain: Chain, place: int
) -> None:
    lines = chain.lines()
    good = lines[place]
    members = json.loads(good)
    for altered in (
        good.replace(b'","', b'", "', 1),
        good[:-1] + b',"signature":"' + members["signature"].encode() + b'"}',
        good.replace(members["signature"].encode(), members["signature"].upper().encode()),
        form.canonical(dict(sorted(members.items()))),
        form.canonical({**members, "note": ""}),
        form.canonical({**members, "key": [members["key"]]}),
        form.canonical({**members, "signature": ""}),
        good[: len(good) // 2],
    ):
        assert altered != good
        changed = [*lines]
        changed[place] = altered
        assert place + 1 in {number for number, _ in chain.told(changed)}


def test_a_seal_of_another_key_is_named_and_a_second_key_may_be_known(chain: Chain) -> None:
    other = copy.copy(chain)
    other.key = AuditKey(new_audit_key())
    mixed = [*chain.lines()[:7], *chain.lines()[7:]]
    mixed[6] = other.lines()[6]
    assert chain.told(mixed)[0][0] == 7
    content = file_of(other.lines())
    (fault,) = proved(content, chain.key).faults
    assert (fault.line, "key that was not given" in fault.what) == (1, True)
    assert proved(content, chain.key, other.key).faults == []


def test_two_exports_joined_and_an_older_seal_slipped_in_are_found(chain: Chain) -> None:
    older = Chain(2, 1, 3, details='{"n": 2}')
    older.key = chain.key
    assert chain.told([*chain.lines(), *older.lines()])[0][0] == 11
    for place in (1, 4, 6):
        lines = chain.lines()
        lines[place] = older.lines()[place]
        assert chain.told(lines)[0][0] in {place + 1, place + 2}
    whole = [*chain.lines()[:4], *older.lines()[4:]]
    assert chain.told(whole)[0][0] == 5, "the later half does not follow from the first"
    assert chain.told([chain.lines()[0], *older.lines()[1:]])


def test_a_first_line_of_a_shorter_export_does_not_cover_a_longer_one(chain: Chain) -> None:
    short = copy.copy(chain)
    short.seals = chain.seals[:2]
    assert chain.told([short.lines()[0], *chain.lines()[1:]])
    assert chain.told([chain.lines()[0], *short.lines()[1:]]) == [
        (7, "the file ends before seal 3")
    ]


@pytest.fixture
async def exported(world: World, desk: Desk) -> Callable[[Period], Any]:
    """The exported lines of the filed sample case, sealed in two seals."""
    await world.submitted()
    await desk.seal()
    await world.day("2020-03-03")
    await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
    await desk.seal()

    async def lines(period: Period) -> list[bytes]:
        return [line async for line in export.lines(desk.connection, desk.key, period)]

    return lines


async def test_the_export_of_the_sample_case_is_proved_and_tells_what_was_done(
    exported: Callable[[Period], Any], key: AuditKey, world: World
) -> None:
    lines = await exported(YEARS)
    told = proved(file_of(lines), key)
    assert (told.faults, told.seals) == ([], 2)
    events = [json.loads(line) for line in lines if line.startswith(b'{"id":')]
    assert len(events) == told.events > 10
    assert (events[-1]["act"], events[-1]["case_id"]) == ("approve", world.plan["id"])
    assert events[-1]["details"]["state"] == "approved"


async def test_an_event_altered_in_the_database_is_named_by_the_verifier(
    exported: Callable[[Period], Any], key: AuditKey, owner: Connection
) -> None:
    """Whoever may lay triggers aside can change a row, but not what was signed."""
    await owner.execute("ALTER TABLE audit_events DISABLE TRIGGER ALL")
    await owner.execute("UPDATE audit_events SET account_name = '他人' WHERE id = 5")
    (fault,) = proved(file_of(await exported(YEARS)), key).faults
    assert (fault.line, fault.what) == (7, "event 5 is altered")
    await owner.execute("DELETE FROM audit_events WHERE id = 5")
    faults = proved(file_of(await exported(YEARS)), key).faults
    assert [each.what for each in faults] == ["event 5 is missing before this line"]
    await owner.execute(
        "ALTER TABLE audit_seals DISABLE TRIGGER ALL; DELETE FROM audit_seals WHERE number = 1"
    )
    assert proved(file_of(await exported(YEARS)), key).faults


async def test_a_period_without_events_is_an_export_of_nothing(
    exported: Callable[[Period], Any], key: AuditKey
) -> None:
    for period in (
        Period(date(2019, 1, 1), date(2019, 1, 2)),
        Period(date(2100, 1, 1), date(2100, 1, 2)),
    ):
        (line,) = await exported(period)
        told = proved(line + b"\n", key)
        assert (told.faults, told.events, told.seals) == ([], 0, 0)


async def test_an_export_may_begin_in_the_midst_of_the_chain(
    exported: Callable[[Period], Any], key: AuditKey, owner: Connection
) -> None:
    await owner.execute(
        "ALTER TABLE audit_seals DISABLE TRIGGER ALL;"
        " UPDATE audit_seals SET sealed_at = sealed_at - interval '3 days' WHERE number = 1"
    )
    today = clock.calendar_day()
    lines = await exported(Period(today, today))
    assert json.loads(lines[0])["first_seal"] == 2
    told = proved(file_of(lines), key)
    assert (told.faults, told.seals) == ([], 1)
