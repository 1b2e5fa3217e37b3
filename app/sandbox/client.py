"""How does a client of the sandbox speak to the API? Signed in as one account, over HTTP."""

from pathlib import Path
from typing import Any, Final

import httpx

from app.sandbox.accounts import ACCOUNTS

_PASSWORDS: Final = {ready.username: ready.password for ready in ACCOUNTS}


class Refused(RuntimeError):  # noqa: N818  the API said no, in its own words
    """The API answered with a problem."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem.get('title')} {problem.get('detail', '')}".strip())
        self.problem = problem


class Desk:
    """One signed-in account; a call returns the JSON answer or raises ``Refused``."""

    def __init__(self, http: httpx.Client, username: str | None = None) -> None:
        self._http, self._username = http, username
        self._headers: dict[str, str] = {}
        self._sign_in()

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401  JSON
        """Read."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: object = None, **query: str) -> Any:  # noqa: ANN401  JSON
        """Write; a body of ``None`` sends none."""
        return self._call("POST", path, json=body, params=query)

    def send(self, path: str, file: Path, **query: str) -> Any:  # noqa: ANN401  JSON
        """Upload a file as the raw body."""
        query["filename"] = file.name
        return self._call("POST", path, content=file.read_bytes(), params=query)

    def _call(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  httpx takes any
        answer = self._http.request(method, f"/api/v1{path}", headers=self._headers, **more)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._username:
            self._sign_in()
            answer = self._http.request(method, f"/api/v1{path}", headers=self._headers, **more)
        if answer.is_error:
            raise Refused(answer.json())
        return answer.json()

    def _sign_in(self) -> None:
        if self._username is None:
            return
        form = {"username": self._username, "password": _PASSWORDS[self._username]}
        answer = self._http.post("/api/v1/token", data=form)
        if answer.is_error:
            raise Refused(answer.json())
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
