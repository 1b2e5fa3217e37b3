"""How is the application put together? From the settings, in one place."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.api.attempts import Attempts
from app.api.contract import add_contract
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
    histories,
    joining,
    learning,
    legal_holds,
    licences,
    measures,
    notices,
    objections,
    officers,
    own_account,
    payments,
    plans,
    platforms,
    policy,
    pushes,
    recoveries,
    reports,
    reveals,
    sandbox,
    sessions,
    signals,
    simulations,
    tasks,
    tracing,
    uploads,
    users,
    violations,
    worklist,
)
from app.api.wellknown import add_jwks
from app.auditing.keys import AuditKey
from app.auditing.watch import sealing
from app.background import at_most
from app.database import make_engine, refuse_unsafe_role
from app.issuers import Issuers, Pace
from app.mailing import Mailer
from app.office import Crowd, Office
from app.scanning.watch import watching
from app.sealing import Sealer
from app.services.outside import OutsideDoor
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
_CLOSE_SECONDS = 5.0
_COLLECTOR_THRESHOLDS = (50_000, 20, 20)
_ROUTERS = (
    sessions, own_account, joining, officers, enterprises, users, licences,
    plans, evidence, uploads, learning, reports, pushes, claims, notices,
    objections, payments, platforms, policy, measures, simulations, signals, conduct, deciding,
    declarations, tracing, histories, health, budgets, recoveries, violations, tasks,
    worklist, reveals, legal_holds,
)  # fmt: skip
_OFTEN = tuple(f"/api/v1/{noun}" for noun in ("claims", "worklist", "plans", "notices"))


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what lives as long as the process, and come seldom.

    A filing makes thousands of tuples; at Python's own thresholds the collector walks the heap
    several times for each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)


def _turn(route: BaseRoute) -> int:
    """Return when a route is tried: they are tried in turn, so first what is asked for all day."""
    path: str = getattr(route, "path", "")
    return next((turn for turn, often in enumerate(_OFTEN) if path.startswith(often)), len(_OFTEN))


def _mailer(settings: Settings) -> Mailer | None:
    if settings.smtp_url is None or settings.smtp_from is None:
        return None
    return Mailer(settings.smtp_url.get_secret_value(), settings.smtp_from)


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
        mailer=_mailer(settings),
    )

    attempts = Attempts(office)
    audit_key = AuditKey(settings.audit_key.get_secret_value())
    workshop = Workshop(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await refuse_unsafe_role(office.engine)
        async with office.engine.connect() as db:
            left = await is_anything_waiting((await db.get_raw_connection()).driver_connection)
        if left:
            workshop.wake()
        spare_the_collector()
        async with watching(office), sealing(settings, audit_key):
            yield
        await attempts.settle()
        await asyncio.to_thread(workshop.stop)
        await at_most(_CLOSE_SECONDS, office.engine.dispose(), "closing connections")

    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version="1.0.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        # It would send the caller to wherever his Host header says.
        redirect_slashes=False,
    )
    app.state.office = office
    app.state.workshop = workshop
    app.state.audit_key = audit_key
    app.state.attempts = attempts
    app.state.passwords = PasswordDesk(settings.argon2_passes, settings.argon2_kibibytes)
    app.state.outside = OutsideDoor(Issuers(settings.trusted_issuers, Pace()))
    add_problems(app)
    # Laid out flat: nested routers would try each route of each noun three times over.
    nouns = (*_ROUTERS, sandbox) if settings.sandbox else _ROUTERS
    routes = [route for noun in nouns for route in noun.router.routes]
    app.router.routes.extend(sorted(routes, key=_turn))
    add_contract(app, [getattr(route, "path_format", "") for route in routes])
    add_docs(app, title=TITLE)
    add_jwks(app)
    app.state.rates = Rates(settings)
    app.state.pulse = Pulse(settings)
    add_layers(app, settings)
    return app
