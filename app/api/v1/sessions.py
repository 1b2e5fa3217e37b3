"""Sign in, renew, sign out, and see who you are."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.api.auth import client_credentials
from app.api.deps import AnyMember, AtSignIn
from app.api.idempotency import KeyedRoute
from app.api.problems import problems, told
from app.errors import (
    NotSignedIn,
    RefreshRefused,
    Refusal,
    ScopeRefused,
    SignInFailed,
    TotpRequired,
)
from app.schemas.sessions import AccessToken, Me, TokenPair
from app.schemas.words import Asked
from app.services import service_accounts, sessions

router = APIRouter(prefix="/api/v1", tags=["登录"], route_class=KeyedRoute)


@router.post(
    "/token",
    summary="登录（OAuth2 密码模式；平台系统用客户端凭据模式），或以刷新令牌换取新令牌",
    response_model=TokenPair | AccessToken,
    responses=problems(SignInFailed, RefreshRefused, ScopeRefused, TotpRequired),
)
async def token(  # noqa: PLR0913  the fields of OAuth2's own form
    desk: AtSignIn,
    request: Request,
    *,
    grant_type: Annotated[
        str, Form(pattern="^(password|refresh_token|client_credentials)$")
    ] = "password",
    username: Annotated[Asked, Form()] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    refresh_token: Annotated[str, Form(max_length=200)] = "",
    client_id: Annotated[Asked, Form()] = "",
    client_secret: Annotated[str, Form(max_length=200)] = "",
    scope: Annotated[str, Form(max_length=500)] = "",
    totp: Annotated[str, Form(max_length=40, description="动态验证码或恢复码（已启用的）")] = "",
) -> TokenPair | AccessToken | Response:
    """用户名和密码换取短期访问令牌；刷新令牌只能使用一次。

    系统账户和平台系统以 client_credentials 登录：client_id 和 client_secret（平台即账户名和密码）
    放在表单中或 HTTP Basic 头中；系统账户可用 scope 只取部分权限；不发刷新令牌，到期后重新登录。
    以一次性密码登录的，令牌的 scope 为 change_password，只能用于修改密码。
    """
    passwords = request.app.state.passwords
    answer: AccessToken | Refusal
    if grant_type == "refresh_token":
        answer = await sessions.renew(desk, refresh_token)
    elif grant_type == "client_credentials":
        given = client_credentials(request, client_id, client_secret)
        answer = await service_accounts.admit_client(desk, passwords, given, scope)
    else:
        answer = await sessions.sign_in(desk, passwords, username, password, totp)
    # A refusal is answered, not raised: the failure it counted must be committed.
    return told(answer) if isinstance(answer, Refusal) else answer


@router.post("/token/revocation", status_code=204, summary="退出登录")
async def revoke(desk: AtSignIn, refresh_token: Annotated[str, Form(max_length=200)]) -> None:
    """注销该刷新令牌及由其续期的全部令牌。"""
    await sessions.sign_out(desk, refresh_token)


@router.get("/me", summary="当前登录身份", responses=problems(NotSignedIn))
async def me(desk: AnyMember) -> Me:
    """返回账户、身份、岗位职责和业务日期。"""
    return sessions.me(desk)
