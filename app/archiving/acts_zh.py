"""What is an act called in Chinese? The procedure's own words where it has some."""

from typing import Final

from app.policy.procedure import CLAIM_MOVES, PLAN_MOVES

_MOVES: Final = {
    **{("plans", move.name): move.title_zh for move in PLAN_MOVES},
    **{("claims", move.name): move.title_zh for move in CLAIM_MOVES},
}
_OTHERS: Final = {
    ("enterprises", "register"): "登记企业",
    ("enterprises", "verify"): "核验企业",
    ("plans", "draft"): "起草方案",
    ("plans", "edit"): "修改方案",
    ("plans", "import_roster"): "导入花名册",
    ("plans", "import_learning"): "导入学习记录",
    ("plans", "push_learning"): "平台推送学习记录",
    ("plans", "import_details"): "导入专项信息",
    ("plans", "suspend"): "暂停开班",
    ("plans", "resume"): "恢复开班",
    ("plans", "ask_for_evaluation"): "要求评估",
    ("plans", "evaluate"): "登记评估",
    ("claims", "file"): "提交补贴申请",
    ("claims", "check"): "经办人员核查",
    ("claims", "decide_line"): "逐人审核决定",
    ("claims", "decide_otherwise"): "个案裁量",
    ("claims", "supersede"): "由重新核定取代",
    ("evidence", "add"): "上传材料",
    ("evidence", "read"): "查看材料",
    ("signals", "clear"): "核实疑点",
    ("notices", "record_site"): "登记公示网站",
    ("objections", "lodge"): "提出异议",
    ("objections", "attach"): "补充异议附件",
    ("objections", "rejected"): "异议不成立",
    ("objections", "upheld"): "异议成立",
    ("objections", "read"): "查看异议",
    ("recoveries", "demand"): "要求退回",
    ("legal_holds", "place"): "封存保全",
    ("legal_holds", "lift"): "解除封存",
    ("payment_batches", "make"): "编制拨付批次",
}
_ROLES: Final = {
    "enterprise": "企业", "district": "区市县经办", "centre": "省中心经办", "public": "社会公众",
    "platform": "培训平台", "sign_in": "登录", "scanner": "病毒扫描", "auditor": "审计",
}  # fmt: skip


def act(kind: str, name: str) -> str:
    """Return what an act on a kind of object is called; one without a name of its own, its code."""
    return _MOVES.get((kind, name)) or _OTHERS.get((kind, name)) or f"{kind}.{name}"


def role(name: str) -> str:
    """Return what a role is called."""
    return _ROLES.get(name, name)
