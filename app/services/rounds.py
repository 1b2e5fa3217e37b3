"""What did a resubmission change? One round of a claim against the round before."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from app.actors import Member
from app.errors import NotFound
from app.models import AssessmentRecord, Claim, ClaimRound, Evidence, Trainee
from app.office import Desk
from app.policy.explanation import TEXTS
from app.policy.findings import Outcome
from app.schemas.deciding import Change, LineChange, RoundChanges
from app.schemas.evidence import EvidenceRead
from app.services import cases, correcting, evidence, kept

_PASSED: Final = Outcome.PASSED
_LINE: Final = {
    "minutes": "核定学习分钟数", "hours": "课时", "gross": "课时 × 标准（元）",
    "payable": "应补贴金额（元）", "still_employed": "仍在职", "left_on": "离职日期",
}  # fmt: skip
_CLAIM: Final = {"amount": "核算金额（元）", "edition": "适用政策版本", "completed_on": "完成日期"}
_FORM: Final = {
    "enterprise_name": "企业名称", "uscc": "统一社会信用代码", "legal_representative": "法定代表人",
    "contact": "联系人", "phone": "联系电话", "address": "地址", "bank_name": "开户银行",
    "account_name": "账户名称", "account_masked": "银行账号", "industry": "行业",
    "headcount": "从业人数", "revenue_wan": "营业收入（万元）", "assets_wan": "资产总额（万元）",
    "project": "培训项目", "persons": "培训人数", "occupation": "培训工种", "class_hours": "课时",
    "mode": "培训方式", "platform": "线上培训渠道",
}  # fmt: skip


async def changes(desk: Desk[Member], claim_id: UUID, number: int) -> RoundChanges:
    """Return what round *number* of a claim changed: lines, files, form, and the points mended.

    What it began with is held against what the round before ended with; the first against nothing.

    Raises:
        NotFound: there is no such round.
    """
    claim = await cases.found(desk, Claim, claim_id)
    if number > claim.round:
        raise NotFound("没有该轮次。")
    said = await _said(desk, claim, number)
    began = (await _assessments(desk, claim_id, number))[0]
    form, since, ended = {}, None, None
    if number > 1:
        before = await _assessments(desk, claim_id, number - 1)
        form = (await _said(desk, claim, number - 1)).form
        since, ended = before[0].created_at, before[-1]
    return RoundChanges(
        round=number,
        filed_on=said.filed_on,
        claim=[
            *_differing(_CLAIM, ended._asdict() if ended else {}, began._asdict()),
            *_findings(ended.findings if ended else (), began.findings),
        ],
        form=_differing(_FORM, form, said.form),
        lines=await _lines(desk, claim, ended, began),
        files=await _files(desk, claim, since, began.created_at),
        points=await correcting.of_round(desk, claim_id, number - 1),
    )


async def _said(desk: Desk[Member], claim: Row[Any], number: int) -> Row[Any]:
    """Return what the claim said in a round: the present one stands on the claim itself."""
    if number == claim.round:
        return claim
    query = select(*ClaimRound.__table__.c).where(
        ClaimRound.claim_id == claim.id, ClaimRound.round == number
    )
    return (await desk.db.execute(query)).one()


async def _assessments(desk: Desk[Member], claim_id: UUID, number: int) -> list[Row[Any]]:
    query = (
        select(*AssessmentRecord.__table__.c)
        .where(AssessmentRecord.claim_id == claim_id, AssessmentRecord.round == number)
        .order_by(AssessmentRecord.number)
    )
    return list(await desk.db.execute(query))


async def _lines(
    desk: Desk[Member], claim: Row[Any], ended: Row[Any] | None, began: Row[Any]
) -> list[LineChange]:
    before = {row.number: row for row in await kept.lines(desk, ended.id)} if ended else {}
    after = {row.number: row for row in await kept.lines(desk, began.id)}
    names = await desk.db.execute(
        select(Trainee.number, Trainee.name, Trainee.id_masked)
        .where(Trainee.plan_id == claim.plan_id)
        .order_by(Trainee.number)
    )
    found = []
    for who in names:
        old, new = before.get(who.number), after.get(who.number)
        kind = "added" if old is None else "removed" if new is None else "changed"
        told = [
            *_differing(_LINE, _told(old), _told(new)),
            *_findings(old.findings if old else (), new.findings if new else ()),
        ]
        if told:
            found.append(LineChange(**who._mapping, kind=kind, changes=told))
    return found


def _told(line: Row[Any] | None) -> Mapping[str, Any]:
    return {} if line is None else {**line.facts, **line._mapping}


async def _files(
    desk: Desk[Member], claim: Row[Any], since: datetime | None, until: datetime
) -> list[EvidenceRead]:
    """Return the files that came after the one round was filed, and until the other was."""
    query = select(*Evidence.__table__.c).where(
        Evidence.plan_id == claim.plan_id, Evidence.created_at <= until
    )
    if since is not None:
        query = query.where(Evidence.created_at > since)
    rows = await desk.db.execute(query.order_by(Evidence.id))
    return [evidence.told(row) for row in rows]


def _differing(
    titles: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    return [
        Change(field=field, title=title, before=was, after=now)
        for field, title in titles.items()
        if (was := _text(before.get(field))) != (now := _text(after.get(field)))
    ]


def _findings(before: Iterable[Any], after: Iterable[Any]) -> list[Change]:
    """Return the rules whose outcome is another; a rule that is content is as good as not asked."""
    was, now = _outcomes(before), _outcomes(after)
    return [
        Change(field=rule, title=TEXTS[rule]["title"], before=was.get(rule), after=now.get(rule))
        for rule in {**was, **now}
        if was.get(rule) != now.get(rule)
    ]


def _outcomes(stored: Iterable[Any]) -> dict[str, str]:
    return {rule: outcome for rule, outcome, *_ in stored if outcome != _PASSED}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
