"""Where does a person try the interface? On a page of our own that loads nothing from outside."""

from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FILES: Final = Path(__file__).parent / "static" / "swagger-ui"

# In img-src, data: is for the icons of the style sheet, blob: for an image the interface answers.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFETY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# Every address is relative, so the page also works behind a proxy that adds a prefix.
PAGE: Final = Template("""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" type="image/png" sizes="32x32" href="docs/static/favicon-32x32.png?v=$edition">
<link rel="icon" type="image/png" sizes="16x16" href="docs/static/favicon-16x16.png?v=$edition">
<link rel="stylesheet" href="docs/static/swagger-ui.css?v=$edition">
<link rel="stylesheet" href="docs/static/zh.css?v=$edition">
</head>
<body>
<div id="swagger-ui" data-contract="$contract" data-redirect="docs/oauth2-redirect"></div>
<noscript>本页面需要启用 JavaScript。</noscript>
<script src="docs/static/swagger-ui-bundle.js?v=$edition"></script>
<script src="docs/static/zh.js?v=$edition"></script>
<script src="docs/static/init.js?v=$edition"></script>
</body>
</html>
""")

REDIRECT: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>登录授权</title>
<link rel="icon" type="image/png" href="static/favicon-32x32.png">
</head>
<body>
<script src="static/oauth2-redirect.js"></script>
</body>
</html>
"""


class PageFiles(StaticFiles):
    """The files of the page, kept for a year by a browser that names their edition."""

    def __init__(self, edition: str) -> None:
        super().__init__(directory=FILES)
        self.edition = edition

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, its safety headers and how long it may be kept."""
        response = await super().get_response(path, scope)
        named = scope["query_string"] == f"v={self.edition}".encode()
        kept = "public, max-age=31536000, immutable" if named else "no-cache"
        response.headers.update({**SAFETY, "Cache-Control": kept})
        return response


def add_docs(app: FastAPI, *, title: str) -> None:
    """Serve the page at /docs, its files below it and the landing page of OAuth2 sign-ins.

    Raises:
        ValueError: *app* publishes no contract, or still has the framework's own pages, which load
            their scripts from other hosts.
    """
    if app.openapi_url is None or app.docs_url or app.redoc_url:
        raise ValueError("the page needs openapi_url, with docs_url=None and redoc_url=None")
    edition = edition_of_files()
    page = PAGE.substitute(
        title=escape(title), contract=escape(app.openapi_url.lstrip("/")), edition=edition
    )

    async def docs(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={**SAFETY, "Cache-Control": "no-cache"})

    async def oauth2_redirect(_: Request) -> HTMLResponse:
        return HTMLResponse(REDIRECT, headers={**SAFETY, "Cache-Control": "no-cache"})

    app.add_route("/docs", docs, include_in_schema=False)
    app.add_route("/docs/oauth2-redirect", oauth2_redirect, include_in_schema=False)
    app.mount("/docs/static", PageFiles(edition), name="docs-files")


def edition_of_files() -> str:
    """Name the present contents of the files: the name changes with any of them."""
    contents = sha256()
    for file in sorted(FILES.iterdir()):
        contents.update(file.read_bytes())
    return contents.hexdigest()[:16]
