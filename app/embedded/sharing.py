"""Who uses the server of a folder, and is it still there? The system's file locks know."""

import fcntl
from pathlib import Path
from typing import IO


def takes(file: IO[bytes], kind: int) -> bool:
    """Take a lock, shared or alone, if that needs no waiting."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def leaves_last(folder: Path, users: IO[bytes]) -> bool:
    """Give up the share of the users' lock; tell whether nobody else holds one.

    Others do if the lock cannot be held alone and yet be shared; if it cannot be shared either,
    the supervisor holds it and stops the server.
    """
    with (folder / "door.lock").open("ab") as door:
        fcntl.flock(door, fcntl.LOCK_EX)  # one at a time, or two would take each other for a user
        others = not takes(users, fcntl.LOCK_EX) and takes(users, fcntl.LOCK_SH)
        fcntl.flock(users, fcntl.LOCK_UN)
    return not others


def gone(folder: Path) -> bool:
    """Tell whether no process of the server is alive, not even a dying one."""
    with (folder / "server.lock").open("ab") as lock:
        return takes(lock, fcntl.LOCK_EX)
