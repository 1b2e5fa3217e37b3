"""A program that uses the embedded server: prints its URL, then leaves when its input ends."""

import sys
from pathlib import Path

from app.embedded import running

if __name__ == "__main__":
    with running(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
        sys.stdout.write(server.url("postgres") + "\n")
        sys.stdout.flush()
        sys.stdin.read()
