"""The service keeps its contract with every role, whatever is asked.

``make test`` asks the same each time: as every role each operation once, good or bad; as an officer
also whatever the boundaries of the schemas allow; as an enterprise also along the links between
operations. ``make fuzz`` asks anew, as every role all of that, and whatever the boundaries forbid.
"""

import json
import os
import socket
from typing import Final

import pytest
from schemathesis.schemas import BaseSchema

from app.settings import Settings
from tests.contract.asking import CONTRACT, PHASES, ask, contract
from tests.contract.conftest import Town
from tests.served import served

SEED: Final = int(os.environ.get("SUBSIDY_SEED", "20200213"))
EXAMPLES: Final = int(os.environ.get("SUBSIDY_EXAMPLES", "0"))
"""How many cases a long run makes of each operation; none: what is short and always the same."""
ROLES: Final = {
    "nobody": None,
    "enterprise": "enterprise",
    "reviewing_officer": "officer1",
    "cashier": "cashier",
    "administrator": "administrator",
    "auditor": "auditor",
    "district_of_elsewhere": "xigang",
    "provincial_centre": "centre",
    "platform_system": "platform",
    "service_account": "system",
}
"""Who asks, and as which user."""
_SHORT: Final = {
    "reviewing_officer": ("examples", "coverage", "fuzzing"),
    "enterprise": ("fuzzing", "stateful"),
}
_ALONE: Final = {"extra-data-sources": {"responses": False}}
"""Answers are not asked with again: they hold ids of the moment, and no two runs were the same."""
_FIXED: Final = {
    **dict.fromkeys(("examples", "fuzzing"), _ALONE),
    "coverage": {**_ALONE, "generation": {"mode": "positive"}},
    "stateful": {"generation": {"max-examples": 20}},
}
_OPERATIONS: Final = {
    f"{method.upper()} {path}"
    for path, operations in json.loads(CONTRACT.read_text("utf-8"))["paths"].items()
    for method in operations
}


@pytest.fixture(scope="module")
def port() -> int:
    """A port that is free now: the contract is read with the address of the service."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found: int = listening.getsockname()[1]
        return found


@pytest.fixture(scope="module")
def shared(port: int, town: Town) -> BaseSchema:
    """The contract, whose strategies are made once for all roles."""
    return contract(port, town.ids, 1, seed=SEED, phases=_FIXED)


@pytest.mark.timeout(0 if EXAMPLES else 600)
@pytest.mark.parametrize("role", ROLES)
def test_the_contract_is_kept(
    role: str, town: Town, port: int, shared: BaseSchema, copied: Settings
) -> None:
    user = ROLES[role]
    token = town.tokens[user] if user else None
    schema = contract(port, town.ids, EXAMPLES, seed=SEED) if EXAMPLES else shared
    phases = PHASES if EXAMPLES else _SHORT.get(role, ("fuzzing",))
    with served(copied, port):
        found = ask(schema, token, phases)
    print(f"\n{role}: {found.cases} cases, seed {SEED}, {sorted(found.statuses.items())}")
    print(*found.failures, sep="\n")
    assert not found.failures, "\n\n".join(
        f"{each}\n{told}" for each, told in found.failures.items()
    )
    assert found.operations == _OPERATIONS
    assert found.answered > (5 if user is None else 20)
    if "coverage" in phases:
        assert found.cases > 2000
