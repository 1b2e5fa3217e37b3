"""What is refused of the catalogue of platforms?"""

from app.errors.base import Refusal


class PlatformKnown(Refusal):
    """A platform of this name, but for blanks, marks and case, is in the catalogue."""

    code, status = "platform_known", 409
    title = "该平台已登记"
    remedy = "请用 GET /api/v1/platforms?search= 查找已登记的平台；域名有变化的，更正其域名。"


class PlatformNotOther(Refusal):
    """The four conditions are those of other platforms, not of listed ones and own sites."""

    code, status = "platform_not_other", 409
    title = "名单内平台和企业自有网站不需核查四项条件"
    remedy = "如发现问题，请停用该平台。"


class PlatformStands(Refusal):
    """The platform is blocked already, or is not blocked."""

    code, status = "platform_stands", 409
    title = "平台当前状态不能办理此事项"
    remedy = "请先查看平台及其经过。"
