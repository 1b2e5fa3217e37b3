"""How does the service have simulations computed? By one process at a time, woken when asked.

The process works through the queue and ends. It holds the other end of a pipe, so that it ends as
well however the service dies; nothing it has not finished counts as done.
"""

import json
import subprocess
import sys
import threading
from typing import Final

from app.settings import Settings

_COMMAND: Final = [sys.executable, "-m", "app.simulating"]


class Workshop:
    """The process that computes simulations, while there is something to compute."""

    def __init__(self, settings: Settings) -> None:
        # By the pipe, for arguments and environments are shown to others.
        self._order = json.dumps(
            {
                "url": settings.database_url.get_secret_value(),
                "statement_cache": settings.database_statement_cache,
            }
        )
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._woken = False
        self._stopped = False

    def wake(self) -> None:
        """Have the queue worked through, now or when the process at work has ended."""
        with self._lock:
            self._woken = not self._stopped
            if self._woken and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="simulations", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the process, whatever it computes, and start no other."""
        with self._lock:
            self._woken, self._stopped = False, True
            thread, process = self._thread, self._process
            if process is not None:
                process.terminate()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (process := self._started()) is not None:
            process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def _started(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if not self._woken:
                self._thread = self._process = None
                return None
            self._woken = False
            # A session of its own: Ctrl-C in a terminal is for the service, which then ends this.
            process = subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
                _COMMAND, stdin=subprocess.PIPE, start_new_session=True, bufsize=0
            )
            self._process = process
            if process.stdin is not None:
                process.stdin.write(f"{self._order}\n".encode())
            return process
