"""What does the environment say? Read once, when the application is made; never at import."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.policy.kinds import Material

_PEM: Final = "-----BEGIN "
_CLAMD: Final = re.compile(r"tcp://[^/?#@]+:\d+/?|unix:///.+")
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{100,}={0,2}")


class Settings(BaseSettings):
    """Everything that differs between two installations.

    Outside the sandbox no secret has a default: a missing one is an error at start that names the
    variable.
    """

    model_config = SettingsConfigDict(
        env_prefix="SUBSIDY_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: SecretStr = Field(
        validation_alias="DATABASE_URL", description="postgresql:// URL of the service's own role"
    )
    database_pool: int = Field(default=10, ge=1, le=200)
    database_statement_cache: int = Field(
        default=200, ge=0, description="0 behind a pooler in transaction mode"
    )
    signing_key: SecretStr = Field(
        description="EC P-256 private key: a PEM, its base64 on one line, or the path of a PEM file"
    )
    sealing_key: SecretStr = Field(description="32 bytes in base64: seals IDs and account numbers")
    digest_key: SecretStr = Field(description="32 bytes in base64: finds them again; never rotate")
    issuer: str = "dalian-training-subsidy"
    access_token_minutes: int = Field(default=15, ge=1, le=60)
    refresh_token_hours: int = Field(default=12, ge=1, le=72)
    evidence_url: str = Field(description="file:///folder or s3://bucket/prefix")
    scanner_url: str | None = Field(
        default=None, description="clamd: tcp://host:3310 or unix:///path; none: nothing is scanned"
    )
    evidence_max_bytes: int = Field(default=500 * 1024 * 1024, ge=1)
    evidence_limits: dict[Material, int] = Field(
        default_factory=dict,
        description='JSON, bytes by kind of evidence: {"training_video": 209715200}; never above'
        " evidence_max_bytes",
    )
    upload_hours: int = Field(
        default=72, ge=1, description="so long an unfinished upload is kept after its last byte"
    )
    sheet_max_bytes: int = Field(default=20 * 1024 * 1024, ge=1)
    objection_file_max_bytes: int = Field(default=20 * 1024 * 1024, ge=1)
    body_max_bytes: int = Field(default=2 * 1024 * 1024, ge=1)
    roster_max_rows: int = Field(default=5_000, ge=1)
    learning_max_rows: int = Field(default=100_000, ge=1)
    push_max_records: int = Field(default=10_000, ge=1)
    push_max_bytes: int = Field(default=10 * 1024 * 1024, ge=1)
    sandbox: bool = False
    idempotency_hours: int = Field(
        default=48, ge=24, le=720, description="so long an answer is kept under its Idempotency-Key"
    )
    rate_per_minute_account: int = Field(default=600, ge=0, description="0: no limit; so below")
    rate_per_minute_address: int = Field(default=1200, ge=0)
    rate_per_minute_sign_in: int = Field(default=60, ge=0, description="by address, as those below")
    rate_per_minute_search: int = Field(default=240, ge=0)
    rate_per_minute_objections: int = Field(default=20, ge=0)
    rate_per_minute_uploads: int = Field(default=300, ge=0)
    trusted_proxies: str | None = Field(
        default=None, description="addresses or networks whose X-Forwarded-For is believed"
    )
    database_waiting: int = Field(
        default=100, ge=0, description="requests that may wait for a connection; more are refused"
    )
    database_wait_seconds: float = Field(default=3.0, gt=0, le=60)
    statement_seconds: int = Field(default=60, ge=1, le=3600)
    lock_seconds: int = Field(default=10, ge=1, le=600)
    idle_transaction_seconds: int = Field(default=120, ge=1, le=3600)
    header_seconds: float = Field(default=10.0, gt=0, le=600)
    body_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="grace of a body that comes slower than it may"
    )
    body_bytes_per_second: int = Field(default=500, ge=1)
    answer_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="so long an answer waits for who does not read it"
    )
    keep_alive_seconds: int = Field(default=5, ge=1, le=600)
    cors_origins: str | None = Field(
        default=None, description="https://a.example,https://b.example: pages that may call"
    )
    hsts_seconds: int = Field(default=0, ge=0, description="told over TLS only; 0: not told")

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must be a postgresql:// URL")
        return url

    @field_validator("scanner_url")
    @classmethod
    def _is_clamd(cls, url: str | None) -> str | None:
        if url is not None and not _CLAMD.fullmatch(url):
            raise ValueError("must be tcp://host:port or unix:///path of a clamd")
        return url

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, told: str | None) -> str | None:
        if told is not None and not all(_ORIGIN.fullmatch(each) for each in listed(told)):
            raise ValueError("must be origins such as https://a.example, separated by commas")
        return told

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, told: str | None) -> str | None:
        for each in listed(told):
            ip_network(each)
        return told

    @field_validator("signing_key")
    @classmethod
    def _is_pem(cls, given: SecretStr) -> SecretStr:
        return SecretStr(_pem(given.get_secret_value().strip().strip("\"'")))

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        if self.sealing_key.get_secret_value() == self.digest_key.get_secret_value():
            raise ValueError("SUBSIDY_SEALING_KEY and SUBSIDY_DIGEST_KEY must differ")
        return self


def listed(told: str | None) -> list[str]:
    """Return the parts of a setting that lists several, separated by commas."""
    return [part.strip() for part in (told or "").split(",") if part.strip()]


def _pem(text: str) -> str:
    """Return the PEM that *text* is, names or abbreviates: not every env file can hold lines."""
    if text.startswith(_PEM):
        return text.replace("\\n", "\n") + "\n"
    if _BASE64.fullmatch(text):
        return f"{_PEM}PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"
    try:
        found = Path(text).read_text("ascii")
    except (OSError, ValueError):
        raise ValueError("is neither a PEM nor the path of a readable PEM file") from None
    if not found.startswith(_PEM):
        raise ValueError("names a file that is no PEM")
    return found
