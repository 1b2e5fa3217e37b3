"""Claims: filed, assessed, reviewed, approved, published and paid."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.deps import AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import (
    AssessmentChanged,
    CalendarUnknown,
    CapReached,
    CaseHeld,
    ChecksOpen,
    ClaimAlreadyFiled,
    CommitmentsMissing,
    DecisionStands,
    DutyMissing,
    ExternalReferenceTaken,
    FindingsBlock,
    MaterialsMissing,
    NoPolicyInForce,
    NotFound,
    NotSignedIn,
    NotYourRole,
    PersonsUnknown,
    PointsOpen,
    ProjectSubsidised,
    RuleBinds,
    SignalsOpen,
    SignedAlready,
    ThirdSignatureMissing,
    WrongState,
)
from app.schemas.claims import (
    AssessmentRead,
    ClaimCreate,
    ClaimRead,
    ClaimResubmit,
    ClaimStanding,
    ClaimSummary,
    HistoryEntry,
    OverrideCreate,
    OverrideRead,
)
from app.schemas.deciding import Return
from app.schemas.notices import NoticeRead
from app.schemas.payments import PaymentRead
from app.schemas.words import Page, Reason, Remarked
from app.services import (
    adjudication,
    claiming,
    claims,
    correcting,
    discretion,
    notices,
    payments,
    resubmitting,
)

router = APIRouter(
    prefix="/api/v1/claims",
    tags=["补贴申请"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
_BY_OFFICER = problems(WrongState, DutyMissing, SignedAlready, CaseHeld)


@router.post(
    "",
    status_code=201,
    summary="提出补贴申请",
    responses=problems(
        WrongState, ClaimAlreadyFiled, ExternalReferenceTaken, NoPolicyInForce,
        CommitmentsMissing, MaterialsMissing, PersonsUnknown,
    ),
)  # fmt: skip
async def file_claim(desk: AnyMember, new: ClaimCreate) -> ClaimRead:
    """确认承诺书和逐人在职情况后提出申请；系统即时核算，逐人逐条列明依据。"""
    return await claiming.file(desk, new)


@router.get("", summary="申请列表", response_model=Page[ClaimSummary])
async def list_claims(
    desk: AnyMember, page: PageOf, state: ClaimStanding | None = None
) -> Response:
    """按受理先后倒序。"""
    told = await claims.listed(desk, state, page)
    return Response(told, media_type="application/json")


@router.get("/{claim_id}", summary="申请内容")
async def read_claim(desk: AnyMember, claim_id: UUID) -> ClaimRead:
    """返回申请表、状态、金额和下一步可办事项。"""
    return await claims.read(desk, claim_id)


@router.get("/{claim_id}/assessment", summary="核算结果")
async def read_assessment(desk: AnyMember, claim_id: UUID) -> AssessmentRead:
    """每一行、每一项核查、每一条依据和金额。"""
    return await adjudication.assessment(desk, claim_id)


@router.post(
    "/{claim_id}/resubmit",
    summary="补正后重新提交",
    responses=problems(
        WrongState, CommitmentsMissing, MaterialsMissing, PersonsUnknown, PointsOpen
    ),
)
async def resubmit_claim(desk: AnyMember, claim_id: UUID, again: ClaimResubmit) -> ClaimRead:
    """逐项答复补正事项；重新核算，各环节重新签署。"""
    return await resubmitting.resubmit(desk, claim_id, again)


@router.post(
    "/{claim_id}/review",
    summary="审核通过",
    responses=problems(WrongState, DutyMissing, SignedAlready, CaseHeld, FindingsBlock, ChecksOpen),
)
async def review_claim(desk: AsOfficer, claim_id: UUID, word: Remarked) -> ClaimRead:
    """经办人员（审核职责）签署：材料和核算结果属实。"""
    return await adjudication.review(desk, claim_id, word)


@router.post("/{claim_id}/reassess", summary="重新核算", responses=_BY_OFFICER)
async def reassess_claim(desk: AsOfficer, claim_id: UUID) -> ClaimRead:
    """按当前余额重新核算，之后须重新审核。"""
    return await adjudication.reassess(desk, claim_id)


@router.post(
    "/{claim_id}/overrides",
    status_code=201,
    summary="对「原则上」的规定作例外决定",
    responses=_BY_OFFICER | problems(RuleBinds),
)
async def decide_otherwise(desk: AsOfficer, claim_id: UUID, new: OverrideCreate) -> ClaimRead:
    """由有审批职责的人员逐案书面决定，写明理由和依据；随即重新核算并单独列示。"""
    return await discretion.decide(desk, claim_id, new)


@router.get("/{claim_id}/overrides", summary="例外决定")
async def list_overrides(desk: AnyMember, claim_id: UUID) -> list[OverrideRead]:
    """该申请的全部例外决定。"""
    return await discretion.of_claim(desk, claim_id)


@router.post(
    "/{claim_id}/approve",
    summary="审批同意",
    responses=problems(
        WrongState, DutyMissing, SignedAlready, CaseHeld, SignalsOpen, ChecksOpen,
        AssessmentChanged, CapReached, ProjectSubsidised,
    ),
)  # fmt: skip
async def approve_claim(desk: AsOfficer, claim_id: UUID, word: Remarked) -> ClaimRead:
    """由审核人员以外的人员审批；逐人预留补贴额度和次数。"""
    return await adjudication.approve(desk, claim_id, word)


@router.post(
    "/{claim_id}/return", summary="退回补正", responses=_BY_OFFICER | problems(CalendarUnknown)
)
async def return_claim(desk: AsOfficer, claim_id: UUID, word: Return) -> ClaimRead:
    """逐项写明何处、如何补正；期限按工作日计算。"""
    return await correcting.return_for_correction(desk, claim_id, word)


@router.post(
    "/{claim_id}/reject", summary="不予补贴", responses=_BY_OFFICER | problems(DecisionStands)
)
async def reject_claim(desk: AsOfficer, claim_id: UUID, word: Reason) -> ClaimRead:
    """写明理由；已预留的额度和次数随即释放。救济途径见 remedies。"""
    return await adjudication.reject(desk, claim_id, word)


@router.post(
    "/{claim_id}/withdraw", summary="撤回申请", responses=problems(WrongState, DecisionStands)
)
async def withdraw_claim(desk: AnyMember, claim_id: UUID, word: Reason) -> ClaimRead:
    """拨付前可撤回；已预留的额度和次数随即释放。"""
    return await adjudication.withdraw(desk, claim_id, word)


@router.post(
    "/{claim_id}/notice",
    status_code=201,
    summary="公示",
    responses=_BY_OFFICER | problems(CalendarUnknown, ThirdSignatureMissing),
)
async def post_notice(desk: AsOfficer, claim_id: UUID) -> NoticeRead:
    """公示5个工作日，发布当日不计（DL-4.3-g 至 DL-4.3-i）。"""
    return await notices.post(desk, [claim_id])


@router.get("/{claim_id}/notice", summary="该申请的公示")
async def read_claim_notice(desk: AnyMember, claim_id: UUID) -> NoticeRead:
    """公示内容和截止日。"""
    return await notices.of_claim(desk, claim_id)


@router.get("/{claim_id}/payments", summary="该申请的拨付")
async def list_claim_payments(desk: AnyMember, claim_id: UUID) -> list[PaymentRead]:
    """何时拨付到哪个账户，含失败的拨付。"""
    return await payments.of_claim(desk, claim_id)


@router.get("/{claim_id}/history", summary="办理经过")
async def claim_history(desk: AnyMember, claim_id: UUID) -> list[HistoryEntry]:
    """按时间顺序列出全部办理步骤。"""
    return await claims.history(desk, claim_id)
