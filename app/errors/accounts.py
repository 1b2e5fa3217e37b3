"""What is refused about accounts: passwords, second factors, invitations, rights."""

from app.errors.base import Refusal


class PasswordChangeRequired(Refusal):
    """A token with which only the password can be changed."""

    code, status = "password_change_required", 403
    title = "须先修改一次性密码"
    remedy = "请以 POST /api/v1/me/password 修改密码，然后重新登录。"


class PasswordRefused(Refusal):
    """A new password that is guessed easily, or is the old one."""

    code, status = "password_refused", 422
    title = "新密码不符合要求"
    remedy = "请使用更长、不常见、不含用户名的密码，例如几个不相干的词。"


class TotpRequired(Refusal):
    """The password is right; the account asks for a second factor."""

    code, status = "totp_required", 400
    title = "需要动态验证码"
    remedy = "请在 totp 栏填写身份验证器显示的 6 位验证码，或一个恢复码，与密码一并提交。"


class TotpRefused(Refusal):
    """A code that is wrong, too old, or was used before; or there is nothing to confirm."""

    code, status = "totp_refused", 400
    title = "动态验证码不正确"
    remedy = "请核对手机时间，等下一个验证码出现后重试；每个验证码只能使用一次。"


class TotpStands(Refusal):
    """A second factor that is confirmed already."""

    code, status = "totp_stands", 409
    title = "已启用动态验证码"
    remedy = "如需更换，请先停用。"


class TokenSpent(Refusal):
    """A one-time token that is unknown, used, taken back or expired; which is not told."""

    code, status = "token_refused", 400
    title = "一次性凭证无效"
    remedy = "凭证只能使用一次，且有期限；请向发出人索取新的凭证。"


class UsernameTaken(Refusal):
    """A user name that another account has."""

    code, status = "username_taken", 409
    title = "用户名已被使用"
    remedy = "请换一个用户名。"


class OwnRights(Refusal):
    """Somebody who would change his own rights."""

    code, status = "own_rights", 403
    title = "不能变更自己的权限"
    remedy = "请由本单位另一名管理员办理。"


class DutiesApart(Refusal):
    """Duties that no officer may have together."""

    code, status = "duties_apart", 422
    title = "岗位职责不能兼任"
    remedy = "账户管理、审计职责均须单独设置，不与其他职责兼任。"


class ManagerOnly(Refusal):
    """What only a manager of the enterprise may do."""

    code, status = "manager_only", 403
    title = "仅企业管理员可以办理"
    remedy = "请由本企业的管理员账户办理。"


class CreditCodeStands(Refusal):
    """A credit code other than the one signed up with, or the one a bureau accepted."""

    code, status = "credit_code_stands", 409
    title = "统一社会信用代码不能变更"
    remedy = "请使用注册时填写并经核验的统一社会信用代码；如有误，请重新注册账户。"


class LicenceMissing(Refusal):
    """A registration by sign-up whose licence was not shown."""

    code, status = "licence_missing", 409
    title = "尚未上传营业执照"
    remedy = "自行注册的企业须先上传营业执照扫描件，经办人员核对后方可核验通过。"


class LicencesFull(Refusal):
    """More scans of the licence than anybody needs."""

    code, status = "licences_full", 409
    title = "营业执照扫描件已达上限"
    remedy = "请联系经办部门核对已上传的扫描件。"


class RegistrationChanged(Refusal):
    """A registration that was corrected after the officer had looked at it."""

    code, status = "registration_changed", 409
    title = "企业登记在核验期间已更正"
    remedy = "请重新查看登记信息（含基本账户）后再核验。"
