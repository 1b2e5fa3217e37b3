"""How does the sample case go for another enterprise, with other people and other officers?"""

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import asyncpg
import httpx
import openpyxl

from app.database import for_asyncpg
from app.policy import identifiers
from tests.world import World

PROVINCIAL = {
    "uscc": "91210203MA0TE6T00C",
    "name": "省本级示例有限公司",
    "account_name": "省本级示例有限公司",
    "insurance": "province",
}
BY_THE_CENTRE = {
    "enterprise": "stranger",
    "officer1": "centre",
    "officer2": "centre2",
    "officer3": "centre3",
    "cashier": "centre3",
}
"""Who plays which part in a case that is routed to the provincial centre."""


@dataclass
class Elsewhere(World):
    """The same steps, each part played by somebody else (``parts``: user name by user name)."""

    parts: dict[str, str] = field(default_factory=dict)

    async def call(
        self,
        who: str | None,
        method: str,
        path: str,
        **more: object,
    ) -> httpx.Response:
        """Send a request as whoever plays the part of *who*."""
        return await super().call(self.parts.get(who or "", who), method, path, **more)


async def provincial(world: World, owner_url: str, folder: Path) -> Elsewhere:
    """Return another enterprise, insured at provincial level, on 2 March 2020, with other people.

    The business day is set back by the administrator: nobody else could.
    """
    await administer(owner_url, "UPDATE business_clock SET today = '2020-03-02'")
    case = Elsewhere(world.http, world.tokens, other_people(world.examples, folder / "other"))
    case.parts = BY_THE_CENTRE
    await case.registered(**PROVINCIAL)
    return case


async def administer(owner_url: str, *statements: str) -> None:
    """Execute statements as the database's administrator."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def other_people(examples: Path, folder: Path) -> Path:
    """Return a copy of the case's files in which every resident ID is somebody else's."""
    shutil.copytree(examples, folder)
    others: dict[str, str] = {}
    for name in ("roster.xlsx", "learning_px_class.xlsx"):
        book = openpyxl.load_workbook(folder / name)
        for row in book.worksheets[0].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and is_resident_id(cell.value):
                    cell.value = others.setdefault(cell.value, _neighbour(cell.value))
        book.save(folder / name)
    assert len(others) == 24
    return folder


def _neighbour(number: str) -> str:
    """Return the next valid ID of the same birthday and district."""
    running = (int(number[14:17]) + 2) % 1000
    return next(
        other
        for check in "0123456789X"
        if is_resident_id(other := f"{number[:14]}{running:03}{check}")
    )


def is_resident_id(text: str) -> bool:
    try:
        identifiers.resident_id(text, date(2020, 3, 2))
    except identifiers.InvalidIdentifier:
        return False
    return True
