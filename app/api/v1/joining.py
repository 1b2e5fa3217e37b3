"""How does one come in without an account, or without the password?"""

from fastapi import APIRouter, BackgroundTasks

from app.api.deps import AtSignIn, Passwords
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import PasswordRefused, TokenSpent
from app.schemas.accounts import (
    InvitationAccept,
    ResetAnswered,
    ResetAsked,
    ResetRedeem,
    SignedUp,
    SignUpCreate,
)
from app.services import joining, resets

router = APIRouter(prefix="/api/v1", tags=["注册"], route_class=KeyedRoute)


@router.post(
    "/sign-ups", status_code=201, summary="企业自行注册", responses=problems(PasswordRefused)
)
async def sign_up(desk: AtSignIn, passwords: Passwords, new: SignUpCreate) -> SignedUp:
    """无需登录。用户名由系统分配；随后登录、登记企业并上传营业执照，经办部门核验通过后方可申报。

    同一代码可有多个注册，其中一个核验通过后，其余的关闭。
    """
    return await joining.sign_up(desk, passwords, new)


@router.post(
    "/invitations/accept",
    status_code=201,
    summary="接受邀请",
    responses=problems(TokenSpent, PasswordRefused),
)
async def accept_invitation(
    desk: AtSignIn, passwords: Passwords, new: InvitationAccept
) -> SignedUp:
    """凭企业管理员给出的一次性邀请码建立本企业的账户；用户名由系统分配。"""
    return await joining.accept(desk, passwords, new)


@router.post("/password-resets", status_code=202, summary="忘记密码")
async def ask_reset(
    desk: AtSignIn, asked: ResetAsked, afterwards: BackgroundTasks
) -> ResetAnswered:
    """答复始终相同，不说明账户是否存在；五分钟内同一账户只发一封邮件。"""
    office, origin = desk.office, (desk.request_id, desk.address)
    if office.mailer is not None:
        afterwards.add_task(resets.send, office, office.mailer, asked.username, *origin)
    return ResetAnswered()


@router.post(
    "/password-resets/redeem",
    status_code=204,
    summary="凭一次性重置码设置新密码",
    responses=problems(TokenSpent, PasswordRefused),
)
async def redeem_reset(desk: AtSignIn, passwords: Passwords, word: ResetRedeem) -> None:
    """重置码由经办部门当面给出，或发送至登记的邮箱；设置后全部登录失效。"""
    await resets.redeem(desk, passwords, word)
