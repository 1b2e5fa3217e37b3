"""What is an enterprise told in each worked example? Every finding that is not content, in words.

`python -m tests.policy.told > tests/policy/told.json` writes it anew; the difference is to be read
by a person, as every changed sentence of the office is.
"""

import json
import sys

from app.policy.determination import determine
from app.policy.examples import all_examples
from app.policy.explanation import explain
from app.policy.facts import Purpose
from app.policy.findings import Finding, Outcome
from tests.policy.cases import LAW, facts


def told() -> dict[str, list[str]]:
    """Return, by example, rule and outcome with reason, remedy and figures."""
    found = {}
    for example in all_examples():
        purpose = Purpose.ADVANCE if "advance" in example.expect else Purpose.CLAIM
        changes = {**example.facts, "purpose": purpose.value}
        case = facts(changes, example.absent, example.measure, example.persons)
        result = determine(case, LAW)
        findings = [*result.findings, *(each for line in result.lines for each in line.findings)]
        words = [_in_words(each) for each in findings if each.outcome is not Outcome.PASSED]
        if words:
            found[f"{example.measure}: {example.id}"] = sorted(set(words))
    return found


def _in_words(finding: Finding) -> str:
    words = explain(finding)
    figures = ", ".join(f"{name}={value}" for name, value in finding.data.items())
    return f"{finding.rule} {finding.outcome}: {words.reason} {words.remedy} [{figures}]"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(told(), ensure_ascii=False, indent=1) + "\n")
