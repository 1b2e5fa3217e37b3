"""Where one request ends and the next begins, nobody can make us see otherwise than a proxy does.

The real server on a real socket: what cannot be read in one way only is refused, and the connection
ends with it, so that nothing of it is ever taken for another's request.
"""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import settings_of
from tests.served import served

SECONDS = 20
POST = b"POST /api/v1/password-resets HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
BODY = b'{"username": "nobody"}'
SMUGGLED = b"GET /api/v1/policy/commitments?smuggled HTTP/1.1\r\nHost: test\r\n\r\n"
FILLED = BODY + b" " * 20
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture
def door(service_url: str, folder: Path) -> Iterator[int]:
    quick = {"header_seconds": 1, "body_seconds": 1, "keep_alive_seconds": 1}
    with served(settings_of(service_url, folder, **quick)) as port:
        yield port


def said(port: int, sent: bytes) -> bytes:
    """Return all that is answered until the connection ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as line:
        line.sendall(sent)
        parts = []
        while True:
            try:
                part = line.recv(65536)
            except ConnectionResetError:
                break
            if not part:
                break
            parts.append(part)
    return b"".join(parts)


def statuses(answer: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


AMBIGUOUS = {
    "two lengths that differ": LENGTH + b"Content-Length: 3\r\n\r\n" + BODY,
    "two lengths that agree": LENGTH * 2 + b"\r\n" + BODY,
    "a list of lengths": b"Content-Length: 3, %d\r\n\r\n" % len(BODY) + BODY,
    "a length and chunks": LENGTH + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED,
    "chunks and a length": b"Transfer-Encoding: chunked\r\n" + LENGTH + b"\r\n" + CHUNKED,
    "a negative length": b"Content-Length: -1\r\n\r\n" + BODY,
    "a length with a sign": b"Content-Length: +%d\r\n\r\n" % len(BODY) + BODY,
    "a length in hex": b"Content-Length: 0x16\r\n\r\n" + BODY,
    "a length and a word": b"Content-Length: %d x\r\n\r\n" % len(BODY) + BODY,
    "a length beyond all": b"Content-Length: 99999999999999999999\r\n\r\n" + BODY,
    "chunks twice over": b"Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNKED,
    "chunks that are none": b"Transfer-Encoding: xchunked\r\n" + LENGTH + b"\r\n" + BODY,
    "identity after chunks": b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKED,
    "a blank before the colon": b"Content-Length : %d\r\n\r\n" % len(BODY) + BODY,
    "a folded header": b"X-A: b\r\n Content-Length: 3\r\n" + LENGTH + b"\r\n" + BODY,
    "a header without a name": b": x\r\n" + LENGTH + b"\r\n" + BODY,
    "a bare CR in a header": b"X-A: b\rContent-Length: 3\r\n" + LENGTH + b"\r\n" + BODY,
    "NUL in a header": b"X-A: b\0c\r\n" + LENGTH + b"\r\n" + BODY,
    "a chunk size with a sign": b"Transfer-Encoding: chunked\r\n\r\n+16\r\n" + BODY,
    "a chunk size in words": b"Transfer-Encoding: chunked\r\n\r\n0x16\r\n" + BODY,
    "a chunk size beyond all": b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n" + BODY,
    "a chunk longer than told": b"Transfer-Encoding: chunked\r\n\r\n3\r\n"
    + BODY
    + b"\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("rest", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_a_request_that_two_readers_may_cut_differently_is_the_last_one(
    door: int, rest: bytes
) -> None:
    """What follows it is answered in no case: neither as a request, nor as part of another."""
    answer = said(door, POST + rest + SMUGGLED)
    assert statuses(answer) in ([], [400], [408], [413], [422]), answer[:600]
    assert b"commitments" not in answer


def test_what_is_clear_is_answered_one_after_the_other(door: int) -> None:
    """Else the refusals above would prove nothing."""
    for rest in (LENGTH + b"\r\n" + BODY, b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED):
        assert statuses(said(door, POST + rest + SMUGGLED)) == [202, 200]


@pytest.mark.parametrize(
    "line",
    [
        b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nX-Request-Id: b\r\nSet-Cookie: c=d\r\n\r\n",
        b"GET /api/v1/health%0d%0aSet-Cookie:%20c=d HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/v1/notices/%0d%0aSet-Cookie:%20c=d HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /docs/%0d%0aSet-Cookie:%20c=d HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET //evil.example/%2f.. HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /api/v1/notices/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /docs/ HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n\r\n",
        b"TRACE /api/v1/health HTTP/1.1\r\nHost: a\r\nCookie: secret\r\n\r\n",
        b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_no_header_of_an_answer_is_the_senders_and_nobody_is_sent_elsewhere(
    door: int, line: bytes
) -> None:
    head = said(door, line).partition(b"\r\n\r\n")[0].lower()
    assert b"set-cookie" not in head
    assert b"secret" not in head
    assert b"evil.example" not in head
    assert not re.match(rb"http/1\.1 3", head), head


def test_a_head_without_end_is_refused(door: int) -> None:
    """Neither one long header nor very many of them are kept for long."""
    for head in (b"X-A: " + b"a" * 200_000, b"X-A: b\r\n" * 30_000, b"a" * 200_000):
        answer = said(door, b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n" + head)
        assert statuses(answer) in ([], [400], [408], [431]), answer[:300]
    address = b"GET /api/v1/health?" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    assert statuses(said(door, address)) in ([], [200], [400], [414])


def test_the_answer_is_as_long_as_it_says(door: int) -> None:
    answer = said(door, POST + LENGTH + b"Connection: close\r\n\r\n" + BODY)
    head, _, body = answer.partition(b"\r\n\r\n")
    told = re.search(rb"content-length: (\d+)", head.lower())
    assert told is not None
    assert int(told[1]) == len(body) == len(json.dumps(json.loads(body), ensure_ascii=False,
                                                       separators=(",", ":")).encode())  # fmt: skip
