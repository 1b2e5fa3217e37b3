"""Where does a walk begin? Three enterprises of one district with the same people on their rosters.

Their plans are submitted, with all papers; some overlap, one repeats another's project, and
together they are worth more than a person may be paid in a year.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from fastapi import FastAPI

from tests.database import neighbours
from tests.database.neighbours import Project, Worker
from tests.databases import Connection
from tests.world import CLAIM, World

BEFORE, AFTER = "2020-03-03", "2020-04-07"
"""The days on which plans are approved, and on which all of them are taught."""


@dataclass(frozen=True, slots=True)
class Course:
    """A plan to be filed: whose, in which week, how long, for whom, and what it is called."""

    enterprise: int
    week: int
    hours: int
    people: tuple[int, ...]
    title: str


COURSES: Final = (
    Course(0, 0, 40, (0, 1, 2), "车间安全"),
    Course(0, 1, 40, (0, 1), "设备点检"),
    Course(1, 2, 40, (0, 1, 3), "质量控制"),
    Course(1, 0, 20, (2, 3), "消防演练"),  # in the week of the first, with one of its people
    Course(2, 3, 20, (0, 1, 2), "车间安全"),  # the project of the first, for its people
    Course(2, 1, 20, (1, 3), "班组管理"),  # in the week of the second
)


@dataclass(frozen=True, slots=True)
class Filing:
    """A submitted plan, the world of its enterprise, and what its people will have learned."""

    its: World
    project: Project


@dataclass(slots=True)
class Town:
    """Everybody who acts in a walk, and the plans with which it begins."""

    world: World
    filings: list[Filing] = field(default_factory=list)

    @property
    def tokens(self) -> dict[str, str]:
        """Who can be asked to act: the officers and each enterprise."""
        owners = {f"enterprise{n}": filing.its for n, filing in self._first_of_each().items()}
        return {
            **{name: self.world.tokens[name] for name in OFFICERS},
            **{name: its.tokens["enterprise"] for name, its in owners.items()},
        }

    def owner(self, enterprise_id: str) -> str:
        """Return under which name the enterprise acts."""
        return next(
            f"enterprise{n}"
            for n, filing in self._first_of_each().items()
            if filing.its.enterprise["id"] == enterprise_id
        )

    def _first_of_each(self) -> dict[int, Filing]:
        found: dict[int, Filing] = {}
        for course, filing in zip(COURSES, self.filings, strict=True):
            found.setdefault(course.enterprise, filing)
        return found


OFFICERS: Final = ("officer1", "officer2", "officer3", "cashier", "xigang", "centre")


async def settled(world: World, app: FastAPI, owner: Connection) -> Town:
    """Return the town: enterprises verified, every plan submitted, every paper there."""
    town = Town(world)
    people = neighbours.workers(world, 4)
    homes = [await neighbours.neighbour(world, app, owner, number) for number in range(3)]
    for course in COURSES:
        taught: list[Worker] = [people[n] for n in course.people]
        project = Project(course.week, course.hours, taught)
        its = replace(homes[course.enterprise], plan={}, claim={})
        await neighbours.submitted(its, project, title=course.title)
        await its.papers(CLAIM)
        town.filings.append(Filing(its, project))
    return town


async def opened(town: Town, order: list[int]) -> None:
    """Approve the plans in this order, as far as their people are free, and have them taught."""
    await town.world.day(BEFORE)
    for number in order:
        its = town.filings[number].its
        await its.call("officer1", "POST", f"/plans/{its.plan['id']}/approve", json={})
    await town.world.day(AFTER)
    for filing in town.filings:
        export = neighbours.learning(filing.project)
        path = f"/plans/{filing.its.plan['id']}/learning-batches"
        await filing.its.upload("enterprise", path, export, filename="learning.xlsx")


def claim_of(row: dict[str, Any]) -> str:
    """Return the path of a claim."""
    return f"/claims/{row['id']}"
