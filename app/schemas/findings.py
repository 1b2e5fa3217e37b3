"""How is a finding told? With its clauses, its reason and its remedy, in Chinese."""

from pydantic import Field

from app.policy.explanation import explain
from app.policy.findings import Finding, Outcome
from app.schemas.words import Told


class FindingRead(Told):
    """One answer of one rule."""

    rule: str
    outcome: Outcome
    effect: str = Field(description="none、warns 提示、excludes 剔除该人、blocks 不予补贴")
    title: str
    clauses: list[str]
    reason: str
    remedy: str
    data: dict[str, str]

    @classmethod
    def of(cls, finding: Finding) -> "FindingRead":
        """Return *finding* in words."""
        words = explain(finding)
        return cls(
            rule=finding.rule,
            outcome=finding.outcome,
            effect=words.effect.value,
            title=words.title,
            clauses=list(words.clauses),
            reason=words.reason,
            remedy=words.remedy,
            data={key: str(value) for key, value in finding.data.items()},
        )
