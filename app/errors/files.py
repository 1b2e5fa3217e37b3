"""Which uploads are refused?"""

from app.errors.base import Refusal


class BodyTooLarge(Refusal):
    """More bytes than the route takes."""

    code, status = "body_too_large", 413
    title = "上传内容过大"
    remedy = "请压缩或拆分后上传，大小上限见 limit。"


class FileRefused(Refusal):
    """A kind of file that is not taken as evidence."""

    code, status = "file_type_refused", 415
    title = "不接受此类文件"
    remedy = "请上传 PDF、图片、音视频、表格或压缩包（不含宏和可执行文件）。"


class FileEmpty(Refusal):
    """Zero bytes."""

    code, status = "file_empty", 422
    title = "文件为空"
    remedy = "请重新选择文件后上传。"
