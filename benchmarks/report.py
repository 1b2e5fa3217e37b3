"""What came out? A table for people and a file for programs."""

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.client import CONNECTIONS, Pace
from benchmarks.comparisons import Comparison

RESULTS: Final = Path(__file__).parent / "results" / "latest.json"
_MARGIN: Final = 0.15
_BUSY: Final = 0.8


def summary(compared: Comparison, rounds: list[tuple[Pace, Pace]]) -> dict[str, Any]:
    """Return the figures of one comparison; each ratio is taken within its round."""
    ours, theirs = zip(*rounds, strict=True)
    ratio = [our.per_second / their.per_second for our, their in rounds]
    return {
        "name": compared.name,
        "against": compared.against,
        "bar": compared.bar,
        "verdict": _verdict(median(ratio), compared.bar),
        "ratio": _spread(ratio, 3),
        "service_per_second": _spread([pace.per_second for pace in ours], 1),
        "other_per_second": _spread([pace.per_second for pace in theirs], 1),
        "client_share_of_a_core": round(max(pace.client for pace in (*ours, *theirs)), 2),
        "rounds": len(rounds),
    }


def publish(summaries: Iterable[dict[str, Any]], postgresql: str, results: Path = RESULTS) -> None:
    """Print the table and write the file."""
    measured = list(summaries)
    document = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "postgresql": postgresql,
        "cores": os.cpu_count(),
        "connections": CONNECTIONS,
        "comparisons": measured,
    }
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    Console().print(_table(measured, f"PostgreSQL {postgresql}, {CONNECTIONS} connections"))
    print("median (lowest - highest) of the rounds; how to read this: benchmarks/README.md")
    for each in measured:
        if each["client_share_of_a_core"] > _BUSY:
            print(f"{each['name']}: the client was too busy for this ratio to mean much")


def _table(measured: list[dict[str, Any]], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in ("", "service /s", "against", "its /s", "ratio", "bar", "", "client"):
        table.add_column(column)
    for each in measured:
        table.add_row(
            each["name"],
            _words(each["service_per_second"]),
            each["against"],
            _words(each["other_per_second"]),
            _words(each["ratio"]),
            f"{each['bar']:g}",
            each["verdict"],
            f"{each['client_share_of_a_core']:.0%}",
        )
    return table


def _verdict(ratio: float, bar: float) -> str:
    if ratio >= bar:
        return "clears the bar"
    return "at the bar" if ratio >= bar * (1 - _MARGIN) else "BELOW"


def _spread(values: list[float], places: int) -> dict[str, float]:
    spread = {"median": median(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, places) for name, value in spread.items()}


def _words(spread: dict[str, float]) -> str:
    return f"{spread['median']:g} ({spread['lowest']:g} - {spread['highest']:g})"
