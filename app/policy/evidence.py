"""Do the papers and words of a claim suffice: materials, commitments, more than courseware?"""

from app.policy.case import ClaimCase
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.kinds import Material, Mode
from app.policy.papers import listed
from app.policy.parameters import Parameters


def filing_materials_complete(case: ClaimCase, _law: Parameters) -> Answer:
    """The papers of the filing are on record (DL-4.2-b, DL-4.2-e)."""
    missing = case.papers.missing_at_filing(case.claim.plan, case.claim.materials)
    return failed(missing=listed(missing, case.claim.plan)) if missing else PASSED


def claim_materials_complete(case: ClaimCase, _law: Parameters) -> Answer:
    """The papers of the claim are on record (DL-4.3-c to DL-4.3-e)."""
    missing = case.papers.missing_at_claim(case.claim)
    return failed(missing=listed(missing, case.claim.plan)) if missing else PASSED


def more_than_courseware(case: ClaimCase, _law: Parameters) -> Answer:
    """Courseware shows what was taught, not who learned it: records go with it (A-18)."""
    held = case.claim.materials | case.claim.plan.materials
    proofs = {Material.TRAINING_RECORD, Material.TRAINING_VIDEO, Material.ATTENDANCE_SHEET}
    return failed() if Material.COURSEWARE in held and held.isdisjoint(proofs) else PASSED


def commitments_accepted(case: ClaimCase, law: Parameters) -> Answer:
    """Every commitment of the form is accepted; with offline training all but the fourth (A-01)."""
    online = case.claim.plan.mode is Mode.ONLINE
    required = law.commitments if online else law.commitments_with_offline
    if case.claim.commitments == required:
        return PASSED
    return failed(accepted=case.claim.commitments, required=required)


def evaluated_after_training(case: ClaimCase, _law: Parameters) -> Answer:
    """The training was evaluated afterwards, where the office strives for it (DL-5.2-b)."""
    evaluation, completed_on = case.claim.evaluation, case.completed_on
    if evaluation is None:
        return warned() if case.claim.evaluation_due else PASSED
    if completed_on is None:
        return no_data()
    if evaluation.made_on >= completed_on:
        return PASSED
    return failed(made_on=evaluation.made_on.isoformat(), completed_on=completed_on.isoformat())
