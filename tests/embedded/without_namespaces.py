"""Runs a program as containers usually do: the system refuses every new user namespace."""

import ctypes
import os
import platform
import struct
import sys

_UNSHARE = {"x86_64": 272, "aarch64": 97}[platform.machine()]
_CLONE_NEWUSER = 0x10000000
_LOAD, _EQUAL, _SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38

_PROGRAM = (
    (_LOAD, 0, 0, 0),  # the number of the system call
    (_EQUAL, 0, 3, _UNSHARE),
    (_LOAD, 0, 0, 16),  # its first argument
    (_SET, 0, 1, _CLONE_NEWUSER),
    (_RETURN, 0, 0, _REFUSE),
    (_RETURN, 0, 0, _ALLOW),
)


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


if __name__ == "__main__":
    libc = ctypes.CDLL(None, use_errno=True)
    code = b"".join(struct.pack("HBBI", *step) for step in _PROGRAM)
    program = _Filter(len(_PROGRAM), code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        sys.exit("no_new_privs refused")
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)) != 0:
        sys.exit("seccomp refused")
    if libc.unshare(_CLONE_NEWUSER) == 0:
        sys.exit("the filter lets a user namespace through")
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  the test's own command
