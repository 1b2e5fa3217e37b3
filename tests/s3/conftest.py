"""Where do these checks keep evidence? In a bucket of a server that runs as long as they do."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.storage import EvidenceStore
from tests.s3.swift import BUCKET, environment, make_bucket, swift


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """The URL of an empty bucket, which this process may use."""
    with tempfile.TemporaryDirectory(prefix="swift-") as folder, swift(Path(folder)) as endpoint:
        make_bucket(endpoint, BUCKET)
        with pytest.MonkeyPatch.context() as patched:
            for name, value in environment(endpoint).items():
                patched.setenv(name, value)
            yield f"s3://{BUCKET}"


@pytest.fixture
def settings(settings: Settings, bucket: str) -> Settings:
    """With evidence in a part of the bucket of this test's own."""
    return settings.model_copy(update={"evidence_url": f"{bucket}/{uuid.uuid4().hex}"})


@pytest.fixture
def store(settings: Settings) -> EvidenceStore:
    """The store, as the service makes it."""
    return EvidenceStore(settings.evidence_url)
