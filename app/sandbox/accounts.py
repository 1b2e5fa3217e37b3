"""Who can sign in to a fresh sandbox? Ready-made accounts; nowhere else are there any."""

from dataclasses import dataclass
from typing import Final

from app.actors import PROVINCIAL_CENTRE


@dataclass(frozen=True, slots=True)
class ReadyAccount:
    """One ready-made account; without a bureau it is an enterprise's.

    A colleague of another user is a clerk of the same enterprise.
    """

    username: str
    password: str
    name: str
    bureau: str | None = None
    duties: tuple[str, ...] = ()
    colleague_of: str | None = None


_ZHONGSHAN: Final = "210202"
_XIGANG: Final = "210203"
_ADJUDICATES: Final = ("review", "approve")

ACCOUNTS: Final = (
    ReadyAccount("enterprise", "sandbox-enterprise", "大连示例机械 经办人"),
    ReadyAccount("clerk", "sandbox-clerk", "大连示例机械 录入", colleague_of="enterprise"),
    ReadyAccount("officer1", "sandbox-officer1", "中山区 经办一", _ZHONGSHAN, _ADJUDICATES),
    ReadyAccount("officer2", "sandbox-officer2", "中山区 经办二", _ZHONGSHAN, _ADJUDICATES),
    ReadyAccount("officer3", "sandbox-officer3", "中山区 经办三", _ZHONGSHAN, _ADJUDICATES),
    ReadyAccount("cashier", "sandbox-cashier", "中山区 拨付", _ZHONGSHAN, ("pay",)),
    ReadyAccount(
        "administrator", "sandbox-administrator", "中山区 账户管理", _ZHONGSHAN, ("administer",)
    ),
    ReadyAccount("auditor", "sandbox-auditor", "中山区 审计", _ZHONGSHAN, ("audit",)),
    ReadyAccount("xigang", "sandbox-xigang", "西岗区 经办", _XIGANG, (*_ADJUDICATES, "pay")),
    ReadyAccount(
        "centre", "sandbox-centre", "省中心 经办", PROVINCIAL_CENTRE, (*_ADJUDICATES, "pay")
    ),
)
