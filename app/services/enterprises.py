"""How does an enterprise register, and how does its bureau accept it?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, insert, select, update

from app.actors import PROVINCIAL_CENTRE, EnterpriseUser, Member, Officer
from app.errors import (
    AlreadyRegistered,
    CaseOpen,
    CreditCodeNotVouchedFor,
    DutyMissing,
    NotFound,
    RegistrationChanged,
    WrongState,
)
from app.models import Bureau, Claim, Enterprise, OutsideIdentity, Plan, SignUp, new_id
from app.office import Desk
from app.policy import masking, sme
from app.policy.facts import InsuranceLevel
from app.policy.kinds import Purpose
from app.policy.procedure import CLOSED_CLAIMS, ClaimState, Duty, PlanState
from app.schemas.claims import HistoryEntry
from app.schemas.enterprises import Acceptance, EnterpriseCreate, EnterpriseRead
from app.schemas.words import Page, Reason
from app.services import acts, pages

SEAL = "enterprises.account"


async def register(desk: Desk[Member], new: EnterpriseCreate) -> EnterpriseRead:
    """Register the caller's enterprise, or one whose paper registration an officer keys in.

    Raises:
        AlreadyRegistered: the caller's enterprise is registered already, or a bureau accepted
            another registration of the credit code.
        CreditCodeStands: it is not the code signed up with.
        NotFound: no such district, or it is not the officer's.
    """
    actor = desk.actor
    enterprise_id = actor.enterprise_id if isinstance(actor, EnterpriseUser) else new_id()
    if await desk.db.scalar(select(exists().where(Enterprise.id == enterprise_id))):
        raise AlreadyRegistered
    values = await _registration(desk, new)
    if not isinstance(actor, EnterpriseUser) and values["bureau_code"] != actor.bureau:
        raise NotFound("该企业不归本部门经办。")
    await desk.db.execute(insert(Enterprise).values(id=enterprise_id, **values))
    return await _registered(desk, enterprise_id, "register")


async def correct(
    desk: Desk[EnterpriseUser], enterprise_id: UUID, new: EnterpriseCreate
) -> EnterpriseRead:
    """Replace the registration; the bureau must accept it again.

    Raises:
        CaseOpen: the handling bureau would change while a case is open.
        AlreadyRegistered: another registration of the credit code was accepted.
        CreditCodeStands: it is not the code signed up with, or accepted.
        ManagerOnly: a clerk would change the bank account.
    """
    row = await found(desk, enterprise_id)
    values = await _registration(desk, new)
    if values["bureau_code"] != row.bureau_code and await _has_open_case(desk, enterprise_id):
        raise CaseOpen
    await desk.db.execute(update(Enterprise).where(Enterprise.id == enterprise_id).values(**values))
    return await _registered(desk, enterprise_id, "correct")


async def verify(desk: Desk[Officer], enterprise_id: UUID, word: Acceptance) -> EnterpriseRead:
    """Accept the registration, its bank account and whoever holds its credit code.

    The database closes every other registration of the code that was not accepted.

    Raises:
        RegistrationChanged: it was corrected after the officer looked at it.
        LicenceMissing: who signed up did not show the licence.
        AlreadyRegistered: another holder of the credit code was accepted meanwhile.
        NotFound, DutyMissing, WrongState: as named.
    """
    row = await found(desk, enterprise_id)
    # Two who accept the same code at once wait here, not for each other's rows.
    turn = func.pg_advisory_xact_lock(func.hashtextextended(f"uscc {row.uscc}", 0))
    await desk.db.execute(select(turn))
    query = select(Enterprise.revision).where(Enterprise.id == enterprise_id)
    revision = await desk.db.scalar(query.with_for_update())
    if word.revision is not None and word.revision != revision:
        raise RegistrationChanged
    return await _decide(desk, enterprise_id, "verified", "verify", word.remark)


async def return_for_correction(
    desk: Desk[Officer], enterprise_id: UUID, word: Reason
) -> EnterpriseRead:
    """Return the registration with the reason."""
    return await _decide(desk, enterprise_id, "returned", "return", word.reason)


async def read(desk: Desk[Member], enterprise_id: UUID) -> EnterpriseRead:
    """Return one enterprise that the caller may see."""
    return EnterpriseRead.model_validate(await found(desk, enterprise_id))


async def listed(desk: Desk[Member], state: str | None, page: pages.Place) -> Page[EnterpriseRead]:
    """Return a page of the enterprises that the caller may see, newest first."""
    query = select(*Enterprise.__table__.c)
    if state is not None:
        query = query.where(Enterprise.state == state)
    rows = await pages.rows(desk, query, Enterprise.id, page)
    return pages.page([EnterpriseRead.model_validate(row) for row in rows], page)


async def history(desk: Desk[Member], enterprise_id: UUID) -> list[HistoryEntry]:
    """Return the acts on a registration that the caller may see, oldest first."""
    await found(desk, enterprise_id)
    return await acts.history(desk, enterprise_id)


async def found(desk: Desk[Member], enterprise_id: UUID) -> Row[Any]:
    """Return the row of an enterprise that the caller may see.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(*Enterprise.__table__.c).where(Enterprise.id == enterprise_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def is_unshown(desk: Desk[Member], row: Row[Any]) -> bool:
    """Tell whether an enterprise signed up itself and no bureau accepted its credit code yet."""
    if row.accepted:
        return False
    return bool(await desk.db.scalar(select(exists().where(SignUp.enterprise_id == row.id))))


async def _registration(desk: Desk[Member], new: EnterpriseCreate) -> dict[str, Any]:
    known = await desk.db.scalar(select(Bureau.kind).where(Bureau.code == new.district_code))
    if known is None or new.district_code == PROVINCIAL_CENTRE:
        raise NotFound("没有这个所在地区代码。")
    await _refuse_other_than_vouched_for(desk, new.uscc)
    provincial = new.insurance is InsuranceLevel.PROVINCE
    size = sme.classify(new.industry, new.headcount, new.revenue_wan, new.assets_wan)
    sealer = desk.office.sealer
    return {
        **new.model_dump(exclude={"account_number"}),
        "bureau_code": PROVINCIAL_CENTRE if provincial else new.district_code,
        "account_masked": masking.mask_account(new.account_number),
        "account_sealed": sealer.seal(new.account_number, SEAL),
        "account_digest": sealer.digest(new.account_number, SEAL),
        "size": size.size,
        "is_sme": size.is_sme,
        "size_explained": size.explanation_zh,
        "state": "registered",
        "remark": None,
        "registered_on": desk.today,
    }


async def _refuse_other_than_vouched_for(desk: Desk[Member], uscc: str) -> None:
    """Refuse a credit code other than the one that the caller's outside issuer vouches for."""
    if isinstance(desk.actor, EnterpriseUser):
        mine = OutsideIdentity.account_id == desk.actor.account_id
        vouched_for = await desk.db.scalar(select(OutsideIdentity.uscc).where(mine))
        if vouched_for is not None and vouched_for != uscc:
            raise CreditCodeNotVouchedFor


async def _decide(
    desk: Desk[Officer], enterprise_id: UUID, state: str, act: str, remark: str | None
) -> EnterpriseRead:
    row = await found(desk, enterprise_id)
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    if row.state not in {"registered", "verified"}:
        raise WrongState(state=row.state, possible=[])
    await desk.db.execute(
        update(Enterprise).where(Enterprise.id == row.id).values(state=state, remark=remark)
    )
    return await _registered(desk, enterprise_id, act)


async def _registered(desk: Desk[Member], enterprise_id: UUID, act: str) -> EnterpriseRead:
    row = await found(desk, enterprise_id)
    case = acts.Case(row.id, row.id, row.bureau_code)
    await acts.record(desk, act, "enterprises", row.id, case, state=row.state)
    return EnterpriseRead.model_validate(row)


async def _has_open_case(desk: Desk[Member], enterprise_id: UUID) -> bool:
    closed = (*CLOSED_CLAIMS, ClaimState.PAID, ClaimState.SUPERSEDED)
    claims = exists().where(Claim.enterprise_id == enterprise_id, Claim.state.not_in(closed))
    plans = exists().where(
        Plan.enterprise_id == enterprise_id,
        Plan.state != PlanState.WITHDRAWN,
        ~exists().where(
            Claim.plan_id == Plan.id,
            Claim.state == ClaimState.PAID,
            Claim.kind == Purpose.CLAIM,
        ),
    )
    return bool(await desk.db.scalar(select(claims | plans)))
