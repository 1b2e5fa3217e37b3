"""Where does a sandbox keep its things, and is another one there already?

The folder holds the embedded database, the evidence files, the keys and what was played.
"""

import contextlib
import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.auditing.keys import new_audit_key
from app.embedded import default_folder
from app.sealing import new_key
from app.tokens import new_signing_key

HOST: Final = "127.0.0.1"
PROJECT: Final = Path(__file__).resolve().parents[2]
_PRIVATE: Final = 0o700
_KEYS: Final = {
    "signing_key": new_signing_key,
    "sealing_key": new_key,
    "digest_key": new_key,
    "audit_key": new_audit_key,
}


class SandboxError(RuntimeError):
    """The sandbox cannot run; the text is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one sandbox."""

    folder: Path

    @classmethod
    def of(cls, data: Path | None, *, embedded: bool) -> "Place":
        """Return the place at *data*, or ``.data`` of the project where that can be written."""
        if data is None:
            data = default_folder(PROJECT).parent if embedded else PROJECT / ".data"
        folder = data.absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "evidence").mkdir(mode=_PRIVATE, exist_ok=True)
        except OSError as error:
            message = f"cannot write {folder} ({error.strerror}): choose another with --data FOLDER"
            raise SandboxError(message) from error
        return cls(folder)

    @property
    def postgres(self) -> Path:
        """The folder of the embedded server."""
        return self.folder / "postgres"

    @property
    def played(self) -> Path:
        """The file that tells which case was played to its end."""
        return self.folder / "played.json"

    @property
    def evidence_url(self) -> str:
        """The evidence store's URL."""
        return (self.folder / "evidence").as_uri()

    def keys(self) -> dict[str, str]:
        """Return the sandbox's own keys, made when they are first needed; nobody else has them."""
        file = self.folder / "keys.json"
        kept: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        missing = {name: made() for name, made in _KEYS.items() if name not in kept}
        if missing:
            kept |= missing
            draft = file.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(kept), "utf-8")
            draft.rename(file)
        return kept

    @contextmanager
    def occupied(self, port: int) -> Iterator[None]:
        """Keep every other sandbox out of this folder; the system frees it however this one ends.

        Raises:
            SandboxError: one runs here already.
        """
        with (self.folder / "sandbox.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                message = (
                    f"a sandbox runs on {self.folder} already: see {lock.read().strip()}/docs,"
                    " stop it, or give this one a folder and a port: --data FOLDER --port PORT"
                )
                raise SandboxError(message) from None
            lock.truncate(0)
            lock.write(address(port))
            lock.flush()
            # Uploads that a killed sandbox was receiving: nobody will finish them.
            shutil.rmtree(self.folder / "evidence" / "incoming", ignore_errors=True)
            yield


def address(port: int) -> str:
    """Return the URL under which the sandbox is reached."""
    return f"http://{HOST}:{port}"


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Hold the port from the beginning, so that nobody takes it while the database starts.

    Raises:
        SandboxError: it is in use, or not to be had.
    """
    with contextlib.closing(socket.socket()) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else "no such port"
            message = (
                f"port {port} on {HOST} cannot be used ({reason}): stop the program that uses it,"
                " or choose another: make run PORT=8001"
            )
            raise SandboxError(message) from error
        yield door
