"""What would the service be without its safeguards? The same application, for a measurement only.

No row-level security: its transactions are the superuser's, whoever calls. No audit: an act leaves
no event. No answers kept: no key is taken. The service has no such switch; all of it is taken away
here, from outside.
"""

import argparse
import os
from collections.abc import AsyncIterator
from typing import Any, get_args

import uvicorn
from fastapi import FastAPI, Request

from app import access, clock, main
from app.actors import EnterpriseUser
from app.api.auth import Bearer, enterprise, member, office_of, origin
from app.api.deps import AsEnterprise
from app.connections import wiring
from app.office import Desk
from app.services import acts
from app.settings import Settings

_BEGIN = (
    "BEGIN; SELECT set_config('app.account', '{account}', true),"
    " set_config('app.enterprise', '{enterprise}', true)"
)


def make_app(settings: Settings) -> FastAPI:
    """Return the application; *settings* name the database as its superuser."""
    main.refuse_unsafe_role = _whoever
    acts.record = _nothing
    app = main.create_app(settings)
    (_, guarded) = get_args(AsEnterprise)
    app.dependency_overrides[guarded.dependency] = desk_of_enterprise
    return app


async def desk_of_enterprise(
    request: Request, token: Bearer
) -> AsyncIterator[Desk[EnterpriseUser]]:
    """Open a transaction that says who is asking, and takes no role for it."""
    who, office = enterprise(await member(request, token)), office_of(request)
    async with office.engine.connect() as db:
        driver: Any = (await db.get_raw_connection()).driver_connection
        await driver.execute(_BEGIN.format(**access.identity(who)))
        try:
            yield Desk(office, who, db, driver, clock.calendar_day(), *origin(request))
            await driver.execute("COMMIT")
        except BaseException:
            await driver.execute("ROLLBACK")
            raise


async def _whoever(_: object) -> None:
    """Let the superuser pass."""


async def _nothing(*_: object, **__: object) -> None:
    """Record nothing."""


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, required=True)
    app = make_app(Settings(database_url=os.environ["BENCH_ADMIN_URL"]))
    uvicorn.run(**wiring(app), port=asked.parse_args().port)
