"""Which looks at evidence are refused, and what may it not support?"""

from app.errors.base import Refusal


class EvidenceInfected(Refusal):
    """The scanner found something harmful: nobody gets these bytes."""

    code, status = "evidence_infected", 409
    title = "材料检出恶意内容，不能下载"
    remedy = "请企业在确认安全的设备上重新制作该材料后上传；检出的名称见 scan_detail。"


class EvidencePending(Refusal):
    """The scanner has not looked at it yet."""

    code, status = "evidence_pending", 409
    title = "材料正在进行安全检查，暂不能下载"
    remedy = "请稍后再试。"


class EvidenceLost(Refusal):
    """The store has no such content, or not the one that was uploaded."""

    code, status = "evidence_lost", 500
    title = "材料内容缺失或已损坏"
    remedy = "请将材料编号告知管理员：用 subsidy evidence verify 查明，并从备份恢复。"


class RangeRefused(Refusal):
    """None of the asked bytes exist."""

    code, status = "range_not_satisfiable", 416
    title = "所请求的字节范围不存在"
    remedy = "请按文件大小 size 重新指定 Range，或去掉 Range 下载全部内容。"


class ClaimEvidenceInfected(Refusal):
    """A claim is not approved while of some material there are only infected files."""

    code, status = "claim_evidence_infected", 409
    title = "有材料检出恶意内容，不能审批"
    remedy = "请退回补正，由企业重新上传该材料（材料清单中 scan 为 infected 的）。"
