"""What later documents declare for all cases; open to everybody, entered by the centre."""

from fastapi import APIRouter

from app.api.deps import Anybody, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import DutyMissing, NotSignedIn, NotYourRole
from app.schemas.declarations import DeclarationCreate, DeclarationRead
from app.services import declarations

router = APIRouter(prefix="/api/v1/policy/declarations", tags=["政策"], route_class=KeyedRoute)


@router.get("", summary="后续文件确定的日期")
async def list_declarations(desk: Anybody) -> list[DeclarationRead]:
    """疫情期间结束、省通知延长、线下培训恢复；每一事项以最新登记为准。"""
    return await declarations.listed(desk)


@router.post(
    "",
    status_code=201,
    summary="登记后续文件确定的日期",
    responses=problems(NotSignedIn, NotYourRole, DutyMissing),
)
async def enter_declaration(desk: AsOfficer, new: DeclarationCreate) -> DeclarationRead:
    """由省中心有审批职责的人员登记；只增不改。"""
    return await declarations.enter(desk, new)
