"""How do details and results of people come in on a sheet, each at its moment?"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from app.actors import Member
from app.errors import DetailsFixed
from app.models import Plan, Trainee, TraineeDetails
from app.office import Desk
from app.policy.facts import Material
from app.policy.procedure import STATES_ZH, PlanState
from app.schemas.details import DetailsImport
from app.schemas.rosters import FaultRead
from app.services import acts, cases, claims, details, plans, rosters, sheets
from app.sheets.details import FILED, REACHED, DetailsRow, DetailsSheet, read_details
from app.sheets.report import Fault, fault, refuse_faults, unreadable

_FILED: Final = frozenset(field for group in FILED.values() for field in group)
_REACHED: Final = frozenset(field for group in REACHED.values() for field in group)
_ROWS_NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class _Person:
    """A row of the sheet and the trainee it tells of, with what was told of him before."""

    said: DetailsRow
    known: Row[Any]

    def changes(self) -> dict[str, object]:
        """Return the fields of which the sheet says something else than is stored."""
        before = self.known._mapping
        return {field: told for field, told in self.said.told.items() if told != before[field]}


async def import_details(
    desk: Desk[Member], plan_id: UUID, file: sheets.SheetFile, *, good_rows_only: bool
) -> DetailsImport:
    """Store what a sheet tells of the people on the roster.

    What is filed before training is taken while the plan may be edited, results between approval
    and claim. Columns of the other moment may stand in the sheet, empty or as they are stored.

    Raises:
        RowsUnreadable: some rows cannot be read or are nobody's, and nothing was stored.
        WrongState, DetailsFixed: columns say something at the wrong moment.
        Refusal: the file as a whole cannot be taken.
    """
    sheet = await sheets.parse(desk, read_details, file, desk.office.settings.roster_max_rows)
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    cases.refuse_foreign_hand(desk, plan)
    people, strangers = await _on_roster(desk, plan, sheet)
    faults = sorted((*sheet.faults, *strangers), key=lambda one: one.row)
    if not good_rows_only:
        refuse_faults(faults)
    now = await _fields_open(desk, plan)
    _refuse_wrong_moment(plan, sheet, people, now)
    changed = [person for person in people if person.changes().keys() & now]
    await details.store(
        desk,
        plan,
        {
            person.known.id: {key: person.said.told[key] for key in person.said.told.keys() & now}
            for person in changed
        },
    )
    evidence_id = await sheets.keep(desk, plan, Material.OTHER, file)
    await acts.record(
        desk, "import_details", "plans", plan_id, acts.Case.of(plan),
        stored=len(changed), skipped=len(faults), file_sha256=file.sha256.hex(),
        evidence=str(evidence_id),
    )  # fmt: skip
    return DetailsImport(
        stored=len(changed),
        unchanged=len(people) - len(changed),
        skipped=[FaultRead(**asdict(one)) for one in faults],
        ignored_columns=list(sheet.ignored_columns),
        details=await details.of_plan(desk, plan_id),
    )


async def _on_roster(
    desk: Desk[Member], plan: Row[Any], sheet: DetailsSheet
) -> tuple[list[_Person], list[Fault]]:
    """Return the people of the sheet, and the faults of rows that are nobody's on the roster."""
    stored = [TraineeDetails.__table__.c[field] for field in (*_FILED, *_REACHED)]
    query = (
        select(Trainee.id, Trainee.person_id, Trainee.name, *stored)
        .outerjoin(TraineeDetails, TraineeDetails.trainee_id == Trainee.id)
        .where(Trainee.plan_id == plan.id)
    )
    roster = {row.person_id: row for row in await desk.db.execute(query)}
    persons = await rosters.identify(desk, [row.resident_id for row in sheet.rows])
    people, faults = [], []
    for row in sheet.rows:
        known = roster.get(persons[row.resident_id])
        if known is None:
            faults.append(_fault(sheet, row.row, "resident_id", row.resident_id, "not_on_roster"))
        elif known.name != row.name:
            faults.append(_fault(sheet, row.row, "name", row.name, "name_differs"))
        else:
            people.append(_Person(row, known))
    return people, faults


def _fault(sheet: DetailsSheet, row: int, field: str, value: str, code: str) -> Fault:
    return fault(row, sheet.titles[field], field, value, unreadable(code))


async def _fields_open(desk: Desk[Member], plan: Row[Any]) -> frozenset[str]:
    """Return what may be told of people at the moment."""
    if plan.state in plans.EDITABLE:
        return _FILED
    if plan.state != PlanState.APPROVED:
        return frozenset()
    claimed = await claims.fixing(desk, plan.id)
    return frozenset() if claimed else _REACHED


def _refuse_wrong_moment(
    plan: Row[Any], sheet: DetailsSheet, people: list[_Person], now: frozenset[str]
) -> None:
    """Refuse a sheet that fills in, or fills in otherwise, what cannot be told at the moment."""
    wrong = list(_told_at_the_wrong_moment(people, now))
    if not wrong:
        return
    fields = {field for _, field in wrong}
    columns = [title for field, title in sheet.titles.items() if field in fields]
    rows = sorted({row for row, _ in wrong})
    detail = f"当前状态为「{STATES_ZH[plan.state]}」，现在不能填写或更改：{'、'.join(columns)}。"
    if plan.state == PlanState.APPROVED or fields & _FILED:
        raise DetailsFixed(detail, state=plan.state, columns=columns, rows=rows[:_ROWS_NAMED])
    early = f"{detail}培训结果在备案审核通过后登记，请先清空这些列。"
    refusal = cases.wrong_state(Plan, plan.state, early)
    refusal.members |= {"columns": columns, "rows": rows[:_ROWS_NAMED]}
    raise refusal


def _told_at_the_wrong_moment(
    people: list[_Person], now: frozenset[str]
) -> Iterator[tuple[int, str]]:
    for person in people:
        for field, told in person.changes().items():
            if field not in now and told is not None:
                yield person.said.row, field
