"""What does an operator ask about keys? The commands ``subsidy keys ...``."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from app import serving
from app.auditing.keys import new_audit_key
from app.resealing import Report, resealer
from app.sealing import Sealer, new_key
from app.storage import EvidenceStore
from app.tokens import new_signing_key

commands = typer.Typer(help="Make keys; put what is sealed under the newest one.")


@commands.callback(invoke_without_command=True)
def keys(context: typer.Context) -> None:
    """Print fresh keys for a new installation: lines for a shell or for any kind of env file."""
    if context.invoked_subcommand is None:
        pem = "".join(new_signing_key().strip().splitlines()[1:-1])
        sys.stdout.write(f"SUBSIDY_SIGNING_KEY={pem}\n")
        sys.stdout.write(f"SUBSIDY_SEALING_KEY={new_key()}\nSUBSIDY_DIGEST_KEY={new_key()}\n")
        audit = "".join(new_audit_key().strip().splitlines()[1:-1])
        sys.stdout.write(f"SUBSIDY_AUDIT_KEY={audit}\n")


@commands.command()
def rotate(
    at_once: Annotated[int, typer.Option(min=1, help="rows in one transaction")] = 200,
) -> None:
    """Put everything sealed under the first key of SUBSIDY_SEALING_KEY, while the service goes on.

    It may be stopped at any moment and run again. It ends with 1 if anything could not be opened.
    """
    report, versions = asyncio.run(_rotate(at_once))
    for fault in sorted(report.faults):
        typer.echo(f"CANNOT BE OPENED {fault}")
    _tell(versions)
    typer.echo(f"{sum(report.done.values())} seals renewed, {len(report.faults)} faults")
    if report.faults:
        raise SystemExit(1)


@commands.command()
def status() -> None:
    """Tell how much is sealed under which key; one that seals nothing may be removed."""
    _tell(asyncio.run(_status()))


Versions = dict[str, dict[int, int]]


async def _rotate(at_once: int) -> tuple[Report, Versions]:
    def told(column: str, rows: int) -> None:
        typer.echo(f"{column}: {rows}")

    async with resealer(serving.owner_url(), _sealer(), _store(), at_once, told) as one:
        return await one.run(), await one.versions()


async def _status() -> Versions:
    async with resealer(serving.owner_url(), _sealer(), _store(), 1, lambda *_: None) as one:
        return await one.versions()


def _tell(versions: Versions) -> None:
    for name, rows in versions.items():
        for version, count in rows.items():
            typer.echo(f"{name}: {count}" + (f" under version {version}" if version else ""))


def _sealer() -> Sealer:
    given = [os.environ.get(f"SUBSIDY_{name}_KEY", "") for name in ("SEALING", "DIGEST")]
    if not all(given):
        raise SystemExit("set SUBSIDY_SEALING_KEY and SUBSIDY_DIGEST_KEY as the service has them")
    try:
        return Sealer(*given)
    except ValueError as wrong:
        raise SystemExit(str(wrong)) from None


def _store() -> EvidenceStore:
    url = os.environ.get("SUBSIDY_EVIDENCE_URL")
    if not url:
        raise SystemExit("set SUBSIDY_EVIDENCE_URL to where the evidence lies")
    return EvidenceStore(url)
