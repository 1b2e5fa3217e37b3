"""Outside the sandbox: what is missing is named, no secret has a default, the day is the real one.

The commands are those of compose.yaml, in its order.
"""

import http.client
import json
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from app.__main__ import main
from app.database import SERVICE, with_role
from app.embedded import running
from app.settings import Settings
from tests.embedded.programs import CARELESS, until
from tests.processes import programs
from tests.processes.programs import Program, Start, is_free

REQUIRED = (
    "DATABASE_URL",
    "SUBSIDY_SIGNING_KEY",
    "SUBSIDY_SEALING_KEY",
    "SUBSIDY_DIGEST_KEY",
    "SUBSIDY_AUDIT_KEY",
    "SUBSIDY_EVIDENCE_URL",
)
ACCOUNT = {"username": "officer", "password": "a long password"}
ONE_TIME = "typed at the terminal"


@dataclass
class Installation:
    """A prepared and migrated database with one account, and a service's environment."""

    owner_url: str
    keys: tuple[str, ...]
    env: dict[str, str]


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """Made by the commands themselves, which are given the owner's URL and no key."""
    folder = tmp_path_factory.mktemp("service")
    with running(folder / "postgres", settings=CARELESS) as server:
        connection = await asyncpg.connect(server.url("postgres"))
        await connection.execute("CREATE DATABASE subsidy")
        await connection.close()
        url = server.url("subsidy")
        for command in ("prepare", "migrate"):
            done = programs.run("database", command, DATABASE_OWNER_URL=url)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
        made = programs.run(
            "account", "create", ACCOUNT["username"], "--name", "经办", "--bureau", "210202",
            "--duty", "review", "--duty", "approve",
            DATABASE_OWNER_URL=url, SUBSIDY_ACCOUNT_PASSWORD=ONE_TIME,
        )  # fmt: skip
        assert (made.returncode, made.stderr) == (0, "")
        keys = tuple(programs.run("keys").stdout.splitlines())
        env = {
            **dict(line.split("=", 1) for line in keys),
            "DATABASE_URL": with_role(url, SERVICE, None),
            "SUBSIDY_EVIDENCE_URL": (folder / "evidence").as_uri(),
        }
        yield Installation(url, keys, env)


@pytest.fixture(scope="module")
def service(start: Start, installation: Installation) -> Program:
    """A running service; its port says that it runs, for it prints nothing."""
    program = start("serve", **installation.env)
    assert until(lambda: _answers(program), 60), program.text
    return program


def _answers(program: Program) -> bool:
    try:
        return httpx.get(f"{program.url}/api/v1/health").is_success
    except httpx.HTTPError:
        return program.process.poll() is not None


def test_every_missing_variable_is_named() -> None:
    ended = programs.run("serve")
    assert (ended.returncode, ended.stdout) == (1, "")
    told = [line.strip() for line in ended.stderr.splitlines()[1:]]
    assert told == [f"{name} is not set" for name in REQUIRED]


