"""How does a test drive a real Chromium? By its DevTools protocol, over two pipes."""

import contextlib
import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 60
_PAUSE: Final = 0.05
_READ, _WRITE, _SPARE = 3, 4, 10
_QUIET: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--no-default-browser-check", "--remote-debugging-pipe",
)  # fmt: skip
_WATCH: Final = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation",
        (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""


@dataclass
class Page:
    """A tab; what it logged as an error, and each request that it sent."""

    to_browser: int
    from_browser: int
    session: str | None = None
    logged: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _number: int = 0
    _rest: bytes = b""

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  as the protocol
        """Send a command and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            came = self._next()
            if came.get("id") == self._number:
                assert "error" not in came, came
                result: dict[str, Any] = came["result"]
                return result
            self._note(came)

    def evaluate(self, script: str) -> Any:  # noqa: ANN401  whatever the script returns
        """Return what a script in the page evaluates to."""
        told = self.tell(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            allowUnsafeEvalBlockedByCSP=False,
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def until(self, script: str) -> Any:  # noqa: ANN401  as above
        """Wait until a script is true, and return what it says."""
        deadline = time.monotonic() + SECONDS
        while not (said := self.evaluate(script)):
            time.sleep(_PAUSE)
            assert time.monotonic() < deadline, f"never: {script}; logged {self.logged}"
        return said

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.from_browser], [], [], deadline - time.monotonic())
            assert ready, "the browser says nothing"
            part = os.read(self.from_browser, 1 << 20)
            assert part, "the browser is gone"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        if event["method"] == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.logged.append(told["entry"]["text"])
        if event["method"] == "Runtime.consoleAPICalled" and told["type"] == "error":
            self.logged.append(
                str([each.get("description", each.get("value")) for each in told["args"]])
            )
        if event["method"] == "Runtime.exceptionThrown":
            self.logged.append(str(told["exceptionDetails"]))
        if event["method"] == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])


@contextmanager
def chromium(program: str, profile: Path) -> Iterator[Page]:
    """Provide an empty tab of a browser of its own."""
    to_read, to_browser = os.pipe()
    from_browser, to_write = os.pipe()
    near = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _SPARE) for end in (to_read, to_write)]

    def as_it_expects() -> None:
        os.dup2(near[0], _READ)
        os.dup2(near[1], _WRITE)

    browser = subprocess.Popen(
        [program, *_QUIET, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        pass_fds=(_READ, _WRITE), preexec_fn=as_it_expects,  # noqa: PLW1509  it only names two pipes
    )  # fmt: skip
    for end in (to_read, to_write, *near):
        os.close(end)
    try:
        page = Page(to_browser, from_browser)
        target = page.tell("Target.createTarget", url="about:blank")["targetId"]
        attached = page.tell("Target.attachToTarget", targetId=target, flatten=True)
        page.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.tell(f"{domain}.enable")
        page.tell("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        yield page
    finally:
        browser.kill()
        browser.wait()
        for end in (to_browser, from_browser):
            with contextlib.suppress(OSError):
                os.close(end)
