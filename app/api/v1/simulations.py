"""Simulations: what would the claims have cost with other figures? No case is changed."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Response

from app.api.deps import AsOfficer, Wake
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import NotFound, NotSignedIn, NotYourRole, ParameterRefused
from app.schemas.simulations import SimulationCreate, SimulationRead, SimulationSummary
from app.schemas.words import Page
from app.services import simulations

router = APIRouter(
    prefix="/api/v1/policy/simulations",
    tags=["政策"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole),
)


@router.post("", status_code=202, summary="提出政策试算", responses=problems(ParameterRefused))
async def ask_simulation(
    desk: AsOfficer, new: SimulationCreate, answer: Response, later: BackgroundTasks, wake: Wake
) -> SimulationRead:
    """如果自某日起参数取另一个值，已提出的申请本应补贴多少？

    在后台核算，不改变任何事项；进度和结果见 Location 所指地址（编号即 `id`）。
    区市县只核算本部门经办的申请；省中心核算全部申请，但只列出本中心经办的申请。
    """
    asked = await simulations.ask(desk, new)
    answer.headers["Location"] = f"{router.prefix}/{asked.id}"
    later.add_task(wake)
    return asked


@router.get("", summary="政策试算列表")
async def list_simulations(desk: AsOfficer, page: PageOf) -> Page[SimulationSummary]:
    """本部门提出的政策试算，不含结果。"""
    return await simulations.listed(desk, page)


@router.get("/{simulation_id}", summary="政策试算", responses=problems(NotFound))
async def read_simulation(desk: AsOfficer, simulation_id: UUID) -> SimulationRead:
    """进度；完成后附结果：合计、增减人数和申请数、按经办部门和补贴项目的分布。"""
    return await simulations.read(desk, simulation_id)
