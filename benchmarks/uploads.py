"""Is a large upload as fast as what an operator would do by hand, and does memory stay flat?

By hand: nginx's WebDAV PUT, then ``openssl dgst -sha256`` over the file. Against it the plain
upload and the resumable one (tus: a POST, then one PATCH). The same client sends the same bytes to
all three, in turn; only ratios within a round are judged. The service flushes to the disk, nginx
does not.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.database import Installation, furnished, numbered
from benchmarks.dav import receiving
from benchmarks.memory import forget_peak, megabytes
from benchmarks.servers import HOST, serving

RESULTS: Final = Path(__file__).parent / "results" / "uploads.json"
BAR: Final = 0.9
MEMORY_BAR: Final = 30.0
_SIZE: Final = 500 * 1024 * 1024
_STEP: Final = 1024 * 1024
_HEAD: Final = b"\x00\x00\x00\x18ftypmp42"
_FOLDER: Final = Path(__file__).parents[1] / ".data" / "benchmarks"
_DAV: Final = _FOLDER / "dav"
_Sender = Callable[[Path], bytes]


def main() -> None:
    """Measure, print, and write the file."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.uploads", description=__doc__)
    asked.add_argument("--rounds", type=int, default=5)
    rounds = asked.parse_args().rounds
    print("furnishing a database ...", flush=True)
    with furnished(2, claims=200) as installed:
        service = serving("app", "serve", environment=installed.environment)
        with service as port, receiving(_DAV) as dav:
            found = _measure(installed, port, dav, rounds)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    Console().print(_table(found))
    print("median (lowest - highest) of the rounds; how to read this: benchmarks/README.md")


def _measure(installed: Installation, port: int, dav: int, rounds: int) -> dict[str, Any]:
    file = _FOLDER / "film.mp4"
    file.write_bytes(_HEAD + os.urandom(_STEP - len(_HEAD)) * 2)
    senders: dict[str, _Sender] = {
        "plain": lambda path: _plain(installed, port, path),
        "resumable": lambda path: _resumable(installed, port, path),
        "by hand": lambda path: _by_hand(dav, path),
    }
    for sender in senders.values():
        sender(file)
    idle = megabytes("VmRSS", port)
    _fill(file)
    rates: dict[str, list[float]] = {name: [] for name in senders}
    peaks: dict[str, list[float]] = {"plain": [], "resumable": []}
    for number in range(1, rounds + 1):
        for name, sender in senders.items():
            wanted = _renewed(file)
            forget_peak(port)
            began = time.perf_counter()
            told = sender(file)
            rates[name].append(_SIZE / (time.perf_counter() - began) / 1e6)
            if name in peaks:
                peaks[name].append(megabytes("VmHWM", port) - idle)
            if told != wanted:
                raise RuntimeError(f"{name}: another hash")
            _clear()
        ratios = {name: rates[name][-1] / rates["by hand"][-1] for name in peaks}
        print(f"round {number} of {rounds}: {ratios}", flush=True)
    return _summary(rates, peaks, idle)


def _plain(installed: Installation, port: int, path: Path) -> bytes:
    plan = numbered(3, 1)
    target = f"/api/v1/plans/{plan}/evidence?kind=training_video&filename=film.mp4"
    head = f"POST {target} HTTP/1.1\r\nauthorization: Bearer {installed.enterprise_token()}\r\n"
    _, body = _send(port, head, path)
    return bytes.fromhex(json.loads(body)["sha256"])


def _resumable(installed: Installation, port: int, path: Path) -> bytes:
    """Upload by tus; the hash is asked for when the time is over."""
    token = installed.enterprise_token()
    pairs = {"kind": "training_video", "filename": "film.mp4", "plan_id": str(numbered(3, 2))}
    told = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
    common = f"authorization: Bearer {token}\r\ntus-resumable: 1.0.0\r\n"
    length = path.stat().st_size
    create = f"POST /api/v1/uploads HTTP/1.1\r\n{common}upload-length: {length}\r\n"
    created, _ = _send(port, f"{create}upload-metadata: {told}\r\n", None)
    where = created["location"]
    go_on = f"PATCH {where} HTTP/1.1\r\n{common}upload-offset: 0\r\n"
    done, _ = _send(port, f"{go_on}content-type: application/offset+octet-stream\r\n", path)
    asked = f"GET /api/v1/evidence/{done['upload-evidence']} HTTP/1.1\r\n{common}"
    return bytes.fromhex(json.loads(_send(port, asked, None)[1])["sha256"])


