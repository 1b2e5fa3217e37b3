"""What do the work list and the public search cost when a hundred times as many cases wait?

The same requests go to the same server over one keep-alive connection, first with 10,000 claims,
then with 1,000,000: lists in either order, filtered and deep inside, the counts, and notices by
day, name, number and whether they hang. Judged is the ratio of the 99th percentiles, request by
request, each of its quietest round: what else the machine does only adds.
"""

import argparse
import asyncio
import http.client
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import quote

import asyncpg

from benchmarks.database import OFFICE, Installation, furnished
from benchmarks.servers import HOST, serving

RESULTS: Final = Path(__file__).parent / "results" / "worklist.json"
FEW: Final = 10_000
BAR: Final = 2.0
_MARGIN: Final = 0.15
_AT_ONCE: Final = 100_000
_ROUNDS: Final = 5
_SECONDS: Final = 4.0
_REQUESTS: Final = 100
_MIDDLE: Final = """
    SELECT due_on || '_' || case_id AS place FROM worklist WHERE bureau_code = $1
    ORDER BY due_on, case_id OFFSET (SELECT count(*) / 2 FROM worklist WHERE bureau_code = $1)
    LIMIT 1
"""

_NAMES: Final = """
    SELECT receipt, enterprise_name FROM notices WHERE receipt IN ('GS2020-345', 'GS2020-495')
"""
_DEEP: Final = """
    SELECT id, posted_on FROM notices ORDER BY last_day, id
    OFFSET (SELECT count(*) / 2 FROM notices) LIMIT 1
"""


@dataclass(slots=True)
class Spell:
    """The 99th percentiles of the rounds, and all times, in seconds."""

    tails: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """Return the figures in milliseconds."""
        return {
            "p50_ms": round(median(self.times) * 1e3, 2),
            "p99_ms": round(min(self.tails) * 1e3, 2),
        }


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.worklist", description=__doc__)
    asked.add_argument("--claims", type=int, default=1_000_000)
    claims = asked.parse_args().claims
    with (
        furnished(0, claims=FEW) as installed,
        serving("app", "serve", environment=installed.environment) as port,
    ):
        asyncio.run(_grow(installed, 1, FEW))
        few = _measured(installed, port)
        for first in range(FEW + 1, claims + 1, _AT_ONCE):
            asyncio.run(_grow(installed, first, min(first + _AT_ONCE - 1, claims)))
            print(f"{min(first + _AT_ONCE - 1, claims)} claims", flush=True)
        many = _measured(installed, port)
    told = {name: _compared(few[name], many[name]) for name in few}
    for name, each in told.items():
        print(f"{name}: {each}")
    document = {"claims": [FEW, claims], "bar": BAR, "requests": told}
    RESULTS.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _compared(few: Spell, many: Spell) -> dict[str, Any]:
    ratio = min(many.tails) / min(few.tails)
    verdict = "at the bar" if ratio <= BAR * (1 + _MARGIN) else "ABOVE"
    return {
        "few": few.told(),
        "many": many.told(),
        "p99_ratio": round(ratio, 2),
        "verdict": "clears the bar" if ratio <= BAR else verdict,
    }


def _requests(installed: Installation) -> dict[str, str]:
    """Return the paths that are asked for, by what they are."""
    (middle,) = installed.rows(_MIDDLE, OFFICE)
    names = dict(installed.rows(_NAMES))
    old, new = names["GS2020-345"], names["GS2020-495"]
    (deep,) = installed.rows(_DEEP)
    return {
        "first page by deadline": "/worklist",
        "first page by age": "/worklist?order=age",
        "middle page by deadline": f"/worklist?after={middle['place']}",
        "one step by age": "/worklist?step=approve&order=age",
        "one duty, nobody's, with signals": "/worklist?duty=review&hold=nobody&signals=true",
        "mine": "/worklist?hold=mine",
        "until a day": "/worklist?until=2020-03-20",
        "a common range of amounts": "/worklist?amount_from=20000&amount_to=30000",
        "a middling range of amounts": "/worklist?amount_from=20000&amount_to=21200",
        "a rare range of amounts": "/worklist?amount_from=100&amount_to=200",
        "an amount that nobody has": "/worklist?amount_from=990000",
        "counts": "/worklist/counts",
        "newest notices": "/notices",
        "notices deep inside": f"/notices?before={deep['id']}",
        "notices that hang": "/notices?closed=false",
        "notices that closed": "/notices?closed=true",
        "a bureau's notices that closed": f"/notices?bureau={OFFICE}&closed=true",
        "a bureau's notices of a day": f"/notices?bureau={OFFICE}&day={deep['posted_on']}",
        "notices by name": f"/notices?enterprise={quote(old)}",
        "notices by a part of a name": f"/notices?enterprise={quote(old[2:4])}",
        "notices by what all names hold": f"/notices?enterprise={quote('大连')}",
        "notices by a name and its trade": f"/notices?enterprise={quote(old[3:])}",
        "notices by name that closed": f"/notices?enterprise={quote(new)}&closed=true",
        "notices by name that hang": f"/notices?enterprise={quote(new)}&closed=false",
        "notices by a common part that closed": f"/notices?enterprise={quote('机械')}&closed=true",
        "notices by a common part of a day": (
            f"/notices?enterprise={quote('机械')}&day={deep['posted_on']}"
        ),
        "notices by number": "/notices?receipt=GS2020-345",
        "notices by a claim's number": "/notices?receipt=SQ2020-345",
    }


def _measured(installed: Installation, port: int) -> dict[str, Spell]:
    asyncio.run(_settle(installed))
    headers = {"Authorization": f"Bearer {installed.officer_token()}"}
    connection = http.client.HTTPConnection(HOST, port)
    asked = _requests(installed)
    found = {name: Spell() for name in asked}
    for path in asked.values():
        _timed(connection, path, headers, 20)
    for _ in range(_ROUNDS):
        for name, path in asked.items():
            times = sorted(_timed(connection, path, headers, _REQUESTS))
            found[name].times += times
            found[name].tails.append(times[max(int(len(times) * 0.99) - 1, 0)])
    connection.close()
    return found


def _timed(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str], number: int
) -> list[float]:
    """Return how long each of so many requests took, or of those that a few seconds hold."""
    times: list[float] = []
    while len(times) < number and sum(times) < _SECONDS:
        began = time.perf_counter()
        connection.request("GET", f"/api/v1{path}", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - began)
        assert answer.status == 200, body
    return times


async def _grow(installed: Installation, first: int, last: int) -> None:
    script = Path(__file__).with_name("worklist.sql").read_text("utf-8")
    sizes = {"first": first, "last": last}
    admin = await asyncpg.connect(installed.admin_url)
    try:
        async with admin.transaction():
            await admin.execute(
                re.sub(r"(?<![:\w]):(\w+)", lambda each: str(sizes[each[1]]), script)
            )
            await admin.execute("DROP FUNCTION pg_temp.numbered(integer, bigint)")
    finally:
        await admin.close()


async def _settle(installed: Installation) -> None:
    """Leave nothing to be done later by the database itself."""
    admin = await asyncpg.connect(installed.admin_url)
    try:
        await admin.execute("VACUUM ANALYZE")
        await admin.execute("CHECKPOINT")
    finally:
        await admin.close()


if __name__ == "__main__":
    main()
