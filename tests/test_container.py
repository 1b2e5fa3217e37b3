"""The container keeps its promises: no root, no secret, nothing missing, no default password."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are no part of the locks
from pydantic import TypeAdapter
from pydantic_settings import BaseSettings

from app.settings import Settings

ROOT: Final = Path(__file__).parents[1]
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE_TEXT: Final = (ROOT / "compose.yaml").read_text("utf-8")
COMPOSE: Final[dict[str, Any]] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = ("prepare", "service")
VARIABLE: Final = re.compile(r"\$\{(\w+)([^}]*)\}")
SECRET_NAME: Final = re.compile(r"PASSWORD|KEY|SECRET|TOKEN")


def instructions() -> list[tuple[str, str]]:
    """Return every instruction of the Dockerfile with its arguments, in order."""
    lines = [line for line in DOCKERFILE.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (name, " ".join(rest.split()))
        for name, rest in re.findall(r"^([A-Z]+)\s+(.+)$", joined, re.MULTILINE)
    ]


def last_stage() -> list[tuple[str, str]]:
    every = instructions()
    start = max(number for number, (name, _) in enumerate(every) if name == "FROM")
    return every[start:]


def one(name: str) -> str:
    (argument,) = [argument for found, argument in last_stage() if found == name]
    return argument


def copied_from_here() -> list[str]:
    copies = [argument.split() for name, argument in instructions() if name == "COPY"]
    return [
        source for words in copies if not words[0].startswith("--from") for source in words[:-1]
    ]


def list_of_words(text: str) -> list[str]:
    return TypeAdapter(list[str]).validate_json(text)


def required_variables(settings: type[BaseSettings]) -> set[str]:
    """Return the names in the environment of all settings without a default."""
    prefix = str(settings.model_config.get("env_prefix", ""))
    return {
        str(field.validation_alias or f"{prefix}{name}").upper()
        for name, field in settings.model_fields.items()
        if field.is_required()
    }


def test_the_process_is_not_root_and_named_by_number() -> None:
    names = [name for name, _ in last_stage()]
    user, group = one("USER").split(":")
    assert int(user) >= 10_000
    assert int(group) >= 10_000
    assert names.index("USER") > max(n for n, name in enumerate(names) if name in {"RUN", "COPY"})


def test_the_container_says_whether_it_is_healthy() -> None:
    command = list_of_words(one("HEALTHCHECK").partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "healthcheck", "exec")
    assert "http://127.0.0.1:8000/api/v1/health" in command[2]
    assert "ProxyHandler({})" in command[2]


def test_the_container_runs_the_one_command_and_stops_on_term() -> None:
    assert list_of_words(one("ENTRYPOINT")) == ["subsidy"]
    assert list_of_words(one("CMD"))[:2] == ["serve", "--host"]
    assert one("STOPSIGNAL") == "SIGTERM"


def test_every_copied_file_exists_and_is_let_through() -> None:
    sources = copied_from_here()
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignore
    assert len(sources) >= 5
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in ignore, source


def test_only_locked_wheels_are_installed_and_nothing_builds_in_the_final_image() -> None:
    runs = [argument for name, argument in instructions() if name == "RUN"]
    for install in re.findall(r"pip install [^&]+", " && ".join(runs)):
        assert "--require-hashes" in install or "--no-index --no-deps" in install, install
    assert "PIP_ONLY_BINARY=:all:" in DOCKERFILE
    assert not re.search(r"apt-get|apk |gcc|build-essential", DOCKERFILE)
    assert not [argument for name, argument in last_stage() if name == "RUN" and "pip" in argument]


def test_a_variable_without_a_default_stops_the_start_with_a_message() -> None:
    variables = VARIABLE.findall(COMPOSE_TEXT)
    assert variables
    for name, rule in variables:
        assert re.match(r":\?.|:-.", rule), name


def test_no_secret_stands_in_a_file_or_has_a_default() -> None:
    environments = [service.get("environment", {}) for service in SERVICES.values()]
    secrets = [
        (name, value)
        for environment in environments
        for name, value in environment.items()
        if SECRET_NAME.search(name)
    ]
    assert len(secrets) >= 5
    for name, value in secrets:
        assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
    for text in (DOCKERFILE, COMPOSE_TEXT):
        assert re.search(r"://[^:/\s]+:(?!\$\{\w+:\?)[^/\s]*@", text) is None
        assert re.search(r"BEGIN [A-Z ]*PRIVATE|[A-Za-z0-9+/]{43}=", text) is None


def test_the_service_is_given_exactly_what_its_settings_require() -> None:
    assert set(SERVICES["service"]["environment"]) == required_variables(Settings)


def test_only_the_preparation_may_know_the_owner() -> None:
    assert set(SERVICES["prepare"]["environment"]) == {
        "DATABASE_OWNER_URL",
        "DATABASE_SERVICE_PASSWORD",
    }
    assert "DATABASE_OWNER" not in str(SERVICES["service"])


def test_the_service_starts_on_a_prepared_and_migrated_database() -> None:
    assert SERVICES["prepare"]["command"] == [
        "subsidy database prepare && subsidy database migrate"
    ]
    assert SERVICES["prepare"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    after = SERVICES["service"]["depends_on"]["prepare"]
    assert after == {"condition": "service_completed_successfully"}
    assert "--host=127.0.0.1" in SERVICES["database"]["healthcheck"]["test"]


def test_ports_are_open_to_this_machine_only() -> None:
    ports = [str(port) for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_write_nowhere_and_gain_nothing(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def test_what_must_outlive_a_container_stands_on_a_named_volume() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert sorted(mounts) == [
        "database:/var/lib/postgresql",
        "evidence:/var/lib/subsidy/evidence",
    ]
    assert set(COMPOSE["volumes"]) == {"database", "evidence"}
    assert "/var/lib/subsidy/evidence" in DOCKERFILE
