"""Which page of a list is asked for?"""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from app.services.pages import Place


async def _place(
    limit: Annotated[int, Query(ge=1, le=100, description="每页条数")] = 20,
    before: Annotated[UUID | None, Query(description="上一页返回的 next")] = None,
) -> Place:
    return Place(limit, before)


PageOf = Annotated[Place, Depends(_place)]
