"""How does the sample case get filed, approved and learned?

Each step asks the API first what is done, so a play that was cut short, wherever that was, is
resumed, and nothing is done twice.
"""

from datetime import date
from typing import Final

from app.sandbox import case_sheet
from app.sandbox.play import OtherCase, Play

_FILING: Final = {
    "licence": "licence.jpg",
    "sme_proof": "sme_proof.pdf",
    "teaching_plan": "teaching_plan.pdf",
    "platform_screenshot": "platform_screenshot.png",
    "account_proof": "account_proof.pdf",
    "dispatch_agreement": "dispatch_agreement.pdf",
}
_APPROVED, _LEARNED = date(2020, 3, 3), date(2020, 3, 30)


def register(case: Play) -> None:
    """The enterprise registers itself; its size class is told with the reason."""
    desk = case.desk("enterprise")
    known = desk.get("/enterprises")["items"]
    if known:
        case.enterprise = known[0]
        return
    sheet = case.sheet()
    districts = {each["name"]: each["code"] for each in case.desk(None).get("/bureaus")}
    district = next(code for name, code in districts.items() if sheet["企业"]["所在地区"] in name)
    case.enterprise = desk.post("/enterprises", case_sheet.enterprise(sheet, district))
    size = case.enterprise["size_explained"].rsplit("；", 1)[-1].strip("。")
    case.told += [f"{case.enterprise['name']} {case.enterprise['uscc']}", size]


def draft(case: Play) -> None:
    """The enterprise drafts its plan."""
    desk, body = case.desk("enterprise"), case_sheet.plan(case.sheet())
    for known in desk.pages("/plans"):
        same = (known["title"], known["starts_on"]) == (body["title"], body["starts_on"])
        if not same or known["state"] == "withdrawn":
            continue
        case.plan = desk.get(f"/plans/{known['id']}")
        if case.plan["platform_kind"] != body["platform"]["kind"]:
            raise OtherCase(
                f"此数据中已有另一样例 {known['receipt']}，与 {case.sample} 的人员和日期相同。"
            )
        return
    case.plan = desk.post("/plans", body)
    hours = sum(course["class_hours"] for course in case.plan["courses"])
    span = f"{case.plan['starts_on']} 至 {case.plan['ends_on']}"
    case.told += [case.plan["receipt"], case.plan["title"], f"{span}，{hours} 课时"]


def roster(case: Play) -> None:
    """The enterprise imports its roster."""
    if case.plan["state"] == "draft" and not case.plan["trainees"]:
        path = f"/plans/{case.plan['id']}/roster"
        answer = case.desk("enterprise").send(path, case.examples / "roster.xlsx")
        case.told.append(f"{answer['stored']} 人，有误 {len(answer['skipped'])} 行")


def submit(case: Play) -> None:
    """The enterprise adds the papers and submits the plan."""
    if case.plan["state"] == "draft":
        case.upload(_FILING)
        case.plan = case.desk("enterprise").post(f"/plans/{case.plan['id']}/submit")
        case.told.append(f"{case.plan['state_zh']}（{case.plan['submitted_on']} 提交）")


def verify(case: Play) -> None:
    """An officer accepts the registration."""
    if case.enterprise["state"] == "registered":
        case.day(_APPROVED)
        path = f"/enterprises/{case.enterprise['id']}/verify"
        case.enterprise = case.desk("officer1").post(path, {"remark": "证照齐全"})
        case.told.append("登记信息属实，核验通过")


def approve_plan(case: Play) -> None:
    """An officer approves the filing; training may begin the next day."""
    if case.plan["state"] == "submitted":
        case.day(_APPROVED)
        path = f"/plans/{case.plan['id']}/approve"
        case.plan = case.desk("officer1").post(path, {"remark": "同意开班"})
        case.told.append(f"{case.plan['state_zh']}（{case.plan['approved_on']}），次日起可开班")


def learn(case: Play) -> None:
    """Weeks go by, and the enterprise imports what its people learned."""
    path, desk = f"/plans/{case.plan['id']}", case.desk("enterprise")
    if not desk.get(f"{path}/learning-batches"):
        case.day(_LEARNED)
        answer = desk.send(f"{path}/learning-batches", case.examples / case.sample.learning_export)
        people = desk.get(f"{path}/progress")
        done = sum(person["completed"] for person in people)
        case.told += [
            f"{answer['stored']} 条学习记录，{answer['rows_with_findings']} 条有问题",
            f"{done}/{len(people)} 人完成全部课时",
        ]
