"""What the other measures ask: details of persons, results, advances and recoveries."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from app.api.deps import Anybody, AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, Sheet
from app.errors import (
    AdvanceOpen,
    BodyTooLarge,
    ClaimAlreadyFiled,
    CommitmentsMissing,
    DetailsFixed,
    DutyMissing,
    ExternalReferenceTaken,
    FindingsBlock,
    NoPolicyInForce,
    NotFound,
    NoticeOpen,
    NotSignedIn,
    NotYourRole,
    PersonsUnknown,
    RateKnown,
    SignedAlready,
    WrongState,
)
from app.schemas.advances import RecoveryRead, Repaid
from app.schemas.claims import AdvanceCreate, ClaimRead, RequirementsFound
from app.schemas.details import (
    DetailsImport,
    DetailsRead,
    EnrolmentDetails,
    TrainingResult,
)
from app.schemas.plans import Measure
from app.schemas.rates import MeasureRead, RateCreate, RateRead
from app.schemas.words import Day
from app.services import advances, details, details_sheet, discretion, rates
from app.sheets.refusals import FileNotASheet, HeaderNotFound, RowsUnreadable, TooManyRows

router = APIRouter(
    prefix="/api/v1",
    tags=["补贴项目"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
Roster = Annotated[list[EnrolmentDetails], Body(max_length=5000)]
Results = Annotated[list[TrainingResult], Body(max_length=5000)]
GoodRowsOnly = Annotated[bool, Query(description="只保存无误的行，其余列出")]


@router.get("/policy/measures", summary="补贴项目", responses=problems(NoPolicyInForce))
async def list_measures(
    desk: Anybody, on: Annotated[Day | None, Query(description="日期，默认为业务日期")] = None
) -> list[MeasureRead]:
    """两份通知规定的各项补贴及其材料。"""
    return rates.measures(on or desk.today)


@router.get("/policy/rates", summary="规定标准")
async def list_rates(
    desk: Anybody, measure: Measure | None = None, on: Day | None = None
) -> list[RateRead]:
    """通知未列明、由其他文件规定的标准及其文号、出处。"""
    return await rates.listed(desk, measure, on)


@router.post(
    "/policy/rates",
    status_code=201,
    summary="登记规定标准",
    responses=problems(DutyMissing, RateKnown),
)
async def enter_rate(desk: AsOfficer, new: RateCreate) -> RateRead:
    """由省中心有审批职责的人员登记；只增不改。"""
    return await rates.enter(desk, new)


@router.put(
    "/plans/{plan_id}/details",
    summary="填报人员情况",
    responses=problems(WrongState, PersonsUnknown, DetailsFixed),
)
async def tell_details(desk: AnyMember, plan_id: UUID, told: Roster) -> list[DetailsRead]:
    """入职复工、学徒协议、吸纳就业情况；备案提交前填报。"""
    return await details.file(desk, plan_id, told)


@router.get("/plans/{plan_id}/details", summary="人员情况和培训结果")
async def list_details(desk: AnyMember, plan_id: UUID) -> list[DetailsRead]:
    """身份证号码部分遮挡。"""
    return await details.of_plan(desk, plan_id)


@router.put(
    "/plans/{plan_id}/results",
    summary="登记培训结果",
    responses=problems(WrongState, PersonsUnknown, DetailsFixed),
)
async def tell_results(desk: AnyMember, plan_id: UUID, told: Results) -> list[DetailsRead]:
    """考核结果和取得的证书；备案审核通过后、提出申请前登记。"""
    return await details.results(desk, plan_id, told)


@router.post(
    "/plans/{plan_id}/details-sheet",
    summary="导入人员情况和培训结果",
    openapi_extra=FILE_BODY,
    responses=problems(
        WrongState, DetailsFixed, RowsUnreadable, HeaderNotFound, FileNotASheet, TooManyRows,
        BodyTooLarge,
    ),
)  # fmt: skip
async def import_details(
    file: Sheet, desk: AnyMember, plan_id: UUID, *, good_rows_only: GoodRowsOnly = False
) -> DetailsImport:
    """上传 xlsx、xls 或 csv，按姓名、身份证号与花名册对应。

    备案提交前填入职复工、学徒协议、吸纳就业各列；审核通过后在同一表格中补填考核、证书各列再次上传。
    表格中没有的人员和没有的列不变；有错误时逐行列出且不保存任何内容。
    """
    return await details_sheet.import_details(desk, plan_id, file, good_rows_only=good_rows_only)


@router.post(
    "/plans/{plan_id}/advance",
    status_code=201,
    summary="申请预拨",
    responses=problems(
        WrongState, AdvanceOpen, ClaimAlreadyFiled, CommitmentsMissing, ExternalReferenceTaken,
        NoPolicyInForce, FindingsBlock,
    ),
)  # fmt: skip
async def apply_for_advance(desk: AnyMember, plan_id: UUID, new: AdvanceCreate) -> ClaimRead:
    """新型学徒制、技能提升培训备案通过后可预拨30%；中小微企业2020年4月30日前为50%（DL-2.1-c）。"""
    return await advances.apply(desk, plan_id, new)


@router.post(
    "/claims/{claim_id}/requirements",
    summary="认定是否符合政府补贴培训要求",
    responses=problems(WrongState, DutyMissing),
)
async def find_requirements(desk: AsOfficer, claim_id: UUID, found: RequirementsFound) -> ClaimRead:
    """企校订单培训由经办人员认定，随即重新核算（DL-2.4-c）。"""
    return await discretion.find_requirements(desk, claim_id, found)


@router.post(
    "/claims/{claim_id}/settle",
    summary="结清",
    responses=problems(WrongState, DutyMissing, SignedAlready, NoticeOpen),
)
async def settle_claim(desk: AsOfficer, claim_id: UUID) -> ClaimRead:
    """预拨已足额的申请公示期满后结清；预拨超出部分随即通知退回。"""
    return await advances.settle(desk, claim_id)


@router.get("/claims/{claim_id}/recovery", summary="应退回款项")
async def read_recovery(desk: AnyMember, claim_id: UUID) -> RecoveryRead:
    """预拨超出核定金额的部分。"""
    return await advances.recovery(desk, claim_id)


@router.post(
    "/claims/{claim_id}/recovery/repaid",
    summary="登记已退回",
    responses=problems(WrongState, DutyMissing),
)
async def record_repaid(desk: AsOfficer, claim_id: UUID, word: Repaid) -> RecoveryRead:
    """由拨付人员登记银行回单。"""
    return await advances.repaid(desk, claim_id, word)
