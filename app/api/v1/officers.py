"""Officers' accounts: made and changed by an administrator of their own bureau."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AsOfficer, Passwords
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import (
    DutiesApart,
    DutyMissing,
    NotFound,
    NotSignedIn,
    NotYourRole,
    OwnRights,
    UsernameTaken,
)
from app.schemas.accounts import (
    DutiesChange,
    OfficerCreate,
    OfficerRead,
    OneTimePassword,
    ResetIssued,
    UserRead,
)
from app.schemas.claims import HistoryEntry
from app.schemas.words import Page
from app.services import officers, resets

# One-time passwords and tokens are told once: no Idempotency-Key keeps them.
router = APIRouter(
    prefix="/api/v1",
    tags=["账户管理"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, DutyMissing),
)
_CHANGED = problems(NotFound) | problems(NotYourRole, DutyMissing, OwnRights)


@router.get("/accounts", summary="本部门账户")
async def list_accounts(desk: AsOfficer, page: PageOf) -> Page[OfficerRead]:
    """账户管理和审计职责可见。"""
    return await officers.listed(desk, page)


@router.post(
    "/accounts",
    status_code=201,
    summary="新建账户",
    responses=problems(UsernameTaken, DutiesApart),
)
async def create_account(
    desk: AsOfficer, passwords: Passwords, new: OfficerCreate
) -> OneTimePassword:
    """返回一次性密码，首次登录后须修改；账户管理、审计职责不与其他职责兼任。"""
    return await officers.create(desk, passwords, new)


@router.put(
    "/accounts/{account_id}/duties",
    summary="变更岗位职责",
    responses=_CHANGED | problems(DutiesApart),
)
async def change_duties(desk: AsOfficer, account_id: UUID, change: DutiesChange) -> OfficerRead:
    """不能变更自己的职责；已签发的访问令牌到期后生效，签署步骤立即生效。"""
    return await officers.change_duties(desk, account_id, change)


@router.post("/accounts/{account_id}/deactivate", summary="停用账户", responses=_CHANGED)
async def deactivate(desk: AsOfficer, account_id: UUID) -> OfficerRead:
    """登录随即失效，不能再登录。"""
    return await officers.set_active(desk, account_id, active=False)


@router.post("/accounts/{account_id}/reactivate", summary="恢复账户", responses=_CHANGED)
async def reactivate(desk: AsOfficer, account_id: UUID) -> OfficerRead:
    """可以重新登录。"""
    return await officers.set_active(desk, account_id, active=True)


@router.post("/accounts/{account_id}/reset", summary="重置账户密码", responses=_CHANGED)
async def reset(desk: AsOfficer, passwords: Passwords, account_id: UUID) -> OneTimePassword:
    """给出新的一次性密码，解除锁定，并停用其动态验证码。"""
    return await officers.reset(desk, passwords, account_id)


@router.get("/accounts/{account_id}/history", summary="账户变更经过", responses=problems(NotFound))
async def account_history(desk: AsOfficer, account_id: UUID) -> list[HistoryEntry]:
    """登录、职责变更、停用、重置等，最早的在前。"""
    return await officers.history(desk, account_id)


@router.get("/enterprise-users", summary="企业的用户")
async def list_enterprise_users(desk: AsOfficer, enterprise_id: UUID) -> list[UserRead]:
    """本部门经办的企业的用户，供核对身份后重置密码；不归本部门经办的返回空表。"""
    return await officers.of_enterprise(desk, enterprise_id)


@router.post(
    "/enterprise-users/{user_id}/reset",
    status_code=201,
    summary="为企业用户重置密码",
    responses=problems(NotFound),
)
async def issue_reset(desk: AsOfficer, user_id: UUID) -> ResetIssued:
    """核对来人身份后给出一次性重置码，由本人设置新密码；同时停用其动态验证码。"""
    return await resets.issue(desk, user_id)
