"""What do the tables tell beside people and courses? JSON rows become what single measures ask."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter

from app.policy.facets import (
    Apprentice,
    Certificate,
    Commission,
    Evaluation,
    Placement,
    Rate,
    Start,
    Suspension,
    Teacher,
)
from app.policy.facts import PersonFacts, Platform
from app.policy.kinds import Entity, Payee, PlatformKind
from app.policy.payees import SCHOOLS
from app.policy.platforms import Entry, held_against

_Row = Mapping[str, Any]
_RATES: Final = TypeAdapter(tuple[Rate, ...])
_TEACHERS: Final = TypeAdapter(tuple[Teacher, ...])
_SUSPENSIONS: Final = TypeAdapter(tuple[Suspension, ...])
_EVALUATION: Final = TypeAdapter(Evaluation)
_ENTRIES: Final = TypeAdapter(tuple[Entry, ...])
_DAY: Final = TypeAdapter(date | None)
_START: Final = TypeAdapter(Start)
_APPRENTICE: Final = TypeAdapter(Apprentice)
_PLACEMENT: Final = TypeAdapter(Placement)
_CERTIFICATE: Final = TypeAdapter(Certificate)


def payee_of(entity: Entity) -> Payee:
    """Return who is paid: the applicant, into its own basic account (DL-4.3-j)."""
    return Payee.INSTITUTION if entity in SCHOOLS else Payee.ENTERPRISE


def rates(told: Iterable[_Row] | None) -> tuple[Rate, ...]:
    """Return the reference rates of a measure."""
    return _RATES.validate_python(told or ())


def teachers(told: Iterable[_Row] | None) -> tuple[Teacher, ...]:
    """Return the teachers of a plan."""
    return _TEACHERS.validate_python(told or ())


def platform(plan: Any, told: Iterable[_Row] | None, day: date) -> Platform | None:  # noqa: ANN401  a row
    """Return the filed channel of a plan as the catalogue knows it on *day*."""
    if plan.platform_kind is None:
        return None
    filed = Platform(
        kind=PlatformKind(plan.platform_kind),
        name=plan.platform_name,
        address=plan.platform_address,
        conditions_met=plan.platform_conditions_met,
    )
    known = [{key: each[key] for key in each if each[key] is not None} for each in told or ()]
    return held_against(filed, _ENTRIES.validate_python(known), day)


def suspensions(told: Iterable[_Row] | None) -> tuple[Suspension, ...]:
    """Return the days on which officers suspended the class."""
    return _SUSPENSIONS.validate_python(told or ())


def evaluated(told: _Row | None) -> dict[str, Any]:
    """Return whether the office expects an evaluation after training, and what it found."""
    if told is None:
        return {"evaluation": None, "evaluation_due": False}
    made = {key: told[key] for key in ("made_on", "by", "result")} if told["made_on"] else None
    return {
        "evaluation": _EVALUATION.validate_python(made) if made else None,
        "evaluation_due": told["due"],
    }


def declared(told: _Row | None) -> dict[str, Any]:
    """Return the days that later documents set for all cases."""
    days = told or {}
    return {
        "period_ended_on": _DAY.validate_python(days.get("period_ended")),
        "province_extended_to": _DAY.validate_python(days.get("province_extended_to")),
        "offline_resumed_on": _DAY.validate_python(days.get("offline_resumed")),
    }


def blacklisted(told: _Row | None) -> dict[str, Any]:
    """Return whether the applicant is barred, since when and by which document (LN-3.3-c)."""
    if told is None:
        return {"blacklisted": False, "blacklisted_since": None, "blacklisting_document": ""}
    since = _DAY.validate_python(told["since"])
    return {
        "blacklisted": True,
        "blacklisted_since": since,
        "blacklisting_document": told["document"],
    }


def commission(institution: str | None, uscc: str | None) -> Commission | None:
    """Return who trains on the enterprise's behalf, if anybody."""
    return None if institution is None else Commission(institution, uscc or "")


def with_details(
    people: Iterable[PersonFacts], told: Iterable[_Row] | None
) -> tuple[PersonFacts, ...]:
    """Return the people with what was told of each of them beside the roster."""
    known = {row["number"]: _details(row) for row in told or ()}
    if not known:
        return tuple(people)
    return tuple(replace(one, **known.get(one.number, {})) for one in people)


def with_standing(
    people: Iterable[PersonFacts], told: Iterable[_Row] | None
) -> tuple[PersonFacts, ...]:
    """Return the people as they were, but for what others were paid for them since."""
    now = {one.number: one for one in with_details(people, told)}
    return tuple(
        one
        if one.placement is None and one.certificate is None
        else replace(
            one,
            placement=one.placement
            and replace(one.placement, paid_before=_paid_before(now[one.number])),
            certificate=one.certificate
            and replace(one.certificate, already_paid_to=_paid_to(now[one.number])),
        )
        for one in people
    )


def _paid_before(person: PersonFacts) -> bool:
    return person.placement is not None and person.placement.paid_before


def _paid_to(person: PersonFacts) -> Payee | None:
    return person.certificate.already_paid_to if person.certificate else None


def _details(row: _Row) -> dict[str, Any]:
    return {
        "start": _START.validate_python(_part(row, "start")) if row["start_kind"] else None,
        "apprentice": _APPRENTICE.validate_python(_part(row, "apprentice"))
        if row["apprentice_agreement"]
        else None,
        "placement": _PLACEMENT.validate_python(
            {**_part(row, "placement"), "paid_before": row["paid_before"]}
        )
        if row["placement_category"]
        else None,
        "certificate": _CERTIFICATE.validate_python(
            {**_part(row, "certificate"), "already_paid_to": row["certificate_paid_to"]}
        )
        if row["certificate_number"]
        else None,
        "test_passed": row["test_passed"],
    }


def _part(row: _Row, name: str) -> dict[str, Any]:
    """Return the columns of one facet, without its name before them."""
    head = f"{name}_"
    return {key.removeprefix(head): row[key] for key in row if key.startswith(head)}
