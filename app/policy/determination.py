"""What does the law say of an application, whatever it is for?"""

from app.policy.advance import assess_advance
from app.policy.assessment import assess
from app.policy.facts import ClaimFacts, Purpose
from app.policy.findings import Assessment
from app.policy.parameters import Parameters


def determine(facts: ClaimFacts, law: Parameters) -> Assessment:
    """Return the assessment of a claim, or of an application for an advance (DL-2.1-c).

    Raises:
        UnknownMeasure: the facts name no measure.
    """
    if facts.purpose is Purpose.ADVANCE:
        return assess_advance(facts, law)
    return assess(facts, law)
