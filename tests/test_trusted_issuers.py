"""The setting of outside issuers refuses what would trust too much, before anything is served."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.auditing.keys import new_audit_key
from app.sealing import new_key
from app.settings import Settings
from app.tokens import new_signing_key

GOOD: dict[str, Any] = {
    "issuer": "https://px.example",
    "audience": "subsidy",
    "jwks_url": "https://px.example/jwks.json",
}
KEYS = {
    "signing_key": new_signing_key(), "sealing_key": new_key(), "digest_key": new_key(),
    "audit_key": new_audit_key(),
    "DATABASE_URL": "postgresql://nobody@localhost/none", "evidence_url": "memory:///",
}  # fmt: skip


def _settings(*issuers: dict[str, Any], **more: object) -> Settings:
    return Settings.model_validate({**KEYS, "trusted_issuers": issuers, **more})


def test_an_issuer_may_vouch_for_enterprises_only_unless_more_is_said() -> None:
    (issuer,) = _settings(GOOD).trusted_issuers
    assert (issuer.roles, issuer.duties, issuer.algorithms) == (("enterprise",), (), ("ES256",))


def test_it_is_read_from_the_environment_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBSIDY_TRUSTED_ISSUERS", json.dumps([GOOD]))
    (issuer,) = Settings(**KEYS).trusted_issuers
    assert issuer.issuer == "https://px.example"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"algorithms": ["HS256"]}, "Input should be 'ES256' or 'RS256'"),
        ({"algorithms": ["none"]}, "Input should be 'ES256' or 'RS256'"),
        ({"algorithms": []}, "at least 1 item"),
        ({"audience": ""}, "at least 1 character"),
        ({"roles": ["platform"]}, "Input should be 'enterprise'"),
        ({"roles": ["district"]}, "names the bureaus"),
        ({"duties": ["approve"]}, "duties are those of officers"),
        ({"jwks": {"keys": []}}, "one of the two"),
        ({"jwks_url": None}, "one of the two"),
        ({"jwks_url": "file:///etc/passwd"}, "must be an https URL"),
        ({"jwks_url": "http://px.example/jwks.json"}, "jwks_url must be https"),
        ({"issuer": "dalian-training-subsidy"}, "or this service"),
        ({"trust": "all"}, "Extra inputs are not permitted"),
    ],
)
def test_what_trusts_too_much_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _settings({**GOOD, **changes})


def test_no_issuer_stands_twice() -> None:
    with pytest.raises(ValidationError, match="names an issuer twice"):
        _settings(GOOD, GOOD)
