"""Why does a row of a learning file count nothing, or less than it states?"""

from collections.abc import Sequence
from typing import Final

from app.policy.facts import Session
from app.policy.findings import Finding, Outcome
from app.policy.learning import DAY, day_of, is_suspended, midnight, suspended_seconds
from app.policy.timetable import Timetable

NOT_ON_ROSTER: Final = Finding("not_on_roster", Outcome.WARNED)
_NOT_FILED: Final = Finding("course_not_filed", Outcome.WARNED)
_SUSPENDED: Final = Finding("during_suspension", Outcome.WARNED)


def row_findings(
    plan: Timetable, sessions: Sequence[Session], *, on_roster: bool = True
) -> list[tuple[Finding, ...]]:
    """Return the findings of every row of one person, in the order of *sessions*.

    All rows of the person must be given at once, or overlaps stay unseen. A row that does not fit
    the plan carries the one reason why; a row that fits carries every reason why it counts less.
    """
    if not on_roster:
        return [(NOT_ON_ROSTER,)] * len(sessions)
    filed = frozenset(course.number for course in plan.courses)
    misplaced = [_misplaced(session, plan, filed) for session in sessions]
    overlaps = _overlaps(sessions, misplaced)
    return [
        (misfit,) if misfit else (*_more_than_the_clock(session), *overlaps.get(place, ()))
        for place, (session, misfit) in enumerate(zip(sessions, misplaced, strict=True))
    ]


def _misplaced(session: Session, plan: Timetable, filed: frozenset[int]) -> Finding | None:
    """Return why the row does not fit: its course, the filed dates, the approval, a halt."""
    if session.course not in filed:
        return _NOT_FILED
    day = day_of(session.start)
    if day < plan.starts_on or session.end > midnight(plan.ends_on) + DAY:
        dates = {"starts_on": plan.starts_on.isoformat(), "ends_on": plan.ends_on.isoformat()}
        return Finding("outside_plan_dates", Outcome.WARNED, {"day": day.isoformat(), **dates})
    if plan.approved_on is None or day <= plan.approved_on:
        approved_on = plan.approved_on.isoformat() if plan.approved_on else "—"
        data = {"day": day.isoformat(), "approved_on": approved_on}
        return Finding("before_approval", Outcome.WARNED, data)
    stop = min(session.end, session.start + session.stated)
    suspended = suspended_seconds(plan, midnight(plan.ends_on) + DAY)
    return _SUSPENDED if is_suspended(session.start, stop, suspended) else None


def _more_than_the_clock(session: Session) -> tuple[Finding, ...]:
    """Return the finding of a row that states more than lies between its start and its end."""
    clock = max(session.end - session.start, 0)
    if session.stated <= clock:
        return ()
    data = {"stated": -(-session.stated // 60), "clock": clock // 60}
    return (Finding("more_than_the_clock", Outcome.WARNED, data),)


def _overlaps(
    sessions: Sequence[Session], misplaced: Sequence[Finding | None]
) -> dict[int, tuple[Finding, ...]]:
    """Return, by place, the finding of each row that loses seconds to one that began earlier."""
    fitting = sorted(
        (session.start, min(session.end, session.start + session.stated), *session, place)
        for place, (session, misfit) in enumerate(zip(sessions, misplaced, strict=True))
        if misfit is None
    )
    # Of rows alike in all that is sorted here the first in the file counts.
    found: dict[int, tuple[Finding, ...]] = {}
    covered = 0
    for start, stop, *_, place in fitting:
        lost = min(stop, covered) - start
        if lost > 0:
            data = {"lost": -(-lost // 60)}
            found[place] = (Finding("overlaps_other_session", Outcome.WARNED, data),)
        covered = max(covered, stop)
    return found
