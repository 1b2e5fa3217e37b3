"""Which S3 is it tried on? OpenStack Swift with its S3 API, on loopback, in a folder of its own."""

import contextlib
import getpass
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tests.system import Part

PART: Final = Part(
    ("swift-proxy-server", "swift-account-server", "swift-container-server", "swift-object-server",
     "swift-ring-builder", "memcached"),
    ("swift-proxy", "swift-account", "swift-container", "swift-object", "memcached"),
    "evidence on a real S3",
)  # fmt: skip
BUCKET, KEY_ID, SECRET = "evidence", "test:tester", "testing"
_SECONDS: Final = 60

_DEFAULT: Final = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
log_level = ERROR
"""
_STORAGE: Final = """
[pipeline:main]
pipeline = {kind}-server

[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY: Final = """
[pipeline:main]
pipeline = catch_errors cache s3api tempauth bulk slo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}

[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false

[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin

[filter:bulk]
use = egg:swift#bulk

[filter:slo]
use = egg:swift#slo
"""


@contextmanager
def swift(folder: Path) -> Iterator[str]:
    """Run Swift with all it needs in *folder* and return the endpoint of its S3."""
    proxy, memcached = _free_port(), _free_port()
    user = getpass.getuser()
    (folder / "devices" / "one").mkdir(parents=True)
    with ExitStack() as running:
        command = ("memcached", "-l", "127.0.0.1", "-p", str(memcached), "-u", user)
        running.enter_context(_run(folder, *command))
        for kind in ("account", "container", "object"):
            port = _free_port()
            _ring(folder, kind, port)
            default = _DEFAULT.format(port=port, user=user, folder=folder)
            conf = folder / f"{kind}.conf"
            conf.write_text(default + _STORAGE.format(kind=kind))
            running.enter_context(_run(folder, f"swift-{kind}-server", str(conf)))
            _until_taken(port)
        conf = folder / "proxy.conf"
        default = _DEFAULT.format(port=proxy, user=user, folder=folder)
        conf.write_text(default + _PROXY.format(memcached=memcached))
        running.enter_context(_run(folder, "swift-proxy-server", str(conf)))
        _until_taken(proxy)
        yield f"http://127.0.0.1:{proxy}"


def environment(endpoint: str) -> dict[str, str]:
    """Return the variables by which the store finds the server and may use it."""
    return {
        "AWS_ENDPOINT": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }


def make_bucket(endpoint: str, name: str) -> None:
    """Make a bucket, which Swift calls a container; its own API signs nothing."""
    asked = urllib.request.Request(  # noqa: S310  on loopback
        f"{endpoint}/auth/v1.0", headers={"X-Auth-User": KEY_ID, "X-Auth-Key": SECRET}
    )
    with urllib.request.urlopen(asked) as signed:  # noqa: S310  as above
        url, token = signed.headers["X-Storage-Url"], signed.headers["X-Auth-Token"]
    made = urllib.request.Request(  # noqa: S310  as above
        f"{url}/{name}", method="PUT", headers={"X-Auth-Token": token}
    )
    urllib.request.urlopen(made).close()  # noqa: S310  as above


def _ring(folder: Path, kind: str, port: int) -> None:
    builder = str(folder / f"{kind}.builder")
    for arguments in (
        ("create", "4", "1", "1"),
        ("add", f"r1z1-127.0.0.1:{port}/one", "1"),
        ("rebalance",),
    ):
        subprocess.run(
            ["/usr/bin/swift-ring-builder", builder, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def _run(folder: Path, program: str, *arguments: str) -> Iterator[None]:
    clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    with (folder / f"{program}.log").open("wb") as log:
        process = subprocess.Popen(
            [f"/usr/bin/{program}", *arguments], stdout=log, stderr=log, env=clean
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until_taken(port: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")
