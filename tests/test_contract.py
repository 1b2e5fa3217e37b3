"""The published contract is the one the code keeps."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.auditing.keys import new_audit_key
from app.main import create_app
from app.sealing import new_key
from app.settings import Settings
from app.tokens import new_signing_key

PUBLISHED = Path(__file__).parent.parent / "openapi" / "v1.json"
WRITES = {"post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    settings = Settings.model_validate(
        {
            "DATABASE_URL": "postgresql://nobody@localhost/none",
            "signing_key": new_signing_key(),
            "sealing_key": new_key(),
            "digest_key": new_key(),
            "audit_key": new_audit_key(),
            "evidence_url": "memory:///",
        }
    )
    return create_app(settings).openapi()


def test_the_published_contract_equals_the_code(contract: dict[str, Any]) -> None:
    """`make openapi` writes it anew; a change of the contract is seen in the diff."""
    assert json.loads(PUBLISHED.read_text("utf-8")) == contract


def test_the_contract_begins_with_signing_in_whatever_is_tried_first(
    contract: dict[str, Any],
) -> None:
    first, *_ = contract["paths"]
    assert first == "/api/v1/token"


def _operations(contract: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_told_in_chinese_and_named_once(contract: dict[str, Any]) -> None:
    operations = _operations(contract)
    for method, path, operation in operations:
        assert operation.get("summary"), f"{method} {path} has no summary"
        assert operation.get("description"), f"{method} {path} has no description"
        assert any("\u4e00" <= mark <= "\u9fff" for mark in operation["summary"]), path
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)


def test_every_guarded_operation_names_the_scheme_and_the_401(contract: dict[str, Any]) -> None:
    for method, path, operation in _operations(contract):
        if operation.get("security"):
            assert "401" in operation["responses"], f"{method} {path}"


def test_the_sandbox_is_no_part_of_the_published_contract(contract: dict[str, Any]) -> None:
    assert not [path for path in contract["paths"] if "sandbox" in path]
