"""What does the environment say? Read once, when the application is made; never at import."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.policy.kinds import Material
from app.trusted import TrustedIssuer

_PEM: Final = "-----BEGIN "
_CLAMD: Final = re.compile(r"tcp://[^/?#@]+:\d+/?|unix:///.+")
_SMTP: Final = re.compile(r"smtps?://[^/?#]+(\?starttls=no)?")
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{100,}={0,2}|MC4CAQAwBQYDK2VwBCIEI[A-Za-z0-9+/]{43}")
"""Of an EC key, or of an Ed25519 key, which is shorter and always begins so."""


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
        description="EC P-256 private keys, several with commas between: a PEM, its base64 on"
        " one line, or the path of a PEM file; the first signs, all are accepted"
    )
    sealing_key: SecretStr = Field(
        description="seals IDs and accounts: [version:][aes:|sm4:]base64 of 32 bytes (SM4: 16),"
        " several with commas between; the first seals, all open"
    )
    digest_key: SecretStr = Field(description="32 bytes in base64: finds them again; never rotate")
    audit_key: SecretStr = Field(
        description="Ed25519 private key that seals the audit, in the same forms as the signing key"
    )
    audit_seal_seconds: float = Field(
        default=5, gt=0, le=3600, description="so often audit events are sealed"
    )
    issuer: str = "dalian-training-subsidy"
    trusted_issuers: tuple[TrustedIssuer, ...] = Field(
        default=(), description="JSON: outside issuers whose tokens are accepted, see the docs"
    )
    access_token_minutes: int = Field(default=15, ge=1, le=60)
    session_idle_minutes: int = Field(
        default=120, ge=5, le=1440, description="a sign-in not renewed for so long is over"
    )
    session_hours: int = Field(
        default=12, ge=1, le=72, description="a sign-in is over then, however often it is renewed"
    )
    password_min_length: int = Field(default=12, ge=8, le=64)
    argon2_passes: int = Field(default=2, ge=1, le=20)
    argon2_kibibytes: int = Field(
        default=19_456, ge=7_168, le=1_048_576, description="memory of one password's check"
    )
    invitation_hours: int = Field(
        default=72, ge=1, le=720, description="so long an invitation to an enterprise can be taken"
    )
    reset_minutes: int = Field(
        default=60, ge=5, le=1440, description="so long a password can be set with a one-time token"
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="smtps://user:password@host:465, or smtp://host:587 (STARTTLS is demanded;"
        " ?starttls=no for a relay on the machine); none: no e-mail is sent",
    )
    smtp_from: str | None = Field(
        default=None, description="the sender of e-mail; goes with smtp_url"
    )
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

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _SMTP.fullmatch(url.get_secret_value()):
            raise ValueError("must be smtps://host:port or smtp://host:port of a mail server")
        return url

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if (self.smtp_url is not None) > ("@" in (self.smtp_from or "")):
            raise ValueError("SUBSIDY_SMTP_FROM must be the address that sends, with an SMTP_URL")
        return self

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

    @field_validator("signing_key", "audit_key")
    @classmethod
    def _is_pem(cls, given: SecretStr) -> SecretStr:
        told = given.get_secret_value().strip().strip("\"'").split(",")
        return SecretStr("".join(_pem(each.strip()) for each in told))

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        sealing = re.split("[,:]", self.sealing_key.get_secret_value())
        if self.digest_key.get_secret_value() in sealing:
            raise ValueError("SUBSIDY_SEALING_KEY and SUBSIDY_DIGEST_KEY must differ")
        return self

    @model_validator(mode="after")
    def _issuers_are_safe(self) -> Self:
        names = [self.issuer, *(each.issuer for each in self.trusted_issuers)]
        if len(set(names)) != len(names):
            raise ValueError("SUBSIDY_TRUSTED_ISSUERS names an issuer twice, or this service")
        if not self.sandbox and not all(each.is_safe for each in self.trusted_issuers):
            raise ValueError("SUBSIDY_TRUSTED_ISSUERS: jwks_url must be https")
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
