"""What is refused of notices and objections?"""

from app.errors.base import Refusal


class ObjectionLate(Refusal):
    """Objections are lodged while the notice hangs, against what is still published."""

    code, status = "objection_late", 409
    title = "公示期已满或公示已终止，不再受理异议"
    remedy = "请直接向经办部门反映；虚报、套取补贴资金的，可随时举报（LN-3.3-b）。"


class ObjectionsFull(Refusal):
    """So many objections to one notice were lodged that more are taken by the bureau only."""

    code, status = "objections_full", 409
    title = "对该公示的网上异议已达受理上限"
    remedy = "请以信函或电话向经办部门提出。"


class ObjectionRefersToNothing(Refusal):
    """An objection to a claim or to lines that the notice does not list."""

    code, status = "objection_refers_to_nothing", 422
    title = "公示中没有所指的申请或人员序号，或序号重复"
    remedy = (
        "请使用公示内容中的 claim_receipt 和 lines 中的 number；对整个公示提出异议的，两项均不填。"
    )


class AttachmentsFull(Refusal):
    """An objection takes a few files, and none once it is decided."""

    code, status = "attachments_full", 409
    title = "该异议不再接收附件"
    remedy = "附件已达上限，或异议已有处理结果；请向经办部门另行提交。"


class LinesHeld(Refusal):
    """Objections hold what would be paid."""

    code, status = "lines_held", 409
    title = "有异议尚未处理或已成立，相应金额暂不拨付"
    remedy = "请先处理异议；异议成立的，请重新核定后再办理。"


class PaidInPart(Refusal):
    """A claim of which a part was paid is neither refused nor withdrawn."""

    code, status = "paid_in_part", 409
    title = "该申请已有款项拨付，不能撤回或不予补贴"
    remedy = "请处理异议后重新核定，多付的部分另行追回。"
