"""Which reference rate is in force: a figure that the notices leave to other documents?"""

from collections.abc import Iterable

from app.policy.case import ClaimCase, Wanted
from app.policy.facets import Rate
from app.policy.findings import PASSED, Answer, no_data, warned
from app.policy.kinds import Certainty
from app.policy.parameters import Parameters


def in_force(rates: Iterable[Rate], measure: str, wanted: Wanted) -> Rate | None:
    """Return the rate of that key on that day, the youngest of several, if there is one."""
    found = [
        rate
        for rate in rates
        if rate.measure == measure
        and rate.key == wanted.key
        and rate.valid_from <= wanted.on
        and (rate.valid_to is None or wanted.on <= rate.valid_to)
    ]
    return max(found, key=lambda rate: rate.valid_from, default=None)


def rate_in_force(case: ClaimCase, _law: Parameters) -> Answer:
    """A rate is in force for every line: nobody guesses what 规定标准 is (DL-2.1-a)."""
    claim = case.claim
    lacking = [each for each in case.wanted if in_force(claim.rates, claim.measure, each) is None]
    if not lacking:
        return PASSED
    first = min(lacking)
    keys = ",".join(sorted({"/".join(each.key) for each in lacking}))
    return no_data(rate_key=keys, day=first.on.isoformat())


def rate_verified(case: ClaimCase, _law: Parameters) -> Answer:
    """The rate was seen in its document; a sample or a doubtful figure is looked at again."""
    claim = case.claim
    rates = [in_force(claim.rates, claim.measure, each) for each in case.wanted]
    doubtful = [each for each in rates if each and each.certainty is not Certainty.VERIFIED]
    if not doubtful:
        return PASSED
    first = min(doubtful, key=lambda rate: rate.key)
    return warned(certainty=first.certainty.value, source=first.source, amount=first.amount)
