"""Where does a clause act, or why does it act nowhere, and which worked examples show it?"""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from app.errors import NotFound
from app.policy import clauses, places
from app.policy.clause_table import uses
from app.policy.clauses import Clause
from app.policy.examples import Example, all_examples, of_clause
from app.policy.findings import Outcome
from app.policy.measures import measure
from app.schemas.law import ClauseBrief, ClauseRead, ExampleRead, OutcomeRead, PlaceRead

_PASSED = Outcome.PASSED.value


def briefly() -> list[ClauseBrief]:
    """Return every clause in a few words."""
    return [_brief(each) for each in clauses.all_clauses()]


def clause(clause_id: str) -> ClauseRead:
    """Return one clause with every place where it acts and the examples that show it.

    Raises:
        NotFound: there is none of that id.
    """
    try:
        found = clauses.clause(clause_id)
    except clauses.UnknownClause as unknown:
        raise NotFound from unknown
    return _whole(found)


def rules_on(clause_id: str) -> list[str]:
    """Return the names of the rules and remarks that rest on a clause."""
    kinds = ("rule", "remark")
    return [place.partition(":")[2] for place in _places(clause_id) if place.startswith(kinds)]


@lru_cache(maxsize=1)
def _uses() -> dict[str, tuple[str, ...]]:
    return uses()


def _places(clause_id: str) -> tuple[str, ...]:
    return _uses().get(clause_id, ())


def _brief(each: Clause) -> ClauseBrief:
    return ClauseBrief(
        id=each.id,
        document=each.document,
        kind=each.kind,
        quote=each.quote,
        meaning_zh=each.meaning_zh,
        places=len(_places(each.id)),
        examples=len(_shown(each.id)),
        not_code=each.not_code or None,
    )


def _whole(each: Clause) -> ClauseRead:
    rules = rules_on(each.id)
    return ClauseRead(
        id=each.id,
        document=each.document,
        kind=each.kind,
        text=each.printed,
        meaning_zh=each.meaning_zh,
        meaning=each.meaning,
        rules=rules,
        acts=each.acts,
        places=[_place(place) for place in _places(each.id)],
        not_code=each.not_code or None,
        examples=[_example(example, rules) for example in _shown(each.id)],
    )


def _place(place: str) -> PlaceRead:
    kind, _, name = place.partition(":")
    return PlaceRead(kind=kind, kind_zh=places.KINDS[kind], name=name, title=places.title(place))


@lru_cache(maxsize=128)
def _shown(clause_id: str) -> tuple[Example, ...]:
    """Return the examples about the clause, and one of each of its rules that these leave out.

    Of a rule that only another edition of the law lets speak the example passes it.
    """
    shown = list(of_clause(clause_id))
    for rule in rules_on(clause_id):
        if not any(each.outcomes.get(rule, _PASSED) != _PASSED for each in shown):
            shown += [each for each in _about(rule) if each not in shown]
    return tuple(shown)


def _about(rule: str) -> list[Example]:
    """Return the first example that misses the rule, or else the first that passes it."""
    asked = [each for each in all_examples() if rule in each.outcomes]
    return sorted(asked, key=lambda each: each.outcomes[rule] == _PASSED)[:1]


def _example(example: Example, rules: Iterable[str]) -> ExampleRead:
    """Return what the example comes to for *rules*, and for every other rule that it misses."""
    outcomes, expect = example.outcomes, example.expect
    missed = [rule for rule, outcome in outcomes.items() if outcome != _PASSED]
    told = [rule for rule in dict.fromkeys((*rules, *missed)) if rule in outcomes]
    return ExampleRead(
        id=example.id,
        title=example.title,
        measure=example.measure,
        measure_zh=measure(example.measure).title,
        clauses=list(example.clauses),
        persons=example.persons,
        outcomes=[
            OutcomeRead(
                rule=rule, title=places.title(f"rule:{rule}"), outcome=Outcome(outcomes[rule])
            )
            for rule in told
        ],
        in_advance="advance" in expect,
        amount=Decimal(expect.get("advance", expect.get("amount"))),
    )
