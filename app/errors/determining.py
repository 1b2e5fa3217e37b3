"""What is refused where lines are decided on, signed for, mended, or decided anew?"""

from app.errors.base import Refusal


class ThirdSignatureMissing(Refusal):
    """Above an amount a third officer signs before anything is published or paid."""

    code, status = "third_signature_missing", 409
    title = "超过会签限额，尚未会签"
    remedy = "请由审核、审批以外且未就该申请作过核减的另一名审批人员办理「会签」。"


class NothingTakenAway(Refusal):
    """A decision on a line that takes nothing from it, or lifts what was not decided."""

    code, status = "nothing_taken_away", 409
    title = "该决定没有减少补贴"
    remedy = "核减金额或课时须低于核算结果；要取消以前的核减，请办理「撤销核减」（lift）。"


class PointsOpen(Refusal):
    """A claim is filed again when every point to mend was answered."""

    code, status = "points_open", 422
    title = "补正事项未逐项答复"
    remedy = "请对 points 中列出的每一项填写已补正（mended）或说明情况（explained）。"


class RedeterminationOpen(Refusal):
    """A decision is being made anew already."""

    code, status = "redetermination_open", 409
    title = "该申请正在重新核定"
    remedy = "请查看正在办理的重新核定；一项决定同时只能有一次重新核定。"


class DecisionStands(Refusal):
    """What took the place of a decision is not taken away: it is made anew in its turn."""

    code, status = "decision_stands", 409
    title = "重新核定取代了原决定，不能撤回或不予补贴"
    remedy = "如有错误，请在公示或拨付后再次办理「重新核定」。"
