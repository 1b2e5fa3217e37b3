"""What belongs to a case? Each section of an archive is the rows of one table that do.

A row is told as the database has it, but for keyed digests, by which somebody who holds the key
could search. What is sealed stays sealed. Seals of audit events, where there are any, are one more
section of ``audit/``.
"""

from typing import Final, NamedTuple

_CASE: Final = """
    WITH own_claims AS (SELECT id FROM claims WHERE plan_id = $1),
    own_notices AS (
        SELECT DISTINCT notice_id AS id FROM notice_claims
        WHERE claim_id IN (SELECT id FROM own_claims)
    ),
    own_objections AS (
        SELECT id FROM objections WHERE notice_id IN (SELECT id FROM own_notices)
           AND (claim_id IS NULL OR claim_id IN (SELECT id FROM own_claims))
    ),
    own_payments AS (
        SELECT id, batch_id FROM payments WHERE claim_id IN (SELECT id FROM own_claims)
    ),
    own_recoveries AS (
        SELECT id FROM recoveries WHERE claim_id IN (SELECT id FROM own_claims)
    ),
    own_violations AS (
        SELECT DISTINCT violation_id AS id FROM violation_claims
        WHERE claim_id IN (SELECT id FROM own_claims)
    ),
    own_objects AS (
        SELECT $1::uuid AS id UNION SELECT $2::uuid UNION SELECT id FROM own_claims
        UNION SELECT id FROM own_notices UNION SELECT id FROM own_objections
        UNION SELECT batch_id FROM own_payments UNION SELECT id FROM own_violations
    )
"""
_HIDDEN: Final = "{account_digest,accepted_digest,token_digest,digest}"
_BY_PLAN: Final = "t.plan_id = $1"
_BY_CLAIM: Final = "t.claim_id IN (SELECT id FROM own_claims)"
# An archive tells the case, not who took it out before: the same case gives the same archive.
_BY_OBJECT: Final = """
    (t.case_id IN (SELECT id FROM own_objects) OR (t.case_id IS NULL
        AND t.object_id IN (SELECT id::text FROM own_objects)))
    AND t.object_kind <> 'archives'
"""


def _among(column: str, own: str, key: str = "id") -> str:
    return f"t.{column} IN (SELECT {key} FROM {own})"  # noqa: S608  names of this file only


class Section(NamedTuple):
    """The rows of *table* that are the case's: where they stand, in which order, and their name."""

    path: str
    title: str
    table: str
    of: str
    order: str = "id"

    @property
    def query(self) -> str:
        """Return the query of the rows, each as JSON; its parameters are plan and enterprise."""
        order = ", ".join(f"t.{column}" for column in self.order.split())
        return (
            f"{_CASE} SELECT (to_jsonb(t) - '{_HIDDEN}'::text[])::text"  # noqa: S608  as above
            f" FROM {self.table} AS t"
            f" WHERE ({self.of}) AND $1::uuid IS NOT NULL AND $2::uuid IS NOT NULL ORDER BY {order}"
        )


PLAN: Final = Section("filing/plan.json", "开班备案（培训方案）", "plans", "t.id = $1")
ENTERPRISE: Final = Section("filing/enterprise.json", "企业登记", "enterprises", "t.id = $2")
TRAINEES: Final = Section(
    "filing/trainees.json", "花名册（证件号码脱敏）", "trainees", _BY_PLAN, "number"
)
FILES: Final = Section(
    "evidence/files.json", "材料目录（每份材料的文件和哈希）", "evidence", _BY_PLAN
)
KEYS: Final = Section(
    "filing/file_keys.json", "密封材料的密钥（仍处于密封状态）", "file_keys",
    "t.sha256 IN (SELECT sha256 FROM evidence WHERE plan_id = $1)", "sha256",
)  # fmt: skip
CLAIMS: Final = Section("claims/claims.json", "补贴申请", "claims", _BY_PLAN)
ASSESSMENTS: Final = Section("assessments/assessments.json", "核算", "assessments", _BY_CLAIM)
LINES: Final = Section(
    "assessments/lines.json", "逐人核算（含依据的事实和核查结论）", "assessment_lines", _BY_CLAIM,
    "assessment_id number",
)  # fmt: skip
NOTICES: Final = Section(
    "notices/notices.json", "公示（原文快照和摘要）", "notices", _among("id", "own_notices")
)
OBJECTIONS: Final = Section(
    "notices/objections.json", "异议和处理结果（内容密封）", "objections",
    _among("id", "own_objections"),
)  # fmt: skip
ATTACHMENTS: Final = Section(
    "notices/attachments.json", "异议附件目录", "objection_attachments",
    _among("objection_id", "own_objections"),
)  # fmt: skip
PAYMENTS: Final = Section("money/payments.json", "拨付", "payments", _BY_CLAIM)
RECOVERIES: Final = Section("money/recoveries.json", "追回", "recoveries", _BY_CLAIM)
EVENTS: Final = Section("audit/events.json", "审计记录", "audit_events", _BY_OBJECT)

