"""Which steps of a resumable upload are refused? In the words of tus 1.0, with its numbers."""

from app.errors.base import Refusal


class ProtocolVersion(Refusal):
    """Another version of tus than the one that is spoken here."""

    code, status = "tus_version", 412
    title = "断点续传协议版本不符"
    remedy = "请在每个请求中携带 Tus-Resumable: 1.0.0。"


class OffsetConflict(Refusal):
    """The bytes do not follow the last one that is kept, or another connection took over."""

    code, status = "offset_conflict", 409
    title = "续传位置不符"
    remedy = "请先用 HEAD 查询 Upload-Offset，再从该位置继续上传。"


class UploadGone(Refusal):
    """The time in which it had to be finished is over; its bytes are no longer kept."""

    code, status = "upload_gone", 410
    title = "上传已过期"
    remedy = "请重新创建上传。"


class UploadFinished(Refusal):
    """The file is evidence already, and evidence is not taken away."""

    code, status = "upload_finished", 409
    title = "文件已登记为材料"
    remedy = "已登记的材料不能撤销；如有错误请补充正确的材料。"


class ChunkType(Refusal):
    """The body is not announced as tus wants it."""

    code, status = "chunk_type", 415
    title = "请求内容类型不符"
    remedy = "请使用 Content-Type: application/offset+octet-stream。"


class ChecksumMismatch(Refusal):
    """The bytes that came are not those that were sent; none of them is kept."""

    code, status = "checksum_mismatch", 460
    title = "校验和不符"
    remedy = "数据在传输中损坏，本段未保存；请从原位置重新发送本段。"


class ChecksumUnknown(Refusal):
    """A checksum in an algorithm that is not offered, or that is none."""

    code, status = "checksum_unknown", 400
    title = "无法识别校验和"
    remedy = "请使用 Upload-Checksum: sha256 <Base64>，可用算法见 Tus-Checksum-Algorithm。"


class AnothersUpload(Refusal):
    """Only the account that began an upload goes on with it."""

    code, status = "not_your_role", 403
    title = "不是本账户的上传"
    remedy = "请由创建该上传的账户继续，或另行创建上传。"
