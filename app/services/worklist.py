"""Which cases await the officers of a bureau, and in which order?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, Final
from uuid import UUID

from app.actors import Officer
from app.hot import Hot
from app.office import Desk
from app.policy.awaiting import BY_NAME, STEPS, Awaited, is_overdue
from app.schemas.worklist import Hold, Order, WorkItem, WorkPage
from app.services import worklist_statements as statements

_NO_DAY: Final = date(9999, 12, 31)
"""The due day of what has none: it stands at the end of the list."""
_START: Final = (date.min, UUID(int=0))
_MOST_FEN: Final = 2**63 - 1
_TAKEN: Final = {Hold.NOBODY: (False,), Hold.SOMEBODY: (True,), Hold.MINE: (True,)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; ``until`` bounds the day by which the list is ordered."""

    step: str | None = None
    state: str | None = None
    duty: str | None = None
    hold: Hold | None = None
    signals: bool | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    until: date | None = None
    order: Order = Order.DUE
    after: tuple[date, UUID] | None = None
    limit: int = 20

    @property
    def steps(self) -> list[Awaited]:
        """The steps that are asked for."""
        return [
            step
            for step in STEPS
            if self.step in {None, step.name}
            and self.state in {None, step.state}
            and self.duty in {None, step.duty}
        ]

    @property
    def ranged(self) -> bool:
        """Whether a range of amounts is asked for."""
        return self.amount_from is not None or self.amount_to is not None

    def values(self, desk: Desk[Officer]) -> dict[str, object]:
        """Return what the statements take."""
        after_day, after_id = self.after or _START
        least, most = self.amount_from or Decimal(), self.amount_to
        return {
            "today": desk.today,
            "until": self.until or _NO_DAY,
            "after_day": after_day,
            "after_id": after_id,
            "most": self.limit + 1,
            "least_fen": int(least * 100) if self.ranged else -1,
            "most_fen": _MOST_FEN if most is None else int(most * 100),
            "few": statements.FEW + 1,
            "account": desk.actor.account_id,
        }

    def trays(self) -> dict[str, object]:
        """Return the trays that are asked for: their steps, whether taken, whether flagged."""
        taken = (False, True) if self.hold is None else _TAKEN[self.hold]
        flagged = (False, True) if self.signals is None else (self.signals,)
        trays = product([step.name for step in self.steps], taken, flagged)
        return dict(zip(("steps", "holds", "flags"), zip(*trays, strict=True), strict=True))


def place(told: str | None) -> tuple[date, UUID] | None:
    """Return the place after which a page begins, as the page before it told."""
    if told is None:
        return None
    day, _, case_id = told.partition("_")
    return date.fromisoformat(day), UUID(case_id)


async def listed(desk: Desk[Officer], asked: Asked) -> WorkPage:
    """Return a page of the cases that await the bureau's officers today."""
    if not asked.steps:
        return WorkPage(items=[])
    values = {**asked.values(desk), **asked.trays()}
    statement = await _cheapest(desk, asked, values)
    rows = await statement.rows(desk.driver, **values)
    shown = rows[: asked.limit]
    following = None
    if len(rows) > asked.limit:
        last = shown[-1]
        following = f"{last.due_on if asked.order is Order.DUE else last.since}_{last.case_id}"
    return WorkPage(items=[_item(desk, row) for row in shown], next=following)


async def item(desk: Desk[Officer], case_id: UUID) -> WorkItem:
    """Return one case of the list."""
    return _item(desk, await statements.ONE.row(desk.driver, case_id=case_id))


async def _cheapest(desk: Desk[Officer], asked: Asked, values: dict[str, object]) -> Hot:
    if asked.hold is Hold.MINE:
        return statements.MINE[asked.order]
    if not asked.ranged:
        return statements.TRAYS[asked.order]
    (found,) = await statements.IN_RANGE.rows(desk.driver, **values)
    is_rare = found.cases <= statements.FEW
    return (statements.RARE if is_rare else statements.RANGE)[asked.order]


def _item(desk: Desk[Officer], row: Any) -> WorkItem:  # noqa: ANN401  a row
    step = BY_NAME[row.step]
    due_on = None if row.due_on == _NO_DAY else row.due_on
    return WorkItem(
        **{**row._mapping, "due_on": due_on},
        id=row.case_id,
        state=step.state,
        state_zh=step.state_zh,
        step_title=step.title_zh,
        duty=step.duty,
        overdue=is_overdue(due_on, desk.today),
    )
