"""What would a claim bring, if it were filed today?"""

from uuid import UUID

from app.actors import Member
from app.models import Plan
from app.office import Desk
from app.policy import commitments
from app.policy.facts import Mode
from app.policy.materials import missing_at_claim
from app.schemas.claims import AssessmentRead, DryRun, LineRead
from app.schemas.findings import FindingRead
from app.services import assessments, cases


async def dry_run(desk: Desk[Member], plan_id: UUID, said: DryRun) -> AssessmentRead:
    """Tell what a claim would bring if it were filed today; nothing is stored."""
    plan = await cases.found(desk, Plan, plan_id)
    asked = len(commitments.asked_of(Mode(plan.mode))) if said.commitments_accepted else 0
    done = await assessments.of_plan(desk, plan, said, asked)
    people = {row.number: row for row in done.people}
    lines = [
        LineRead(
            number=line.number,
            name=people[line.number].name,
            id_masked=people[line.number].id_masked,
            minutes=line.minutes,
            hours=line.hours,
            gross=line.gross,
            payable=line.payable,
            findings=[FindingRead.of(one) for one in line.findings],
        )
        for line in done.result.lines
    ]
    return AssessmentRead(
        edition=done.result.edition,
        assessed_on=desk.today,
        year=done.result.year,
        completed_on=done.result.completed_on or None,
        persons_paid=sum(line.payable > 0 for line in lines),
        amount=done.result.amount,
        findings=[FindingRead.of(one) for one in done.result.findings],
        lines=lines,
        missing=list(missing_at_claim(done.facts)),
    )
