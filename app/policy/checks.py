"""What must an officer check with his own eyes, because no rule can? By measure and mode."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from app.policy.discretion import effect_of
from app.policy.facts import ClaimFacts
from app.policy.findings import Assessment, Finding, Outcome
from app.policy.kinds import Mode, PlatformKind, Purpose
from app.policy.measures import measure
from app.policy.rules import Effect

Asked = Callable[[ClaimFacts, Assessment], bool]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an officer: what it is called, what to look at, on which clauses."""

    code: str
    title: str
    advice: str
    clauses: tuple[str, ...]
    asked: Asked


def _always(_facts: ClaimFacts, _result: Assessment) -> bool:
    return True


def _tied_to_the_business(facts: ClaimFacts, _result: Assessment) -> bool:
    """Tell whether the measure ties training to the main business (DL-2.3-a)."""
    return any(rule.name == "main_business_stated" for rule in measure(facts.measure).rules)


def _by_another_platform(facts: ClaimFacts, _result: Assessment) -> bool:
    """Tell whether a self-chosen platform was used: listed ones and one's own meet DL-3.2-b."""
    plan = facts.plan
    online = plan.mode is not Mode.OFFLINE and plan.platform is not None
    return online and plan.platform is not None and plan.platform.kind is PlatformKind.OTHER


def _at_a_place(facts: ClaimFacts, _result: Assessment) -> bool:
    """Tell whether people were trained at a place; of an advance they are yet to be."""
    trained = facts.purpose is Purpose.CLAIM and bool(facts.plan.courses)
    return trained and facts.plan.mode is not Mode.ONLINE


def _with_warnings(_facts: ClaimFacts, result: Assessment) -> bool:
    # Nearly all findings are content: only the others are looked at more closely.
    found = chain(result.findings, *(line.findings for line in result.lines))
    return any(is_warning(one) for one in found if one.outcome is Outcome.WARNED)


def is_warning(finding: Finding) -> bool:
    """Tell whether the law leaves the finding to an officer's eyes."""
    return finding.outcome is Outcome.WARNED and effect_of(finding) is Effect.WARNS


CHECKS: Final = (
    Check(
        "main_business", "培训内容与主营业务相关",
        "对照营业执照经营范围、方案说明和课程名称，核实培训内容结合企业主营业务。",
        ("DL-2.3-a", "LN-1.1-b", "A-12"), _tied_to_the_business,
    ),
    Check(
        "platform_conditions", "自选平台符合条件",
        "核实该平台在中国境内、资质合法、信用良好、提供公益服务，且学习过程可查询、可追溯。",
        ("DL-3.2-b",), _by_another_platform,
    ),
    Check(
        "place_of_training", "线下培训真实开展",
        "查看培训录像和学员考勤表，核实培训地点、日期和到课人员。",
        ("DL-4.3-d", "DL-3.3-b", "A-01"), _at_a_place,
    ),
    Check(
        "evidence_seen", "已查验申报材料",
        "逐份打开本申请的材料，核实内容清晰完整、印章齐全，与填报内容一致。",
        ("DL-4.3-c", "DL-4.3-f"), _always,
    ),
    Check(
        "warnings_weighed", "已研判提示事项",
        "逐项查看结果为「需人工核实」的核查事项，核实后在备注中写明判断。",
        ("DL-4.3-f",), _with_warnings,
    ),
)  # fmt: skip
BY_CODE: Final = {check.code: check for check in CHECKS}


def asked(facts: ClaimFacts, result: Assessment) -> list[str]:
    """Return the codes of the checks that a claim asks of an officer, in their order."""
    return [check.code for check in CHECKS if check.asked(facts, result)]
