"""The sandbox's own route: its business day. Outside the sandbox it does not exist."""

from fastapi import APIRouter

from app.api.deps import InSandbox
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import ClockMovesForward
from app.schemas.law import ClockRead, ClockSet
from app.services import reference

router = APIRouter(prefix="/api/v1/sandbox", tags=["沙箱"], route_class=KeyedRoute)


@router.get("/clock", summary="业务日期")
async def read_clock(desk: InSandbox) -> ClockRead:
    """沙箱当前的业务日期。"""
    return ClockRead(today=desk.today)


@router.post("/clock", summary="调整业务日期", responses=problems(ClockMovesForward))
async def set_clock(desk: InSandbox, new: ClockSet) -> ClockRead:
    """只能向后调整，用来经历培训的数周和公示的5个工作日。"""
    return await reference.set_clock(desk, new)
