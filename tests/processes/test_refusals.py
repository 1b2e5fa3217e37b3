"""What stands in the way of a sandbox is told in one line; what stops the play, in a few."""

import signal
import socket
import subprocess
from pathlib import Path

import httpx

from app.sandbox.place import PROJECT
from tests.embedded.programs import processes_of
from tests.processes import programs
from tests.processes.programs import SERVING, Start, leaves_nothing


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = programs.run("sandbox", "--port", str(port), "--data", str(tmp_path))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert f"port {port}" in ended.stderr
    assert "make run PORT=" in ended.stderr
    assert processes_of(tmp_path) == {}


def test_a_refused_step_is_told_and_the_service_goes_on(start: Start, place: Path) -> None:
    bare = start("sandbox", "--no-play", "--data", str(place)).until(SERVING)
    assert "样例" not in bare.text
    late = httpx.post(f"{bare.url}/api/v1/sandbox/clock", json={"today": "2020-05-01"})
    assert late.is_success
    assert bare.signalled(signal.SIGINT) == 0
    sandbox = start("sandbox", "--data", str(place)).until(SERVING)
    for told in ("样例中断", "officer1 POST /plans/{id}/approve → 409", "approved_too_late"):
        assert told in sandbox.text
    assert httpx.get(f"{sandbox.url}/docs").is_success
    _is_the_only_one(place, sandbox.url)
    assert sandbox.signalled(signal.SIGTERM) == 0
    assert leaves_nothing(sandbox, place)


def _is_the_only_one(place: Path, url: str) -> None:
    second = programs.run("sandbox", "--port", str(programs.free_port()), "--data", str(place))
    assert (second.returncode, second.stdout, second.stderr.count("\n")) == (1, "", 1)
    assert f"{url}/docs" in second.stderr


def test_make_run_passes_port_and_arguments_on() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "run", "PORT=8123", "ARGS=--no-play"],  # noqa: S607  as a person does
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "subsidy sandbox --port 8123 --no-play" in told.stdout
