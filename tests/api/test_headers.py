"""What is told to browsers and proxies: who may call, what may be kept, and for how long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from tests.conftest import settings_of
from tests.world import World

HERE, ELSEWHERE = "https://office.example", "https://evil.example"
ASKED = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
}


@asynccontextmanager
async def client(
    service_url: str, folder: Path, base: str = "http://test", **settings: object
) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings_of(service_url, folder / "evidence", **settings))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"{base}/api/v1") as http:
        yield http
    await asyncio.to_thread(app.state.workshop.stop)
    await app.state.office.engine.dispose()


@pytest.mark.parametrize("path", ["/claims", "/token", "/uploads"])
async def test_pages_of_a_named_origin_may_call_and_of_no_other(
    service_url: str, tmp_path: Path, path: str
) -> None:
    async with client(service_url, tmp_path, cors_origins=f"{HERE},https://b.example") as http:
        for origin, allowed in ((HERE, HERE), ("https://b.example",) * 2, (ELSEWHERE, None)):
            preflight = await http.options(path, headers={"Origin": origin, **ASKED})
            assert preflight.headers.get("access-control-allow-origin") == allowed
            assert preflight.status_code == (200 if allowed else 400)
            assert preflight.headers["x-request-id"]
            asked = await http.post(path, headers={"Origin": origin})
            assert asked.headers.get("access-control-allow-origin") == allowed, "refusals too"
            assert "access-control-allow-credentials" not in asked.headers
            assert "Origin" in asked.headers["vary"] or not allowed
        told = (await http.get("/bureaus", headers={"Origin": HERE})).headers
        assert {"Retry-After", "ETag", "Location"} <= set(
            told["access-control-expose-headers"].split(", ")
        )


async def test_by_default_no_other_origin_may_call(service_url: str, tmp_path: Path) -> None:
    async with client(service_url, tmp_path) as http:
        preflight = await http.options("/claims", headers={"Origin": HERE, **ASKED})
        asked = await http.get("/bureaus", headers={"Origin": HERE})
    told = {*preflight.headers, *asked.headers}
    assert not {name for name in told if name.startswith("access-control-")}
    assert preflight.status_code == 405


@pytest.mark.parametrize(
    ("scheme", "seconds", "told"),
    [
        ("https", 31536000, "max-age=31536000; includeSubDomains"),
        ("http", 31536000, None),
        ("https", 0, None),
    ],
)
async def test_tls_is_insisted_on_over_tls_and_by_setting(
    service_url: str, tmp_path: Path, scheme: str, seconds: int, told: str | None
) -> None:
    async with client(service_url, tmp_path, f"{scheme}://test", hsts_seconds=seconds) as http:
        for path in ("/bureaus", "/nothing", "/me"):
            answer = await http.get(path)
            assert answer.headers.get("strict-transport-security") == told


async def test_a_public_notice_is_sent_once_to_whoever_has_it(world: World) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    for path in (f"/notices/{notice['id']}", "/notices?enterprise=大连"):
        first = await world.call(None, "GET", path)
        assert first.headers["cache-control"] == "public, max-age=0, s-maxage=30"
        tag = first.headers["etag"]
        for asked in (tag, f'W/{tag}, "other"', "*"):
            again = await world.call(None, "GET", path, headers={"If-None-Match": asked})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        other = await world.call(None, "GET", path, headers={"If-None-Match": '"other"'})
        assert other.content == first.content
    before = (await world.call(None, "GET", f"/notices/{notice['id']}")).headers["etag"]
    site = {"url": "https://rsj.example.gov.cn/1", "screenshot_sha256": "0" * 64}
    posted = await world.call("officer2", "POST", f"/notices/{notice['id']}/sites", json=site)
    assert (posted.status_code, posted.headers["cache-control"]) == (201, "no-store")
    after = (await world.call(None, "GET", f"/notices/{notice['id']}")).headers["etag"]
    assert before != after
    gone = await world.call(None, "GET", "/notices/00000000-0000-4000-8000-000000000000")
    assert gone.headers["cache-control"] == "no-store"


async def test_what_only_some_may_read_is_kept_by_nobody(world: World) -> None:
    await world.drafted()
    for path in ("/me", "/plans", f"/plans/{world.plan['id']}", "/enterprises"):
        answer = await world.call("enterprise", "GET", path)
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers
