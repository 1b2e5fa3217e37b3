"""What is a place called where a clause acts? In Chinese, for those who read the law."""

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, Final

from app.policy import parameters, procedure
from app.policy.commitments import COMMITMENTS
from app.policy.explanation import TEXTS
from app.policy.measures import MEASURES

KINDS: Final[Mapping[str, str]] = {
    "rule": "核查规则", "remark": "学习记录核查", "parameter": "参数", "paper": "材料",
    "measure": "补贴项目", "move": "办理步骤", "state": "办理状态", "commitment": "承诺",
    "table": "数据表", "field": "核查事实", "page": "接口", "code": "计算",
}  # fmt: skip
"""The kinds of place, in Chinese."""

_NAMED: Final[Mapping[str, Any]] = tomllib.loads(
    files("app.policy").joinpath("places.toml").read_text("utf-8")
)


def title(place: str) -> str:
    """Return the Chinese name of a place such as ``rule:claimed_in_time``.

    Raises:
        KeyError: no such place has a name.
    """
    kind, _, name = place.partition(":")
    if kind in _NAMED:
        named: str = _NAMED[kind][name]
        return named
    return _TITLES[kind](name)


def _of_rule(name: str) -> str:
    text: str = TEXTS[name]["title"]
    return text


def _of_parameter(key: str) -> str:
    """Return the parameter's name with every value that it has or had."""
    entries = [each for each in parameters.all_entries() if each.key == key]
    values = "；".join(f"{_written(each.value)}（{_days(each)}）" for each in entries)
    return f"{entries[0].name}：{values}"


def _written(value: parameters.Setting) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    words = value if isinstance(value, tuple) else (str(value),)
    return "、".join(MEASURES[word].title if word in MEASURES else word for word in words)


def _days(entry: parameters.Entry) -> str:
    until = f"至 {entry.ends_on}" if entry.ends_on else "起"
    return f"{entry.starts_on} {until}"


def _of_paper(material: str) -> str:
    text: str = TEXTS["words"]["missing"][material]
    return text


def _of_measure(code: str) -> str:
    return MEASURES[code].title


def _of_commitment(number: str) -> str:
    return {str(each.number): each.text for each in COMMITMENTS}[number]


_MOVES: Final = {
    **{f"plan/{each.name}": each.title_zh for each in procedure.PLAN_MOVES},
    **{f"claim/{each.name}": each.title_zh for each in procedure.CLAIM_MOVES},
}
_STATES: Final = {
    **{f"plan/{each.value}": procedure.STATES_ZH[each.value] for each in procedure.PlanState},
    **{f"claim/{each.value}": procedure.STATES_ZH[each.value] for each in procedure.ClaimState},
}
_TITLES: Final[Mapping[str, Callable[[str], str]]] = {
    "rule": _of_rule, "remark": _of_rule, "parameter": _of_parameter, "paper": _of_paper,
    "measure": _of_measure, "move": _MOVES.__getitem__, "state": _STATES.__getitem__,
    "commitment": _of_commitment,
}  # fmt: skip
