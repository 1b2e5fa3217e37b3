"""What may anybody try next? Steps of all roles in any order, and the books after each of them.

A step may be refused, but only as every client may rely on; what was done has to leave the books in
order. Half of the steps go a claim's way on, whoever is asked to; the others are tried blindly.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar, Final

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests import books
from tests.databases import Connection
from tests.refusals import problem
from tests.walks import moves, wording
from tests.walks.town import AFTER, COURSES, OFFICERS, Town, opened

ANYBODY: Final = (*OFFICERS, "enterprise0", "enterprise1", "enterprise2")
_OFFICER: Final = st.sampled_from(OFFICERS)
_ADJUDICATOR: Final = st.sampled_from(OFFICERS[:3])
_CLAIM: Final = st.integers(0, 30)
_LINE: Final = st.integers(1, 3)
_YUAN: Final = st.sampled_from(("0.01", "80.00", "120.00", "199.99", "200.00", "400.00"))
_MOST_DAYS: Final = 9
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass
class Ground:
    """What a walk walks on: its loop, its town in a database of its own, and what became known."""

    run: Callable[[Any], Any]
    town: Town
    owner: Connection
    reached: Counter[str] = field(default_factory=Counter)


class Walk(RuleBasedStateMachine):
    """One walk; ``ground`` is laid anew for each."""

    ground: ClassVar[Callable[[], Ground]]

    def __init__(self) -> None:
        super().__init__()
        self._on = type(self).ground()
        self._claims: list[str] = []
        self._today = date.fromisoformat(AFTER)
        self._states: dict[str, str] = {}

    # -- how a step is made, and what must hold after it

    def _try(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Make a step; it is done or refused properly, and the books are in order."""
        world = self._on.town.world
        if who is not None:
            token = self._on.town.tokens[who]
            more["headers"] = {**more.get("headers", {}), "Authorization": f"Bearer {token}"}
        answer: httpx.Response = self._on.run(world.call(None, method, path, **more))
        if not answer.is_success:
            assert answer.status_code < 500, (who, method, path, answer.text)
            self._on.reached[problem(answer)["code"]] += 1
        else:
            self._on.reached[f"{method} {_UUID.sub('{id}', path)}"] += method != "GET"
        if method != "GET":
            self._look(f"{who} {method} {path} {more.get('json')}: {answer.status_code}")
        return answer

    def _post(self, who: str | None, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Post, and return what is told; None if it is refused."""
        answer = self._try(who, "POST", path, json={} if body is None else body)
        return answer.json() if answer.is_success and answer.content else None

    def _get(self, who: str | None, path: str) -> Any:  # noqa: ANN401
        answer = self._try(who, "GET", path)
        return answer.json() if answer.is_success else None

    def _look(self, step: str) -> None:
        async def read() -> tuple[dict[str, Any], dict[str, str]]:
            return await books.faults(self._on.owner), await moves.states(self._on.owner)

        faults, now = self._on.run(read())
        assert not faults, (step, faults)
        strange = moves.unpublished(self._states, now)
        assert not strange, (step, strange)
        self._on.reached.update(f"is {state}" for state in now.values())
        self._claims += [claim for claim in now if claim not in self._states]
        self._states = now

    def _which(self, number: int) -> tuple[str, str]:
        """Return one of the claims and its state."""
        claim = self._claims[number % len(self._claims)]
        return f"/claims/{claim}", self._states[claim]

    def _among(self, *states: str) -> bool:
        return not set(states).isdisjoint(self._states.values())

    def _one_of(self, number: int, *states: str) -> str:
        """Return the path of one of the claims in these states."""
        found = [claim for claim, state in self._states.items() if state in states]
        return f"/claims/{found[number % len(found)]}"

    # -- the beginning

    @initialize(order=st.permutations(range(len(COURSES))))
    def plans_are_approved_and_taught(self, order: list[int]) -> None:
        self._on.run(opened(self._on.town, order))
        self._look("the beginning")
        for number in order[: len(order) // 2]:
            self.an_enterprise_files(number, set())

    # -- what enterprises do

    @rule(number=st.integers(0, len(COURSES) - 1), absent=st.sets(_LINE, max_size=1))
    def an_enterprise_files(self, number: int, absent: set[int]) -> None:
        filing = self._on.town.filings[number]
        body = self._on.run(filing.its.claim_body())
        body["still_employed"] = [n for n in body["still_employed"] if n not in absent]
        body["left"] = [{"number": n, "left_on": "2020-04-06"} for n in absent if n <= 2]
        self._post(f"enterprise{COURSES[number].enterprise}", "/claims", body)

    @precondition(lambda self: self._among("filed", "reviewed", "returned"))
    @rule(number=_CLAIM, who=_ADJUDICATOR, answers=st.booleans())
    def a_claim_is_sent_back_and_mended(self, number: int, who: str, answers: bool) -> None:
        path = self._one_of(number, "filed", "reviewed", "returned")
        self._post(who, f"{path}/return", wording.BODIES["return"])
        claim = self._get("officer1", path)
        its = next(f.its for f in self._on.town.filings if f.its.plan["id"] == claim["plan_id"])
        body = self._on.run(its.claim_body())
        del body["plan_id"]
        points = self._get("officer1", f"{path}/correction-points") if answers else ()
        body["points"] = [wording.answered(each) for each in points if each["answer"] is None]
        self._post(self._on.town.owner(claim["enterprise_id"]), f"{path}/resubmit", body)

    # -- what officers decide

    @precondition(lambda self: self._claims)
    @rule(number=_CLAIM, hands=st.lists(_ADJUDICATOR, min_size=1, max_size=5))
    def a_claim_goes_its_way_on(self, number: int, hands: list[str]) -> None:
        for who in hands:
            path, state = self._which(number)
            if state != "published":
                self._go_on(path, state, who)

    @precondition(lambda self: self._claims)
    @rule(number=_CLAIM, hands=st.permutations(OFFICERS[:3]))
    def a_claim_is_carried_to_its_payment(self, number: int, hands: list[str]) -> None:
        for who in (*hands, *hands):
            path, state = self._which(number)
            self._go_on(path, state, who)

    def _go_on(self, path: str, state: str, who: str) -> None:
        if state == "filed":
            self._prepare(path, who)
        if state in wording.NEXT:
            step = wording.NEXT[state]
            self._post(who, f"{path}/{step}", wording.BODIES.get(step))
        elif state == "published":
            self._wait_for_the_notice(path)
            self._pay([path], "paid")

    def _prepare(self, path: str, who: str) -> None:
        for signal in self._get(who, f"{path}/signals"):
            if signal["open"]:
                self._post(who, f"{path}/signals/{signal['id']}/clear", {"remark": "已核实"})
        for task in self._get(who, f"{path}/tasks")["tasks"]:
            if task["by"] == "officer" and task["blocking"]:
                self._post(who, f"{path}/checks", {"check": task["code"], "outcome": "met"})

    @precondition(lambda self: self._claims)
    @rule(number=_CLAIM, who=st.sampled_from(ANYBODY), step=st.sampled_from(wording.STEPS))
    def somebody_tries_any_step(self, number: int, who: str, step: str) -> None:
        self._post(who, f"{self._which(number)[0]}/{step}", wording.BODIES.get(step))

    @precondition(lambda self: self._claims)
    @rule(number=_CLAIM, who=_ADJUDICATOR, line=_LINE, amount=st.none() | _YUAN)
    def an_officer_decides_on_a_line(
        self, number: int, who: str, line: int, amount: str | None
    ) -> None:
        kind = "exclude" if amount is None else "reduce"
        body = {"number": line, "kind": kind, **({"amount": amount} if amount else {})}
        path = f"{self._which(number)[0]}/line-decisions"
        self._post(who, path, {**body, **wording.DECISION})

    @precondition(lambda self: self._claims)
    @rule(numbers=st.lists(_CLAIM, min_size=1, max_size=4, unique=True), who=_OFFICER,
          mode=st.sampled_from(("all_or_nothing", "itemised")))  # fmt: skip
    def an_officer_approves_several(self, numbers: list[int], who: str, mode: str) -> None:
        body = {"claim_ids": self._ids(numbers), "mode": mode}
        self._post(who, "/claims:approve", body)

    @rule(amount=st.sampled_from(("0.00", "500.00", "1500.00", "5000.00")),
          who=_OFFICER, second=_OFFICER)  # fmt: skip
    def a_budget_is_entered(self, amount: str, who: str, second: str) -> None:
        body = {"year": 2020, "amount": amount, "document": "大财指社〔2020〕1号"}
        entered = self._post(who, "/budgets", body)
        if entered is not None:
            self._post(second, f"/budgets/{entered['id']}/confirm")

    # -- publicity

    @precondition(lambda self: self._claims)
    @rule(numbers=st.lists(_CLAIM, min_size=1, max_size=3, unique=True), who=_OFFICER)
    def a_list_is_published(self, numbers: list[int], who: str) -> None:
        self._post(who, "/notices", {"claim_ids": self._ids(numbers)})

    @precondition(lambda self: self._among("published"))
    @rule(number=_CLAIM, lines=st.none() | st.lists(_LINE, min_size=1, max_size=2, unique=True))
    def a_citizen_objects(self, number: int, lines: list[int] | None) -> None:
        path = self._one_of(number, "published")
        notice, claim = self._get("officer1", f"{path}/notice"), self._get("officer1", path)
        which = {"claim_receipt": claim["receipt"], "lines": lines}
        body = {"grounds": "hours", "text": "学时不实", **which}
        self._post(None, f"/notices/{notice['id']}/objections", body)

    @precondition(lambda self: self._among("published", "paying", "paid"))
    @rule(number=_CLAIM, who=_ADJUDICATOR, outcome=st.sampled_from(("rejected", "upheld")))
    def objections_are_decided(self, number: int, who: str, outcome: str) -> None:
        path = self._one_of(number, "published", "paying", "paid")
        for each in self._get(who, "/objections?state=open")["items"]:
            body = {"outcome": outcome, "reason": "经查属实"}
            self._post(who, f"/objections/{each['id']}/decide", body)
        if outcome == "upheld":
            self._post(who, f"{path}/redetermine", wording.ANEW)

    # -- money

    @precondition(lambda self: self._claims)
    @rule(numbers=st.lists(_CLAIM, min_size=1, max_size=3, unique=True),
          outcome=st.sampled_from(("paid", "paid", "failed", None)))  # fmt: skip
    def the_cashier_pays(self, numbers: list[int], outcome: str | None) -> None:
        self._pay([self._which(number)[0] for number in numbers], outcome)

    def _pay(self, paths: list[str], outcome: str | None) -> None:
        ids = sorted({path.rpartition("/")[2] for path in paths})
        made = self._post("cashier", "/payment-batches", {"claim_ids": ids})
        if made is not None and outcome is not None:
            told = [wording.result(each, outcome) for each in made["items"]]
            self._post("cashier", f"/payment-batches/{made['id']}/results", {"results": told})

    @rule(number=_CLAIM, outcome=st.sampled_from(("paid", "failed")))
    def the_bank_answers_late_or_again(self, number: int, outcome: str) -> None:
        batches = (self._get("cashier", "/payment-batches") or {"items": []})["items"]
        if batches:
            path = f"/payment-batches/{batches[number % len(batches)]['id']}"
            told = [wording.result(p, outcome) for p in self._get("cashier", path)["items"]]
            self._post("cashier", f"{path}/results", {"results": told})

    @precondition(lambda self: self._among("paid"))
    @rule(number=_CLAIM, who=_ADJUDICATOR, line=_LINE, amount=_YUAN)
    def an_officer_demands_money_back(self, number: int, who: str, line: int, amount: str) -> None:
        body = {**wording.DEMAND, "lines": [{"number": line, "amount": amount}]}
        self._post(who, f"{self._one_of(number, 'paid')}/recoveries", body)

    @precondition(lambda self: self._among("paid"))
    @rule(number=_CLAIM, who=_ADJUDICATOR, second=_ADJUDICATOR, amount=_YUAN,
          way=st.sampled_from(("offset", "write_off", "instalment")))  # fmt: skip
    def a_demand_comes_back(
        self, number: int, who: str, second: str, amount: str, way: str
    ) -> None:
        for demand in self._get(who, f"{self._one_of(number, 'paid')}/recoveries"):
            path = f"/recoveries/{demand['id']}"
            if way == "instalment":
                body = {"amount": amount, "paid_on": str(self._today), "bank_reference": "回单1"}
                self._post("cashier", f"{path}/instalments", body)
                continue
            told = self._post(who, f"{path}/decisions", {**wording.SIGNED, "kind": way})
            if told is not None:
                last = told["decisions"][-1]["id"]
                self._post(second, f"{path}/decisions/{last}/countersign")

    # -- time

    @rule(days=st.integers(1, _MOST_DAYS))
    def days_pass(self, days: int) -> None:
        self._today += timedelta(days=days)
        self._on.run(self._on.town.world.day(self._today.isoformat()))

    def _wait_for_the_notice(self, path: str) -> None:
        last = date.fromisoformat(self._get("officer1", f"{path}/notice")["last_day"])
        if last >= self._today:
            self.days_pass((last - self._today).days + 1)

    def _ids(self, numbers: list[int]) -> list[str]:
        return sorted({self._which(number)[0].rpartition("/")[2] for number in numbers})
