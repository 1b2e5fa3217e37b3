"""What is refused before training? Registrations, plans and rosters."""

from app.errors.base import Refusal


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


class ExternalReferenceTaken(Refusal):
    """The same filing number of the same issuer stands on another case."""

    code, status = "external_reference_taken", 409
    title = "该外部系统备案编号已被使用"
    remedy = "请核对外部系统编号；同一编号只能对应一个事项。"


class CalendarOccupied(Refusal):
    """Persons of the roster are in another approved project on these dates."""

    code, status = "calendar_occupied", 409
    title = "有职工在所报日期内已参加其他培训项目"
    remedy = "请调整培训日期或花名册：上一个培训项目结束后方可参加下一个（LN-1.3-f）。"


class RosterEmpty(Refusal):
    """A plan without people or courses cannot be filed."""

    code, status = "roster_or_courses_missing", 422
    title = "花名册或课程为空"
    remedy = "请先导入花名册并填写课程。"


class PlanDatesPassed(Refusal):
    """Training would have started before the filing was approved."""

    code, status = "approved_too_late", 409
    title = "备案审核须在开班之前完成"
    remedy = "请退回企业调整开班日期：审核通过的次日起方可开展培训（DL-4.2-f）。"


class OnHold(Refusal):
    """A bureau ordered that the case be kept as it is."""

    code, status = "case_on_hold", 409
    title = "案件已封存保全，不能删除或替换已有内容"
    remedy = "请联系经办部门；封存解除后方可修改。"


class SameFile(Refusal):
    """The same export was imported already."""

    code, status = "file_already_imported", 409
    title = "同一文件已导入"
    remedy = "无需再次导入；如需更正，请上传更正后的文件并指明所替换的批次。"
