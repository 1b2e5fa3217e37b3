"""How does a case sheet in the words of the office become the fields of the API?"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

_MODES: Final = {"线上": "online", "线下": "offline", "线上线下结合": "mixed"}
_FORMS: Final = {
    "脱产培训": "off_the_job",
    "业余培训": "spare_time",
    "以工代训": "work_for_training",
    "边生产边培训": "while_producing",
}
_CATEGORIES: Final = {
    "岗位技能": "job_skill",
    "安全技能": "safety_skill",
    "工伤预防": "injury_prevention",
    "健康卫生及疫情防控": "health_and_epidemic",
    "通用职业素质": "general_quality",
}
_DELIVERIES: Final = {
    "在线直播": "live",
    "视频录播": "recorded",
    "互问互答": "questions_and_answers",
    "考核测试": "test",
    "实训": "practice",
    "课堂": "classroom",
}
_PLATFORMS: Final = {"名单内平台": "listed", "自建网站": "own", "其他平台": "other"}
_INDUSTRIES: Final = {"工业": "INDUSTRY"}


class SampleCase(StrEnum):
    """The case sheets of ``examples/`` that can be played; their value is the file's name."""

    LISTED_PLATFORM = "plan.json"
    OWN_SITE = "plan_own_site.json"

    @property
    def learning_export(self) -> str:
        """The platform's export that goes with the sheet."""
        return _EXPORTS[self]


_EXPORTS: Final = {
    SampleCase.LISTED_PLATFORM: "learning_px_class.xlsx",
    SampleCase.OWN_SITE: "learning_own_site_gbk.csv",
}


def read_sheet(path: Path) -> dict[str, Any]:
    """Return the case sheet as written."""
    sheet: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return sheet


def enterprise(sheet: dict[str, Any], district_code: str) -> dict[str, Any]:
    """Return the body of POST /enterprises."""
    told = sheet["企业"]
    stopped = told["受疫情影响停工期"].split(" 至 ")
    return {
        "uscc": told["统一社会信用代码"],
        "name": told["名称"],
        "legal_representative": told["法定代表人"],
        "contact": told["法定代表人"],
        "phone": told["联系电话"],
        "address": told["地址"],
        "district_code": district_code,
        "legal_form": "legal_person",
        "dispatch_company": told["劳务派遣单位"] == "是",
        "industry": _INDUSTRIES[told["行业"]],
        "headcount": told["2019年底从业人员"],
        "revenue_wan": str(told["营业收入(万元)"]),
        "assets_wan": str(told["资产总额(万元)"]),
        "insurance": "province" if told["失业保险缴纳"] == "省本级" else "city",
        "stopped_from": stopped[0],
        "stopped_to": stopped[1],
        "bank_name": told["开户银行"],
        "account_name": told["名称"],
        "account_number": told["开户账号"],
    }


def plan(sheet: dict[str, Any]) -> dict[str, Any]:
    """Return the body of POST /plans."""
    mode = _MODES[sheet["培训方式"]]
    platform = sheet["培训平台"]
    return {
        "title": sheet["项目名称"],
        "occupation": sheet["职业工种"],
        "level": sheet["等级"],
        "main_business": sheet["与主营业务关系"],
        "mode": mode,
        "form": _FORMS[sheet["组织形式"]],
        "starts_on": sheet["开始日期"],
        "ends_on": sheet["结束日期"],
        "cost": str(sheet["培训成本(元)"]),
        "platform": {
            "kind": _PLATFORMS[platform["类型"]],
            "name": platform["名称"],
            "address": platform["网址"],
        },
        "courses": [
            {
                "name": course["名称"],
                "class_hours": course["课时"],
                "category": _CATEGORIES[course["类别"]],
                "mode": mode,
                "delivery": _DELIVERIES[course["形式"]],
            }
            for course in sheet["课程"]
        ],
    }
