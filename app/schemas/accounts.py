"""What is told of accounts, their rights and their keys?"""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.policy.procedure import Duty
from app.schemas.words import Given, Numbered, Text, Told, Uscc

_EMAIL: Final = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,189}\.[A-Za-z]{2,24}$"


def _writable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("含有不可用的字符")
    return text


NewPassword = Annotated[
    str,
    # A password is taken as it is: not stripped, not normalised.
    StringConstraints(min_length=1, max_length=200, strip_whitespace=False),
    AfterValidator(_writable),
]
GivenPassword = Annotated[str, StringConstraints(max_length=200, strip_whitespace=False)]
Token = Annotated[str, Field(min_length=1, max_length=100)]
Email = Annotated[str, Field(max_length=254, pattern=_EMAIL)]
Username = Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{2,39}$")]
Rank = Literal["manager", "clerk"]


class SignUpCreate(Given):
    """An enterprise that makes its first account itself."""

    uscc: Uscc = Field(description="统一社会信用代码", examples=["91210202MA0TE5T08F"])
    enterprise_name: Text = Field(description="企业名称")
    name: Text = Field(description="用户姓名")
    password: NewPassword
    email: Email | None = Field(None, description="用于找回密码（可空）")


class SignedUp(Told):
    """The account that was made."""

    username: str = Field(description="由系统分配，请妥善保存")
    enterprise_id: UUID


class InvitationCreate(Given):
    """Whom a manager lets in."""

    rank: Rank = Field(description="manager 管理员；clerk 经办人（不能管理用户和变更银行账户）")


class InvitationRead(Numbered):
    """An invitation, without its token."""

    rank: Rank
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class InvitationIssued(Numbered):
    """An invitation with its token, which is told once."""

    rank: Rank
    token: str = Field(description="一次性邀请码，仅显示这一次")
    expires_at: datetime


class InvitationAccept(Given):
    """Who takes an invitation."""

    token: Token
    name: Text = Field(description="用户姓名")
    password: NewPassword
    email: Email | None = Field(None, description="用于找回密码（可空）")


class RankChange(Given):
    """What a user of the enterprise is from now on."""

    rank: Rank


class UserRead(Numbered):
    """A user of an enterprise."""

    username: str
    name: str
    rank: Rank
    active: bool
    created_at: datetime


class ResetAsked(Given):
    """Whose password was forgotten."""

    username: Text


class ResetAnswered(Told):
    """The same answer, whoever asks."""

    message: str = "如该账户存在并登记了邮箱，重置码将发送至该邮箱；否则请联系所属人社部门。"


class ResetIssued(Told):
    """A one-time token that the bureau hands to the user."""

    token: str = Field(description="一次性重置码，仅显示这一次")
    expires_at: datetime


class ResetRedeem(Given):
    """A new password by a one-time token."""

    token: Token
    password: NewPassword


class PasswordChange(Given):
    """A new password by the old one."""

    password: GivenPassword = Field(description="当前密码（或一次性密码）")
    new_password: NewPassword


class PasswordProof(Given):
    """Who is signed in shows that it is still he."""

    password: GivenPassword


class EmailChange(PasswordProof):
    """Where resets are sent to."""

    email: Email | None = Field(description="为空则删除")


class TotpSecret(Told):
    """What the authenticator is given; told once."""

    secret: str
    uri: str = Field(description="otpauth:// 链接，可生成二维码供身份验证器扫描")


class TotpCode(Given):
    """A code of the authenticator."""

    totp: Annotated[str, Field(max_length=40)]


class RecoveryCodes(Told):
    """Codes for when the authenticator is lost; each is taken once."""

    recovery_codes: list[str]


class SessionRead(Numbered):
    """A sign-in that is not over."""

    began_at: datetime
    renewed_at: datetime
    expires_at: datetime
    address: str = Field(description="最近一次登录或续期的来源地址")


class OfficerCreate(Given):
    """An officer whom an administrator lets in."""

    username: Username
    name: Text
    duties: Annotated[list[Duty], Field(max_length=3, description="岗位职责")]


class DutiesChange(Given):
    """What an officer is charged with from now on."""

    duties: Annotated[list[Duty], Field(max_length=3)]


class OfficerRead(Numbered):
    """An officer's account."""

    username: str
    name: str
    duties: list[str]
    active: bool
    must_change_password: bool
    created_at: datetime


class OneTimePassword(OfficerRead):
    """An officer's account with the password for his first sign-in, which is told once."""

    one_time_password: str = Field(description="一次性密码，仅显示这一次；首次登录后须修改")
