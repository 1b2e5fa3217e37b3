"""How much is paid in advance, and what is left to pay or to recover in the end (DL-2.1-c)?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.policy import rates
from app.policy.assessment import cap_year, line_cases, of_person
from app.policy.case import ClaimCase, LineCase, Wanted
from app.policy.decided import as_decided, without_records
from app.policy.facts import ClaimFacts
from app.policy.findings import PASSED, Answer, Assessment, Finding, Line, failed, no_data
from app.policy.learning import NOTHING_LEARNED
from app.policy.measures import measure
from app.policy.measures.shared import RATED
from app.policy.money import NOTHING, rounded_down
from app.policy.parameters import Parameters
from app.policy.questions import Question, asked, of_claim, questions
from app.policy.rules import BLOCKS, FILED, ClaimRule
from app.policy.sme import classify


@dataclass(frozen=True, slots=True)
class Advance:
    """What may be paid in advance: a share of the base, in yuan, and why.

    ``base`` is what the approved persons come to by the rates; ``amount`` is the sum of the lines,
    each cut to the fen, and 0.00 where a finding blocks the advance.
    """

    base: Decimal
    share: Decimal
    amount: Decimal
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is left when the final amount is known: to pay, or to recover. One of them is 0.00."""

    final: Decimal
    advanced: Decimal
    to_pay: Decimal
    to_recover: Decimal


def advance_foreseen(case: ClaimCase, law: Parameters) -> Answer:
    """The measure is one of those that are paid in advance (DL-2.1-c)."""
    return PASSED if case.claim.measure in law.advance_measures else failed()


def filing_approved(case: ClaimCase, _law: Parameters) -> Answer:
    """Only what was approved is paid in advance (DL-4.2-f)."""
    return no_data() if case.claim.plan.approved_on is None else PASSED


RULES: Final[tuple[ClaimRule, ...]] = (
    ClaimRule("advance_foreseen", advance_foreseen, ("DL-2.1-c",), BLOCKS, FILED),
    ClaimRule("filing_approved", filing_approved, ("DL-4.2-f",), BLOCKS, FILED),
)
_ASKED: Final = tuple(of_claim(rule) for rule in (*RULES, *RATED) if isinstance(rule, ClaimRule))


def advance(facts: ClaimFacts, law: Parameters) -> Advance:
    """Return what may be paid in advance, by the rates of the day on which training starts.

    Who may not be enrolled brings nothing.

    Raises:
        UnknownMeasure: the facts name no measure.
    """
    applied = measure(facts.measure)
    wanted = [applied.wanted(person, facts, facts.plan.starts_on) for person in facts.persons]
    case = ClaimCase(
        facts, None, NOTHING, applied.papers, frozenset(each for each in wanted if each)
    )
    findings, stands = asked(_ASKED, case, law)
    share = share_of(facts, law)
    learned = [NOTHING_LEARNED] * len(facts.persons)
    about = questions(applied).of_enrolment
    bases = [_amount(facts, each) if each else NOTHING for each in wanted]
    lines = tuple(
        _line(enrolled, about, law, base, share if stands else NOTHING)
        for enrolled, base in zip(
            line_cases(applied, facts, law, learned, None), bases, strict=True
        )
    )
    lines = as_decided(lines, facts.decisions, without_records)
    amount = sum((line.payable for line in lines), NOTHING)
    return Advance(sum(bases, NOTHING), share, amount, findings, lines)


def assess_advance(facts: ClaimFacts, law: Parameters) -> Assessment:
    """Return an advance in the shape of every assessment: what is paid, line by line, and why.

    Raises:
        UnknownMeasure: the facts name no measure.
    """
    granted = advance(facts, law)
    return Assessment(
        edition=law.edition,
        year=cap_year(facts, None, law),
        completed_on="",
        amount=granted.amount,
        findings=granted.findings,
        lines=granted.lines,
    )


def share_of(facts: ClaimFacts, law: Parameters) -> Decimal:
    """Return the share of an advance: raised for whom is proven an SME and starts in time (A-15).

    Figures that leave the size open bring the ordinary share.
    """
    applicant, starts_on = facts.enterprise, facts.plan.starts_on
    size = classify(
        applicant.industry, applicant.headcount, applicant.revenue_wan, applicant.assets_wan
    )
    until = law.advance_sme_until
    in_time = starts_on <= until if law.advance_sme_until_included else starts_on < until
    return law.advance_share_sme if size.is_sme and in_time else law.advance_share


def settle(final: Decimal, advanced: Decimal) -> Settlement:
    """Return what remains of *final* after the advance; a shortfall is to be recovered (A-15)."""
    rest = final - advanced
    return Settlement(final, advanced, max(rest, NOTHING), max(-rest, NOTHING))


def _line(
    case: LineCase,
    about: tuple[Question[LineCase], ...],
    law: Parameters,
    base: Decimal,
    share: Decimal,
) -> Line:
    findings, stands = asked(about, case, law, of_person(case))
    payable = rounded_down(base * share) if stands else NOTHING
    return Line(case.person.number, 0, 0, base, payable, findings)


def _amount(facts: ClaimFacts, wanted: Wanted) -> Decimal:
    rate = rates.in_force(facts.rates, facts.measure, wanted)
    return NOTHING if rate is None else rate.amount
