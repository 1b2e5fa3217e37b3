"""How does a case go from one state to the next? Only by the moves of the procedure."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, Sequence, bindparam, func, insert, select, update

from app.actors import Actor, Member
from app.errors import DutyMissing, FindingsBlock, NotFound, NotYourRole, WrongState
from app.hot import Hot
from app.models import Claim, Plan, Signature, new_id
from app.office import Desk
from app.policy.findings import Finding
from app.policy.procedure import (
    CLAIM_MOVES,
    PLAN_MOVES,
    STATES_ZH,
    Hand,
    Move,
    move_named,
    possible_moves,
)
from app.schemas.findings import FindingRead
from app.schemas.words import Step
from app.services import acts, clocks, holding

_MOVES: Final = {Plan: PLAN_MOVES, Claim: CLAIM_MOVES}
Cases = type[Plan] | type[Claim]


def _one(table: Cases) -> Select[*tuple[Any, ...]]:
    return select(*table.__table__.c).where(table.id == bindparam("id"))


_ONE: Final = {table: Hot(_one(table)) for table in (Plan, Claim)}
_ONE_LOCKED: Final = {table: Hot(_one(table).with_for_update()) for table in (Plan, Claim)}
_SIGNED: Final = (
    "id", "plan_id", "claim_id", "enterprise_id", "bureau_code", "round", "step", "officer_id",
    "officer_name", "assessment_id", "signed_on",
)  # fmt: skip


def _sign() -> Hot:
    """Return what signs a step, unless the same hand signed it already in the round."""
    given = {name: bindparam(name, type_=getattr(Signature, name).type) for name in _SIGNED}
    again = select(Signature.id).where(
        Signature.case_id == func.coalesce(given["claim_id"], given["plan_id"]),
        Signature.round == given["round"],
        Signature.officer_id == given["officer_id"],
        Signature.step == given["step"],
    )
    signature = select(*given.values()).where(~again.exists())
    return Hot(insert(Signature).from_select(_SIGNED, signature, include_defaults=False))


_SIGN: Final = _sign()
_NEXT_NUMBER: Final = Hot(select(Sequence("receipt_numbers").next_value().label("number")))


async def found(desk: Desk[Member], table: Cases, case_id: UUID, *, lock: bool = False) -> Row[Any]:
    """Return the case as the caller may see it.

    Raises:
        NotFound: there is none, or it is another's.
    """
    one = (_ONE_LOCKED if lock else _ONE)[table]
    row: Row[Any] | None = await one.row(desk.driver, id=case_id)
    if row is None:
        raise NotFound
    return row


def may(desk: Desk[Member], table: Cases, row: Row[Any], name: str) -> Move:
    """Return the move, if it follows from where the case stands and is the caller's to make.

    Raises:
        WrongState, NotYourRole, DutyMissing: as named.
    """
    move, state = move_named(_MOVES[table], name), row.state
    if desk.actor.hand not in move.hands:
        raise NotYourRole
    if Hand.APPLICANT in move.hands:
        refuse_foreign_hand(desk, row)
    if move.duty is not None and move.duty not in getattr(desk.actor, "duties", ()):
        raise DutyMissing(f"办理「{move.title_zh}」需要职责：{move.duty}。")
    if state not in move.sources:
        raise wrong_state(
            table, state, f"当前状态为「{STATES_ZH[state]}」，不能办理「{move.title_zh}」。"
        )
    return move


def refuse_foreign_hand(desk: Desk[Member], row: Row[Any]) -> None:
    """Let an officer do the applicant's part only in a case that a bureau keyed in.

    Raises:
        NotYourRole: the enterprise files this case itself.
    """
    if desk.actor.hand is Hand.OFFICER and row.keyed_by is None:
        raise NotYourRole("该事项由企业网上办理，经办人员不得代为修改或提交。")


async def advance(
    desk: Desk[Member], table: Cases, row: Row[Any], move: Move, **changes: object
) -> Row[Any]:
    """Make *move* on a locked case: sign, change the state, and record the act.

    The case is returned as it then stands.
    ``changes`` are further columns; ``remark`` among them is the written reason. ``assessment_id``,
    if given, is the assessment that the officer signs, ``begins_on`` the day on which the next step
    begins, if that is not today.

    Raises:
        CaseHeld: another officer holds the case.
    """
    assessment_id = changes.pop("assessment_id", None)
    if Hand.APPLICANT not in move.hands:
        await holding.refuse_held(desk, row.id)
    clock = await clocks.of_case(desk, table, row, move.target, changes.pop("begins_on", None))
    signed_round = row.round + 1 if move.new_round else row.round
    if move.signature is not None:
        await sign(desk, table, row, move.signature, assessment_id=assessment_id)
    values = {**changes, **clock, "state": move.target, "round": signed_round}
    moved = _moving(table, tuple(values))
    now: Row[Any] = await moved.row(desk.driver, the_case=row.id, **values)
    if move.new_round and Hand.APPLICANT in move.hands and desk.actor.hand is Hand.OFFICER:
        await sign(desk, table, row, "keyed_in", round=signed_round)
    remark = {"remark": changes["remark"]} if changes.get("remark") else {}
    await acts.record(
        desk,
        move.name,
        table.__tablename__,
        row.id,
        acts.Case.of(row),
        state=move.target,
        clause=move.clause,
        **remark,
    )
    return now


@cache
def _moving(table: Cases, names: tuple[str, ...]) -> Hot:
    """Return what changes these columns of a case; there are as many as there are moves."""
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    moved = update(table).where(table.id == bindparam("the_case")).values(values)
    return Hot(moved.returning(*table.__table__.c))


async def sign(desk: Desk[Member], table: Cases, row: Row[Any], step: str, **more: object) -> None:
    """Put the officer's signature under a step; the database refuses another one in the round.

    The same step by the same hand again (a failed payment paid again) needs no second signature.
    """
    signature = {
        "id": new_id(),
        "plan_id": row.id if table is Plan else None,
        "claim_id": row.id if table is Claim else None,
        "enterprise_id": row.enterprise_id,
        "bureau_code": row.bureau_code,
        "round": row.round,
        "step": step,
        "officer_id": desk.actor.account_id,
        "officer_name": desk.actor.name,
        "signed_on": desk.today,
        "assessment_id": None,
        **more,
    }
    await _SIGN.rows(desk.driver, **signature)


async def receipt(desk: Desk[Actor], kind: str, bureau: str) -> str:
    """Return a new receipt number: kind, business year, bureau and a running number."""
    (taken,) = await _NEXT_NUMBER.rows(desk.driver)
    return f"{kind}{desk.today.year}-{bureau}-{taken.number:07d}"


def possible(table: Cases, state: str) -> list[Step]:
    """Return the steps that may follow from *state*, by whomever."""
    return [
        Step(name=move.name, title=move.title_zh, clause=move.clause, duty=move.duty)
        for move in possible_moves(_MOVES[table], state)
    ]


def wrong_state(table: Cases, state: str, why: str) -> WrongState:
    """Return the refusal of a step that does not follow from *state*, with the steps that do."""
    return WrongState(
        why, state=state, possible=[step.model_dump() for step in possible(table, state)]
    )


def blocked(found: Iterable[Finding], amount: Decimal | None = None) -> FindingsBlock:
    """Return the refusal of a step for what the law found, each rule told once."""
    reasons = {one.rule: FindingRead.of(one).model_dump() for one in found}
    told = {} if amount is None else {"amount": str(amount)}
    return FindingsBlock(findings=[*reasons.values()], **told)


def keyed_by(desk: Desk[Member]) -> UUID | None:
    """Return the officer who keys the case in, if it is not the enterprise itself."""
    return None if desk.actor.hand is Hand.APPLICANT else desk.actor.account_id
