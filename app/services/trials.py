"""What would become of this, were it done? It is done, told, and undone again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.actors import Member
from app.office import Desk


@asynccontextmanager
async def undone(desk: Desk[Member]) -> AsyncIterator[None]:
    """Undo whatever is written to the database within; a refusal undoes the whole request."""
    await desk.driver.execute("SAVEPOINT trial")
    yield
    await desk.driver.execute("ROLLBACK TO SAVEPOINT trial")
