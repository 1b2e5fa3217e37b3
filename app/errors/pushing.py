"""What is refused of what a platform pushes? A record by itself, or a call as a whole."""

from app.errors.base import Refusal


class PlanUnknown(Refusal):
    """No plan of this number is filed with the platform; whether with another is not told."""

    code, status = "plan_unknown", 404
    title = "没有以本平台备案的此项培训"
    remedy = "请向企业核对备案回执编号；只能推送备案时填报本平台的培训项目。"


class PlanNotOpen(Refusal):
    """The plan is not approved, or its claim is under examination."""

    code, status = "plan_not_open", 409
    title = "该项培训现在不接收学习记录"
    remedy = (
        "备案审核通过后、补贴申请提出前方可推送；如需更正，请企业撤回申请或等待退回补正后再推送。"
    )


class RecordKeyTaken(Refusal):
    """The key stands for a record of other content."""

    code, status = "record_key_taken", 409
    title = "此 key 已用于内容不同的记录"
    remedy = (
        "同一 key 只能对应一条记录。如需更正，请以 replaces 指明批次，重新推送该批次的全部记录。"
    )


class KeyHoldsIdentity(Refusal):
    """The key contains the resident ID; keys are stored and told in clear."""

    code, status = "record_key_holds_id", 422
    title = "key 中含有身份证号码"
    remedy = "请改用平台内部的记录编号作为 key，不要以身份证号码拼成。"


class StatedTwice(Refusal):
    """A duration in seconds and one in minutes."""

    code, status = "duration_stated_twice", 422
    title = "stated_seconds 和 stated_minutes 只能填一项"
    remedy = "请只保留其中一项；两项都不填时按起止时间计。"


class RecordsRefused(Refusal):
    """Some records are refused where all or none should be stored; ``items`` lists the first."""

    code, status = "records_refused", 422
    title = "有记录不能接收，未保存任何内容"
    remedy = "请按 items 逐条改正后重新推送全部记录；all_or_nothing 为 false 时只接收无误的记录。"


class TooManyRecords(Refusal):
    """More records, or records of more plans, than a call may have."""

    code, status = "too_many_records", 413
    title = "一次推送的记录过多"
    remedy = "请拆分成几次推送；一次最多的记录条数和培训项目数见 records 和 plans。"


class PlatformBlocked(Refusal):
    """An office has blocked the platform."""

    code, status = "platform_blocked", 403
    title = "该平台已被停用，不能推送学习记录"
    remedy = "请联系人社部门；停用前的学习记录由企业导入平台导出的文件。"


class BatchNotReplaceable(Refusal):
    """What is to be replaced is no standing batch of the platform, or of another plan."""

    code, status = "batch_not_replaceable", 409
    title = "没有可替换的推送批次"
    remedy = "请核对 replaces：须为本平台推送、尚未被替换的批次，且全部记录属于该批次的培训项目。"
