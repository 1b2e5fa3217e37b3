"""A file that the scanner withholds supports nothing, and the finding says which and why."""

from typing import Any

import pytest

from app.policy.explanation import explain
from app.policy.materials import missing_at_claim, missing_at_filing
from app.policy.rulebook import Effect
from tests.policy.cases import assessed, facts, findings_of

FILED = ["licence", "sme_proof", "teaching_plan"]


@pytest.mark.parametrize(
    ("scan", "why"),
    [
        ("pending", "材料正在进行安全检查"),
        ("infected", "材料未通过安全检查：检出恶意内容"),
        ("unscannable", "材料未通过安全检查：无法检查"),
        ("not_scanned", "材料等待安全检查"),
    ],
)
def test_a_withheld_paper_blocks_and_is_named_with_the_reason(scan: str, why: str) -> None:
    changes = {"plan.materials": FILED[1:], "plan.withheld": {"licence": scan}}
    (finding,) = findings_of(assessed(changes))
    told = explain(finding)
    assert (finding.rule, told.effect) == ("filing_materials_complete", Effect.BLOCKS)
    assert told.reason == f"备案材料缺少：营业执照（{why}）。"


def test_of_several_papers_that_would_do_the_withheld_one_is_named() -> None:
    """The video that came is named, not the record that might have come in its place."""
    changes: dict[str, Any] = {
        "materials": ["application_form", "sign_in_registration", "cumulative_hours",
                      "account_proof"],
        "plan.withheld": {"training_video": "unscannable"},
    }  # fmt: skip
    assert missing_at_claim(facts(changes)) == ("training_video",)
    assert missing_at_claim(facts({**changes, "plan.withheld": {}})) == ("training_record",)


def test_a_withheld_paper_that_nobody_demands_changes_nothing() -> None:
    case = facts({"plan.withheld": {"other": "infected"}})
    assert (missing_at_filing(case.plan), missing_at_claim(case)) == ((), ())


def test_a_withheld_screenshot_is_no_proof_of_the_platform() -> None:
    changes = {
        "plan.platform": {"kind": "own", "name": "自有网站", "address": ""},
        "plan.materials": FILED,
        "plan.withheld": {"platform_screenshot": "infected"},
    }
    (finding,) = findings_of(assessed(changes))
    assert explain(finding).reason == (
        "线上培训缺少：相关链接或平台截图（材料未通过安全检查：检出恶意内容）。"
    )


def test_a_withheld_agreement_does_not_document_the_dispatch() -> None:
    changes = {
        "person.employment": "dispatched",
        "person.dispatch_company": "派遣公司",
        "person.dispatch_uscc": "91210203MA0TE7T00K",
        "plan.withheld": {"dispatch_agreement": "pending"},
    }
    case = assessed(changes)
    (finding,) = [each for each in findings_of(case) if each.rule == "dispatch_documented"]
    assert explain(finding).reason == "派遣人员缺少：劳务派遣协议（材料正在进行安全检查）。"
