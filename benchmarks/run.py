"""How fast is the service, compared with the least that could be done and with its peers?

Both programs of a comparison run at once, each in one process, and are driven in turn, round by
round: a busy machine slows both, and only their ratio is judged.
"""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from benchmarks.client import Pace, drive
from benchmarks.comparisons import (
    PLANS_A_SPELL,
    PLANS_TO_WARM,
    Comparison,
    filing,
    listing,
    reading,
)
from benchmarks.database import Installation, furnished
from benchmarks.report import publish, summary
from benchmarks.servers import serving

ROUNDS: Final = 7
SECONDS: Final = 3.0
_Opened = Callable[[Installation, int], AbstractContextManager[Comparison]]


def main() -> None:
    """Measure all comparisons, or those that are named."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    asked.add_argument("only", nargs="*", choices=("read", "file", "list", []), default=[])
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--seconds", type=float, default=SECONDS, help="of each spell")
    told = asked.parse_args()
    plans = 2 * (1 + PLANS_TO_WARM + told.rounds * PLANS_A_SPELL)
    every: dict[str, _Opened] = {
        "read": reading,
        "file": lambda installed, service: filing(installed, service, plans),
        "list": listing,
    }
    print("furnishing a database ...", flush=True)
    with (
        furnished(plans) as installed,
        serving("app", "serve", environment=installed.environment) as service,
    ):
        publish(
            [
                _measured(open_one(installed, service), told.rounds, told.seconds)
                for name, open_one in every.items()
                if name in (told.only or every)
            ],
            installed.version,
        )


def _measured(
    opened: AbstractContextManager[Comparison], rounds: int, seconds: float
) -> dict[str, Any]:
    with opened as compared:
        for port in compared.ports:
            _spell(compared, port, 1.0, PLANS_TO_WARM)
        paces = []
        for number in range(1, rounds + 1):
            ours, theirs = (
                _spell(compared, port, seconds, PLANS_A_SPELL) for port in compared.ports
            )
            paces.append((ours, theirs))
            ratio = ours.per_second / theirs.per_second
            print(f"{compared.name}, round {number} of {rounds}: {ratio:.3f}", flush=True)
        return summary(compared, paces)


def _spell(compared: Comparison, port: int, seconds: float, count: int) -> Pace:
    asked = compared.requests(count)
    limit = seconds if compared.timed else float("inf")
    return drive(port, asked, status=compared.status, seconds=limit)


if __name__ == "__main__":
    main()
