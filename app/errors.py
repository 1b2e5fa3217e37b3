"""What can be refused? Every deliberate refusal, one class each.

A refusal carries a stable ``code``, an HTTP-like ``status`` (a number only: nothing below
``app.api`` knows HTTP), a Chinese title and remedy, and a ``detail`` for the case at hand. Extra
keyword arguments become members of the problem document.
"""

from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is the office's word; errors are bugs
    """The request was understood and is refused."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, detail: str = "", **members: Any) -> None:  # noqa: ANN401
        super().__init__(detail or self.title)
        self.detail = detail
        self.members = members


class NotSignedIn(Refusal):
    """No token, or one that is not ours, altered or expired."""

    code, status = "not_signed_in", 401
    title = "未登录或登录已失效"
    remedy = "请先登录（Authorize），取得新的访问令牌后重试。"


class SignInFailed(Refusal):
    """User name or password is wrong; which of them is not told."""

    code, status = "sign_in_failed", 400
    title = "用户名或密码不正确"
    remedy = "请核对用户名和密码；连续输错五次将暂时锁定账户。"


class AccountLocked(Refusal):
    """Too many failures in a row."""

    code, status = "account_locked", 429
    title = "账户已暂时锁定"
    remedy = "请在提示的时间之后再试，或联系所属人社部门。"


class RefreshRefused(Refusal):
    """A refresh token that is unknown, expired, or was used before."""

    code, status = "refresh_refused", 400
    title = "刷新令牌无效"
    remedy = "请重新登录。"


class NotYourRole(Refusal):
    """The caller's role has no business on this route."""

    code, status = "not_your_role", 403
    title = "您的身份不能办理此事项"
    remedy = "请使用有相应权限的账户登录。"


class DutyMissing(Refusal):
    """An officer without the duty that the step needs."""

    code, status = "duty_missing", 403
    title = "您没有办理此步骤的岗位职责"
    remedy = "请由具有相应职责的经办人员办理。"


class NotFound(Refusal):
    """No such thing, or none that the caller may see."""

    code, status = "not_found", 404
    title = "没有找到"
    remedy = "请核对编号；您只能看到本单位的事项。"


class WrongState(Refusal):
    """The step does not follow from where the case stands."""

    code, status = "wrong_state", 409
    title = "当前状态不能办理此步骤"
    remedy = "请按 possible 中列出的步骤办理。"


class AlreadyRegistered(Refusal):
    """The credit code is registered already."""

    code, status = "already_registered", 409
    title = "该统一社会信用代码已登记"
    remedy = "请用原账户登录；如有疑问请联系所在地区人社部门。"


class CaseOpen(Refusal):
    """The handling bureau may not change while a case is open."""

    code, status = "case_open", 409
    title = "尚有在办事项，不能变更经办地区或参保层级"
    remedy = "请待在办事项办结或撤回后再变更。"


class EnterpriseNotVerified(Refusal):
    """A plan of an enterprise that the bureau has not accepted."""

    code, status = "enterprise_not_verified", 409
    title = "企业登记信息尚未核验通过"
    remedy = "请先由经办部门核验企业登记信息。"


class ClaimAlreadyFiled(Refusal):
    """There is an open claim for the plan."""

    code, status = "claim_already_filed", 409
    title = "该培训项目已提出补贴申请"
    remedy = "请查看已有申请；如需更正，请先撤回或等待退回补正。"


class ExternalReferenceTaken(Refusal):
    """The same filing number of the same issuer stands on another case."""

    code, status = "external_reference_taken", 409
    title = "该外部系统备案编号已被使用"
    remedy = "请核对外部系统编号；同一编号只能对应一个事项。"


class SignedAlready(Refusal):
    """One officer signs one step of a case at most, and none of a case that he keyed in."""

    code, status = "signed_already", 409
    title = "同一经办人员不得在同一事项上办理两个环节"
    remedy = "请由另一名经办人员办理（录入人员也不得审核、审批）。"


class AssessmentChanged(Refusal):
    """The figures changed since the review: nobody signs an unseen figure."""

    code, status = "assessment_changed", 409
    title = "审核后核算结果已变化"
    remedy = "请先办理「重新核算」，再次审核后审批。"


class CalendarOccupied(Refusal):
    """Persons of the roster are in another approved project on these dates."""

    code, status = "calendar_occupied", 409
    title = "有职工在所报日期内已参加其他培训项目"
    remedy = "请调整培训日期或花名册：上一个培训项目结束后方可参加下一个（LN-1.3-f）。"


class CapReached(Refusal):
    """A person's yearly cap or number of subsidies would be exceeded."""

    code, status = "cap_reached", 409
    title = "超过每人每年补贴上限或补贴次数"
    remedy = "请重新核算后再审批。"


class ProjectSubsidised(Refusal):
    """The same project was already subsidised for a person."""

    code, status = "project_already_subsidised", 409
    title = "同一培训项目不得重复享受补贴"
    remedy = "请重新核算，剔除已享受补贴的人员。"


