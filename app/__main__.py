"""The one command door: ``subsidy`` serves, prepares databases, and runs the sandbox."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import asyncpg
import typer
from rich.progress import MofNCompleteColumn, Progress
from sqlalchemy.exc import DBAPIError

from app import (
    answer_commands,
    archive_commands,
    audit_commands,
    evidence_commands,
    keys_commands,
    service_commands,
    serving,
)
from app.auditing.keys import new_audit_key
from app.database import UnsafeDatabaseRoleError, prepare_roles
from app.embedded import EmbeddedServerError
from app.installation import DatabaseUnusable, create_account, load_reference, migrate, reach
from app.main import create_app
from app.replay import replay
from app.sandbox import house
from app.sandbox.case_sheet import SampleCase
from app.sandbox.place import SandboxError
from app.sealing import new_key
from app.serving import EnvironmentRefused, owner_url
from app.settings import Settings
from app.tokens import new_signing_key
from app.verification import verify

commands = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
database = typer.Typer(no_args_is_help=True, help="Prepare and migrate the claims database.")
accounts = typer.Typer(no_args_is_help=True, help="Make accounts on the machine.")
ledger = typer.Typer(no_args_is_help=True, help="Prove the books.")
for name, group in (
    ("database", database), ("account", accounts), ("evidence", evidence_commands.commands),
    ("audit", audit_commands.commands), ("keys", keys_commands.commands),
    ("service-account", service_commands.commands), ("archive", archive_commands.commands),
    ("answers", answer_commands.commands), ("ledger", ledger),
):  # fmt: skip
    commands.add_typer(group, name=name)

_FOR_THE_TERMINAL = (
    EmbeddedServerError,
    SandboxError,
    DatabaseUnusable,
    EnvironmentRefused,
    UnsafeDatabaseRoleError,
)
"""What the person at the terminal can mend: told in a line or two, without a traceback."""


@commands.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
) -> None:
    """Serve the API with the settings of the environment; SIGTERM finishes what is under way."""
    serving.serve(host, port)


@commands.command()
def sandbox(
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    data: Annotated[
        Path | None, typer.Option(help="folder for everything it keeps", show_default=".data")
    ] = None,
    case: Annotated[
        SampleCase,
        typer.Option(metavar="FILE", help=f"the case sheet to play: {', '.join(SampleCase)}"),
    ] = SampleCase.LISTED_PLATFORM,
    play: Annotated[bool, typer.Option(help="play the sample case")] = True,  # noqa: FBT002  a flag
) -> None:
    """Run everything on this machine, with the sample case played through the API."""
    house.run(port, data, case if play else None)


@commands.command()
def openapi() -> None:
    """Print the contract."""
    document = create_app(_contract_settings()).openapi()
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


@commands.command(name="replay")
def replay_command(
    processes: Annotated[int, typer.Option(min=1, help="processes to compute in")] = 2,
) -> None:
    """Compute every stored assessment again and report any difference to the fen."""
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn()) as progress:
        task = progress.add_task("replay", total=None)

        def told(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        report = asyncio.run(replay(owner_url(), processes, told))
    for each in report.differences:
        typer.echo(
            f"claim {each.claim_id} assessment {each.assessment_id} line {each.line}:"
            f" {each.what} stored {each.stored}, computed {each.computed}"
        )
    typer.echo(
        f"{report.assessments} assessments, {report.lines} lines,"
        f" {len(report.differences)} differences"
    )
    if report.differences:
        raise SystemExit(1)


@ledger.command(name="verify")
def verify_command() -> None:
    """Prove that every balance of every person and budget is the sum of its entries."""
    told = asyncio.run(verify(owner_url()))
    for each in told.differences:
        typer.echo(f"{each.what} {each.whose}: balance {each.balance}, entries {each.entries}")
    typer.echo(
        f"{told.persons} persons, {told.entries} entries, {len(told.differences)} differences"
    )
    if told.differences:
        raise SystemExit(1)


@database.command()
def prepare() -> None:
    """Make the roles (once per server) and let the service's role sign in with its password."""
    url = owner_url()
    asyncio.run(reach(url))
    asyncio.run(prepare_roles(url, os.environ.get("DATABASE_SERVICE_PASSWORD")))


@database.command(name="migrate")
def migrate_command() -> None:
    """Bring tables and reference data up to date."""
    url = owner_url()
    asyncio.run(reach(url))
    migrate(url)
    asyncio.run(load_reference(url))


@accounts.command()
def create(
    username: str,
    name: Annotated[str, typer.Option(help="name shown in the records")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, envvar="SUBSIDY_ACCOUNT_PASSWORD")
    ],
    bureau: Annotated[str | None, typer.Option(help="bureau code; none: an enterprise")] = None,
    duty: Annotated[
        list[str] | None,
        typer.Option(help="review, approve, pay; or administer, or audit, alone"),
    ] = None,
    enterprise: Annotated[UUID | None, typer.Option(help="id of a registered enterprise")] = None,
    platform: Annotated[
        str | None, typer.Option(help="name of a platform of the catalogue: its own program")
    ] = None,
) -> None:
    """Make an account; a bureau's first is its administrator's (--duty administer).

    An officer's password is for the first sign-in, which changes it.
    """
    if platform is not None and (bureau or enterprise or duty):
        raise SystemExit("a platform's account belongs to nobody else and has no duties")
    url = owner_url()
    asyncio.run(reach(url))
    made = asyncio.run(
        create_account(
            url,
            username=username,
            name=name,
            password=password,
            bureau=bureau,
            duties=tuple(duty or ()),
            enterprise=enterprise,
            platform=platform,
            one_time=bureau is not None,
        )
    )
    if not made:
        raise SystemExit(f"the user name {username!r} is taken")


def _contract_settings() -> Settings:
    """Return settings with which the application can tell its contract, but serve nothing."""
    return Settings.model_validate(
        {
            "DATABASE_URL": "postgresql://nobody@localhost/none",
            "signing_key": new_signing_key(),
            "sealing_key": new_key(),
            "digest_key": new_key(),
            "audit_key": new_audit_key(),
            "evidence_url": "memory:///",
        }
    )


def main() -> None:
    """Run the command."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        commands()
    except _FOR_THE_TERMINAL as told:
        raise SystemExit(str(told)) from None
    except (asyncpg.PostgresError, DBAPIError) as told:
        said = told.orig if isinstance(told, DBAPIError) else told
        raise SystemExit(f"PostgreSQL refused: {said}") from None


if __name__ == "__main__":
    main()
