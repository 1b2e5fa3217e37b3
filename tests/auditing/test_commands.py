"""Do the commands seal, export and prove, and does the proof need nothing but file and key?"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import clock
from app.__main__ import commands
from app.auditing.keys import new_audit_key
from app.settings import Settings
from tests.migrations import catalogue

NEEDED = ("DATABASE_URL", "SUBSIDY_SIGNING_KEY", "SUBSIDY_SEALING_KEY", "SUBSIDY_DIGEST_KEY",
          "SUBSIDY_AUDIT_KEY", "SUBSIDY_EVIDENCE_URL")  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["audit", *arguments])


@pytest.fixture
def installed(settings: Settings, monkeypatch: pytest.MonkeyPatch, owner_url: str) -> None:
    """The environment of the service, and one event."""
    told = settings.model_dump()
    for name in NEEDED:
        value = told[name.removeprefix("SUBSIDY_").lower()]
        monkeypatch.setenv(name, getattr(value, "get_secret_value", lambda value=value: value)())
    catalogue.rows(
        owner_url,
        "INSERT INTO audit_events (business_day, account_name, role, act, object_kind, object_id,"
        " request_id, address) VALUES ('2020-03-02', '', 'sign_in', 'sign_in', 'accounts', '', '',"
        " '') RETURNING id",
    )


def test_what_is_exported_is_proved_without_the_installation_and_any_change_is_named(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed is None
    sealed = run("seal")
    assert sealed.output.startswith("1 events in 1 seals; seal 1 "), sealed.output
    key, file = tmp_path / "audit.pem", tmp_path / "audit.jsonl"
    key.write_text(run("public-key").output)
    today = clock.calendar_day()
    days = ("--from", str(today - timedelta(days=1)), "--to", str(today))
    assert run("export", *days, str(file)).exit_code == 0
    assert "exists already" in run("export", *days, str(file)).output, "it is never overwritten"
    assert json.loads(file.read_bytes().splitlines()[2])["act"] == "sign_in"
    for name in NEEDED:
        monkeypatch.delenv(name)
    proof = run("verify", str(file), "--public-key", str(key))
    assert (proof.exit_code, "1 events, 1 seals" in proof.output) == (0, True), proof.output
    assert sealed.output.split()[-1] in proof.output, "the digest to note"
    file.write_bytes(file.read_bytes().replace(b'"act":"sign_in"', b'"act":"sign_on"'))
    proof = run("verify", str(file), "--public-key", str(key))
    assert (proof.exit_code, f"{file}:3: event 1 is altered" in proof.output) == (1, True)


def test_what_cannot_be_used_is_said_in_a_line(tmp_path: Path) -> None:
    file, key = tmp_path / "audit.jsonl", tmp_path / "key.pem"
    file.write_bytes(b"")
    key.write_text(new_audit_key())
    refused = run("verify", str(file), "--public-key", str(key))
    assert "must be a PEM of an Ed25519 key" in str(refused.exception)
    gone = run("verify", str(tmp_path / "no"), "--public-key", str(key))
    assert "No such file" in str(gone.exception) or "Ed25519" in str(gone.exception)
