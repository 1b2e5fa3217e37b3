"""How does a server come up for a measurement, and go down after it? As a process of its own."""

import functools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from app.embedded.unprivileged import die_with_parent

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 30


class ServerFailedError(RuntimeError):
    """A server did not come up; the text is what it printed."""


@contextmanager
def serving(
    module: str, *arguments: str, environment: dict[str, str], python: str = sys.executable
) -> Iterator[int]:
    """Run ``python -m module ... --port PORT`` and provide its port once it answers.

    Raises:
        ServerFailedError: it ended, or did not answer in time.
    """
    with closing(socket.create_server((HOST, 0))) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(  # noqa: S603  our own modules; no shell
            [python, "-m", module, *arguments, "--port", str(port)],
            env={**os.environ, **environment},
            stdout=printed,
            stderr=subprocess.STDOUT,
            # It ends with this process, however this process ends.
            preexec_fn=functools.partial(die_with_parent, os.getpid(), signal.SIGTERM),  # noqa: PLW1509  no thread of ours holds a lock
        )
        try:
            if not _answers(process, port):
                printed.seek(0)
                raise ServerFailedError(f"{module} did not start:\n{printed.read()}")
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.02)
    return False
