"""What happens between a telephone and the service? A line that can be cut, or held, anywhere."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_RESET = struct.pack("ii", 1, 0)


@dataclass
class Line:
    """A TCP proxy; each of ``cuts`` cuts one connection after so many bytes to the service.

    ``hold`` lets so many bytes of all connections through and then none, until ``go_on``.
    """

    target: int
    cuts: list[int] = field(default_factory=list)
    hold: int | None = None
    passed: int = 0
    cut: int = 0
    held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def serve(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with (
            near,
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.target)) as far,
        ):
            back = threading.Thread(target=self._back, args=(far, near), daemon=True)
            back.start()
            try:
                self._forth(near, far)
            except OSError:  # as a router does that forgot: who waits for an answer is told
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            finally:
                with contextlib.suppress(OSError):
                    far.shutdown(socket.SHUT_RDWR)
                back.join()

    def _forth(self, near: socket.socket, far: socket.socket) -> None:
        here = 0
        while part := near.recv(65536):
            if self.cuts and here + len(part) > self.cuts[0]:
                far.sendall(part[: self.cuts.pop(0) - here])
                self.cut += 1
                for end in (near, far):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                return
            far.sendall(part)
            here += len(part)
            self.passed += len(part)
            if self.hold is not None and self.passed >= self.hold:
                self.held.set()
                self.go_on.wait()

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := far.recv(65536):
                near.sendall(part)
        with contextlib.suppress(OSError):
            near.shutdown(socket.SHUT_WR)


@contextmanager
def opened(line: Line) -> Iterator[int]:
    """Provide the port at which the line begins."""
    door = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=line.serve, args=(door,), daemon=True).start()
    try:
        yield door.getsockname()[1]
    finally:
        line.go_on.set()
        door.shutdown(socket.SHUT_RDWR)
        door.close()
