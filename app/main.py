"""How is the application put together? From the settings, in one place."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from app.api.docs import add_docs
from app.api.layers import add_layers
from app.api.problems import add_problems
from app.api.rates import Rates
from app.api.v1 import (
    budgets,
    claims,
    conduct,
    deciding,
    declarations,
    enterprises,
    evidence,
    health,
    learning,
    measures,
    notices,
    objections,
    payments,
    plans,
    platforms,
    policy,
    pushes,
    recoveries,
    reports,
    sandbox,
    sessions,
    signals,
    simulations,
    tasks,
    tracing,
    uploads,
    violations,
    worklist,
)
from app.database import make_engine, refuse_unsafe_role
from app.office import Crowd, Office
from app.scanning.watch import watching
from app.sealing import Sealer
from app.services.passwords import PasswordDesk
from app.services.pulse import Pulse
from app.settings import Settings
from app.simulating.jobs import is_anything_waiting
from app.simulating.workshop import Workshop
from app.storage import EvidenceStore
from app.tokens import TokenDesk

TITLE = "大连市职业培训补贴经办服务"
DESCRIPTION = """
依据大人社发〔2020〕41号、辽人社函〔2020〕16号，办理中小微企业职工培训补贴：
企业登记 → 培训备案 → 学习记录 → 补贴申请 → 审核审批 → 公示 → 拨付。

错误一律以 `application/problem+json` 返回：
`code` 供程序判断，`title` 说明情况，`remedy` 说明如何处理。
写操作可携带 `Idempotency-Key`，重复提交得到同一结果。
"""
_COLLECTOR_THRESHOLDS = (50_000, 20, 20)
_ROUTERS = (
    sessions, enterprises, plans, evidence, uploads, learning, reports, pushes, claims, notices,
    objections, payments, platforms, policy, measures, simulations, signals, conduct, deciding,
    declarations, tracing, health, budgets, recoveries, violations, tasks,
    worklist,
)  # fmt: skip


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what lives as long as the process, and come seldom.

    A filing makes thousands of tuples; at Python's own thresholds the collector walks the heap
    several times for each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)


def create_app(settings: Settings) -> FastAPI:
    """Return the application; it reads nothing but *settings*."""
    office = Office(
        settings=settings,
        engine=make_engine(
            settings.database_url.get_secret_value(),
            pool=settings.database_pool,
            statement_cache=settings.database_statement_cache,
            wait_seconds=settings.database_wait_seconds,
        ),
        sealer=Sealer(
            settings.sealing_key.get_secret_value(), settings.digest_key.get_secret_value()
        ),
        store=EvidenceStore(settings.evidence_url),
        tokens=TokenDesk(
            settings.signing_key.get_secret_value(),
            settings.issuer,
            timedelta(minutes=settings.access_token_minutes),
        ),
        crowd=Crowd(settings.database_pool + settings.database_waiting),
    )

    workshop = Workshop(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await refuse_unsafe_role(office.engine)
        async with office.engine.connect() as db:
            left = await is_anything_waiting((await db.get_raw_connection()).driver_connection)
        if left:
            workshop.wake()
        spare_the_collector()
        async with watching(office):
            yield
        await asyncio.to_thread(workshop.stop)
        await office.engine.dispose()

    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version="1.0.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.office = office
    app.state.workshop = workshop
    app.state.passwords = PasswordDesk()
    add_problems(app)
    # Laid out flat: nested routers would try each route of each noun three times over.
    nouns = (*_ROUTERS, sandbox) if settings.sandbox else _ROUTERS
    app.router.routes.extend(route for noun in nouns for route in noun.router.routes)
    add_docs(app, title=TITLE)
    app.state.rates = Rates(settings)
    app.state.pulse = Pulse(settings.database_url.get_secret_value())
    add_layers(app, settings)
    return app
