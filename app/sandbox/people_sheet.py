"""What does a case sheet tell of single people: before training, after it, and at the claim?"""

from typing import Any

from app.sandbox import words

_Sheet = dict[str, Any]


def details(sheet: _Sheet) -> list[_Sheet]:
    """Return the body of PUT /plans/{id}/details."""
    return [_detail(one) for one in sheet["人员情况"]]


def results(sheet: _Sheet) -> list[_Sheet]:
    """Return the body of PUT /plans/{id}/results."""
    return [_result(one) for one in sheet["培训结果"]]


def employed(sheet: _Sheet, numbers: list[int]) -> _Sheet:
    """Return who of those on the roster still works there when the subsidy is claimed."""
    left = [
        {"number": one["序号"], "left_on": one["离职日期"]} for one in sheet.get("离职人员", ())
    ]
    gone = {one["number"] for one in left}
    staying = [number for number in numbers if number not in gone]
    return {"still_employed": staying, "left": left} if left else {"still_employed": staying}


def _detail(one: _Sheet) -> _Sheet:
    told: _Sheet = {"number": one["序号"]}
    if start := one.get("入职复工"):
        told["start"] = {"kind": words.JOINED[start["类别"]], "on": start["日期"]}
    if agreed := one.get("学徒协议"):
        told["apprentice"] = {
            "level": words.LEVELS[agreed["培养等级"]],
            "starts_on": agreed["起始日"],
            "ends_on": agreed["结束日"],
            "agreement": agreed["协议编号"],
        }
    if job := one.get("吸纳就业"):
        told["placement"] = {
            "category": words.PERSON_CATEGORIES[job["人员类别"]],
            "certificate": job["证明编号"],
            "issued_by": job["出具单位"],
            "employed_from": job["上岗日期"],
        }
    return told


def _result(one: _Sheet) -> _Sheet:
    told: _Sheet = {"number": one["序号"]}
    if "考核" in one:
        told["test_passed"] = one["考核"] == "合格"
    if certificate := one.get("证书"):
        told["certificate"] = {
            "level": words.LEVELS[certificate["等级"]],
            "number": certificate["编号"],
            "issued_on": certificate["发证日期"],
        }
    return told
