"""The users of an enterprise: managers invite, remove and change; clerks may not."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AsEnterprise
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import ManagerOnly, NotFound, NotSignedIn, NotYourRole, OwnRights
from app.schemas.accounts import (
    InvitationCreate,
    InvitationIssued,
    InvitationRead,
    RankChange,
    UserRead,
)
from app.services import users

# The tokens that are answered are told once: no Idempotency-Key keeps them.
router = APIRouter(
    prefix="/api/v1/enterprises/{enterprise_id}",
    tags=["企业用户"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
_MANAGED = problems(NotYourRole, ManagerOnly)


@router.get("/users", summary="企业用户")
async def list_users(desk: AsEnterprise, enterprise_id: UUID) -> list[UserRead]:
    """本企业的管理员和经办人，含已移除的。"""
    return await users.listed(desk, enterprise_id)


@router.post("/invitations", status_code=201, summary="邀请用户", responses=_MANAGED)
async def invite_user(
    desk: AsEnterprise, enterprise_id: UUID, new: InvitationCreate
) -> InvitationIssued:
    """管理员给出一次性邀请码，限期有效；受邀人自行设置密码。"""
    return await users.invite(desk, enterprise_id, new)


@router.get("/invitations", summary="邀请清单", responses=_MANAGED)
async def list_invitations(desk: AsEnterprise, enterprise_id: UUID) -> list[InvitationRead]:
    """不含邀请码。"""
    return await users.invitations(desk, enterprise_id)


@router.delete(
    "/invitations/{invitation_id}", status_code=204, summary="撤回邀请", responses=_MANAGED
)
async def take_back_invitation(
    desk: AsEnterprise, enterprise_id: UUID, invitation_id: UUID
) -> None:
    """尚未使用的邀请码随即失效。"""
    await users.take_back(desk, enterprise_id, invitation_id)


@router.post(
    "/users/{user_id}/rank",
    summary="变更用户身份",
    responses=_MANAGED | problems(NotYourRole, ManagerOnly, OwnRights),
)
async def change_rank(
    desk: AsEnterprise, enterprise_id: UUID, user_id: UUID, change: RankChange
) -> UserRead:
    """管理员变更其他用户；不能变更自己。"""
    return await users.change_rank(desk, enterprise_id, user_id, change.rank)


@router.post(
    "/users/{user_id}/remove",
    summary="移除用户",
    responses=_MANAGED | problems(NotYourRole, ManagerOnly, OwnRights),
)
async def remove_user(desk: AsEnterprise, enterprise_id: UUID, user_id: UUID) -> UserRead:
    """该用户的登录随即失效，不能再登录；所办事项的记录不变。"""
    return await users.remove(desk, enterprise_id, user_id)
