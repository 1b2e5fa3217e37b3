"""How does an operator seal, export and prove the audit? The commands ``subsidy audit ...``."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from app import serving
from app.auditing import export as exporting
from app.auditing.export import Period
from app.auditing.keys import AuditKey, KeyRefused, KnownKeys
from app.auditing.sealing import Sealed
from app.auditing.sealing import seal as seal_events
from app.auditing.verification import verify as verified
from app.auditing.watch import connected
from app.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="Seal, export and prove the audit.")
_DAY: Final = ["%Y-%m-%d"]


@commands.command()
def seal() -> None:
    """Seal every event that has no seal yet; the service does so by itself every few seconds."""
    done = asyncio.run(_seal(*_installation()))
    typer.echo(
        f"{done.events} events in {done.seals} seals; seal {done.number} {done.digest.hex()}"
    )


@commands.command()
def export(
    first: Annotated[datetime, typer.Option("--from", formats=_DAY, help="first day")],
    last: Annotated[datetime, typer.Option("--to", formats=_DAY, help="last day")],
    file: Annotated[Path, typer.Argument(help="file to write; it must not exist")],
) -> None:
    """Seal what has no seal, then write every event of the days, with the seals, to FILE."""
    settings, key = _installation()
    period = Period(first.date(), last.date())
    try:
        written = asyncio.run(_export(settings, key, period, file))
    except FileExistsError:
        raise SystemExit(f"{file} exists already") from None
    typer.echo(f"{written} lines; key {key.fingerprint}")


@commands.command()
def verify(
    file: Annotated[Path, typer.Argument(help="what `subsidy audit export` wrote")],
    public_key: Annotated[
        list[Path], typer.Option(help="PEM that `subsidy audit public-key` printed; several may do")
    ],
) -> None:
    """Prove an export with the public key alone; every fault is told with its line.

    It asks no database and no network, and ends with 1 if anything is wrong.
    """
    try:
        keys = KnownKeys(path.read_bytes() for path in public_key)
        with file.open("rb") as content:
            told = verified(content, keys)
    except (OSError, KeyRefused) as refused:
        raise SystemExit(str(refused)) from None
    for fault in told.faults:
        typer.echo(f"{file}:{fault.line}: {fault.what}")
    typer.echo(
        f"{told.period}: {told.events} events, {told.seals} seals, last seal {told.digest or '-'},"
        f" {len(told.faults)} faults"
    )
    if told.faults:
        raise SystemExit(1)


@commands.command()
def public_key() -> None:
    """Print the public key for `verify`; hand it over by another way than the export."""
    _, key = _installation()
    typer.echo(key.public_pem(), nl=False)


def _installation() -> tuple[Settings, AuditKey]:
    state = serving.application().state
    return state.office.settings, state.audit_key


async def _seal(settings: Settings, key: AuditKey) -> Sealed:
    async with connected(settings) as connection:
        done = await seal_events(connection, key, wait=True)
    if done is None:
        raise RuntimeError("who waits for the lock has it")
    return done


async def _export(settings: Settings, key: AuditKey, period: Period, file: Path) -> int:
    await _seal(settings, key)
    written = 0
    with file.open("xb") as target:
        async with connected(settings) as connection:
            async for line in exporting.lines(connection, key, period):
                target.write(line + b"\n")
                written += 1
    return written
