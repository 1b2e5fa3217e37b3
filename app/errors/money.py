"""What is refused of money: above a budget, above a demand, to one who is barred?"""

from app.errors.base import Refusal


class BudgetExceeded(Refusal):
    """The budget of the year does not suffice; the figures are told."""

    code, status = "budget_exceeded", 409
    title = "超出本年度资金预算"
    remedy = (
        "请核对预算（budget）、已占用（reserved）、已支付（paid）、可用（free）和本次所需（asked）；"
        "需追加预算的，按文件登记后再办理。"
    )


class BudgetBelowCommitted(Refusal):
    """A new budget below what is promised and paid already."""

    code, status = "budget_below_committed", 409
    title = "预算低于已占用和已支付的金额"
    remedy = "请核对金额：预算不得低于 reserved 与 paid 之和。"


class BudgetConfirmed(Refusal):
    """A budget is confirmed once, by another officer, and only the newest."""

    code, status = "budget_confirmed", 409
    title = "该预算不能再确认"
    remedy = "预算由另一名经办人员确认一次；已有更新的预算生效的，请重新登记。"


class TwoPersons(Refusal):
    """The second signature must be another officer's."""

    code, status = "two_persons", 409
    title = "须由另一名经办人员办理"
    remedy = "登记人与确认人不得为同一人，请由另一名有相应职责的经办人员办理。"


class EnterpriseBlacklisted(Refusal):
    """The enterprise is barred for false claims (LN-3.3-c)."""

    code, status = "enterprise_blacklisted", 409
    title = "该单位已列入失信名单，不予受理和拨付"
    remedy = (
        "列入日期（since）和文号（document）见本答复；"
        "如有异议，请向作出决定的人社部门申请复核（LN-3.3-c）。"
    )


class MoreThanPaid(Refusal):
    """More is demanded back than was paid, or is demanded already."""

    code, status = "more_than_paid", 409
    title = "要求退回的金额超过已拨付的金额"
    remedy = "请核对：只能就已拨付的申请、按人员核定金额之内、扣除已要求退回的部分提出。"


class MoreThanDemanded(Refusal):
    """More comes back than is open of the demand."""

    code, status = "more_than_demanded", 409
    title = "退回金额超过尚未退回的金额"
    remedy = "请核对金额；正在拨付中抵扣的部分，待拨付结果登记后再计算。"


class ReferenceKnown(Refusal):
    """The same bank reference was recorded for the demand before."""

    code, status = "bank_reference_known", 409
    title = "该银行回单已登记"
    remedy = "请核对回单号；同一回单只登记一次。"


class NotEstablished(Refusal):
    """The violation was not established by a second officer."""

    code, status = "violation_not_established", 409
    title = "违规行为尚未认定"
    remedy = "请先由另一名经办人员作出认定，再列入名单、移送或追回。"


class RecallTooEarly(Refusal):
    """The time in which the claim may still be filed has not passed."""

    code, status = "recall_too_early", 409
    title = "申请补贴的期限尚未届满，不能收回预拨款"
    remedy = "请在申请期限（last_day）届满之后办理（DL-4.3-a）。"


class BatchWithoutFile(Refusal):
    """A batch of before the files were made has none."""

    code, status = "batch_without_file", 404
    title = "该批次没有银行文件"
    remedy = "该批次编制时尚未生成文件，请在批次明细中查看各笔拨付。"
