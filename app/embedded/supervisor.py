"""Who makes the data folder, runs PostgreSQL on it, and stops it when nobody uses it any more?

A small process of its own, ``python -m app.embedded.supervisor``, in a session of its own, so that
Ctrl-C in a terminal reaches the users of the server and not the server. It needs the standard
library only and imports all of it at the start: once root is shed, its files may be out of reach.
"""

import contextlib
import fcntl
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from app.embedded.unprivileged import die_with_parent, shed_root

PORT: Final = 5432
_SOCKET: Final = f".s.PGSQL.{PORT}"
_FAST_SECONDS: Final = 25

# A rejected row may hold personal data, so the log is terse.
_SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
}


def supervise(folder: Path, binaries: Path, lock: int, settings: Mapping[str, str]) -> int:
    """Run the server until its last user is gone; ``lock`` says that a process of it is alive."""
    with (folder / "users.lock").open("ab") as users:
        _sweep(folder)
        shed_root(folder)
        run = functools.partial(
            subprocess.Popen,
            pass_fds=[lock],
            # Safe: this process has no second thread yet.
            preexec_fn=functools.partial(die_with_parent, os.getpid(), signal.SIGINT),
        )
        data = folder / "data"
        if not data.exists():
            fresh = folder / "data.new"
            if run(_initdb(binaries, fresh, settings)).wait() != 0:
                return 1
            fresh.rename(data)
        sockets = _socket_folder(folder)
        chosen = {**_SETTINGS, **settings, "unix_socket_directories": str(sockets)}
        options = [f"--{name}={value}" for name, value in chosen.items()]
        server = run([str(binaries / "postgres"), "-D", str(data), *options])
        threading.Thread(target=_stop_unused, args=[users, server.pid], daemon=True).start()
        code = server.wait()
        _remove_sockets(sockets)
        return code


def _initdb(binaries: Path, data: Path, settings: Mapping[str, str]) -> list[str]:
    # Who runs without fsync has already said that the data need not outlive a power cut.
    careless = ["--no-sync"] if settings.get("fsync") == "off" else []
    texts = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    builtin = ["--builtin-locale=C.UTF-8", "--no-instructions", *careless]
    account = ["--username=postgres", "--auth=trust"]
    return [str(binaries / "initdb"), "-D", str(data), *account, *texts, *builtin]


def _stop_unused(users: IO[bytes], server: int) -> None:
    """Wait until no user holds the lock; the lock then stays ours until this process ends."""
    fcntl.flock(users, fcntl.LOCK_EX)
    os.kill(server, signal.SIGINT)
    time.sleep(_FAST_SECONDS)
    os.kill(server, signal.SIGQUIT)


def _sweep(folder: Path) -> None:
    """Remove what a killed server left. The lock proves that no process of it is alive."""
    shutil.rmtree(folder / "data.new", ignore_errors=True)
    (folder / "data" / "postmaster.pid").unlink(missing_ok=True)
    link = folder / "socket"
    if link.is_symlink():
        _remove_sockets(link.readlink())
        link.unlink()


def _socket_folder(folder: Path) -> Path:
    """Make a folder for the socket: a socket's path has at most about 100 bytes."""
    short = Path("/tmp")  # noqa: S108  a folder of our own with an unforeseeable name is made in it
    base = short if os.access(short, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    made = Path(tempfile.mkdtemp(prefix="subsidy-", dir=base))
    (folder / "socket").symlink_to(made)
    return made


def _remove_sockets(sockets: Path) -> None:
    with contextlib.suppress(OSError):
        (sockets / _SOCKET).unlink(missing_ok=True)
        (sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)
        sockets.rmdir()


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    place, tools = Path(order["folder"]), Path(order["binaries"])
    try:
        sys.exit(supervise(place, tools, order["lock"], order["settings"]))
    except OSError as error:
        sys.exit(str(error))  # into the log, where the starter looks for the reason
