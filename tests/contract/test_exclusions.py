"""Nothing is excepted from what schemathesis checks but with a reason that stands beside it."""

import re
import tomllib
from typing import Any

from tests.contract.asking import SETTINGS

TOLD = {
    ("positive_data_acceptance", ""),
    ("negative_data_rejection", ""),
    ("missing_required_header", ""),
    ("positive_data_acceptance", "^/api/v1/(token|me/|invitations/accept|password-resets/redeem)"),
    ("positive_data_acceptance", "^/api/v1/uploads"),
}
"""Every expectation that differs from schemathesis's own, and for which paths."""


def _differing(told: dict[str, Any]) -> set[tuple[str, str]]:
    here = {(name, "") for name in told["checks"]}
    return here | {
        (name, operation["include-path-regex"])
        for operation in told["operations"]
        for name in operation["checks"]
    }


def test_every_check_is_on_and_every_expectation_that_differs_is_known() -> None:
    told = tomllib.loads(SETTINGS.read_text("utf-8"))
    assert _differing(told) == TOLD
    kinds = [*told["checks"].values()]
    kinds += [kind for each in told["operations"] for kind in each["checks"].values()]
    assert all(kind.keys() == {"expected-statuses"} for kind in kinds), "none is turned off"
    assert not [
        status for kind in kinds for status in kind["expected-statuses"] if status[0] == "5"
    ]
    assert not {"phases", "warnings", "include-path"} & set(told)
    assert all(each.get("enabled", True) for each in told["operations"]), "no operation is left out"


def test_every_part_of_the_settings_stands_under_its_reason() -> None:
    lines = SETTINGS.read_text("utf-8").splitlines()
    parts = [number for number, line in enumerate(lines) if line.startswith("[")]
    assert len(parts) >= len(TOLD)
    unexplained = [lines[number] for number in parts if not re.match("# .{20}", lines[number - 1])]
    assert unexplained == []
