"""What is to be checked on a claim, and many claims approved at once."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    CaseHeld,
    DutyMissing,
    NotAllApproved,
    NotFound,
    NotSignedIn,
    NotYourRole,
    SignedAlready,
    WrongState,
)
from app.schemas.bulk import BulkApproval, BulkRead
from app.schemas.tasks import CheckCreate, TaskList
from app.services import bulk, tasks

router = APIRouter(
    prefix="/api/v1/claims",
    tags=["补贴申请"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole),
)


@router.get("/{claim_id}/tasks", summary="核对事项", responses=problems(NotFound))
async def list_tasks(desk: AsOfficer, claim_id: UUID) -> TaskList:
    """系统核查的每一项结果，以及须由经办人员核对的事项；全部完成后方可审核通过。"""
    return await tasks.of_claim(desk, claim_id)


@router.post(
    "/{claim_id}/checks",
    summary="登记核对结果",
    responses=problems(NotFound, WrongState, DutyMissing, SignedAlready, CaseHeld),
)
async def check_claim(desk: AsOfficer, claim_id: UUID, word: CheckCreate) -> TaskList:
    """由有审核职责的人员逐项登记；不符合的须写明情况，更正时再次登记，补正或重新核算后须重新核对。"""
    return await tasks.check(desk, claim_id, word)


@router.post(":approve", summary="批量审批", responses=problems(NotAllApproved))
async def approve_claims(desk: AsOfficer, word: BulkApproval) -> BulkRead:
    """逐件核对并签署，规则与逐件审批相同；全部办理或全部不办，或逐件办理，每一件的结果和原因均列出。"""
    return await bulk.approve(desk, word)
