"""What did the service send by e-mail? A mail server of its own process, on loopback.

``python -m tests.mailbox FOLDER`` prints its port and keeps each message as a file in the folder.
"""

import asyncio
import email
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from itertools import count
from pathlib import Path

_NUMBERS = count(1)


@dataclass(frozen=True)
class Mailbox:
    """A running mail server: its URL, and what came in."""

    port: int
    folder: Path
    process: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        """The setting by which the service sends through it, in the clear: it is on loopback."""
        return f"smtp://127.0.0.1:{self.port}?starttls=no"

    def messages(self) -> list[EmailMessage]:
        """Return what came in, in that order."""
        files = sorted(self.folder.glob("*.eml"))
        parsed = [email.message_from_bytes(each.read_bytes(), policy=default) for each in files]
        return [each for each in parsed if isinstance(each, EmailMessage)]


@contextmanager
def mailbox(folder: Path) -> Iterator[Mailbox]:
    """Run the server in a process of its own until the end of the block."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.mailbox", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield Mailbox(int(server.stdout.readline()), folder, server)
        finally:
            server.terminate()


async def _serve(folder: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mailbox\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                (folder / f"{next(_NUMBERS):03}.eml").write_bytes(text.removesuffix(b".\r\n"))
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 so be it\r\n")
            await writer.drain()
            if word == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
