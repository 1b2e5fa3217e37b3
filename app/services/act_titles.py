"""What is an act called where people read it? One title for each act on each kind of object."""

from typing import Final

from app.policy.procedure import CLAIM_MOVES, PLAN_MOVES

_MOVES: Final = {
    f"{kind}.{move.name}": move.title_zh
    for kind, moves in (("plans", PLAN_MOVES), ("claims", CLAIM_MOVES))
    for move in moves
}
_HELD: Final = {
    f"{kind}.{act}": title
    for kind in ("plans", "claims", "objections")
    for act, title in (
        ("take", "领取办理"), ("take_over", "接手办理"), ("hand_over", "移交办理"),
        ("release", "退回待办"),
    )
}  # fmt: skip
TITLES: Final = {
    **_MOVES,
    **_HELD,
    "accounts.change": "修改账户权限",
    "accounts.change_email": "修改邮箱",
    "accounts.change_password": "修改密码",  # nosec B105  a title
    "accounts.create": "设立账户",
    "accounts.issue_reset": "发放密码重置凭证",
    "accounts.join": "受邀加入企业",
    "accounts.mail_reset": "邮件发送密码重置凭证",
    "accounts.redeem_reset": "重置密码",
    "accounts.sign_out_everywhere": "退出全部会话",
    "accounts.sign_up": "企业自行注册",
    "enterprises.reveal_account_number": "查看完整账号",
    "invitations.invite": "邀请用户",
    "invitations.take_back": "撤回邀请",
    "legal_holds.lift": "解除封存",
    "legal_holds.place": "封存案卷",
    "licences.add": "上传营业执照",
    "licences.read": "查看营业执照",
    "plans.reveal_resident_id": "查看完整证件号码",
    "accounts.refresh_reused": "刷新令牌重复使用，会话全部注销",
    "accounts.renew": "续期登录",
    "accounts.sign_in": "登录",
    "accounts.sign_in_failed": "登录失败",
    "accounts.sign_out": "退出登录",
    "budgets.confirm": "确认资金预算",
    "budgets.enter": "登记资金预算",
    "claims.ask_to_mend": "列出补正事项",
    "claims.check": "记录人工核查",
    "claims.decide_line": "对单行作出决定",
    "claims.decide_otherwise": "对「原则上」的规定作例外决定",
    "claims.file": "提出补贴申请",
    "claims.find_requirements": "认定政府补贴培训要求",
    "claims.redetermine": "重新核定",
    "declarations.enter": "登记后续文件确定的日期",
    "enterprises.correct": "修改企业登记",
    "enterprises.register": "登记企业",
    "enterprises.return": "退回企业登记",
    "enterprises.verify": "核实企业登记",
    "evidence.add": "上传材料",
    "evidence.read": "查看材料",
    "learning_batches.report": "下载导入报告",
    "learning_records.search_person": "按证件号码查找学习记录",
    "notices.post": "发布公示",
    "notices.record_site": "登记官方网站公示凭证",
    "objection_attachments.read": "查看异议附件",
    "objections.attach": "补充异议附件",
    "objections.lodge": "提出异议",
    "objections.read": "查看异议",
    "objections.rejected": "异议不成立",
    "objections.upheld": "异议成立",
    "payment_batches.import_results": "导入支付结果",
    "payment_batches.make": "编制拨付批次",
    "payment_batches.open_file": "下载拨付文件",
    "plans.ask_for_evaluation": "要求培训后评估",
    "plans.draft": "起草培训计划",
    "plans.edit": "修改培训计划",
    "plans.evaluate": "登记培训后评估",
    "plans.import_details": "导入人员情况表",
    "plans.import_learning": "导入学习记录",
    "plans.import_roster": "导入花名册",
    "plans.push_learning": "平台推送学习记录",
    "plans.report_learning": "试读学习记录并下载报告",
    "plans.report_roster": "试读花名册并下载报告",
    "plans.resume": "恢复办班",
    "plans.suspend": "责令停课",
    "plans.tell_details": "填报人员情况",
    "plans.tell_results": "填报培训结果",
    "plans.try_learning": "试读学习记录",
    "plans.try_roster": "试读花名册",
    "platform_columns.forget": "删除列名记忆",
    "platform_columns.teach": "记住平台列名",
    "platforms.block": "停用平台",
    "platforms.correct": "修改平台信息",
    "platforms.enter": "登记平台",
    "platforms.examine": "核查平台四项条件",
    "platforms.push": "平台推送",
    "platforms.unblock": "恢复平台",
    "rates.enter": "登记补贴标准",
    "recoveries.countersign_offset": "会签抵扣",
    "recoveries.countersign_write_off": "会签核销",
    "recoveries.decide_offset": "决定抵扣",
    "recoveries.decide_write_off": "决定核销",
    "recoveries.demand": "发出退款通知",
    "recoveries.repaid": "登记退款到账",
    "sandbox.set_clock": "设定业务日期",
    "signals.clear": "核销疑点",
    "simulations.ask": "提出政策试算",
    "violations.blacklist": "列入失信名单",
    "violations.dismissed": "违规不成立",
    "violations.established": "认定违规",
    "violations.lift": "移出失信名单",
    "violations.open": "违规立案",
    "violations.transfer": "移送有关部门",
}  # fmt: skip


def title(act: str) -> str:
    """Return the title of ``kind.act``; an act without one is told by its name."""
    return TITLES.get(act, act)
