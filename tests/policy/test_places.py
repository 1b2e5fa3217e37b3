"""Every place where a clause acts has a Chinese name that an officer understands."""

import re

import pytest

from app.policy import parameters
from app.policy.clause_table import uses
from app.policy.places import KINDS, title


def test_every_place_has_a_name_in_chinese_and_a_kind() -> None:
    places = {place for each in uses().values() for place in each}
    assert {place.partition(":")[0] for place in places} == set(KINDS)
    for place in places:
        assert re.search("[一-鿿]", title(place)), place


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("rule:claimed_in_time", "申领期限"),
        ("remark:not_on_roster", "不在花名册"),
        ("parameter:rate_per_class_hour", "每人每课时补贴标准（元）：10.00（2020-02-24 起）"),
        (
            "parameter:advance_measures",
            "可以预支补贴的项目：岗位技能提升培训补贴、企业新型学徒制培训补贴（2020-02-24 起）",
        ),
        ("parameter:offline_enterprise_allowed", "企业可否开展线下培训：是（2020-02-24 起）"),
        ("parameter:offline_institution_allowed", "培训机构可否开展线下培训：否（2020-02-24 起）"),
        ("paper:licence", "营业执照"),
        ("measure:work_for_training", "以工代训补贴"),
        ("move:plan/approve", "准予开班"),
        ("move:claim/approve", "审批同意"),
        ("state:claim/published", "公示中"),
        (
            "commitment:5",
            "本企业组织职工线上培训申请补贴所提交的各项申报材料真实、有效，如实反映培训实际情况。",
        ),
        ("table:bureaus", "经办部门"),
        ("field:PlanFacts.teachers", "授课教师及其荣誉称号"),
        ("page:/api/v1/notices", "公示一览"),
        ("code:sme.classify", "中小微企业的划型"),
    ],
)
def test_a_place_is_called_by_its_name(place: str, named: str) -> None:
    assert title(place) == named


def test_a_parameter_is_told_with_all_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = parameters.read(
        """
        [[cap_per_person_year]]
        value = "1000.00"
        from = 2020-02-24
        to = 2020-12-31
        clause = ["DL-2.3-f"]
        name = "上限（元）"
        [[cap_per_person_year]]
        value = "1500.00"
        from = 2021-01-01
        clause = ["DL-2.3-f"]
        name = "每人上限（元）"
        """
    )
    monkeypatch.setattr(parameters, "all_entries", lambda: entries)
    said = "上限（元）：1000.00（2020-02-24 至 2020-12-31）；1500.00（2021-01-01 起）"
    assert title("parameter:cap_per_person_year") == said


@pytest.mark.parametrize("place", ["rule:x", "table:x", "state:claim/x", "move:bill/pay", "x:y"])
def test_what_is_no_place_has_no_name(place: str) -> None:
    with pytest.raises(KeyError):
        title(place)


def test_only_the_first_colon_parts_kind_and_name() -> None:
    with pytest.raises(KeyError, match=r"^'x:claimed_in_time'$"):
        title("rule:x:claimed_in_time")
