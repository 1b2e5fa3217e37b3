"""How does the process that computes simulations live? Told by its pipe, and not beyond it."""

import asyncio
import json
import os
import threading
from typing import Final

from app import logs
from app.simulating.jobs import work_through

_PIPE: Final = 0  # the standard input
_NICE: Final = 10  # requests come first


def _end_with_the_service() -> None:
    """Wait until the pipe ends, as it does however the service dies, and end at once."""
    os.read(_PIPE, 1)  # past Python's own buffers, which an end of this process would wait for
    os._exit(1)


def main() -> None:
    """Work through the queue of the database that the first line of the input names."""
    logs.configure()
    os.nice(_NICE)
    with open(_PIPE, "rb", buffering=0, closefd=False) as pipe:
        order = json.loads(pipe.readline())
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    asyncio.run(work_through(order["url"], order["statement_cache"]))


if __name__ == "__main__":
    main()
