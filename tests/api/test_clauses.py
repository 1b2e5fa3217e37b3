"""Every clause of the two notices is told: its words, where it acts or why not, its examples."""

from typing import Any

import pytest

from app.policy.clauses import all_clauses
from tests.world import World

OF_OTHER_EDITIONS = {"measure_in_force", "mode_allowed", "fewer_than_the_provincial_limit"}


@pytest.fixture
async def told(world: World) -> dict[str, Any]:
    """What the service tells of each of the 120 clauses."""
    return {each.id: await world.get(None, f"/policy/clauses/{each.id}") for each in all_clauses()}


async def test_every_clause_acts_somewhere_or_says_why_not(told: dict[str, Any]) -> None:
    assert len(told) == 120
    for clause_id, clause in told.items():
        assert bool(clause["places"]) != bool(clause["not_code"]), clause_id
        assert clause["text"], clause_id
        assert clause["meaning_zh"], clause_id
    assert sum(clause["not_code"] is not None for clause in told.values()) == 13


async def test_every_rule_of_a_clause_is_shown_by_an_example_that_misses_it(
    told: dict[str, Any],
) -> None:
    """But for three rules, which only another edition of the law lets speak: they are passed."""
    for clause_id, clause in told.items():
        shown = [each for example in clause["examples"] for each in example["outcomes"]]
        passed = {each["rule"] for each in shown if each["outcome"] == "passed"}
        missed = {each["rule"] for each in shown if each["outcome"] != "passed"}
        rules = set(clause["rules"])
        assert rules - missed <= OF_OTHER_EDITIONS, clause_id
        assert rules - missed <= passed, clause_id
        cited = {each["name"] for each in clause["places"] if each["kind"] in {"rule", "remark"}}
        assert cited == rules, clause_id


async def test_the_list_tells_every_clause_in_the_order_of_the_notices(
    world: World, told: dict[str, Any]
) -> None:
    listed = await world.get(None, "/policy/clauses")
    assert [each["id"] for each in listed] == list(told)
    for each in listed:
        whole = told[each["id"]]
        assert each["places"] == len(whole["places"])
        assert each["examples"] == len(whole["examples"])
        assert each["not_code"] == whole["not_code"]
    (fund,) = [each for each in listed if each["id"] == "LN-1.2-e"]
    assert (fund["document"], fund["places"], fund["not_code"]) == ("LN", 1, None)


async def test_a_clause_is_told_word_for_word(world: World) -> None:
    assert await world.get(None, "/policy/clauses/LN-1.3-f") == LN_1_3_F


async def test_a_clause_that_acts_nowhere_says_why(world: World) -> None:
    clause = await world.get(None, "/policy/clauses/DL-2.4-a")
    assert (clause["places"], clause["examples"], clause["rules"]) == ([], [], [])
    assert clause["acts"].startswith("系统外")
    assert len(clause["not_code"]) > 15


async def test_an_advance_is_told_as_one(world: World) -> None:
    clause = await world.get(None, "/policy/clauses/DL-2.1-c")
    by_id = {each["id"]: each for each in clause["examples"]}
    advance, paid = by_id["X19 (50%)"], by_id["apprenticed_for_a_month failed"]
    assert (advance["in_advance"], advance["amount"]) == (True, "25000.00")
    assert advance["measure_zh"] == "企业新型学徒制培训补贴"
    assert (paid["in_advance"], paid["amount"]) == (False, "0.00")


LN_1_3_F = {
    "id": "LN-1.3-f",
    "document": "LN",
    "kind": "PROCESS",
    "text": (
        "疫情影响期间，原则上每人可享受不超过3次补贴，在上一个培训项目结束后方可参加下一个培训项目，"
        "同一培训项目不得重复享受补贴。"
    ),
    "meaning_zh": "同一人须在上一个培训项目结束之后，才能参加下一个培训项目。",
    "meaning": "A person may join the next project only after the previous one has ended.",
    "rules": ["no_overlap"],
    "acts": "人员核对：项目不得重叠",
    "places": [
        {
            "kind": "rule",
            "kind_zh": "核查规则",
            "name": "no_overlap",
            "title": "培训时间不重叠",
        },
        {
            "kind": "parameter",
            "kind_zh": "参数",
            "name": "sequence_measures",
            "title": (
                "须前一项目结束后方可参加的补贴项目：中小微企业职工培训补贴（按课时）、"
                "其他劳动者线上培训补贴、企校订单培训补贴（2020-02-24 起）"
            ),
        },
        {
            "kind": "table",
            "kind_zh": "数据表",
            "name": "enrolments",
            "title": "人员参训登记",
        },
    ],
    "not_code": None,
    "examples": [
        {
            "id": "X5",
            "title": "3 月 1 日至 10 日已在甲企业培训，乙企业 3 月 8 日起的培训不能参加",
            "measure": "hourly_sme",
            "measure_zh": "中小微企业职工培训补贴（按课时）",
            "clauses": ["LN-1.3-f", "A-17"],
            "persons": 1,
            "outcomes": [{"rule": "no_overlap", "title": "培训时间不重叠", "outcome": "failed"}],
            "in_advance": False,
            "amount": "0.00",
        }
    ],
}
