"""The one command door: ``subsidy`` serves, prepares databases, and runs the sandbox."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
import uvicorn
from pydantic import ValidationError

from app.database import prepare_roles
from app.embedded import EmbeddedServerError
from app.installation import create_account, load_reference, migrate
from app.main import create_app
from app.sandbox import house
from app.sealing import new_key
from app.settings import Settings
from app.tokens import new_signing_key

commands = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
database = typer.Typer(no_args_is_help=True, help="Prepare and migrate the claims database.")
accounts = typer.Typer(no_args_is_help=True, help="Make accounts on the machine.")
commands.add_typer(database, name="database")
commands.add_typer(accounts, name="account")


@commands.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
) -> None:
    """Serve the API with the settings of the environment."""
    app = create_app(_settings())
    uvicorn.run(app, host=host, port=port, server_header=False, access_log=False)


@commands.command()
def sandbox(
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    play: Annotated[bool, typer.Option(help="play the sample case")] = True,  # noqa: FBT002  a flag
) -> None:
    """Run everything on this machine, with the sample case played through the API."""
    house.run(Path.cwd(), port, play_case=play)


@commands.command()
def openapi() -> None:
    """Print the contract."""
    document = create_app(_contract_settings()).openapi()
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


@commands.command()
def keys() -> None:
    """Print fresh keys for a new installation, as lines of an environment file."""
    pem = new_signing_key().strip().replace("\n", "\\n")
    sys.stdout.write(f'SUBSIDY_SIGNING_KEY="{pem}"\n')
    sys.stdout.write(f"SUBSIDY_SEALING_KEY={new_key()}\nSUBSIDY_DIGEST_KEY={new_key()}\n")


@database.command()
def prepare() -> None:
    """Make the roles (once per server) and let the service's role sign in with its password."""
    asyncio.run(prepare_roles(_owner_url(), os.environ.get("DATABASE_SERVICE_PASSWORD")))


@database.command(name="migrate")
def migrate_command() -> None:
    """Bring tables and reference data up to date."""
    migrate(_owner_url())
    asyncio.run(load_reference(_owner_url()))


@accounts.command()
def create(
    username: str,
    name: Annotated[str, typer.Option(help="name shown in the records")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True)],
    bureau: Annotated[str | None, typer.Option(help="bureau code; none: an enterprise")] = None,
    duty: Annotated[list[str] | None, typer.Option(help="review, approve, pay")] = None,
    enterprise: Annotated[UUID | None, typer.Option(help="id of a registered enterprise")] = None,
) -> None:
    """Make an account."""
    made = asyncio.run(
        create_account(
            _owner_url(),
            username=username,
            name=name,
            password=password,
            bureau=bureau,
            duties=tuple(duty or ()),
            enterprise=enterprise,
        )
    )
    if not made:
        raise SystemExit(f"the user name {username!r} is taken")


def _owner_url() -> str:
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        raise SystemExit("set DATABASE_OWNER_URL to the URL of the database's administrator")
    return url


def _contract_settings() -> Settings:
    """Return settings with which the application can tell its contract, but serve nothing."""
    return Settings.model_validate(
        {
            "DATABASE_URL": "postgresql://nobody@localhost/none",
            "signing_key": new_signing_key(),
            "sealing_key": new_key(),
            "digest_key": new_key(),
            "evidence_url": "memory:///",
        }
    )


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as invalid:
        lines = [
            f"  {_variable(str(fault['loc'][0]) if fault['loc'] else '')}: {fault['msg']}"
            for fault in invalid.errors()
        ]
        raise SystemExit("the environment is not complete:\n" + "\n".join(lines)) from None


def _variable(field: str) -> str:
    return field if field.isupper() else f"SUBSIDY_{field.upper()}" if field else "settings"


def main() -> None:
    """Run the command; what the person at the terminal can mend is told in one line."""
    try:
        commands()
    except (EmbeddedServerError, house.PortTaken) as trouble:
        raise SystemExit(str(trouble)) from None


if __name__ == "__main__":
    main()
