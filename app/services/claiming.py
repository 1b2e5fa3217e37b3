"""How is an application filed: assessed, stored, and given its receipt number?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app import clock
from app.actors import EnterpriseUser, Member
from app.errors import CommitmentsMissing, NotYourRole
from app.hot import Hot
from app.models import Claim, Enterprise, Plan, new_id
from app.office import Desk
from app.policy import checks, commitments, learning, materials
from app.policy.facts import Mode, Purpose
from app.policy.procedure import STATES_ZH, ClaimState, PlanState
from app.schemas.claims import (
    AdvanceCreate,
    ClaimCreate,
    ClaimForm,
    ClaimRead,
    Commitments,
)
from app.schemas.plans import Channel
from app.services import (
    acts,
    assessments,
    blacklist,
    cases,
    claims,
    clocks,
    dues,
    filing,
    kept,
    originals,
    signals,
)

_NARROW: Final = Hot(
    text(
        "SELECT narrow_calendar(:plan_id, CAST(:trainees AS uuid[]), CAST(:firsts AS date[]),"
        " CAST(:lasts AS date[]))"
    )
)

_RECEIPT: Final = {Purpose.CLAIM: "SQ", Purpose.ADVANCE: "YB"}
_FILED: Final = (
    "state", "filed_on", "amount", "persons", "form", "commitments_version",
    "commitments_accepted", "accepted_by", "accepted_at", "remark", "asked_checks",
)  # fmt: skip
_OF_A_CLAIM: Final = (
    "id", "plan_id", "enterprise_id", "bureau_code", "receipt", "external_issuer",
    "external_reference", "channel", "keyed_by", "kind", "measure", "payee", "class_reference",
    "fund", "step_began_on", "due_on", "step_days_used", *_FILED,
)  # fmt: skip
_FILE: Final = kept.storing(
    f"INSERT INTO claims ({', '.join(_OF_A_CLAIM)})"  # noqa: S608  our own column names
    f" VALUES (:{', :'.join(_OF_A_CLAIM)}) RETURNING *",
    bindparam("form", type_=JSONB),
)
_APPLICANT: Final = Hot(
    select(
        Enterprise.name.label("enterprise_name"), Enterprise.uscc, Enterprise.legal_representative,
        Enterprise.contact, Enterprise.phone, Enterprise.address, Enterprise.bank_name,
        Enterprise.account_name, Enterprise.account_masked, Enterprise.industry,
        Enterprise.headcount, Enterprise.revenue_wan, Enterprise.assets_wan,
    ).where(Enterprise.id == bindparam("id"))
)  # fmt: skip


async def file(desk: Desk[Member], new: ClaimCreate) -> ClaimRead:
    """File a claim for an approved plan: assessed, stored, and given its receipt number.

    Raises:
        WrongState: the plan is not approved.
        ClaimAlreadyFiled: there is an open claim for it.
        CommitmentsMissing, MaterialsMissing, PersonsUnknown: as named.
    """
    plan = await applicable(desk, new.plan_id, new)
    done = await assessments.of_plan(desk, plan, new, len(set(new.commitments.accepted)))
    filing.refuse_missing(materials.missing_at_claim(done.facts), done.facts.plan)
    if new.channel is not Channel.INTERNET:
        await originals.refuse_missing_at_claim(desk, plan)
    lodged = await lodge(desk, plan, new, done)
    await narrow_calendar(desk, plan, done)
    return lodged


async def applicable(desk: Desk[Member], plan_id: UUID, new: AdvanceCreate) -> Row[Any]:
    """Return the locked plan, if the caller may apply for it now in this way.

    Locked, because an import of learning records locks it, too: either its sessions are read for
    the application, or it comes after and is refused.

    Raises:
        NotYourRole, NotFound, WrongState, CommitmentsMissing: as named.
    """
    _refuse_channel(desk, new.channel)
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    _refuse_unapproved(plan)
    refuse_uncommitted(plan, new.commitments)
    return plan


async def lodge(
    desk: Desk[Member], plan: Row[Any], new: AdvanceCreate, done: kept.Assessed
) -> ClaimRead:
    """Store an application and its assessment under a new receipt number.

    Raises:
        ClaimAlreadyFiled: there is an open one of its kind.
        EnterpriseBlacklisted: the enterprise is barred.
    """
    blacklist.refuse(done.facts)
    (row,) = await _FILE.rows(
        desk.driver,
        id=new_id(),
        plan_id=plan.id,
        enterprise_id=plan.enterprise_id,
        bureau_code=plan.bureau_code,
        receipt=await cases.receipt(desk, _RECEIPT[done.facts.purpose], plan.bureau_code),
        external_issuer=new.external.issuer if new.external else None,
        external_reference=new.external.reference if new.external else None,
        channel=new.channel,
        keyed_by=cases.keyed_by(desk),
        kind=done.facts.purpose,
        measure=plan.measure,
        payee=done.facts.payee,
        class_reference=plan.class_reference,
        **await clocks.of_filing(desk),
        fund=done.law.fund,
        **await filed(desk, plan, new.commitments, done),
        **kept.columns(desk, done),
    )
    if row.keyed_by is not None:
        await cases.sign(desk, Claim, row, "keyed_in")
    await acts.record(
        desk, "file", "claims", row.id, acts.Case.of(row),
        receipt=row.receipt, amount=str(row.amount),
    )  # fmt: skip
    await signals.look(desk, row.id, plan.id, done)
    return claims.told(row, dues.Dues())


async def filed(
    desk: Desk[Member], plan: Row[Any], word: Commitments, done: kept.Assessed
) -> dict[str, Any]:
    """Return the columns that a filing, or a filing again, sets."""
    form = await _form(desk, plan, done)
    return {
        "state": ClaimState.FILED,
        "filed_on": desk.today,
        "amount": done.result.amount,
        "persons": done.persons_paid,
        "form": form.model_dump(mode="json"),
        "commitments_version": word.version,
        "commitments_accepted": len(set(word.accepted)),
        "accepted_by": desk.actor.account_id,
        "accepted_at": clock.now(),
        "remark": None,
        "asked_checks": checks.asked(done.facts, done.result),
    }


async def _form(desk: Desk[Member], plan: Row[Any], done: kept.Assessed) -> ClaimForm:
    (applicant,) = await _APPLICANT.rows(desk.driver, id=plan.enterprise_id)
    return ClaimForm(
        **applicant._mapping,
        project=plan.title,
        persons=done.facts.plan.trainees,
        occupation=plan.occupation,
        class_hours=learning.filed_hours(done.facts.plan),
        mode=plan.mode,
        platform=plan.platform_name,
    )


async def narrow_calendar(desk: Desk[Member], plan: Row[Any], done: kept.Assessed) -> None:
    """Training is over: each person's calendar keeps only his first to last session (A-17)."""
    learned = [
        (row.id, line.first_day, line.last_day)
        for row, line in zip(done.people, done.result.lines, strict=True)
        if line.first_day is not None
    ]
    if learned:
        trainees, firsts, lasts = zip(*learned, strict=True)
        await _NARROW.rows(
            desk.driver, plan_id=plan.id, trainees=trainees, firsts=firsts, lasts=lasts
        )


def _refuse_channel(desk: Desk[Member], channel: Channel) -> None:
    by_internet = channel is Channel.INTERNET
    if isinstance(desk.actor, EnterpriseUser) != by_internet:
        raise NotYourRole("网上申请由企业提出；传真、邮寄材料由经办人员录入。")


def _refuse_unapproved(plan: Row[Any]) -> None:
    if plan.state != PlanState.APPROVED:
        raise cases.wrong_state(
            Plan,
            plan.state,
            f"培训项目状态为「{STATES_ZH[plan.state]}」：备案审核通过后方可申请补贴。",
        )


def refuse_uncommitted(plan: Row[Any], word: Commitments) -> None:
    """Refuse while the commitments of the annex are not all accepted.

    Raises:
        CommitmentsMissing: they are not, or in another version.
    """
    asked = commitments.asked_of(Mode(plan.mode))
    if word.version != commitments.VERSION or set(word.accepted) != asked:
        raise CommitmentsMissing(version=commitments.VERSION, asked=sorted(asked))
