"""How do people come onto the roster of a plan?"""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, insert, text

from app.actors import Member
from app.models import Trainee, new_id
from app.office import Desk
from app.policy.facts import Material
from app.policy.masking import mask_resident_id
from app.policy.signals import THRESHOLDS, concerning
from app.schemas.rosters import FaultRead, RosterImport
from app.services import acts, plans, sheets, trials
from app.sheets.report import refuse_faults
from app.sheets.roster import RosterRow, RosterSheet, read_roster

ID = "persons.id"
# The dates of a plan that is returned may still move, but not for longer than this.
_AGES_KEPT_FOR: Final = timedelta(days=365)
_IDENTIFY = text(
    "SELECT digest, person FROM identify_persons("
    "CAST(:ids AS uuid[]), CAST(:digests AS bytea[]), CAST(:seals AS bytea[]))"
)


async def import_roster(
    desk: Desk[Member],
    plan_id: UUID,
    file: sheets.SheetFile,
    *,
    good_rows_only: bool,
    dry_run: bool = False,
) -> RosterImport:
    """Replace the roster of a plan that may still be edited; a dry run tells it and stores nothing.

    Raises:
        RowsUnreadable: some rows cannot be read, and nothing was stored.
        WrongState: the plan was submitted.
        Refusal: the file as a whole cannot be taken.
    """
    limit = desk.office.settings.roster_max_rows
    sheet = await sheets.parse(desk, read_roster, file, limit)
    if not good_rows_only:
        refuse_faults(sheet.faults)
    plan = await plans.editable(desk, plan_id)
    more: dict[str, str] = {}
    if dry_run:
        async with trials.undone(desk):
            told = await _replace(desk, plan, sheet)
    else:
        told = await _replace(desk, plan, sheet)
        more["evidence"] = str(await sheets.keep(desk, plan, Material.ROSTER, file))
    await acts.record(
        desk,
        "try_roster" if dry_run else "import_roster",
        "plans",
        plan_id,
        acts.Case.of(plan),
        stored=told.stored,
        skipped=len(told.skipped),
        file_sha256=file.sha256.hex(),
        **more,
    )
    return told.model_copy(update={"dry_run": dry_run})


async def _replace(desk: Desk[Member], plan: Row[Any], sheet: RosterSheet) -> RosterImport:
    await desk.db.execute(delete(Trainee).where(Trainee.plan_id == plan.id))
    await _store(desk, plan, sheet.rows)
    return RosterImport(
        dry_run=False,
        stored=len(sheet.rows),
        skipped=[FaultRead(**asdict(fault)) for fault in sheet.faults],
        ignored_columns=list(sheet.ignored_columns),
        trainees=await plans.trainees(desk, plan.id),
    )


async def identify(desk: Desk[Member], resident_ids: list[str]) -> dict[str, UUID]:
    """Return the person of each resident ID; unknown ones become known."""
    sealer = desk.office.sealer
    digests = {sealer.digest(number, ID): number for number in resident_ids}
    rows = await desk.db.execute(
        _IDENTIFY,
        {
            "ids": [new_id() for _ in digests],
            "digests": list(digests),
            "seals": [sealer.seal(number, ID) for number in digests.values()],
        },
    )
    return {digests[row.digest]: row.person for row in rows}


async def _store(desk: Desk[Member], plan: Row[Any], rows: tuple[RosterRow, ...]) -> None:
    if not rows:
        return
    persons = await identify(desk, [row.resident_id for row in rows])
    until = min(plan.ends_on, date.max - _AGES_KEPT_FOR) + _AGES_KEPT_FOR
    await desk.db.execute(
        insert(Trainee),
        [
            {
                "plan_id": plan.id,
                "enterprise_id": plan.enterprise_id,
                "bureau_code": plan.bureau_code,
                "number": number,
                "person_id": persons[row.resident_id],
                "name": row.name,
                "id_masked": mask_resident_id(row.resident_id),
                "post": row.post,
                "employment": row.employment,
                "dispatch_company": row.dispatch_company,
                "dispatch_uscc": row.dispatch_uscc,
                "frontline": row.frontline,
                "hired_on": row.hired_on,
                "phone": row.phone,
                **concerning(
                    row.resident_id,
                    frontline=row.frontline,
                    today=desk.today,
                    until=until,
                    limits=THRESHOLDS,
                )._asdict(),
            }
            for number, row in enumerate(rows, start=1)
        ],
    )
