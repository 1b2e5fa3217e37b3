"""What is refused between claim and payment?"""

from app.errors.base import Refusal


class WrongState(Refusal):
    """The step does not follow from where the case stands."""

    code, status = "wrong_state", 409
    title = "当前状态不能办理此步骤"
    remedy = "请按 possible 中列出的步骤办理。"


class ClaimAlreadyFiled(Refusal):
    """There is an open claim for the plan."""

    code, status = "claim_already_filed", 409
    title = "该培训项目已提出补贴申请"
    remedy = "请查看已有申请；如需更正，请先撤回或等待退回补正。"


class SignedAlready(Refusal):
    """One officer signs one step of a case at most, and none of a case that he keyed in."""

    code, status = "signed_already", 409
    title = "同一经办人员不得在同一事项上办理两个环节"
    remedy = "请由另一名经办人员办理（录入人员也不得审核、审批）。"


class AssessmentChanged(Refusal):
    """The figures changed since the review: nobody signs an unseen figure."""

    code, status = "assessment_changed", 409
    title = "审核后核算结果已变化"
    remedy = "请先办理「重新核算」，再次审核后审批。"


class CapReached(Refusal):
    """A person's yearly cap or number of subsidies would be exceeded."""

    code, status = "cap_reached", 409
    title = "超过每人每年补贴上限或补贴次数"
    remedy = "请重新核算后再审批。"


class ProjectSubsidised(Refusal):
    """The same project was already subsidised for a person."""

    code, status = "project_already_subsidised", 409
    title = "同一培训项目不得重复享受补贴"
    remedy = "请重新核算，剔除已享受补贴的人员。"


class FindingsBlock(Refusal):
    """Findings block the step, or nothing is left to pay."""

    code, status = "findings_block", 409
    title = "核算结果不允许办理此步骤"
    remedy = "请查看核算结果中未通过的事项，退回补正或不予补贴。"


class SignalsOpen(Refusal):
    """Something that does not fit in the claim was not looked at yet."""

    code, status = "signals_open", 409
    title = "尚有疑点没有核销"
    remedy = "请由审核人员逐项核实 signals 中列出的疑点，写明情况后核销，再行审批。"


class ChecksOpen(Refusal):
    """A check that only an officer can make was not made, or was not met."""

    code, status = "checks_open", 409
    title = "尚有须由经办人员核对的事项没有完成"
    remedy = "请逐项核对 checks 中列出的事项并登记结果；核对不符合的，请退回补正或不予补贴。"


class SignalCleared(Refusal):
    """A signal is cleared once."""

    code, status = "signal_cleared", 409
    title = "该疑点已经核销"
    remedy = "请查看已有的核实情况；需要更正的，请退回补正或重新核算后再次核实。"


class MaterialsMissing(Refusal):
    """Evidence is missing that the filing or the claim demands."""

    code, status = "materials_missing", 422
    title = "材料不齐"
    remedy = (
        "请补充 missing 中列出的材料后重新提交；"
        "withheld 中的已上传，但正在检查或未通过安全检查，不能作为依据。"
    )


class PersonsUnknown(Refusal):
    """Numbers are not on the roster, or are named twice."""

    code, status = "persons_unknown", 422
    title = "人员序号不在花名册内，或重复填写"
    remedy = "请使用花名册中的序号（number），每人只填一次。"


class CommitmentsMissing(Refusal):
    """The annex's commitments were not all accepted, or in another version."""

    code, status = "commitments_missing", 422
    title = "承诺书未全部确认"
    remedy = "请逐条确认申请表承诺书的全部承诺（版本见 /api/v1/policy/commitments）。"


class NoticeOpen(Refusal):
    """The publicity period has not closed."""

    code, status = "notice_open", 409
    title = "公示期未满"
    remedy = "请在公示期满后的下一日起办理拨付（DL-4.3-i）。"


class NoPolicyInForce(Refusal):
    """The training lies outside every edition of the policy."""

    code, status = "no_policy_in_force", 409
    title = "所报日期没有适用的补贴政策"
    remedy = "请核对培训日期；政策自2020年2月24日起施行（DL-6-b）。"


class CalendarUnknown(Refusal):
    """The working-day calendar does not know a year."""

    code, status = "calendar_unknown", 503
    title = "工作日历缺少所需年份"
    remedy = "请管理员补充 app/reference/working_days.toml，再执行 subsidy database migrate。"


class ClockMovesForward(Refusal):
    """The sandbox's business day cannot go back before what was already decided."""

    code, status = "clock_moves_forward", 409
    title = "沙箱业务日期只能向后调整"
    remedy = "请指定不早于当前业务日期的日期。"


class RuleBinds(Refusal):
    """A rule that is not "in principle" (原则上): nobody may set it aside."""

    code, status = "rule_binds", 409
    title = "该规定不得变通"
    remedy = "只有「原则上」的规定（效力为 needs_decision）可作例外决定。"


class ClassPaid(Refusal):
    """The class is paid to somebody else already: one of the two, never both."""

    code, status = "class_paid", 409
    title = "该培训班（订单）已由另一方享受补贴"
    remedy = "同一培训班只能由机构或企业一方享受补贴（DL-2.4-c），请不予补贴或请另一方先撤回。"


class RateKnown(Refusal):
    """A figure for the same thing from the same day on was entered before."""

    code, status = "rate_known", 409
    title = "该项标准自该日起已登记"
    remedy = "标准只增不改：请以新的起始日登记新标准。"


class ClassSuspended(Refusal):
    """The class is suspended on some of these days already."""

    code, status = "class_suspended", 409
    title = "该培训班在所报日期内已被暂停"
    remedy = "请先办理恢复开班，或从上一次暂停结束之后起暂停。"


class ResumedBeforeSuspended(Refusal):
    """The last day of a suspension lies before its first."""

    code, status = "resumed_before_suspended", 422
    title = "暂停的最后一日早于第一日"
    remedy = "请核对日期；暂停当日即恢复的，最后一日与第一日相同。"


class DayToCome(Refusal):
    """Something is said to have been done on a day that is yet to come."""

    code, status = "day_to_come", 422
    title = "日期尚未到来"
    remedy = "请填写实际办理的日期，不得晚于当前业务日期。"


class DetailsFixed(Refusal):
    """What was told of a person is fixed: the filing was submitted, or the claim filed."""

    code, status = "details_fixed", 409
    title = "备案已提交或申请已提出，人员情况不能再改"
    remedy = "请等待退回补正，或撤回后重新填写。"


class AdvanceOpen(Refusal):
    """An advance and the claim that settles it come one after the other."""

    code, status = "advance_open", 409
    title = "预拨申请与补贴申请须先后办理"
    remedy = "请等待预拨办结（或撤回预拨申请）后提出补贴申请；已提出补贴申请的不能再预拨。"


class ParameterRefused(Refusal):
    """A simulation of a parameter that there is not, or with a value that it cannot take."""

    code, status = "parameter_refused", 422
    title = "没有该参数，或取值不合适"
    remedy = "参数名及其现值见 GET /api/v1/policy；金额和比例写成文字，例如 1200.00 加引号。"
