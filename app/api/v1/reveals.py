"""Numbers that are masked everywhere are told whole here: with a duty, for a reason, on record.

Under one Idempotency-Key a number is told twice for one event: it is the same act to the same
officer, and the kept answer opens with his key only.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import DutyMissing, NotFound, NotSignedIn, NotYourRole
from app.schemas.reveals import Revealed, RevealReason
from app.services import reveals

router = APIRouter(
    prefix="/api/v1",
    tags=["敏感信息"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound, DutyMissing),
)


@router.post("/plans/{plan_id}/trainees/{number}/resident-id/reveal", summary="查看完整身份证号码")
async def reveal_resident_id(
    desk: AsOfficer,
    plan_id: UUID,
    number: Annotated[int, Path(ge=1, le=1_000_000, description="花名册序号")],
    said: RevealReason,
    response: Response,
) -> Revealed:
    """须有审核职责并写明理由；每次查看均记入办理记录。"""
    response.headers["Cache-Control"] = "no-store"
    return await reveals.resident_id(desk, plan_id, number, said)


@router.post("/enterprises/{enterprise_id}/account-number/reveal", summary="查看完整银行账号")
async def reveal_account_number(
    desk: AsOfficer, enterprise_id: UUID, said: RevealReason, response: Response
) -> Revealed:
    """须有拨付职责并写明理由；每次查看均记入办理记录。"""
    response.headers["Cache-Control"] = "no-store"
    return await reveals.account_number(desk, enterprise_id, said)
