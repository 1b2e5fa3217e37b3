"""Which law applies, and how is it told?"""

from datetime import date

from app.errors import NoPolicyInForce
from app.policy import clauses, commitments, parameters
from app.schemas.law import ClauseText, CommitmentsRead, ParameterRead, PolicyRead
from app.services.citations import rules_on


def of(day: date) -> parameters.Parameters:
    """Return the law for training that ends on *day* (A-04).

    Raises:
        NoPolicyInForce: no edition covers that day.
    """
    try:
        return parameters.edition(day)
    except parameters.NotInForceError as absent:
        raise NoPolicyInForce from absent


def in_force(day: date) -> PolicyRead:
    """Return clauses and parameters in force on *day*.

    Raises:
        NoPolicyInForce: no edition covers that day.
    """
    law = of(day)
    return PolicyRead(
        on=day,
        edition=law.edition,
        parameters=[
            ParameterRead(
                key=entry.key,
                name=entry.name,
                value=_value(entry.value),
                starts_on=entry.starts_on,
                ends_on=entry.ends_on,
                clauses=list(entry.clause),
                certainty=entry.certainty,
                source=entry.source,
            )
            for entry in parameters.in_force(day)
        ],
        clauses=[_clause(each) for each in clauses.all_clauses()],
    )


def the_commitments() -> CommitmentsRead:
    """Return the annex's commitments as printed."""
    return CommitmentsRead(
        version=commitments.VERSION,
        title=commitments.TITLE,
        items=[each.text for each in commitments.COMMITMENTS],
        online_only=[each.number for each in commitments.COMMITMENTS if each.online_only],
        closing=commitments.CLOSING,
    )


def _clause(each: clauses.Clause) -> ClauseText:
    return ClauseText(
        id=each.id,
        document=each.document,
        kind=each.kind,
        text=each.printed,
        meaning_zh=each.meaning_zh,
        meaning=each.meaning,
        rules=rules_on(each.id),
    )


def _value(value: parameters.Setting) -> str:
    return "、".join(value) if isinstance(value, tuple) else str(value)
