"""No private key, token or password lies in a tracked file."""

import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT: Final = Path(__file__).parents[1]
KINDS: Final = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector",
    "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "NpmDetector",
    "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector",
    "SlackDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
RANDOM: Final = ({"name": "Base64HighEntropyString", "limit": 4.5},
                 {"name": "HexHighEntropyString", "limit": 3.0})  # fmt: skip
PASSED_OVER: Final = {
    "app/api/static/swagger-ui/": "the published files of others, whose hashes test_docs.py holds",
    "openapi/v1.json": "written from the code, and compared with it by test_contract.py",
    "requirements/": "locks: nothing but names, versions and hashes",
}
NOT_TEXT: Final = {".xlsx", ".xls", ".png", ".jpg", ".pdf"}
KNOWN: Final = {
    ("README.md", "Basic Auth Credentials"): "the form of an address, with the word password",
    ("app/settings.py", "Basic Auth Credentials"): "as above",
    ("app/policy/identifiers.py", "Base64 High Entropy String"): "the letters of a check digit",
    ("app/services/one_time.py", "Base64 High Entropy String"): "the alphabet of passwords",
    ("app/services/second_factors.py", "Base64 High Entropy String"): "the alphabet of codes",
    ("tests/api/test_docs.py", "Hex High Entropy String"): "hashes of the published files",
    ("tests/database/neighbours.py", "Base64 High Entropy String"): "an alphabet of credit codes",
    ("tests/policy/test_identifiers.py", "Base64 High Entropy String"): "as above",
    ("tests/policy/test_identifiers.py", "Hex High Entropy String"): "made-up numbers",
    ("tests/processes/test_service.py", "Private Key"): "the first line of a PEM, without a key",
    ("tests/test_sealing.py", "Hex High Entropy String"): "the example of the SM4 standard",
    ("tests/test_secrets.py", "Private Key"): "below: what must be found",
}
"""What looks like a secret and is none, each with its reason."""


def tracked() -> list[str]:
    """Return the tracked files; all of a tree without a history, but what was made in it."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        listed = subprocess.run(
            (git, "ls-files", "-z"), cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
        return [each for each in listed.split("\0") if each and (ROOT / each).is_file()]
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [each for each in inner if not each.startswith((".", "__"))]
        found += [str((Path(folder) / each).relative_to(ROOT)) for each in names]
    return found


def secrets(files: list[Path]) -> Counter[tuple[str, str]]:
    """Return what looks like a secret in which file, and how often."""
    found: Counter[tuple[str, str]] = Counter()
    plugins = [*({"name": name} for name in KINDS), *RANDOM]
    with transient_settings({"plugins_used": plugins}):
        seen = SecretsCollection()
        for each in files:
            seen.scan_file(str(each))
        for file, secret in seen:
            path = Path(file)
            place = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
            found[place, secret.type] += 1
    return found


def test_no_secret_stands_in_a_tracked_file() -> None:
    files = [
        ROOT / each
        for each in tracked()
        if not each.startswith(tuple(PASSED_OVER)) and Path(each).suffix not in NOT_TEXT
    ]
    assert len(files) > 500
    found = secrets(files)
    assert not [f"{file}: {kind}" for file, kind in found if (file, kind) not in KNOWN]
    assert not [each for each in KNOWN if each not in found], "what is not there needs no reason"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC PRIVATE KEY-----",
        'url = "postgresql://subsidy:' + 'Xk29fjw0aQ@db/subsidy"',
        'key = "' + "AKIA" + 'IOSFODNN7EXAMPLQ"',
        'token = "' + "ghp_" + "a1B2" * 9 + '"',
        'sealing = "' + "q83Nm0xZ7TtVb1yWc5Rk" + 'E2sLh9Jp4Gd6Ua8Xf3Qo="',
        'jwt = "' + "eyJhbGciOiJFUzI1NiJ9." * 2 + 'c2lnbmF0dXJl"',
    ],
)
def test_a_secret_would_be_found(tmp_path: Path, text: str) -> None:
    """Else that none was found would prove nothing."""
    (tmp_path / "settings.py").write_text(text + "\n", "utf-8")
    assert secrets([tmp_path / "settings.py"])
