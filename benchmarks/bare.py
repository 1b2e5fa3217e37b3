"""What is the least that can be done? Starlette and asyncpg alone, for two of the routes.

It checks the same token with the same code and the same cache, says to the database who is asking
as the service does, and runs one statement. What it stores was worked out beforehand: it assesses
nothing, and it knows every row of every plan by heart.
"""

import argparse
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import clock
from app.models import Claim, new_id
from app.settings import Settings
from app.tokens import TokenDesk

IDENTIFY: Final = (
    "SELECT set_config('role', $1, true), set_config('app.account', $2, true),"
    " set_config('app.enterprise', $3, true), set_config('app.bureau', $4, true)"
)
_COLUMNS: Final = ", ".join(column.name for column in Claim.__table__.c)
READ: Final = f"SELECT {_COLUMNS} FROM claims WHERE id = $1"  # noqa: S608  our own column names
FILE: Final = Path(__file__).with_name("file_claim.sql").read_text("utf-8")


def make_app(settings: Settings) -> Starlette:
    """Return the application."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.tokens = TokenDesk(
            settings.signing_key.get_secret_value(), settings.issuer, timedelta(minutes=15)
        )
        app.state.rows = await _rows_by_plan()
        async with asyncpg.create_pool(
            settings.database_url.get_secret_value(),
            min_size=settings.database_pool,
            max_size=settings.database_pool,
            reset=_keep,
        ) as app.state.pool:
            yield

    return Starlette(
        routes=[
            Route("/api/v1/claims", file_claim, methods=["POST"]),
            Route("/api/v1/claims/{claim_id:uuid}", read_claim),
        ],
        lifespan=lifespan,
    )


async def read_claim(request: Request) -> Response:
    """Answer one claim."""
    who = _identity(request)
    async with request.app.state.pool.acquire() as db, db.transaction():
        await db.execute(IDENTIFY, *who)
        row = await db.fetchrow(READ, request.path_params["claim_id"])
    return _answer(row, 200)


async def file_claim(request: Request) -> Response:
    """Store a claim whose rows are known."""
    who = _identity(request)
    plan_id = json.loads(await request.body())["plan_id"]
    rows = request.app.state.rows[plan_id]
    async with request.app.state.pool.acquire() as db, db.transaction():
        await db.execute(IDENTIFY, *who)
        row = await db.fetchrow(FILE, new_id(), new_id(), UUID(plan_id), UUID(who[1]), *rows)
    return _answer(row, 201)


def _identity(request: Request) -> tuple[str, str, str, str]:
    token = request.headers["authorization"].removeprefix("Bearer ")
    said = request.app.state.tokens.check(token, clock.now()).claims
    return (
        f"subsidy_{said['role']}", said["sub"], said.get("enterprise", ""), said.get("bureau", "")
    )  # fmt: skip


def _answer(row: asyncpg.Record, status: int) -> Response:
    told = {**row, "form": json.loads(row["form"])}
    content = json.dumps(told, ensure_ascii=False, default=str)
    return Response(content, status, media_type="application/json")


async def _keep(_: asyncpg.Connection) -> None:
    """Spare the pool's own round trip on release: nothing but the transaction was set."""


async def _rows_by_plan() -> dict[str, list[Any]]:
    """Return what is to be stored for each plan: as one filed claim was, with its own people."""
    template = os.environ.get("BENCH_FILED_CLAIM")
    if template is None:
        return {}
    db = await asyncpg.connect(os.environ["BENCH_ADMIN_URL"])
    filed = await db.fetchrow(
        "SELECT c.amount, c.persons, c.form, c.commitments_version, c.filed_on, a.edition, a.year,"
        " a.completed_on, a.findings, a.facts FROM claims AS c"
        " JOIN assessments AS a ON a.claim_id = c.id WHERE c.id = $1",
        UUID(template),
    )
    lines = await db.fetch(
        "SELECT number, minutes, hours, gross, payable, findings, facts FROM assessment_lines"
        " WHERE claim_id = $1 ORDER BY number",
        UUID(template),
    )
    days = await db.fetchrow(
        "SELECT array_agg(lower(e.period) ORDER BY t.number) AS first,"
        " array_agg(upper(e.period) - 1 ORDER BY t.number) AS last FROM claims AS c"
        " JOIN trainees AS t ON t.plan_id = c.plan_id"
        " JOIN enrolments AS e ON e.plan_id = c.plan_id AND e.person_id = t.person_id"
        " WHERE c.id = $1",
        UUID(template),
    )
    people = await db.fetch(
        "SELECT plan_id, array_agg(id ORDER BY number) AS trainees,"
        " array_agg(person_id ORDER BY number) AS persons FROM trainees GROUP BY plan_id"
    )
    await db.close()
    same = [*filed.values(), *(list(column) for column in zip(*lines, strict=True))]
    return {
        str(plan["plan_id"]): [*same, plan["trainees"], plan["persons"], *days.values()]
        for plan in people
    }


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, required=True)
    uvicorn.run(
        make_app(Settings()),
        port=asked.parse_args().port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
