"""How does a client of the sandbox speak to the API? Signed in as one account, over HTTP."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from app.sandbox.accounts import ACCOUNTS

_PASSWORDS: Final = {ready.username: ready.password for ready in ACCOUNTS}
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that asked for a change, and the status of its answer."""

    who: str
    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.who} {self.method} {_ID.sub('{id}', self.path)} → {self.status}"


class Refused(RuntimeError):  # noqa: N818  the API said no, in its own words
    """The API answered with a problem."""

    def __init__(self, call: Call, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("title", ""))
        self.call, self.problem = call, problem


class Desk:
    """One signed-in account; a call returns the JSON answer or raises ``Refused``.

    Calls that ask for a change are added to *calls*, refused ones included.
    """

    def __init__(self, http: httpx.Client, username: str | None, calls: list[Call]) -> None:
        self._http, self._username, self._calls = http, username, calls
        self._headers: dict[str, str] = {}
        self._sign_in()

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401  JSON
        """Read."""
        return self._call("GET", path, params=query)

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Read a list to its end, newest first."""
        page = self.get(path, limit="100")
        items: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = self.get(path, limit="100", before=page["next"])
            items += page["items"]
        return items

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
        """Write; a body of ``None`` sends none."""
        return self._call("POST", path, json=body)

    def put(self, path: str, body: object) -> Any:  # noqa: ANN401  JSON
        """Write what replaces what was told before."""
        return self._call("PUT", path, json=body)

    def send(self, path: str, file: Path, **query: str) -> Any:  # noqa: ANN401  JSON
        """Upload a file as the raw body."""
        query["filename"] = file.name
        return self._call("POST", path, content=file.read_bytes(), params=query)

    def _call(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  httpx takes any
        answer = self._http.request(method, f"/api/v1{path}", headers=self._headers, **more)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._username:
            self._sign_in()
            answer = self._http.request(method, f"/api/v1{path}", headers=self._headers, **more)
        call = Call(self._username or "(sandbox)", method, path, answer.status_code)
        if method != "GET":
            self._calls.append(call)
        return _told(call, answer)

    def _sign_in(self) -> None:
        if self._username is None:
            return
        form = {"username": self._username, "password": _PASSWORDS[self._username]}
        answer = self._http.post("/api/v1/token", data=form)
        call = Call(self._username, "POST", "/token", answer.status_code)
        self._headers = {"Authorization": f"Bearer {_told(call, answer)['access_token']}"}


def _told(call: Call, answer: httpx.Response) -> Any:  # noqa: ANN401  JSON
    """Return the answer's JSON; a problem is raised, also one that is no problem document."""
    try:
        said = answer.json()
    except ValueError:
        said = {"title": answer.reason_phrase, "detail": answer.text[:200]}
    if not answer.is_success:
        raise Refused(call, said)
    return said
