"""How does a case sheet in the words of the office become the fields of the API?"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.sandbox import words


class SampleCase(StrEnum):
    """The case sheets of ``examples/`` that can be played; their value is the file's name."""

    LISTED_PLATFORM = "plan.json"
    OWN_SITE = "plan_own_site.json"
    SKILL_UPGRADE = "measures/skill_upgrade.json"
    APPRENTICESHIP = "measures/apprenticeship.json"
    WORK_FOR_TRAINING = "measures/work_for_training.json"
    OTHER_WORKERS = "measures/other_workers.json"
    ORDER_TRAINING = "measures/order_training.json"


def read_sheet(path: Path) -> dict[str, Any]:
    """Return the case sheet as written."""
    sheet: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return sheet


def enterprise(sheet: dict[str, Any], district_code: str) -> dict[str, Any]:
    """Return the body of POST /enterprises."""
    told = sheet["企业"]
    stopped = told["受疫情影响停工期"].split(" 至 ")
    entity = {"entity": words.ENTITIES[told["单位类别"]]} if "单位类别" in told else {}
    return {
        "uscc": told["统一社会信用代码"],
        "name": told["名称"],
        "legal_representative": told["法定代表人"],
        "contact": told["法定代表人"],
        "phone": told["联系电话"],
        "address": told["地址"],
        "district_code": district_code,
        "legal_form": "legal_person",
        **entity,
        "dispatch_company": told["劳务派遣单位"] == "是",
        "industry": words.INDUSTRIES[told["行业"]],
        "headcount": told["2019年底从业人员"],
        "revenue_wan": str(told["营业收入(万元)"]),
        "assets_wan": str(told["资产总额(万元)"]),
        "insurance": words.INSURANCE[told["失业保险缴纳"]],
        "stopped_from": stopped[0],
        "stopped_to": stopped[1],
        "bank_name": told["开户银行"],
        "account_name": told["名称"],
        "account_number": told["开户账号"],
    }


def plan(sheet: dict[str, Any]) -> dict[str, Any]:
    """Return the body of POST /plans; what the sheet does not say is left out."""
    mode = words.MODES[sheet["培训方式"]]
    return {
        **_beside(sheet),
        "title": sheet["项目名称"],
        "occupation": sheet["职业工种"],
        "level": sheet["等级"],
        "main_business": sheet["与主营业务关系"],
        "mode": mode,
        "form": words.FORMS[sheet["组织形式"]],
        "starts_on": sheet["开始日期"],
        "ends_on": sheet["结束日期"],
        "cost": str(sheet["培训成本(元)"]),
        "courses": [
            {
                "name": course["名称"],
                "class_hours": course["课时"],
                "category": words.CATEGORIES[course["类别"]],
                "mode": mode,
                "delivery": words.DELIVERIES[course["形式"]],
            }
            for course in sheet["课程"]
        ],
    }


def _beside(sheet: dict[str, Any]) -> dict[str, Any]:
    """Return what only some measures and some ways of training ask of a plan."""
    told: dict[str, Any] = {}
    if "补贴项目" in sheet:
        told["measure"] = words.MEASURES[sheet["补贴项目"]]
    if platform := sheet.get("培训平台"):
        told["platform"] = {
            "kind": words.PLATFORMS[platform["类型"]],
            "name": platform["名称"],
            "address": platform["网址"],
        }
    if commission := sheet.get("委托培训机构"):
        told["commission"] = {
            "institution": commission["名称"],
            "uscc": commission["统一社会信用代码"],
        }
    if "结业考核" in sheet:
        told["tested"] = sheet["结业考核"] == "是"
    if "班级或协议编号" in sheet:
        told["class_reference"] = sheet["班级或协议编号"]
    return told
