"""In a real browser the page works whole under its policy, and the policy holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing.chromium import Page, chromium
from tests.conftest import settings_of
from tests.served import served
from tests.system import needed

_TYPE = """
    (() => {
        const field = document.querySelector(%r);
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, %r);
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return true;
    })()
"""
# Each evaluates to whether it was done.
_CLICK = "(() => { const it = document.querySelector(%r); if (it) it.click(); return !!it; })()"
_ME = """
    [...document.querySelectorAll(".opblock")].find(
        (each) => each.querySelector(".opblock-summary-path").dataset.path === "/api/v1/me")
"""
_OPERATIONS = "document.querySelectorAll('.opblock').length"
_INLINE = """
    (() => {
        const script = document.createElement("script");
        script.textContent = "window.evil = 1";
        document.body.append(script);
        const text = document.createElement("div");
        text.innerHTML = '<img src="x" onerror="window.evil = 2"><p style="color: red">x</p>';
        document.body.append(text);
        try { window.evil = eval("3"); } catch { /* as it should be */ }
        return true;
    })()
"""


@pytest.fixture
def port(service_url: str, tmp_path: Path) -> Iterator[int]:
    with served(settings_of(service_url, tmp_path / "evidence")) as number:
        yield number


@pytest.fixture
def page(port: int, tmp_path: Path) -> Iterator[Page]:
    """The page, with all its headings folded."""
    with chromium(needed("chromium"), tmp_path / "profile") as tab:
        tab.tell("Page.navigate", url=f"http://127.0.0.1:{port}/docs")
        tab.until("document.querySelectorAll('.opblock-tag').length > 10")
        yield tab


def test_operations_render_and_a_signed_in_call_works_without_a_violation(
    page: Page, port: int
) -> None:
    page.until(_CLICK % ".opblock-tag[data-tag='登录']")
    page.until(f"{_OPERATIONS} >= 3")
    page.until(_CLICK % ".btn.authorize")
    page.until("!!document.querySelector('#oauth_username, .auth-container input')")
    user, word = "#oauth_username", "#oauth_password"
    page.until(_TYPE % (user, "officer1"))
    page.until(_TYPE % (word, "sandbox-officer1"))
    page.until(_CLICK % ".auth-btn-wrapper .authorize")
    page.until(
        "!!document.querySelector('.auth-container .wrapper') &&"
        " document.querySelector('.auth-btn-wrapper button')?.innerText.length > 0 &&"
        " !document.querySelector('#oauth_password')"
    )
    page.until(_CLICK % ".btn-done")
    page.until(
        f"(() => {{ {_ME}.querySelector('.opblock-summary-control').click(); return true; }})()"
    )
    # Before the example is there, the page itself does not know the operation yet.
    page.until("document.querySelector('.opblock.is-open')?.innerText.includes('business_day')")
    page.until(_CLICK % ".opblock.is-open .execute")
    status = (
        "document.querySelector('.live-responses-table .response .response-col_status')?.innerText"
    )
    assert page.until(status).startswith("200")
    body = "document.querySelector('.live-responses-table .response .highlight-code')?.innerText"
    assert '"role": "district"' in page.until(body)
    assert page.evaluate("window.violations") == []
    assert page.logged == []
    outside = [
        url
        for url in page.asked
        if not url.startswith((f"http://127.0.0.1:{port}/", "data:", "blob:", "about:"))
    ]
    assert outside == []


def test_the_policy_holds_against_what_somebody_would_smuggle_in(page: Page) -> None:
    page.evaluate(_INLINE)
    page.until("window.violations.length >= 4")
    blocked = {each.split()[0] for each in page.evaluate("window.violations")}
    assert {"script-src-elem", "script-src-attr", "style-src-attr", "script-src"} <= blocked
    assert page.evaluate("window.evil ?? null") is None