def _by_hand(port: int, path: Path) -> bytes:
    _send(port, "PUT /film.mp4 HTTP/1.1\r\n", path)
    stored = _DAV / "files" / "film.mp4"
    done = subprocess.run(  # noqa: S603  as an operator types it
        ["openssl", "dgst", "-sha256", str(stored)],  # noqa: S607  as above
        capture_output=True,
        check=True,
        text=True,
    )
    return bytes.fromhex(done.stdout.split()[-1])


def _send(port: int, head: str, path: Path | None) -> tuple[dict[str, str], bytes]:
    """Send one request whose body is a file, and return the headers and the body of the answer."""
    size = path.stat().st_size if path else 0
    with socket.create_connection((HOST, port)) as client, contextlib.ExitStack() as stack:
        end = f"host: {HOST}\r\nconnection: close\r\ncontent-length: {size}\r\n\r\n"
        client.sendall((head + end).encode())
        if path is not None:
            client.sendfile(stack.enter_context(path.open("rb")))
        answer = bytearray()
        while part := client.recv(65536):
            answer += part
    lines, _, body = bytes(answer).partition(b"\r\n\r\n")
    status, *headers = lines.decode().split("\r\n")
    if status.split()[1] not in {"200", "201", "204"}:
        raise RuntimeError(bytes(answer).decode())
    return dict(line.lower().split(": ", 1) for line in headers), body


def _fill(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(_SIZE // _STEP):
            file.write(os.urandom(_STEP))


def _renewed(path: Path) -> bytes:
    """Make the file another one that is as large, and return its hash."""
    with path.open("r+b") as file:
        file.write(_HEAD + os.urandom(64))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _clear() -> None:
    """Remove what was stored, and let the disk come to rest."""
    (_DAV / "files" / "film.mp4").unlink(missing_ok=True)
    for stored in (_FOLDER / "evidence").glob("??/*"):
        stored.unlink()
    os.sync()


def _summary(
    rates: dict[str, list[float]], peaks: dict[str, list[float]], idle: float
) -> dict[str, Any]:
    found: dict[str, Any] = {"bytes": _SIZE, "idle_megabytes": round(idle, 1), "bar": BAR}
    for name, above in peaks.items():
        pairs = zip(rates[name], rates["by hand"], strict=True)
        ratio = [ours / theirs for ours, theirs in pairs]
        found[name] = {
            "ratio": _spread(ratio, 3),
            "megabytes_per_second": _spread(rates[name], 0),
            "megabytes_above_idle": round(max(above), 1),
            "verdict": _verdict(median(ratio), max(above)),
        }
    found["by_hand_megabytes_per_second"] = _spread(rates["by hand"], 0)
    return found


def _verdict(ratio: float, memory: float) -> str:
    return "clears the bar" if ratio >= BAR and memory < MEMORY_BAR else "BELOW"


def _spread(values: list[float], places: int) -> dict[str, float]:
    spread = {"median": median(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, places) for name, value in spread.items()}


def _table(found: dict[str, Any]) -> Table:
    by_hand = found["by_hand_megabytes_per_second"]["median"]
    title = f"500 MB against nginx PUT and openssl dgst ({by_hand:g} MB/s)"
    table = Table(title=title, title_justify="left")
    for column in ("", "MB/s", "ratio", "bar", "MB above idle", ""):
        table.add_column(column)
    for name in ("plain", "resumable"):
        each = found[name]
        ratio, pace = each["ratio"], each["megabytes_per_second"]
        table.add_row(
            name,
            f"{pace['median']:g}",
            f"{ratio['median']:g} ({ratio['lowest']:g} - {ratio['highest']:g})",
            f"{BAR:g}",
            f"{each['megabytes_above_idle']:g}",
            each["verdict"],
        )
    return table


if __name__ == "__main__":
    main()
