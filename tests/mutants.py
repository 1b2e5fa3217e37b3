"""How many mutants of the law are killed, module by module, and which live?

``make mutants`` hands it what ``mutmut results --all true`` prints. It fails where fewer than 95 of
100 are killed, or a module with a rule has no mutant. ``docs/mutants.md`` gives the reasons of
those that live.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from app.policy.rulebook import BY_NAME
from app.policy.rules import Remark

ENOUGH = 95
_KILLED = frozenset({"killed", "timeout", "caught by type check"})


def read(lines: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the state of every mutant that was checked, by module and name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        name, _, state = line.strip().partition(": ")
        if state and state != "not checked":
            module, _, mutant = name.rpartition(".")
            found[module][mutant] = state
    return dict(found)


def rule_modules() -> set[str]:
    """Return the modules whose functions are rules."""
    rules = (rule for rule in BY_NAME.values() if not isinstance(rule, Remark))
    return {rule.ask.__module__ for rule in rules}


def faults(found: Mapping[str, Mapping[str, str]], demanded: Iterable[str]) -> list[str]:
    """Return what is not good enough."""
    states = Counter(state for mutants in found.values() for state in mutants.values())
    killed = sum(count for state, count in states.items() if state in _KILLED)
    few = killed * 100 < states.total() * ENOUGH or not killed
    return [
        *([f"fewer than {ENOUGH} % are killed"] if few else []),
        *(f"{module} has a rule and no mutant" for module in demanded if module not in found),
    ]


def main() -> int:
    """Print the table and the survivors; tell whether it is good enough."""
    found = read(sys.stdin)
    for module, mutants in sorted(found.items()):
        killed = sum(state in _KILLED for state in mutants.values())
        print(f"{killed:5} of {len(mutants):5} killed  {module}")
        for mutant, state in sorted(mutants.items()):
            if state not in _KILLED:
                print(f"      {state}: {module}.{mutant}")
    of_all = [] if sys.argv[1:] else sorted(rule_modules())
    wrong = faults(found, of_all)
    print("\n".join(wrong) or f"at least {ENOUGH} % are killed")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
