"""How does nginx take a file by WebDAV? As Debian's nginx-light does, in one process."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.servers import HOST, ServerFailedError

_SETTINGS: Final = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 64; }}
http {{
    access_log off; client_max_body_size 0; client_body_temp_path {folder}/incoming;
    server {{ listen {host}:{port}; root {folder}/files; dav_methods PUT; }}
}}
"""


@contextmanager
def receiving(folder: Path) -> Iterator[int]:
    """Run nginx with WebDAV, which puts files into ``files`` in *folder*; provide its port.

    Raises:
        ServerFailedError: it is not installed, or did not start.
    """
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise ServerFailedError("nginx is not installed (Debian: apt-get install nginx-light)")
    with contextlib.closing(socket.create_server((HOST, 0))) as free:
        port = free.getsockname()[1]
    (folder / "files").mkdir(parents=True)
    settings = folder / "nginx.conf"
    settings.write_text(_SETTINGS.format(folder=folder, host=HOST, port=port))
    process = subprocess.Popen([program, "-c", str(settings)])  # noqa: S603  found above
    try:
        _until_it_answers(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.02)
    raise ServerFailedError("nginx did not start")
