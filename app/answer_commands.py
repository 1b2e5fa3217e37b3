"""What does an operator do about kept answers? The commands ``subsidy answers ...``."""

import asyncio
import uuid

import typer

from app import serving
from app.access import open_desk
from app.actors import Sweeper
from app.office import Office
from app.services import answers

commands = typer.Typer(no_args_is_help=True, help="Clear away answers that were kept long enough.")


@commands.callback()
def _several() -> None:
    """Clear away answers that were kept long enough."""


@commands.command()
def sweep() -> None:
    """Remove answers older than SUBSIDY_IDEMPOTENCY_HOURS; with the service's settings."""
    removed = asyncio.run(_sweep(serving.application().state.office))
    typer.echo(f"{removed} answers removed")


async def _sweep(office: Office) -> int:
    try:
        async with open_desk(office, Sweeper(), uuid.uuid4().hex, "") as desk:
            return await answers.sweep(desk)
    finally:
        await office.engine.dispose()
