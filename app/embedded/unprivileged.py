"""As whom does the server run? As the user who starts it, but never as root: PostgreSQL refuses.

Root first enters a user namespace in which it bears an ordinary account's name: files stay root's,
and folders that only root may enter stay open. Containers often forbid that; then root becomes the
ordinary account, keeping the one capability that lets it enter such folders. A user without a line
in the password file borrows a name through a namespace as well.
"""

import contextlib
import ctypes
import os
import pwd
import sys
from pathlib import Path
from typing import Final

_ACCOUNTS: Final = ("nobody", "postgres", "daemon")
_LIBC: Final = ctypes.CDLL(None, use_errno=True)

_CLONE_NEWUSER: Final = 0x10000000
_PR_SET_SECUREBITS: Final = 28
_NO_SETUID_FIXUP: Final = 1 << 2
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_RAISE: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522
_CAP_DAC_OVERRIDE: Final = 1
_PR_SET_PDEATHSIG: Final = 1


def shed_root(folder: Path) -> None:
    """Give this single-threaded process, and the folder, an owner that PostgreSQL accepts."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _has_name(uid):
        return
    account = _ordinary_account()
    if sys.platform == "linux" and _namespace_allowed(account):
        _give(folder, uid, gid)
        _enter_namespace(account)
    elif uid == 0:
        _give(folder, account.pw_uid, account.pw_gid)
        _become(account)


def die_with_parent(parent: int, signal: int) -> None:
    """Between fork and exec: be sent a signal when the parent process dies, however it dies."""
    if sys.platform == "linux":
        _checked(_LIBC.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0))
        if os.getppid() != parent:
            os._exit(1)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _ordinary_account() -> pwd.struct_passwd:
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    sys.exit("no ordinary account among " + ", ".join(_ACCOUNTS))


def _namespace_allowed(account: pwd.struct_passwd) -> bool:
    """Try it in a child: a half-entered namespace cannot be left again."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _enter_namespace(account)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def _enter_namespace(account: pwd.struct_passwd) -> None:
    uid, gid = os.geteuid(), os.getegid()
    _checked(_LIBC.unshare(_CLONE_NEWUSER))
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny", "ascii")
    (own / "uid_map").write_text(f"{account.pw_uid} {uid} 1", "ascii")
    (own / "gid_map").write_text(f"{account.pw_gid} {gid} 1", "ascii")


def _become(account: pwd.struct_passwd) -> None:
    """Where file access cannot be kept, PostgreSQL runs if the way to its files is open to all."""
    keeps = sys.platform == "linux" and _LIBC.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP) == 0
    os.setgroups([])
    os.setregid(account.pw_gid, account.pw_gid)
    os.setreuid(account.pw_uid, account.pw_uid)
    if keeps:
        with contextlib.suppress(OSError):
            _keep_file_access()


def _keep_file_access() -> None:
    """Hold CAP_DAC_OVERRIDE alone (effective, permitted, inheritable) and pass it on at exec.

    Without the secure bit, access(2), by which PostgreSQL finds itself, would ignore it.
    """
    bit = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _checked(_LIBC.capset(header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)))
    _checked(_LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0))


def _give(folder: Path, uid: int, gid: int) -> None:
    """Make every file the new owner's, the folder itself last: cut short, it is done again."""
    if folder.stat().st_uid == uid:
        return
    for place, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(place, name), uid, gid, follow_symlinks=False)
    os.chown(folder, uid, gid)


def _checked(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
