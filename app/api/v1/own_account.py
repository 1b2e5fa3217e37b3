"""One's own account: password, e-mail, second factor and sessions; the same for every role."""

from fastapi import APIRouter, Response

from app.api.deps import AsHolder, Passwords
from app.api.idempotency import KeyedRoute
from app.api.problems import problems, told
from app.errors import (
    NotFound,
    NotSignedIn,
    PasswordRefused,
    Refusal,
    SignInFailed,
    TotpRefused,
    TotpStands,
)
from app.schemas.accounts import (
    EmailChange,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    SessionRead,
    TotpCode,
    TotpSecret,
)
from app.services import own_account, second_factors

router = APIRouter(
    prefix="/api/v1/me", tags=["本人账户"], route_class=KeyedRoute, responses=problems(NotSignedIn)
)
_PROVED = problems(SignInFailed)


@router.post(
    "/password",
    status_code=204,
    summary="修改密码",
    responses=_PROVED | problems(PasswordRefused),
)
async def change_password(desk: AsHolder, passwords: Passwords, change: PasswordChange) -> Response:
    """一次性密码登录后须先修改；修改后全部登录失效，请重新登录。"""
    return _answer(await own_account.change_password(desk, passwords, change))


@router.put("/email", status_code=204, summary="登记邮箱", responses=_PROVED)
async def change_email(desk: AsHolder, passwords: Passwords, change: EmailChange) -> Response:
    """用于找回密码，加密保存；为空则删除。"""
    return _answer(await own_account.change_email(desk, passwords, change))


@router.get("/sessions", summary="本人的登录")
async def list_sessions(desk: AsHolder) -> list[SessionRead]:
    """尚未失效的登录，最近的在前。"""
    return await own_account.sessions(desk)


@router.delete("/sessions", status_code=204, summary="退出全部登录")
async def sign_out_everywhere(desk: AsHolder) -> None:
    """全部刷新令牌立即失效；访问令牌最迟在到期时失效。"""
    await own_account.sign_out_everywhere(desk)


@router.post(
    "/totp",
    status_code=201,
    summary="启用动态验证码（第一步）",
    response_model=TotpSecret,
    responses=_PROVED | problems(TotpStands),
)
async def enrol_totp(
    desk: AsHolder, passwords: Passwords, proof: PasswordProof
) -> TotpSecret | Response:
    """返回密钥，仅显示这一次；以身份验证器扫描后，用一个验证码确认。"""
    answer = await own_account.enrol_totp(desk, passwords, proof.password)
    return told(answer) if isinstance(answer, Refusal) else answer


@router.post(
    "/totp/confirm",
    summary="启用动态验证码（第二步）",
    responses=problems(TotpRefused, TotpStands),
)
async def confirm_totp(desk: AsHolder, word: TotpCode) -> RecoveryCodes:
    """确认后每次登录都需要验证码；返回恢复码，仅显示这一次，每个只能使用一次。"""
    return await second_factors.confirm(desk, word.totp)


@router.post(
    "/totp/remove",
    status_code=204,
    summary="停用动态验证码",
    responses=_PROVED | problems(NotFound),
)
async def remove_totp(desk: AsHolder, passwords: Passwords, proof: PasswordProof) -> Response:
    """须再次输入密码。"""
    return _answer(await own_account.remove_totp(desk, passwords, proof.password))


def _answer(refusal: Refusal | None) -> Response:
    """Tell a refusal, or nothing: it is answered, not raised, so that a failure stays counted."""
    return Response(status_code=204) if refusal is None else told(refusal)
