"""What do audit, row-level security and kept answers cost? The same writes with and without them.

Both sides are the same application, each a process of its own on the same database: once as it is
served, every request under an Idempotency-Key of its own, and once as ``benchmarks.unguarded``
leaves it. Afterwards the tables must show events and kept answers of the one side only.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import count, repeat
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from app.sandbox import case_sheet
from benchmarks.client import Pace, drive, request
from benchmarks.comparisons import CLAIMS, Comparison, DifferentWorkError, claim_of
from benchmarks.database import Installation, furnished
from benchmarks.report import publish, summary
from benchmarks.servers import serving

RESULTS: Final = Path(__file__).parent / "results" / "safeguards.json"
BAR: Final = 0.75
ROUNDS: Final = 7
_CLAIMS_A_SPELL: Final = 60
_DRAFTS_A_SPELL: Final = 300
_SAMPLE: Final = Path(__file__).parents[1] / "examples" / "plan.json"
_TRACES: Final = "SELECT count(*) FROM audit_events UNION ALL SELECT count(*) FROM stored_answers"
_Asked = Callable[[bool], Iterator[bytes]]


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.safeguards", description=__doc__)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    rounds: int = asked.parse_args().rounds
    with furnished(2 * (rounds + 1) * _CLAIMS_A_SPELL) as installed:
        whole = {**installed.environment, "BENCH_ADMIN_URL": installed.admin_url}
        with (
            serving("app", "serve", environment=installed.environment) as guarded,
            serving("benchmarks.unguarded", environment=whole) as bare,
        ):
            sides = (guarded, bare)
            told = [
                _measured("file a claim of 50 persons", sides, _filing(installed), rounds),
                _measured("draft a plan", sides, _drafting(installed), rounds),
            ]
            _refuse_other_traces(installed, (rounds + 1) * (_CLAIMS_A_SPELL + _DRAFTS_A_SPELL))
            publish(told, installed.version, RESULTS)


def _measured(name: str, ports: tuple[int, int], asked: _Asked, rounds: int) -> dict[str, Any]:
    paces: list[tuple[Pace, Pace]] = []
    for number in range(rounds + 1):
        ours, theirs = (drive(port, list(asked(port == ports[0])), status=201) for port in ports)
        print(f"{name}, round {number}: {ours.per_second / theirs.per_second:.3f}", flush=True)
        paces.append((ours, theirs))
    compared = Comparison(
        name, "itself without audit, RLS and keys", BAR, ports, lambda _: iter(())
    )
    return summary(compared, paces[1:])


def _filing(installed: Installation) -> _Asked:
    """Return the requests of a spell; no plan is claimed for twice."""
    token, numbers = installed.enterprise_token(), count(1)

    def spell(keyed: bool) -> Iterator[bytes]:
        for _ in range(_CLAIMS_A_SPELL):
            yield request("POST", CLAIMS, token, claim_of(next(numbers)), _key(keyed))

    return spell


def _drafting(installed: Installation) -> _Asked:
    token = installed.enterprise_token()
    body = json.dumps(case_sheet.plan(case_sheet.read_sheet(_SAMPLE))).encode()

    def spell(keyed: bool) -> Iterator[bytes]:
        for draft in repeat(body, _DRAFTS_A_SPELL):
            yield request("POST", "/api/v1/plans", token, draft, _key(keyed))

    return spell


def _key(keyed: bool) -> str:
    return str(uuid4()) if keyed else ""


def _refuse_other_traces(installed: Installation, writes: int) -> None:
    """Compare the events and answers with the writes of the guarded side.

    Raises:
        DifferentWorkError: there are more, or fewer.
    """
    traces = {row["count"] for row in installed.rows(_TRACES)}
    if traces != {writes}:
        raise DifferentWorkError(f"{writes} writes left {sorted(traces)} events and answers")


if __name__ == "__main__":
    main()
