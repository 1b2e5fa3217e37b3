"""A program that uses the embedded server: prints its URL, then leaves when its input ends."""

import signal
import sys
from pathlib import Path

from app.embedded import running

if __name__ == "__main__":
    # Who is started in the background inherits that it is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with running(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
        sys.stdout.write(server.url("postgres") + "\n")
        sys.stdout.flush()
        sys.stdin.read()
