"""How long do replay and simulation take over a long history, and does their memory grow with it?

`subsidy replay` runs as a user runs it, over a tenth of the lines and then over all of them; the
simulation is asked for at the API of the running service, over all lines.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from benchmarks.client import answer, request
from benchmarks.comparisons import filing
from benchmarks.database import CLAIMS, PERSONS, Installation, furnished
from benchmarks.servers import serving

RESULTS: Final = Path(__file__).parent / "results" / "history.json"
_LINES: Final = CLAIMS * PERSONS
_POLL_SECONDS: Final = 0.5
_SIMULATED: Final = {"key": "cap_per_person_year", "value": "300.00", "starts_on": "2020-03-01"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run over so many lines; ``peak`` is the most memory of all its processes at once (MB)."""

    lines: int
    seconds: float
    peak: float

    def told(self) -> dict[str, float]:
        """Return the figures."""
        return {
            "lines": self.lines,
            "seconds": round(self.seconds, 1),
            "lines_per_second": round(self.lines / self.seconds),
            "peak_megabytes": round(self.peak),
        }


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    asked.add_argument("--lines", type=int, default=_LINES, help=f"at most {_LINES}")
    claims = min(asked.parse_args().lines, _LINES) // PERSONS
    with (
        furnished(4) as installed,
        serving("app", "serve", environment=installed.environment) as service,
    ):
        with filing(installed, service, 4):
            print("one claim is filed; its lines are multiplied ...", flush=True)
        found: dict[str, Any] = {}
        for name, first, last in (
            ("a_tenth", 1, claims // 10),
            ("all", claims // 10 + 1, claims),
        ):
            asyncio.run(_multiply(installed.admin_url, first, last))
            found[f"replay_of_{name}"] = replay(installed, last * PERSONS).told()
            print(name, found[f"replay_of_{name}"], flush=True)
        found["simulation_of_all"] = simulate(installed, service)
        print(found["simulation_of_all"], flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def replay(installed: Installation, lines: int) -> Run:
    """Run `subsidy replay` over what is stored.

    Raises:
        RuntimeError: it failed, or found a difference.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "replay", "--processes", "2"],
        env={**os.environ, "DATABASE_OWNER_URL": installed.admin_url},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    memory = _Memory(process.pid)
    printed, _ = process.communicate()
    seconds, peak = time.perf_counter() - began, memory.stop()
    counted = re.search(r"(\d+) lines, 0 differences", printed)
    if process.returncode or not counted or int(counted[1]) < lines:
        raise RuntimeError(printed)
    return Run(int(counted[1]), seconds, peak)


def simulate(installed: Installation, service: int) -> dict[str, Any]:
    """Ask for a simulation over all districts, as the provincial centre, and wait for its end."""
    token, path = installed.centre_token(), "/api/v1/policy/simulations"
    body = json.dumps({"changes": [_SIMULATED]}).encode()
    began = time.perf_counter()
    job = json.loads(answer(service, request("POST", path, token, body), status=202))
    while job["state"] in {"waiting", "running"}:
        time.sleep(_POLL_SECONDS)
        asked = request("GET", f"{path}/{job['id']}", token)
        job = json.loads(answer(service, asked, status=200))
    if job["state"] != "done":
        raise RuntimeError(str(job))
    seconds = time.perf_counter() - began
    result = {name: job["result"][name] for name in ("lines", "before", "after", "persons_losing")}
    return {"seconds": round(seconds, 1), **result}


class _Memory:
    """Watches what a process and its children hold, and keeps the most."""

    def __init__(self, pid: int) -> None:
        self._group, self._peak, self._ended = pid, 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()

    def stop(self) -> float:
        """Return the peak in megabytes."""
        self._ended.set()
        self._watch.join()
        return self._peak

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            self._peak = max(self._peak, sum(map(_private, _members(self._group))))


def _members(group: int) -> list[int]:
    return [
        int(each.name)
        for each in Path("/proc").iterdir()
        if each.name.isdigit() and _group_of(int(each.name)) == group
    ]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _private(pid: int) -> float:
    """Return the megabytes that belong to the process alone."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(kilobytes) for kilobytes in re.findall(r"Private_\w+: +(\d+)", told)) / 1024


async def _multiply(url: str, first: int, last: int) -> None:
    script = Path(__file__).with_name("history.sql").read_text("utf-8")
    sizes = {"first": first, "claims": last, "persons": PERSONS}
    script = re.sub(r"(?<![:\w]):(\w+)", lambda named: str(sizes[named[1]]), script)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(script)
        await connection.execute("VACUUM ANALYZE assessments, assessment_lines, claims")
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
