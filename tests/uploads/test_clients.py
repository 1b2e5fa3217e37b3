"""The real clients get a file past a cut line and a killed service, and it has the same hash.

tuspy and tus-js-client run as programs of their own, and so does the service.
"""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.settings import Settings
from tests.embedded.programs import until
from tests.processes import programs
from tests.processes.programs import Program
from tests.uploads.line import Line, opened
from tests.world import World

CLIENTS = Path(__file__).parents[1] / "clients"
SIZE = 40 * 1024 * 1024
MEGABYTE = 1024 * 1024
KINDS = {"kind": "training_video", "filename": "培训录像.mp4"}


@pytest.fixture(scope="session")
def tus_js(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that runs tus-js-client, installed from its lock file."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed: tus-js-client is not tried")
    folder = tmp_path_factory.mktemp("clients")
    for name in ("package.json", "package-lock.json", ".npmrc", "upload.js"):
        shutil.copy(CLIENTS / name, folder)
    got = subprocess.run(
        [npm, "ci", "--prefer-offline"], cwd=folder, capture_output=True, text=True, check=False
    )
    if got.returncode:
        pytest.skip("npm cannot get tus-js-client here: it is not tried")
    return [node, str(folder / "upload.js")]


@pytest.fixture(scope="session")
def tuspy() -> list[str]:
    """The command that runs tuspy."""
    return [sys.executable, str(CLIENTS / "upload.py")]


@pytest.fixture(params=["tuspy", "tus_js"])
def client(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401  the fixture's own value
    """The command that runs a client."""
    return request.getfixturevalue(request.param)


@dataclass
class Service:
    """A service that can be killed and started again on the same port."""

    start: Callable[[int], Program]
    program: Program
    world: World
    clients: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def again(self) -> None:
        self.program.killed()
        self.program = self.start(self.program.port)

    async def evidence(self, evidence_id: str) -> Any:  # noqa: ANN401  JSON
        return await self.world.get("enterprise", f"/evidence/{evidence_id}")

    def begin(
        self, command: list[str], port: int, file: Path, **more: object
    ) -> "subprocess.Popen[str]":
        """Start a client that uploads the file at *port*."""
        told = {
            "endpoint": f"http://127.0.0.1:{port}/api/v1/uploads",
            "token": self.world.tokens["enterprise"],
            "file": str(file),
            "metadata": {**KINDS, "plan_id": self.world.plan["id"]},
            **more,
        }
        client = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert client.stdin is not None
        client.stdin.write(json.dumps(told))
        client.stdin.close()
        client.stdin = None
        self.clients.append(client)
        return client

    def over(self) -> None:
        """End what still runs, and close what it was read from."""
        for client in self.clients:
            with client:
                client.kill()
        self.program.killed()


@pytest.fixture
async def service(settings: Settings, world: World) -> AsyncIterator[Service]:
    """The service in a process of its own, on the database of a drafted plan."""
    await world.drafted()
    env = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
        "SUBSIDY_SANDBOX": "true",
    }
    for name in ("signing_key", "sealing_key", "digest_key", "audit_key"):
        value = getattr(settings, name).get_secret_value()
        env[f"SUBSIDY_{name.upper()}"] = value.replace("\n", "\\n")

    def start(port: int) -> Program:
        program = programs.start("serve", port=port, **env)
        assert until(lambda: _answers(program), 60), program.text
        return program

    running = Service(start, start(programs.free_port()), world)
    yield running
    running.over()


def _answers(program: Program) -> bool:
    try:
        return httpx.get(f"{program.url}/api/v1/health").is_success
    except httpx.HTTPError:
        assert program.process.poll() is None, program.text
        return False


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file that is no other's."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + os.urandom(SIZE - 12))
    return path


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _ended(client: "subprocess.Popen[str]") -> str:
    told, failed = client.communicate(timeout=180)
    assert client.returncode == 0, failed
    return told.split()[-1]


@pytest.fixture
def line(service: Service) -> Iterator[tuple[Line, int]]:
    """A line to the service and the port at which it begins."""
    one = Line(service.program.port)
    with opened(one) as port:
        yield one, port


async def test_a_cut_line_changes_no_byte(
    service: Service, line: tuple[Line, int], client: list[str], film: Path
) -> None:
    """Cut five times, at random places, while one PATCH sends all of the file."""
    one, port = line
    one.cuts = [5_000, *(random.randrange(MEGABYTE, SIZE // 4) for _ in range(4))]  # noqa: S311  no secret
    cuts = list(one.cuts)
    known = await service.evidence(_ended(service.begin(client, port, film)))
    assert one.cut == len(cuts), cuts
    assert known["sha256"] == _hash(film), cuts
    assert (known["size"], known["media_type"]) == (SIZE, "video/mp4")


async def test_a_killed_service_changes_no_byte(
    service: Service, line: tuple[Line, int], client: list[str], film: Path, tmp_path: Path
) -> None:
    """Killed with -9 in the middle and started again, while the client goes on trying."""
    one, port = line
    one.hold = SIZE // 2
    running = service.begin(client, port, film)
    assert one.held.wait(120)
    service.again()
    one.hold = None
    one.go_on.set()
    known = await service.evidence(_ended(running))
    assert known["sha256"] == _hash(film)
    incoming = tmp_path / "evidence" / "incoming"
    assert one.passed < 2 * SIZE  # what had arrived was not sent again from the beginning
    assert len(list(incoming.iterdir())) <= 1  # what was on its way when it was killed


@pytest.mark.parametrize(
    "more", [{"chunkSize": 7_777_777}, {"chunkSize": 5_000_000, "checksum": True}]
)
async def test_a_file_in_chunks_is_the_same_file(
    service: Service, client: list[str], film: Path, more: dict[str, object]
) -> None:
    port = service.program.port
    known = await service.evidence(_ended(service.begin(client, port, film, **more)))
    assert known["sha256"] == _hash(film)


async def test_a_cut_in_the_creation_is_got_over(
    service: Service, line: tuple[Line, int], tus_js: list[str], film: Path
) -> None:
    """The beginning came with the creation, and nobody was told where to go on: it begins anew."""
    one, port = line
    one.cuts = [3 * MEGABYTE]
    more = {"duringCreation": True, "chunkSize": 16 * MEGABYTE}
    known = await service.evidence(_ended(service.begin(tus_js, port, film, **more)))
    assert known["sha256"] == _hash(film)
