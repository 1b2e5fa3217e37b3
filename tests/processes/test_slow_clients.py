"""Who sends too slowly, never reads, or comes when all is taken, is told so and let go of."""

import contextlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.database import for_asyncpg
from tests.conftest import settings_of
from tests.embedded.programs import until
from tests.refusals import problem
from tests.served import served

QUICK = {
    "header_seconds": 0.5, "body_seconds": 0.5, "body_bytes_per_second": 1000,
    "answer_seconds": 0.5, "keep_alive_seconds": 30,
}  # fmt: skip
HEAD = b"POST /api/v1/sandbox/clock HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
DRIP = 0.05
SECONDS = 20


@pytest.fixture
def door(service_url: str, tmp_path: Path) -> Iterator[int]:
    """The port of a service that has little patience."""
    with served(settings_of(service_url, tmp_path / "evidence", **QUICK)) as port:
        yield port


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def dripped(line: socket.socket, sent: bytes) -> tuple[bytes, int]:
    """Send byte by byte until the other side ends it; return what it said, and how many went."""
    line.settimeout(DRIP)
    said, count = b"", 0
    deadline = time.monotonic() + SECONDS
    for number in range(len(sent)):
        assert time.monotonic() < deadline, "nobody ended it"
        with contextlib.suppress(OSError):
            line.send(sent[number : number + 1])
            count += 1
        try:
            part = line.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            return said, count
        if not part:
            return said, count
        said += part
    raise AssertionError("all was taken")


def assert_told(said: bytes) -> None:
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"connection: close" in head.lower()
    document = json.loads(body)
    assert (document["code"], document["status"]) == ("request_timeout", 408)


def test_a_head_that_drips_in_is_ended(door: int) -> None:
    with connected(door) as line:
        said, count = dripped(line, HEAD + b"X-Slow: " + b"a" * 1000)
    assert_told(said)
    assert count < 200


def test_a_body_that_drips_in_is_ended_and_others_are_served_meanwhile(door: int) -> None:
    with connected(door) as line:
        line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
        assert httpx.get(f"http://127.0.0.1:{door}/api/v1/health").is_success
        said, _ = dripped(line, b" " * 999)
    assert_told(said)


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET / HT"])
def test_who_says_nothing_whole_is_hung_up_on(door: int, sent: bytes) -> None:
    with connected(door) as line:
        line.sendall(sent)
        while line.recv(65536):
            pass


def test_blank_lines_do_not_keep_a_connection_for_ever(door: int) -> None:
    with connected(door) as line:
        line.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: test\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        dripped(line, b"\r\n" * 500)


def test_a_body_that_comes_steadily_may_take_its_time(door: int) -> None:
    """Three times the grace, at three times the pace that is asked."""
    with connected(door) as line:
        line.sendall(HEAD + b"Content-Length: 5000\r\n\r\n")
        begun = time.monotonic()
        for _ in range(20):
            line.sendall(b" " * 250)
            time.sleep(0.08)  # the pace itself is what is tested
        assert time.monotonic() - begun > 1.5
        assert line.recv(65536).startswith(b"HTTP/1.1 4"), "read whole, and found to be nothing"


def test_an_answer_that_nobody_reads_is_given_up(door: int) -> None:
    ask = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: test\r\n\r\n"
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(SECONDS)
        line.connect(("127.0.0.1", door))
        line.sendall(ask * 40)

        def is_gone() -> bool:
            try:
                line.send(b"\r\n")
            except OSError:
                return True
            return False

        assert until(is_gone, SECONDS)


async def test_with_its_only_connection_held_the_service_refuses_early_and_stays_in_health(
    service_url: str, owner_url: str, tmp_path: Path
) -> None:
    settings = settings_of(
        service_url, tmp_path, database_pool=1, database_waiting=2, database_wait_seconds=0.5,
        lock_seconds=60,
    )  # fmt: skip
    blocker = await asyncpg.connect(for_asyncpg(owner_url))
    await blocker.execute("BEGIN; LOCK TABLE bureaus IN ACCESS EXCLUSIVE MODE")
    with served(settings) as port:
        base = f"http://127.0.0.1:{port}/api/v1"
        async with httpx.AsyncClient(base_url=base, timeout=SECONDS) as http:
            holder = threading.Thread(
                target=httpx.get, args=(f"{base}/bureaus",), kwargs={"timeout": 60}
            )
            holder.start()
            waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
            while not await blocker.fetchval(waits):
                pass  # until it waits for the lock
            for _ in range(12):
                asked = await http.get("/bureaus")
                assert problem(asked)["code"] == "busy"
                assert asked.headers["retry-after"] == "1"
                assert asked.elapsed.total_seconds() < 5
                assert (await http.get("/health")).is_success
            await blocker.execute("ROLLBACK")
            holder.join()
            assert (await http.get("/bureaus")).is_success
    await blocker.close()


@pytest.mark.parametrize(
    ("proxies", "told"), [("127.0.0.1,10.0.0.0/8", [200, 200]), (None, [200, 429])]
)
def test_an_address_is_believed_of_a_trusted_proxy_only(
    service_url: str, tmp_path: Path, proxies: str | None, told: list[int]
) -> None:
    settings = settings_of(
        service_url, tmp_path, trusted_proxies=proxies, rate_per_minute_search=1, hsts_seconds=99
    )
    with served(settings) as port:
        url = f"http://127.0.0.1:{port}/api/v1/notices"
        answers = [
            httpx.get(url, headers={"X-Forwarded-For": address, "X-Forwarded-Proto": "https"})
            for address in ("192.0.2.1", "192.0.2.2")
        ]
    assert [each.status_code for each in answers] == told
    over_tls = "strict-transport-security" in answers[0].headers
    assert over_tls == bool(proxies), "told over TLS only"


def test_no_answer_of_the_server_itself_names_it_or_its_version(door: int) -> None:
    asked = [
        b"GET /api/v1/health HTTP/1.1\r\nHost: test\r\n\r\n",
        b"GET /nothing HTTP/1.1\r\nHost: test\r\n\r\n",
        b"not http at all\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: test\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    ]
    words = Counter[str]()
    for each in asked:
        with connected(door) as line:
            line.sendall(each)
            said = line.recv(65536).decode().lower()
        assert said.startswith("http/1.1 ")
        for word in (
            "uvicorn",
            "starlette",
            "fastapi",
            "python",
            "server:",
            "httptools",
            "powered",
        ):
            words[word] += said.count(word)
    assert sum(words.values()) == 0, words
