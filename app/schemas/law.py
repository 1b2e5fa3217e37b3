"""How is the law told? Its clauses and parameters in force on a day."""

from datetime import date

from pydantic import Field

from app.schemas.words import Day, Given, Told


class ParameterRead(Told):
    """One number or date of the law."""

    key: str
    name: str
    value: str
    starts_on: date
    ends_on: date | None
    clauses: list[str]


class ClauseRead(Told):
    """One clause of the two notices."""

    id: str
    document: str
    kind: str
    text: str
    meaning_zh: str
    meaning: str
    rules: list[str] = Field(description="据此设立的核查规则")


class PolicyRead(Told):
    """The law on one day."""

    on: date
    edition: str
    parameters: list[ParameterRead]
    clauses: list[ClauseRead]


class CommitmentsRead(Told):
    """The annex's commitments, word by word."""

    version: str
    title: str
    items: list[str]
    closing: str


class BureauRead(Told):
    """A handling bureau."""

    code: str
    name: str
    kind: str


class IndustryRead(Told):
    """An industry of the SME standard."""

    code: str
    name: str
    text: str


class PlatformRead(Told):
    """A platform that the notices name, or a blocked one."""

    name: str
    kind: str
    hosts: str


class ClockRead(Told):
    """The sandbox's business day."""

    today: date


class ClockSet(Given):
    """The business day to go to."""

    today: Day


class Health(Told):
    """The service answers, and so does its database."""

    status: str
    sandbox: bool