@pytest.mark.parametrize("missing", REQUIRED)
def test_one_missing_variable_is_named_alone(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """An empty one is a missing one; nothing stands in for it."""
    told = _refused(monkeypatch, {**installation.env, missing: ""})
    assert told.splitlines()[1:] == [f"  {missing} is not set"]


def _refused(monkeypatch: pytest.MonkeyPatch, env: dict[str, str]) -> str:
    """Return the text with which ``subsidy serve`` ends in this environment."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["subsidy", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, str)  # printed to stderr, and the exit code is 1
    return ended.value.code


def test_a_role_that_could_pass_over_row_security_is_refused(installation: Installation) -> None:
    env = {**installation.env, "DATABASE_URL": installation.owner_url}
    ended = programs.run("serve", "--port", str(programs.free_port()), **env)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "'postgres', which may pass over row-level security" in ended.stderr


def test_an_unmigrated_database_is_refused(installation: Installation) -> None:
    url = installation.env["DATABASE_URL"].replace("/subsidy?", "/postgres?")
    ended = programs.run("serve", **{**installation.env, "DATABASE_URL": url})
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "subsidy database migrate" in ended.stderr


def test_the_day_is_the_one_in_dalian_and_no_clock_can_be_set(service: Program) -> None:
    with httpx.Client(base_url=f"{service.url}/api/v1") as http:
        first = {**ACCOUNT, "password": ONE_TIME}
        token = http.post("/token", data=first).json()
        assert (token["scope"], "refresh_token" in token) == ("change_password", False)
        changed = http.post(
            "/me/password",
            json={"password": ONE_TIME, "new_password": ACCOUNT["password"]},
            headers={"Authorization": f"Bearer {token['access_token']}"},
        )
        assert changed.status_code == 204
        token = http.post("/token", data=ACCOUNT).json()["access_token"]
        me = http.get("/me", headers={"Authorization": f"Bearer {token}"}).json()
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
        assert (me["business_day"], me["duties"]) == (today, ["approve", "review"])
        assert http.get("/health").json()["sandbox"] is False
        assert http.get("/sandbox/clock").status_code == 404
        assert http.post("/sandbox/clock", json={"today": "2020-03-02"}).status_code == 404
        ready_made = {"username": "officer1", "password": "sandbox-officer1"}
        assert http.post("/token", data=ready_made).status_code == 400


def test_sigterm_lets_a_request_under_way_finish(service: Program) -> None:
    """Half of the request is there when the service is told to stop."""
    body = urlencode(ACCOUNT).encode()
    slow = http.client.HTTPConnection("127.0.0.1", service.port)
    slow.putrequest("POST", "/api/v1/token")
    slow.putheader("Content-Type", "application/x-www-form-urlencoded")
    slow.putheader("Content-Length", str(len(body)))
    slow.endheaders(body[:10])
    assert httpx.get(f"{service.url}/api/v1/health").is_success  # a round after those ten bytes
    service.process.send_signal(signal.SIGTERM)
    assert until(lambda: is_free(service.port))
    slow.send(body[10:])
    answer = slow.getresponse()
    assert answer.status == 200
    assert "access_token" in json.load(answer)
    slow.close()
    assert service.ended() == 0
    assert service.text == ""


def test_keys_work_in_a_shell_and_on_one_line_of_any_env_file(installation: Installation) -> None:
    assert tuple(line.partition("=")[0] for line in installation.keys) == REQUIRED[1:5]
    assert not set("".join(installation.keys)) & set(" \"'\\$`")


def test_a_signing_key_may_be_a_pem_in_any_dress_or_a_file(
    installation: Installation, tmp_path: Path
) -> None:
    line = installation.env["SUBSIDY_SIGNING_KEY"]
    rest = {name: key for name, key in installation.env.items() if name != "SUBSIDY_SIGNING_KEY"}
    fields = {name.removeprefix("SUBSIDY_").lower(): key for name, key in rest.items()}
    fields["DATABASE_URL"] = fields.pop("database_url")
    pem = Settings.model_validate({**fields, "signing_key": line}).signing_key.get_secret_value()
    assert pem == f"-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n"
    file = tmp_path / "signing.pem"
    file.write_text(pem)
    escaped = pem.strip().replace("\n", "\\n")
    for dress in (pem, pem.strip(), escaped, f'"{escaped}"', str(file)):
        settings = Settings.model_validate({**fields, "signing_key": dress})
        assert settings.signing_key.get_secret_value() == pem


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "SUBSIDY_SIGNING_KEY",
            "/no/such/file",
            "is neither a PEM nor the path of a readable PEM file",
        ),
        ("SUBSIDY_SEALING_KEY", "c2hvcnQ=", "must be 32 bytes in base64"),
        ("DATABASE_URL", "mysql://somewhere", "must be a postgresql:// URL"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    said: str,
) -> None:
    told = _refused(monkeypatch, {**installation.env, name: value})
    assert told.splitlines()[1:] == [f"  {name} {said}"]


def test_the_contract_is_printed_without_any_environment() -> None:
    printed = programs.run("openapi")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "/api/v1/claims/{claim_id}/approve" in json.loads(printed.stdout)["paths"]