class FindingsBlock(Refusal):
    """Findings block the step, or nothing is left to pay."""

    code, status = "findings_block", 409
    title = "核算结果不允许办理此步骤"
    remedy = "请查看核算结果中未通过的事项，退回补正或不予补贴。"


class MaterialsMissing(Refusal):
    """Evidence is missing that the filing or the claim demands."""

    code, status = "materials_missing", 422
    title = "材料不齐"
    remedy = "请补充 missing 中列出的材料后重新提交。"


class RosterEmpty(Refusal):
    """A plan without people or courses cannot be filed."""

    code, status = "roster_or_courses_missing", 422
    title = "花名册或课程为空"
    remedy = "请先导入花名册并填写课程。"


class PersonsUnknown(Refusal):
    """Numbers named in the claim are not on the roster."""

    code, status = "persons_unknown", 422
    title = "申请中的人员序号不在花名册内"
    remedy = "请使用花名册中的序号（number）。"


class CommitmentsMissing(Refusal):
    """The annex's commitments were not all accepted, or in another version."""

    code, status = "commitments_missing", 422
    title = "承诺书未全部确认"
    remedy = "请逐条确认申请表承诺书的全部承诺（版本见 /api/v1/policy/commitments）。"


class PlanDatesPassed(Refusal):
    """Training would have started before the filing was approved."""

    code, status = "approved_too_late", 409
    title = "备案审核须在开班之前完成"
    remedy = "请退回企业调整开班日期：审核通过的次日起方可开展培训（DL-4.2-f）。"


class NoticeOpen(Refusal):
    """The publicity period has not closed."""

    code, status = "notice_open", 409
    title = "公示期未满"
    remedy = "请在公示期满后的下一日起办理拨付（DL-4.3-i）。"


class SameFile(Refusal):
    """The same export was imported already."""

    code, status = "file_already_imported", 409
    title = "同一文件已导入"
    remedy = "无需再次导入；如需更正，请上传更正后的文件并指明所替换的批次。"


class BodyTooLarge(Refusal):
    """More bytes than the route takes."""

    code, status = "body_too_large", 413
    title = "上传内容过大"
    remedy = "请压缩或拆分后上传，大小上限见 limit。"


class FileRefused(Refusal):
    """A kind of file that is not taken as evidence."""

    code, status = "file_type_refused", 415
    title = "不接受此类文件"
    remedy = "请上传 PDF、图片、音视频、表格或压缩包（不含宏和可执行文件）。"


class FileEmpty(Refusal):
    """Zero bytes."""

    code, status = "file_empty", 422
    title = "文件为空"
    remedy = "请重新选择文件后上传。"


class KeyReused(Refusal):
    """An Idempotency-Key that came with another request before."""

    code, status = "idempotency_key_reused", 422
    title = "幂等键已用于另一请求"
    remedy = "请为不同的请求使用不同的 Idempotency-Key。"


class NoPolicyInForce(Refusal):
    """The training lies outside every edition of the policy."""

    code, status = "no_policy_in_force", 409
    title = "所报日期没有适用的补贴政策"
    remedy = "请核对培训日期；政策自2020年2月24日起施行（DL-6-b）。"


class CalendarUnknown(Refusal):
    """The working-day calendar does not know a year."""

    code, status = "calendar_unknown", 503
    title = "工作日历缺少所需年份"
    remedy = "请管理员补充 app/reference/working_days.toml，再执行 subsidy reference load。"


class ClockMovesForward(Refusal):
    """The sandbox's business day cannot go back before what was already decided."""

    code, status = "clock_moves_forward", 409
    title = "沙箱业务日期只能向后调整"
    remedy = "请指定不早于当前业务日期的日期。"


REFUSED_BY_CONSTRAINT: dict[str, type[Refusal]] = {
    "uq_enterprises_uscc": AlreadyRegistered,
    "pk_enterprises": AlreadyRegistered,
    "uq_claims_open_on_plan": ClaimAlreadyFiled,
    "uq_claims_external_issuer_external_reference": ExternalReferenceTaken,
    "uq_plans_external_issuer_external_reference": ExternalReferenceTaken,
    "uq_signatures_one_per_officer": SignedAlready,
    "claims_two_signatures": SignedAlready,
    "ex_enrolments_no_overlap": CalendarOccupied,
    "ck_year_balances_cap": CapReached,
    "ck_period_balances_times": CapReached,
    "uq_project_subsidies_once": ProjectSubsidised,
    "payments_after_notice": NoticeOpen,
    "uq_payments_one_per_claim": WrongState,
    "uq_learning_batches_file": SameFile,
    "ck_plans_approved_before_start": PlanDatesPassed,
    "uq_notices_claim_id": WrongState,
}
"""A check explains, a constraint decides: what the database refused, in the office's words."""
