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


class ProgramRefused(FileRefused):
    """A program, a script, or an archive that holds one."""

    code = "program_refused"
    title = "不接受程序和脚本"
    remedy = "请去掉程序和脚本，只上传 PDF、图片、音视频或表格；系统按内容判断，改扩展名无效。"


class MacrosRefused(FileRefused):
    """A document that holds macros, or an archive that holds such a document."""

    code = "macros_refused"
    title = "不接受含宏的文档"
    remedy = "请另存为不含宏的格式（.docx、.xlsx、.pptx）或导出 PDF 后上传。"


class ArchiveRefused(FileRefused):
    """An archive whose list of files cannot be read, or must not be trusted."""

    code = "archive_refused"
    title = "不接受此压缩包"
    remedy = "请把文件直接压缩为不加密的 ZIP（内部不再含压缩包）后上传，或逐个上传。"


class LockedDocument(FileRefused):
    """A document that cannot be looked into without its password."""

    code = "locked_document"
    title = "文件已加密"
    remedy = "请取消文件的打开密码后重新上传。"


class FileEmpty(Refusal):
    """Zero bytes."""

    code, status = "file_empty", 422
    title = "文件为空"
    remedy = "请重新选择文件后上传。"
