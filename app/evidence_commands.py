"""What does an operator ask about evidence? The commands ``subsidy evidence ...``."""

import asyncio
import json
import os
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress

from app import serving
from app.access import open_desk
from app.actors import Sweeper
from app.evidence_check import Fault, Report, check
from app.office import Office
from app.services import uploads
from app.storage import EvidenceStore

commands = typer.Typer(no_args_is_help=True, help="Check evidence, and clear away what is not.")


@commands.command()
def verify(
    at_once: Annotated[int, typer.Option(min=1, max=64, help="files to read at once")] = 4,
    told: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="write the report there, too")
    ] = None,
) -> None:
    """Hash every stored file again and report what is missing, altered or nobody's.

    It ends with 1 if anything is wrong: run it every night with DATABASE_OWNER_URL and
    SUBSIDY_EVIDENCE_URL.
    """
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn()) as progress:
        task = progress.add_task("verify", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        report = asyncio.run(check(serving.owner_url(), evidence_store(), at_once, tell))
    for fault in report.faults:
        typer.echo(_line(fault))
    typer.echo(f"{report.files} files, {report.size} bytes, {len(report.faults)} faults")
    if told is not None:
        told.write_text(_json(report), "utf-8")
    if report.faults:
        raise SystemExit(1)


@commands.command()
def sweep() -> None:
    """Remove uploads that expired and pieces that belong to none; with the service's settings."""
    removed = asyncio.run(_sweep(serving.application().state.office))
    typer.echo(f"{removed} uploads and pieces removed")


async def _sweep(office: Office) -> int:
    try:
        async with open_desk(office, Sweeper(), uuid.uuid4().hex, "") as desk:
            return await uploads.sweep(desk)
    finally:
        await office.engine.dispose()


def evidence_store() -> EvidenceStore:
    """Return the store that the environment names."""
    url = os.environ.get("SUBSIDY_EVIDENCE_URL")
    if not url:
        raise SystemExit("set SUBSIDY_EVIDENCE_URL to where the evidence lies")
    return EvidenceStore(url)


def _line(fault: Fault) -> str:
    cases = [
        f"{name} {', '.join(numbers)}"
        for name, numbers in (("plans", fault.plans), ("claims", fault.claims))
        if numbers
    ]
    return "; ".join([f"{fault.what.upper()} {fault.name}: {fault.detail}", *cases])


def _json(report: Report) -> str:
    faults = [fault._asdict() for fault in report.faults]
    return json.dumps({**asdict(report), "faults": faults}, indent=1) + "\n"
