"""Who is refused at the door? Callers without a token, a role or a duty."""

from collections.abc import Mapping
from types import MappingProxyType

from app.errors.base import Refusal


class NotSignedIn(Refusal):
    """No token, or one that is not ours, altered or expired."""

    code, status = "not_signed_in", 401
    title = "未登录或登录已失效"
    remedy = "请先登录（Authorize），取得新的访问令牌后重试。"


class SignInFailed(Refusal):
    """User name or password is wrong, or the account is locked; which of them is not told."""

    code, status = "sign_in_failed", 400
    title = "用户名或密码不正确"
    remedy = (
        "请核对用户名和密码。连续输错五次的账户暂时锁定（一分钟起，最长一小时），"
        "锁定期间正确的密码也不能登录，请稍后再试，或联系所属人社部门。"
    )


class RefreshRefused(Refusal):
    """A refresh token that is unknown, expired, or was used before."""

    code, status = "refresh_refused", 400
    title = "刷新令牌无效"
    remedy = "请重新登录。"


class NotYourRole(Refusal):
    """The caller's role has no business on this route."""

    code, status = "not_your_role", 403
    title = "您的身份不能办理此事项"
    remedy = "请使用有相应权限的账户登录。"


class DutyMissing(Refusal):
    """An officer without the duty that the step needs."""

    code, status = "duty_missing", 403
    title = "您没有办理此步骤的岗位职责"
    remedy = "请由具有相应职责的经办人员办理。"


class NotFound(Refusal):
    """No such thing, or none that the caller may see."""

    code, status = "not_found", 404
    title = "没有找到"
    remedy = "请核对编号；您只能看到本单位的事项。"


class KeyReused(Refusal):
    """An Idempotency-Key that came with another request before."""

    code, status = "idempotency_key_reused", 422
    title = "幂等键已用于另一请求"
    remedy = "请为不同的请求使用不同的 Idempotency-Key。"


class CreditCodeNotVouchedFor(Refusal):
    """An outside issuer vouches for its user's enterprise, and for no other."""

    code, status = "credit_code_not_vouched_for", 403
    title = "登录系统认证的不是这家企业"
    remedy = "请按登录系统认证的统一社会信用代码登记；如需登记其他企业，请以该企业的身份登录。"


class ScopeMissing(Refusal):
    """A system's token without the scope of this route, or a route that is closed to systems."""

    code, status = "scope_missing", 403
    title = "系统账户没有此接口的权限范围"
    remedy = "请由运维人员为系统账户授予相应的 scope；需要岗位职责的事项只能由人员办理。"


class ScopeRefused(Refusal):
    """A system asked for a scope that it was not given."""

    code, status = "scope_refused", 400
    title = "所请求的 scope 未授予该系统账户"
    remedy = "请只请求已授予的 scope，或不填写 scope 参数。"


class TooManyRequests(Refusal):
    """More requests than an account or an address may send; ``stands`` are headers that tell it."""

    stands: Mapping[str, str] = MappingProxyType({})

    code, status = "too_many_requests", 429
    title = "请求过于频繁"
    remedy = "请按 retry_after 所列秒数稍后再试；批量数据请用批量接口一次提交。"


class TooSlow(Refusal):
    """A request whose head or body did not come in time."""

    code, status = "request_timeout", 408
    title = "请求接收超时"
    remedy = "请检查网络后重试；大文件请用断点续传上传。"
