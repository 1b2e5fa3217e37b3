"""Enterprises register; their bureau accepts or returns."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AnyMember, AsEnterprise, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import (
    AlreadyRegistered,
    CaseOpen,
    CreditCodeNotVouchedFor,
    CreditCodeStands,
    DutyMissing,
    LicenceMissing,
    ManagerOnly,
    NotFound,
    NotSignedIn,
    NotYourRole,
    RegistrationChanged,
    WrongState,
)
from app.schemas.claims import HistoryEntry
from app.schemas.enterprises import Acceptance, EnterpriseCreate, EnterpriseRead
from app.schemas.words import Asked, Page, Reason
from app.services import enterprises

router = APIRouter(
    prefix="/api/v1/enterprises",
    tags=["企业登记"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)


@router.post(
    "",
    status_code=201,
    summary="登记企业",
    responses=problems(AlreadyRegistered, CreditCodeNotVouchedFor, CreditCodeStands),
)
async def register_enterprise(desk: AnyMember, new: EnterpriseCreate) -> EnterpriseRead:
    """企业登记自身信息，或由经办人员代录纸质材料；同时按300号文划型并说明依据。"""
    return await enterprises.register(desk, new)


@router.get("", summary="企业列表")
async def list_enterprises(
    desk: AnyMember, page: PageOf, state: Asked | None = None
) -> Page[EnterpriseRead]:
    """企业只看到自身，经办部门只看到本部门经办的企业。"""
    return await enterprises.listed(desk, state, page)


@router.get("/{enterprise_id}", summary="企业信息")
async def read_enterprise(desk: AnyMember, enterprise_id: UUID) -> EnterpriseRead:
    """返回登记信息和划型依据，账号仅显示末四位。"""
    return await enterprises.read(desk, enterprise_id)


@router.put(
    "/{enterprise_id}",
    summary="更正企业登记",
    responses=problems(
        CaseOpen, AlreadyRegistered, CreditCodeNotVouchedFor, CreditCodeStands, ManagerOnly
    ),
)
async def correct_enterprise(
    desk: AsEnterprise, enterprise_id: UUID, new: EnterpriseCreate
) -> EnterpriseRead:
    """更正后须由经办部门重新核验，核验前不予拨付；基本账户仅管理员可以变更。"""
    return await enterprises.correct(desk, enterprise_id, new)


@router.post(
    "/{enterprise_id}/verify",
    summary="核验通过",
    responses=problems(
        DutyMissing, WrongState, RegistrationChanged, LicenceMissing, AlreadyRegistered
    ),
)
async def verify_enterprise(
    desk: AsOfficer, enterprise_id: UUID, word: Acceptance
) -> EnterpriseRead:
    """经办人员（审核职责）核对营业执照和基本账户，确认登记信息属实；同一代码的其他登记随之关闭。"""
    return await enterprises.verify(desk, enterprise_id, word)


@router.post(
    "/{enterprise_id}/return", summary="退回登记", responses=problems(DutyMissing, WrongState)
)
async def return_enterprise(desk: AsOfficer, enterprise_id: UUID, word: Reason) -> EnterpriseRead:
    """退回企业更正，须写明理由。"""
    return await enterprises.return_for_correction(desk, enterprise_id, word)


@router.get("/{enterprise_id}/history", summary="办理经过")
async def enterprise_history(desk: AnyMember, enterprise_id: UUID) -> list[HistoryEntry]:
    """按时间顺序列出登记、核验和更正。"""
    return await enterprises.history(desk, enterprise_id)
