"""What does an operator ask about a whole case? The commands ``subsidy archive ...``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app import serving
from app.archiving.cases import ArchiveRefused
from app.archiving.export import Exported, Opening, export
from app.archiving.verify import verify
from app.evidence_commands import evidence_store
from app.office import Office

commands = typer.Typer(no_args_is_help=True, help="Take a case out whole, and prove what was.")


@commands.command(name="export")
def export_command(
    case: Annotated[str, typer.Argument(help="receipt number or id of a plan or claim")],
    to: Annotated[Path, typer.Option(metavar="FOLDER|FILE.zip", help="where it is written")],
    by: Annotated[str, typer.Option(help="who takes it out: stands in the case's history")],
    full: Annotated[bool, typer.Option(help="open what is sealed: IDs, accounts")] = False,  # noqa: FBT002  a flag
    reason: Annotated[str, typer.Option(help="why it is opened: stands in the history")] = "",
) -> None:
    """Write a case into one file: documents, records, decisions, index and hashes.

    It needs DATABASE_OWNER_URL and SUBSIDY_EVIDENCE_URL; with --full the service's own environment.
    """
    if full and not reason.strip():
        raise SystemExit("--full needs a --reason: it stands in the case's history")
    if reason and not full:
        raise SystemExit("--reason is for --full only")
    try:
        done = asyncio.run(_exported(case, to, by, reason.strip() if full else None))
    except ArchiveRefused as refused:
        raise SystemExit(str(refused)) from None
    typer.echo(f"{done.path}: {done.files} files, {done.size} bytes")
    typer.echo(f"SHA-256 {done.sha256}")


@commands.command(name="verify")
def verify_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    sha256: Annotated[
        str | None, typer.Option(help="what the export told, from the case's history")
    ] = None,
) -> None:
    """Prove an archive: every hash, nothing missing, nothing extra, the law says the same.

    No database and no service is asked. It ends with 1 if anything is wrong.
    """
    report = verify(file, sha256)
    for fault in report.faults:
        typer.echo(f"{fault.name}: {fault.what}")
    typer.echo(
        f"{report.members} files, {report.assessments} assessments, {report.lines} lines,"
        f" {report.notices} notices, {len(report.faults)} faults"
    )
    typer.echo(f"SHA-256 {report.sha256}")
    if report.faults:
        raise SystemExit(1)


async def _exported(case: str, to: Path, by: str, reason: str | None) -> Exported:
    url = serving.owner_url()
    if reason is None:
        return await export(url, evidence_store(), case, to, by)
    office: Office = serving.application().state.office
    try:
        return await export(url, office.store, case, to, by, Opening(office, reason))
    finally:
        await office.engine.dispose()
