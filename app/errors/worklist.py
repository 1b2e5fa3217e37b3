"""What is refused of the work list, and of deciding on many cases at once?"""

from app.errors.base import Refusal


class CaseHeld(Refusal):
    """Another officer holds the case."""

    code, status = "case_held", 409
    title = "该事项正由其他经办人员办理"
    remedy = "请由持有人办理、移交或放回；确需接手的，请写明理由后领取（take）。"


class NotAwaited(Refusal):
    """The case awaits no officer: nobody can take it."""

    code, status = "not_awaited", 409
    title = "该事项当前不需要经办人员办理"
    remedy = "请查看事项状态；公示期内、已退回企业或已办结的事项不在待办之列。"


class NotAColleague(Refusal):
    """A case goes to an officer of the same bureau with the duty."""

    code, status = "not_a_colleague", 422
    title = "不能移交给该人员"
    remedy = "请从本部门具有相应职责的人员中选择（GET /api/v1/worklist/colleagues）。"


class NotAllApproved(Refusal):
    """All or nothing: one of the claims could not be approved, so none was."""

    code, status = "not_all_approved", 409
    title = "批量审批未办理：有申请不能审批，全部申请均未变动"
    remedy = "请按 items 中逐项列出的说明处理，或以 itemised 方式逐项办理。"
