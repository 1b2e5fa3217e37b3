"""Why is a whole sheet refused? One class for each reason, with its Chinese title and remedy."""

from app.errors import Refusal


class FileNotASheet(Refusal):
    """The content is no xlsx, xls or csv, whatever its name says."""

    code = "file_not_a_sheet"
    status = 415
    title = "文件不是可以读取的表格"
    remedy = "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 工作簿后重新上传；仅修改扩展名无效。"


class FileEncrypted(Refusal):
    """The workbook opens with a password only."""

    code = "file_encrypted"
    status = 415
    title = "表格设有打开密码，无法读取"
    remedy = "请在 Excel 或 WPS 中取消打开密码，另存为 .xlsx 后重新上传。"


class FileHasMacros(Refusal):
    """The workbook carries program code."""

    code = "file_has_macros"
    status = 415
    title = "表格带有宏，不予接收"
    remedy = "请另存为不含宏的 .xlsx 工作簿后重新上传。"


class FileTooLargeUnpacked(Refusal):
    """The file is small, what is packed in it is not."""

    code = "file_too_large_unpacked"
    status = 413
    title = "文件展开后过大"
    remedy = "请只保留一张数据表，删除图片、多余工作表和表格下方的空白行，另存为 .xlsx 后重新上传。"


class TooManyRows(Refusal):
    """More rows than the caller takes in one file."""

    code = "too_many_rows"
    status = 413
    title = "表格行数超过限制"
    remedy = "请删除表格下方多余的行；人数或记录确实较多的，请拆分成几个文件分别上传。"


class TooManyColumns(Refusal):
    """Wider than any sheet of this office."""

    code = "too_many_columns"
    status = 413
    title = "表格列数超过限制"
    remedy = "请删除数据右侧多余的列（包括只设了格式的空白列）后重新上传。"


class HeaderNotFound(Refusal):
    """No row names the columns; members ``found`` and ``missing`` list their titles.

    ``titles`` are the words of the row that comes nearest, ``fields`` what a column may be.
    """

    code = "header_not_found"
    status = 422
    title = "没有找到表头"
    remedy = "请在表格前20行内写明一行表头，补上缺少的列；可下载模板对照填写。"


class ColumnsNotUnderstood(Refusal):
    """What was said of the columns is no sentence; member ``fields`` lists the fields there are."""

    code = "columns_not_understood"
    status = 422
    title = "无法理解 columns 参数"
    remedy = (
        "请逐项写成「平台列名=字段」，例如 上课日期=started_at；"
        "学习时长可注明单位，例如 观看量=stated_seconds/秒。"
    )


class ColumnNotFound(Refusal):
    """The sheet has no column of a title that was given; member ``titles`` lists those it has."""

    code = "column_not_found"
    status = 422
    title = "表格中没有 columns 参数所指的列"
    remedy = "请对照 titles 中列出的表头，照原样填写列名。"


class RowsUnreadable(Refusal):
    """Rows have faults; member ``rows`` lists them, ``total`` counts them."""

    code = "rows_unreadable"
    status = 422
    title = "表格中有无法读取的行，未保存任何内容"
    remedy = "请按所列行号逐项改正后重新上传整个文件；也可以选择只接收无误的行。"
