"""Why is a field refused? In Chinese, and without what was sent: it may be a resident ID."""

import re
from collections.abc import Mapping
from typing import Any, Final

_REASONS: Final = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "json_invalid": "不是有效的 JSON",
    "string_too_long": "过长",
    "string_too_short": "过短或为空",
    "string_pattern_mismatch": "格式不正确",
    "string_unicode": "含有不可用的字符",
    "too_long": "条数过多",
    "too_short": "条数过少",
    "decimal_max_digits": "数字过大",
    "decimal_whole_digits": "数字过大",
    "decimal_max_places": "小数位数过多",
    "int_from_float": "不是整数",
    "finite_number": "不是有限的数字",
    "greater_than_equal": "小于允许的最小值",
    "greater_than": "小于允许的最小值",
    "less_than_equal": "大于允许的最大值",
    "enum": "不在允许的取值之内",
    "literal_error": "不在允许的取值之内",
}
_BY_KIND: Final = {
    "date": "不是有效日期（YYYY-MM-DD）",
    "uuid": "不是有效的编号",
    "int": "不是整数",
    "decimal": "不是数字",
    "float": "不是数字",
    "bool": "应为 true 或 false",
    "string": "应为文字",
    "list": "应为列表",
    "model": "应为 JSON 对象",
    "dict": "应为 JSON 对象",
}
_CHINESE: Final = re.compile("[一-鿿]")


def reason(fault: Mapping[str, Any]) -> str:
    """Return the reason of one of pydantic's faults; our own rules speak Chinese already."""
    told = str(fault["msg"]).removeprefix("Value error, ")
    if _CHINESE.search(told):
        return told
    kind = str(fault["type"])
    return _REASONS.get(kind) or _BY_KIND.get(kind.split("_", 1)[0], "不符合要求")