SECTIONS: Final = (
    ENTERPRISE,
    PLAN,
    Section("filing/courses.json", "课程", "plan_courses", _BY_PLAN, "number"),
    Section("filing/teachers.json", "教师", "plan_teachers", _BY_PLAN, "number"),
    TRAINEES,
    Section("filing/details.json", "人员专项信息", "trainee_details", _BY_PLAN, "trainee_id"),
    Section("filing/suspensions.json", "暂停开班", "suspensions", _BY_PLAN),
    Section("filing/evaluation.json", "培训后评估", "evaluations", _BY_PLAN, "plan_id"),
    Section("filing/holds.json", "封存保全", "legal_holds", _BY_PLAN),
    Section("learning/batches.json", "学习记录导入批次", "learning_batches", _BY_PLAN),
    Section(
        "learning/records.json", "学习记录（证件号码脱敏）", "learning_records", _BY_PLAN,
        "batch_id row id",
    ),
    Section(
        "learning/pushed.json", "平台推送记录的编号", "pushed_records",
        "t.batch_id IN (SELECT id FROM learning_batches WHERE plan_id = $1)", "batch_id row",
    ),
    FILES,
    KEYS,
    CLAIMS,
    Section("claims/rounds.json", "各轮申报内容", "claim_rounds", _BY_CLAIM, "claim_id round"),
    Section("claims/corrections.json", "补正事项", "correction_points", _BY_CLAIM),
    Section("claims/overrides.json", "个案裁量", "overrides", _BY_CLAIM),
    Section("claims/line_decisions.json", "逐人审核决定", "line_decisions", _BY_CLAIM),
    Section("claims/redeterminations.json", "重新核定", "redeterminations", _BY_CLAIM, "claim_id"),
    Section("claims/checks.json", "经办人员核查", "officer_checks", _BY_CLAIM),
    Section("claims/signals.json", "疑点及核实", "signals", _BY_CLAIM),
    Section("claims/signatures.json", "签字", "signatures", f"{_BY_PLAN} OR {_BY_CLAIM}"),
    Section(
        "claims/assignments.json", "领取和移交", "assignments",
        f"{_BY_PLAN} OR {_BY_CLAIM} OR {_among('objection_id', 'own_objections')}",
    ),
    ASSESSMENTS,
    LINES,
    NOTICES,
    Section(
        "notices/claims.json", "公示所列申请", "notice_claims", _BY_CLAIM, "notice_id claim_id"
    ),
    Section(
        "notices/sites.json", "公示网站和截图哈希", "notice_sites",
        _among("notice_id", "own_notices"),
    ),
    OBJECTIONS,
    ATTACHMENTS,
    PAYMENTS,
    Section(
        "money/batches.json", "拨付批次", "payment_batches",
        _among("id", "own_payments", "batch_id"),
    ),
    Section(
        "money/offsets.json", "抵扣", "payment_offsets", _among("payment_id", "own_payments"),
        "payment_id recovery_id",
    ),
    RECOVERIES,
    Section(
        "money/recovery_lines.json", "追回明细", "recovery_lines", _BY_CLAIM, "recovery_id number"
    ),
    Section(
        "money/recovery_decisions.json", "追回的决定", "recovery_decisions",
        _among("recovery_id", "own_recoveries"),
    ),
    Section(
        "money/recovery_payments.json", "退回款项", "recovery_payments",
        _among("recovery_id", "own_recoveries"),
    ),
    Section(
        "money/violations.json", "违规处理", "violations", _among("id", "own_violations")
    ),
    Section(
        "money/violation_claims.json", "违规涉及的申请", "violation_claims", _BY_CLAIM,
        "violation_id claim_id",
    ),
    Section(
        "money/violation_transfers.json", "违规移送", "violation_transfers",
        _among("violation_id", "own_violations"),
    ),
    Section(
        "money/blacklistings.json", "失信名单", "blacklistings",
        _among("violation_id", "own_violations"),
    ),
    Section("money/ledger.json", "个人补贴台账分录", "ledger_entries", _BY_CLAIM),
    Section("money/enrolments.json", "培训日历占用", "enrolments", _BY_PLAN, "person_id"),
    Section(
        "money/projects.json", "项目补贴登记", "project_subsidies", _BY_CLAIM, "person_id claim_id"
    ),
    Section("money/budget.json", "资金预算分录", "budget_entries", _BY_CLAIM),
    EVENTS,
)  # fmt: skip
