"""What is in the archive, told to a person? One page without scripts: amounts, course, contents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any, Final

from app import clock
from app.archiving import acts_zh
from app.archiving.members import attachment_path, evidence_path
from app.archiving.sections import (
    ASSESSMENTS,
    ATTACHMENTS,
    CLAIMS,
    ENTERPRISE,
    EVENTS,
    FILES,
    KEYS,
    LINES,
    NOTICES,
    OBJECTIONS,
    PAYMENTS,
    PLAN,
    RECOVERIES,
    SECTIONS,
    TRAINEES,
    Section,
)
from app.policy.explanation import TEXTS
from app.policy.measures import measure
from app.policy.money import NOTHING
from app.policy.procedure import STATES_ZH

_KEPT: Final = (
    PLAN, ENTERPRISE, TRAINEES, FILES, KEYS, CLAIMS, ASSESSMENTS, LINES, NOTICES, OBJECTIONS,
    ATTACHMENTS, PAYMENTS, RECOVERIES, EVENTS,
)  # fmt: skip
_LARGE: Final = frozenset({"facts", "findings", "content", "contents", "form", "details"})
_PAGE: Final = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:sans-serif;margin:2em;max-width:70em}}table{{border-collapse:collapse}}
td,th{{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}}
code{{font-size:85%;word-break:break-all}}</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""
_SEALED: Final = (
    "本档案按密封状态导出：花名册和学习记录原表为加密文件（.sealed），账号和异议内容为密文，"
    "相应人员和学习记录见脱敏数据（filing/trainees.json、learning/records.json）。"
)
_OPENED: Final = (
    "本档案含已解封的内容（opened/），包括完整证件号码和账号，须按涉密个人信息保管；"
    "导出原因见审计记录。"
)
_PROOF: Final = (
    "<p>完整性：manifest-sha256.txt 列出全部文件的 SHA-256；"
    "可脱机运行 <code>subsidy archive verify 文件</code> 核验。</p>"
)
_STATES: Final = {**STATES_ZH, "sent": "已送银行", "failed": "拨付失败"}
_KINDS: Final[Mapping[str, str]] = TEXTS["words"]["missing"]
_SCANS: Final = {
    "clean": "未发现病毒", "infected": "有病毒，勿打开", "unscannable": "无法扫描",
    "pending": "待扫描", "not_scanned": "未扫描",
}  # fmt: skip
_Row = Mapping[str, Any]


class Index:
    """Gathers what the page tells; ``kept`` are the rows by section, without large columns."""

    def __init__(self) -> None:
        self.kept: dict[str, list[dict[str, Any]]] = {section.path: [] for section in _KEPT}

    def wants(self, section: Section) -> bool:
        """Tell whether the page speaks of the rows of a section."""
        return section.path in self.kept

    def add(self, section: Section, row: _Row) -> None:
        """Keep what the page tells of a row."""
        small = {key: value for key, value in row.items() if key not in _LARGE}
        self.kept[section.path].append(small)

    def page(self, name: str, payload: Mapping[str, tuple[int, str]], *, is_full: bool) -> bytes:
        """Return the page; *payload* are the members with their sizes and hashes."""
        parts = [
            f"<p>{_OPENED if is_full else _SEALED}</p>",
            _PROOF,
            *self._case(), *self._amounts(), *self._files(payload), *self._course(),
            *_contents(payload),
        ]  # fmt: skip
        return _PAGE.format(title=escape(f"补贴案件档案 {name}"), body="\n".join(parts)).encode()

    def _case(self) -> Iterator[str]:
        (plan,), (enterprise,) = self.kept[PLAN.path], self.kept[ENTERPRISE.path]
        yield _table("案件", ("项目", "内容"), [
            ("企业", f"{enterprise['name']}（{enterprise['uscc']}）"),
            ("培训方案", f"{plan['receipt'] or '（未提交）'} {plan['title']}"),
            ("补贴项目", measure(plan["measure"]).title),
            ("培训日期", f"{plan['starts_on']} 至 {plan['ends_on']}"),
            ("人数", len(self.kept[TRAINEES.path])),
            ("方案状态", _STATES[plan["state"]]),
        ])  # fmt: skip

    def _amounts(self) -> Iterator[str]:
        for claim in self.kept[CLAIMS.path]:
            title = f"补贴申请 {claim['receipt'] or claim['id']}"
            payments = [row for row in self.kept[PAYMENTS.path] if row["claim_id"] == claim["id"]]
            back = [row for row in self.kept[RECOVERIES.path] if row["claim_id"] == claim["id"]]
            paid = sum(
                (Decimal(row["amount"]) for row in payments if row["state"] == "paid"), NOTHING
            )
            yield _table(title, ("项目", "内容"), [
                ("状态", _STATES[claim["state"]]),
                ("核定金额（元）", claim["amount"]),
                ("已预拨（元）", claim["advanced"]),
                ("应拨付（元）", claim["to_pay"]),
                ("已拨付（元）", paid),
                *((f"拨付 {row['paid_on'] or ''}（{_STATES[row['state']]}）",
                   f"{row['amount']} 元，户名 {row['payee']}，账号 {row['account_masked']}")
                  for row in payments),
                *((f"追回 {row['receipt']}", f"{row['amount']} 元") for row in back),
            ])  # fmt: skip
            yield from self._lines(claim)

    def _lines(self, claim: _Row) -> Iterator[str]:
        """Tell the persons of the assessment in force: the one that was made last."""
        made = [row for row in self.kept[ASSESSMENTS.path] if row["claim_id"] == claim["id"]]
        if not made:
            return
        last = max(made, key=lambda row: row["number"])
        people = {row["id"]: row for row in self.kept[TRAINEES.path]}
        lines = [
            (row["number"], people[row["trainee_id"]]["name"],
             people[row["trainee_id"]]["id_masked"], row["hours"], row["gross"], row["payable"])
            for row in self.kept[LINES.path] if row["assessment_id"] == last["id"]
        ]  # fmt: skip
        total = sum((Decimal(line[-1]) for line in lines), NOTHING)
        title = f"逐人金额（第 {last['number']} 次核算，适用 {last['edition']} 起施行的规定）"
        heads = ("序号", "姓名", "证件号码", "课时", "计算金额（元）", "应补贴（元）")
        yield _table(title, heads, [*lines, ("合计", "", "", "", "", total)])

    def _files(self, payload: Mapping[str, tuple[int, str]]) -> Iterator[str]:
        found = [
            *(
                (evidence_path(row), _KINDS.get(row["kind"], row["kind"]), row)
                for row in self.kept[FILES.path]
            ),
            *((attachment_path(row), "异议附件", row) for row in self.kept[ATTACHMENTS.path]),
        ]
        yield _table("材料", ("文件", "种类", "上传时的名称", "上传时间", "病毒扫描", "SHA-256"), [
            (path, kind, row["filename"], _at(row["created_at"]),
             _SCANS.get(row.get("scan", ""), ""), payload[path][1])
            for path, kind, row in found
        ])  # fmt: skip

    def _course(self) -> Iterator[str]:
        yield _table("办理经过", ("时间", "业务日", "办理人", "身份", "事项", "结果"), [
            (_at(row["at"]), row["business_day"], row["account_name"],
             acts_zh.role(row["role"]), acts_zh.act(row["object_kind"], row["act"]),
             "办理" if row["outcome"] == "done" else "拒绝")
            for row in self.kept[EVENTS.path]
        ])  # fmt: skip


def _contents(payload: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    titles = {section.path: section.title for section in SECTIONS}
    titles["assessments/findings.json"] = "核查结论的文字和条款依据"
    yield _table("目录", ("文件", "内容", "字节", "SHA-256"), [
        (path, titles.get(path, "当时有效的参数和条款原文" if path.startswith("law/") else ""),
         size, sha256)
        for path, (size, sha256) in payload.items()
    ])  # fmt: skip


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "\n".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<h2>{escape(title)}</h2>\n<table><tr>{head}</tr>\n{body}\n</table>"


def _at(told: str) -> str:
    return datetime.fromisoformat(told).astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
