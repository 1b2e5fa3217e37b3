"""A plan to which files may be uploaded, and where their bytes lie."""

from pathlib import Path

import pytest

from tests.uploads.tus import Tus
from tests.world import World


@pytest.fixture
async def tus(world: World) -> Tus:
    """The enterprise of the sample case, which has drafted its plan."""
    await world.drafted()
    return Tus(world)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the bytes lie."""
    return tmp_path / "evidence"


def files(folder: Path) -> list[Path]:
    """Return every file in the store."""
    return [path for path in folder.rglob("*") if path.is_file()]
