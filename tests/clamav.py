"""Which scanner do the tests speak to? A real clamd with one signature of its own, on loopback."""

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.system import needed

EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND: Final = "Eicar-Test-Signature.UNOFFICIAL"
STREAM_MEGABYTES, FILE_MEGABYTES = 5, 3
_SECONDS: Final = 30
_CONFIGURATION: Final = """
    Foreground yes
    TCPSocket {port}
    TCPAddr 127.0.0.1
    LocalSocket {folder}/clamd.ctl
    DatabaseDirectory {folder}/signatures
    LogFile {folder}/log
    LogClean yes
    StreamMaxLength {stream}M
    MaxFileSize {file}M
    AlertExceedsMax yes
    AlertEncrypted yes
"""


class Clamd:
    """A clamd that can be started and stopped; its address stays."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        (folder / "signatures").mkdir()
        signature = f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n"
        (folder / "signatures" / "test.ndb").write_text(signature)
        lines = _CONFIGURATION.format(
            port=self.port, folder=folder, stream=STREAM_MEGABYTES, file=FILE_MEGABYTES
        )
        (folder / "conf").write_text("\n".join(line.strip() for line in lines.splitlines()))

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def unix_url(self) -> str:
        return f"unix://{self._folder}/clamd.ctl"

    @property
    def scans(self) -> int:
        """How many streams it was given and came to a verdict on."""
        return (self._folder / "log").read_text().count("instream(")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._folder / "conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            assert self._process.poll() is None, (self._folder / "log").read_text()
            time.sleep(0.01)

    def stop(self) -> None:
        """Kill it, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_SECONDS)
            self._process = None

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 1) as connection,
        ):
            connection.sendall(b"zPING\0")
            return connection.recv(100) == b"PONG\0"
        return False


@contextmanager
def clamd_in_a_folder() -> Iterator[Clamd]:
    """A clamd that is not started yet; tests that need one are skipped where there is none."""
    program = needed("clamd")
    # A socket's path may have 108 bytes, and pytest's own folders have long names.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        clamd = Clamd(program, Path(folder))
        try:
            yield clamd
        finally:
            clamd.stop()
