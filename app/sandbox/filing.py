"""How does the sample case get filed, approved and learned?

Each step asks the API first what is done, so a play that was cut short, wherever that was, is
resumed, and nothing is done twice.
"""

from app.sandbox import case_sheet, people_sheet
from app.sandbox.play import OtherCase, Play

_RESULTS = ("test_passed", "certificate_number")


def register(case: Play) -> None:
    """The enterprise registers itself; its size class is told with the reason."""
    desk = case.desk("enterprise")
    sheet, known = case.sheet, desk.get("/enterprises")["items"]
    if known:
        case.enterprise = known[0]
        if known[0]["uscc"] != sheet["企业"]["统一社会信用代码"]:
            raise OtherCase(f"此数据中登记的是 {known[0]['name']}，不是 {case.sample} 的单位。")
        return
    districts = {each["name"]: each["code"] for each in case.desk(None).get("/bureaus")}
    district = next(code for name, code in districts.items() if sheet["企业"]["所在地区"] in name)
    case.enterprise = desk.post("/enterprises", case_sheet.enterprise(sheet, district))
    size = case.enterprise["size_explained"].rsplit("；", 1)[-1].strip("。")
    case.told += [f"{case.enterprise['name']} {case.enterprise['uscc']}", size]


def draft(case: Play) -> None:
    """The enterprise drafts its plan."""
    desk, body = case.desk("enterprise"), case_sheet.plan(case.sheet)
    for known in desk.pages("/plans"):
        same = (known["title"], known["starts_on"]) == (body["title"], body["starts_on"])
        if not same or known["state"] == "withdrawn":
            continue
        case.plan = desk.get(f"/plans/{known['id']}")
        if case.plan["platform_kind"] != body.get("platform", {}).get("kind"):
            raise OtherCase(
                f"此数据中已有另一样例 {known['receipt']}，与 {case.sample} 的人员和日期相同。"
            )
        return
    case.plan = desk.post("/plans", body)
    hours = sum(course["class_hours"] for course in case.plan["courses"])
    span = f"{case.plan['starts_on']} 至 {case.plan['ends_on']}"
    taught = f"，{hours} 课时" if hours else ""
    case.told += [case.plan["receipt"], case.plan["title"], span + taught]


def roster(case: Play) -> None:
    """The enterprise imports its roster."""
    if case.plan["state"] == "draft" and not case.plan["trainees"]:
        path = f"/plans/{case.plan['id']}/roster"
        answer = case.desk("enterprise").send(path, case.file(case.sheet["花名册"]))
        case.told.append(f"{answer['stored']} 人，有误 {len(answer['skipped'])} 行")


def details(case: Play) -> None:
    """The enterprise tells of each person what the measure asks beside the roster."""
    path, desk = f"/plans/{case.plan['id']}/details", case.desk("enterprise")
    if case.plan["state"] == "draft" and not desk.get(path):
        known = desk.put(path, people_sheet.details(case.sheet))
        case.told.append(f"填报 {len(known)} 人")


def submit(case: Play) -> None:
    """The enterprise adds the papers and submits the plan."""
    if case.plan["state"] == "draft":
        case.upload("备案材料")
        case.plan = case.desk("enterprise").post(f"/plans/{case.plan['id']}/submit")
        case.told.append(f"{case.plan['state_zh']}（{case.plan['submitted_on']} 提交）")


def verify(case: Play) -> None:
    """An officer accepts the registration."""
    if case.enterprise["state"] == "registered":
        case.day(case.planned("准予开班"))
        path = f"/enterprises/{case.enterprise['id']}/verify"
        case.enterprise = case.desk("officer1").post(path, {"remark": "证照齐全"})
        case.told.append("登记信息属实，核验通过")


def approve_plan(case: Play) -> None:
    """An officer approves the filing; training may begin the next day."""
    if case.plan["state"] == "submitted":
        case.day(case.planned("准予开班"))
        path = f"/plans/{case.plan['id']}/approve"
        case.plan = case.desk("officer1").post(path, {"remark": "同意开班"})
        case.told.append(f"{case.plan['state_zh']}（{case.plan['approved_on']}），次日起可开班")


def learn(case: Play) -> None:
    """Weeks go by, and the enterprise imports what its people learned."""
    path, desk = f"/plans/{case.plan['id']}", case.desk("enterprise")
    if not desk.get(f"{path}/learning-batches"):
        case.day(case.planned("学习记录"))
        answer = desk.send(f"{path}/learning-batches", case.file(case.sheet["学习记录"]))
        people = desk.get(f"{path}/progress")
        done = sum(person["completed"] for person in people)
        case.told += [
            f"{answer['stored']} 条学习记录，{answer['rows_with_findings']} 条有问题",
            f"{done}/{len(people)} 人完成全部课时",
        ]


def results(case: Play) -> None:
    """The enterprise tells who passed the test and which certificates were earned."""
    path, desk = f"/plans/{case.plan['id']}", case.desk("enterprise")
    people = desk.get(f"{path}/details")
    if any(person[name] is not None for person in people for name in _RESULTS):
        return
    case.day(case.planned("培训结果"))
    people = desk.put(f"{path}/results", people_sheet.results(case.sheet))
    earned = sum(person["certificate_number"] is not None for person in people)
    case.told.append(f"{earned} 人取得证书")
