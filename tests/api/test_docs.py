"""The page of the interface: offline, strict, Chinese, and able to sign in."""

import re
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.api.docs import FILES, add_docs

OWN_FILES = ("init.js", "zh.js", "zh.css")
PUBLISHED = {
    # swagger-ui-dist 5.35.0
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    "oauth2-redirect.js": "a5c8a34e09e49737382cc5019446eec7c3db3461963fc5bfe448361d3c5549e9",
}
LINK = re.compile(r'(?:src|href|data-contract|data-redirect)="([^"]*)"')
FIXED_WORDS = (
    "Authorize",
    "Try it out",
    "Execute",
    "Cancel",
    "Parameters",
    "Responses",
    "Request body",
    "Example Value",
    "Schema",
    "Schemas",
    "Description",
    "Required",
    "Code",
    "Details",
    "Server response",
    "Clear",
    "Download",
    "Available authorizations",
    "Close",
    "Logout",
    "username:",
    "password:",
)


def bare_app() -> FastAPI:
    return FastAPI(docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    app = bare_app()
    add_docs(app, title="补贴 <接口>")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://office.test") as client:
        yield client


async def test_every_address_on_the_page_is_relative_and_answers(
    browser: httpx.AsyncClient,
) -> None:
    page = await browser.get("/docs")
    links = LINK.findall(page.text)
    assert len(links) == 9
    for link in links:
        assert not link.startswith(("/", "http")), "a proxy's prefix would be lost"
        assert (await browser.get(link)).status_code == 200, link


async def test_the_contract_is_read_from_the_published_address(browser: httpx.AsyncClient) -> None:
    assert 'data-contract="api/v1/openapi.json"' in (await browser.get("/docs")).text


async def test_the_page_is_chinese_and_its_title_is_escaped(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/docs")).text
    assert '<html lang="zh-CN">' in page
    assert "<title>补贴 &lt;接口&gt;</title>" in page


@pytest.mark.parametrize("path", ["/docs", "/docs/oauth2-redirect"])
async def test_no_page_names_another_host_or_runs_inline_script(
    browser: httpx.AsyncClient, path: str
) -> None:
    page = (await browser.get(path)).text
    assert "//" not in page
    assert re.findall(r"<script(?![^>]* ?src=)[^>]*>|\son\w+=|<style", page) == []


def test_our_scripts_and_every_style_load_nothing_from_outside() -> None:
    for name in OWN_FILES:
        assert re.search(r"https?:|@import|url\(", (FILES / name).read_text("utf-8")) is None, name
    style = (FILES / "swagger-ui.css").read_text("utf-8")
    assert "@import" not in style
    assert re.findall(r"""url\((?!["']?data:)[^)]*\)""", style) == []


@pytest.mark.parametrize(
    "path", ["/docs", "/docs/oauth2-redirect", "/docs/static/init.js", "/docs/static/zh.css"]
)
async def test_every_answer_forbids_inline_script_frames_and_other_hosts(
    browser: httpx.AsyncClient, path: str
) -> None:
    headers = (await browser.get(path)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_file_is_kept_only_by_a_browser_that_names_its_edition(
    browser: httpx.AsyncClient,
) -> None:
    script = next(
        link for link in LINK.findall((await browser.get("/docs")).text) if "zh.js" in link
    )
    kept = await browser.get(script)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    asked_again = await browser.get(
        "/docs/static/zh.js", headers={"If-None-Match": kept.headers["etag"]}
    )
    assert asked_again.status_code == 304
    assert asked_again.headers["cache-control"] == "no-cache"


async def test_nothing_outside_the_folder_is_served(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/docs/static/..%2f..%2fdocs.py")).status_code == 404


async def test_the_page_is_no_part_of_the_contract(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/api/v1/openapi.json")).json()["paths"] == {}


@pytest.mark.parametrize(
    "app",
    [
        FastAPI(redoc_url=None),
        FastAPI(docs_url=None),
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
    ],
)
def test_the_frameworks_own_pages_cannot_stay_beside_it(app: FastAPI) -> None:
    with pytest.raises(ValueError, match="docs_url=None"):
        add_docs(app, title="接口")


def test_the_vendored_files_are_the_published_ones_with_their_licences() -> None:
    for name, digest in PUBLISHED.items():
        assert sha256((FILES / name).read_bytes()).hexdigest() == digest, name
    for name in ("LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"):
        assert (FILES / name).stat().st_size, name


@pytest.mark.parametrize(
    "setting",
    [
        'docExpansion: "none"',
        "filter: true",
        "displayRequestDuration: true",
        "persistAuthorization: true",
        "tryItOutEnabled: true",
        "validatorUrl: null",
        "plugins: [withoutPassword]",
    ],
)
def test_the_page_opens_as_decided(setting: str) -> None:
    assert f"  {setting}," in (FILES / "init.js").read_text("utf-8")


def test_a_remembered_sign_in_is_stripped_of_its_password() -> None:
    script = (FILES / "init.js").read_text("utf-8")
    assert "const { password, clientSecret, ...rest } = auth;" in script
    assert "remember({ auth: rest, token })" in script


@pytest.mark.parametrize("word", FIXED_WORDS)
def test_a_fixed_word_has_its_chinese(word: str) -> None:
    dictionary = (FILES / "zh.js").read_text("utf-8")
    assert re.search(rf'^    "{re.escape(word)}": "[一-鿿：]+",$', dictionary, re.MULTILINE)
