"""Figures that the notices leave to others are data: dated, sourced, and never guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.policy.assessment import assess
from app.policy.case import Wanted
from app.policy.clauses import DOCUMENTS
from app.policy.discretion import obstacles
from app.policy.explanation import explain
from app.policy.facets import Rate
from app.policy.kinds import Certainty, Level
from app.policy.measures import MEASURES
from app.policy.rates import in_force
from app.reference import seeds
from tests.policy.cases import LAW, facts, findings_of

SEEDS = tuple(seed.rate for seed in seeds.rates())
WAGES = tuple(seeds.wage_rate(wage) for wage in seeds.minimum_wages())
DAY = date(2020, 3, 9)


def figures(measure: str) -> dict[str, str]:
    return {rate.key[0]: str(rate.amount) for rate in SEEDS if rate.measure == measure}


def test_the_samples_are_the_figures_seen_elsewhere_and_say_so() -> None:
    assert figures("skill_upgrade") == {
        "junior": "1500.00",
        "intermediate": "2000.00",
        "senior": "2500.00",
        "technician": "3500.00",
        "senior_technician": "5000.00",
    }
    assert figures("apprenticeship") == {"intermediate": "5000.00", "senior": "6000.00"}
    assert {rate.certainty for rate in SEEDS} == {Certainty.SAMPLE}
    for seed in seeds.rates():
        assert seed.measure in MEASURES
        assert seed.source
        assert "示例" in seed.note
        assert seed.document in {"", *DOCUMENTS.values()}


def test_a_sample_pays_but_says_that_it_is_one() -> None:
    case = replace(facts(measure="skill_upgrade"), rates=SEEDS)
    assessment = assess(case, LAW)
    (finding,) = findings_of(assessment)
    assert assessment.amount == Decimal("2000.00")
    assert "2000.00 元为示例" in explain(finding).reason
    assert obstacles(assessment) == ()


def test_without_a_rate_nothing_can_be_approved_and_the_reason_names_level_and_day() -> None:
    case = replace(facts(measure="skill_upgrade", persons=2), rates=())
    assessment = assess(case, LAW)
    (finding,) = obstacles(assessment)
    assert finding.rule == "rate_in_force"
    assert "2020-03-12 有效的“中级”" in explain(finding).reason
    assert assessment.amount == Decimal("0.00")


def test_every_lacking_rate_is_named_once_with_the_first_day() -> None:
    case = facts(measure="work_for_training", persons=2)
    one, other = case.persons
    assert other.placement
    later = replace(other.placement, employed_from=date(2017, 1, 1))
    mixed = replace(case, rates=(), persons=(one, replace(other, placement=later)))
    (finding,) = obstacles(assess(mixed, LAW))
    assert finding.data == {"rate_key": "210283", "day": "2017-01-01"}


def test_wages_of_the_districts_are_rates_of_work_for_training() -> None:
    """X18: 12 x 1710 x 3 in Zhuanghe, 12 x 1810 x 3 in Zhongshan, by the reference data."""
    case = replace(facts(measure="work_for_training", persons=12), rates=WAGES)
    assert assess(case, LAW).amount == Decimal("61560.00")
    assert assess(replace(case, district="210202"), LAW).amount == Decimal("65160.00")


def test_the_youngest_rate_of_its_measure_key_and_day_is_in_force() -> None:
    def rate(measure: str, key: str, amount: int, first: date, last: date | None = None) -> Rate:
        return Rate(measure, (key,), Decimal(amount), "", "", Certainty.VERIFIED, first, last)

    known = (
        rate("m", "a", 1, date(2019, 1, 1), date(2020, 1, 31)),
        rate("m", "a", 2, date(2020, 1, 1)),
        rate("m", "b", 3, date(2020, 1, 1)),
        rate("n", "a", 4, date(2020, 1, 1)),
    )

    def found(key: str, on: date, rates: tuple[Rate, ...] = known) -> int | None:
        chosen = in_force(rates, "m", Wanted((key,), on))
        return None if chosen is None else int(chosen.amount)

    assert found("a", date(2018, 12, 31)) is None
    assert found("a", date(2019, 12, 31)) == 1
    assert found("a", date(2020, 1, 1)) == found("a", date(2020, 1, 1), known[::-1]) == 2
    assert found("b", DAY) == 3
    assert found("c", DAY) is None


def test_the_most_doubtful_rate_is_the_first_by_its_key() -> None:
    case = facts(measure="skill_upgrade", persons=2)
    one, other = case.persons
    assert other.certificate
    high = replace(other, certificate=replace(other.certificate, level=Level.SENIOR))
    doubtful = tuple(replace(each, certainty=Certainty.UNCERTAIN) for each in case.rates)
    (finding,) = findings_of(assess(replace(case, persons=(one, high), rates=doubtful), LAW))
    assert finding.data == {
        "certainty": "uncertain",
        "source": "示例",
        "amount": Decimal("2000.00"),
    }
    (half,) = findings_of(
        assess(replace(case, persons=(one, high), rates=(case.rates[0], doubtful[1])), LAW)
    )
    assert half.data["amount"] == Decimal("2500.00")
