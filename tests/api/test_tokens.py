"""Only our own, complete, unexpired access tokens open the door."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from fastapi import FastAPI

from app import clock
from app.settings import Settings
from app.tokens import TokenDesk, new_signing_key
from tests.world import World

FIFTEEN_MINUTES = timedelta(minutes=15)


class Forger:
    """Writes tokens of every kind with the office's own key, or with another."""

    def __init__(self, settings: Settings, good: str) -> None:
        self.pem = settings.signing_key.get_secret_value()
        self.issuer = settings.issuer
        header, claims, _ = good.split(".")
        self.header: dict[str, Any] = _read(header)
        self.claims: dict[str, Any] = _read(claims)

    def token(self, header: dict[str, Any] | None = None, **changes: object) -> str:
        """Return a rightly signed token with other claims (None takes one away)."""
        changed = {**self.claims, **changes}
        claims = {name: value for name, value in changed.items() if value is not None}
        text = f"{_write(header or self.header)}.{_write(claims)}"
        der = self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(der)
        return f"{text}.{_bytes(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def hashed_with(self, secret: bytes) -> str:
        """Return an HS256 token whose secret is *secret*, as if a public key were one."""
        text = f"{_write({**self.header, 'alg': 'HS256'})}.{_write(self.claims)}"
        return f"{text}.{_bytes(hmac.digest(secret, text.encode(), hashlib.sha256))}"

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The office's private key."""
        key = serialization.load_pem_private_key(self.pem.encode(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def public(self, encoding: serialization.Encoding) -> bytes:
        """Return the office's public key."""
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(encoding, info)

    def bad(self) -> Iterator[tuple[str, str]]:
        """Yield every kind of token that must not open the door, with its name."""
        yield from self._not_tokens()
        now = clock.now()
        late = TokenDesk(self.pem, self.issuer, FIFTEEN_MINUTES)
        yield "expired", late.sign(self.claims, now - timedelta(hours=1))
        yield "expires this second", late.sign(self.claims, now - FIFTEEN_MINUTES)
        foreign = TokenDesk(new_signing_key(), self.issuer, FIFTEEN_MINUTES)
        yield "another key", foreign.sign(self.claims, now)
        other = TokenDesk(self.pem, "another-service", FIFTEEN_MINUTES)
        yield "another service", other.sign(self.claims, now)
        yield "another audience", self.token(aud="another-service")
        yield "another issuer", self.token(iss="another-service")
        for name in ("iss", "aud", "sub", "iat", "exp", "jti", "name", "role", "scope"):
            yield f"without {name}", self.token(**{name: None})
        yield "an enterprise without its number", self.token(role="enterprise", enterprise=None)
        yield "an officer without a bureau", self.token(role="district", bureau=None)
        yield "no such role", self.token(role="superuser")
        yield "no such duty", self.token(role="district", bureau="210202", scope="everything")
        yield "expiry as text", self.token(exp="never")
        yield "not valid yet", self.token(nbf=int(now.timestamp()) + 3600)

    def _not_tokens(self) -> Iterator[tuple[str, str]]:
        good = self.token()
        head, body, signature = good.split(".")
        yield "nothing", ""
        yield "a word", "wrong"
        yield "three words", "a.b.c"
        yield "no signature", f"{head}.{body}."
        yield "signature of another", f"{head}.{body}.{_bytes(bytes(64))}"
        yield "claims altered", f"{head}.{_write({**self.claims, 'role': 'centre'})}.{signature}"
        yield "alg none", f"{_write({**self.header, 'alg': 'none'})}.{body}."
        yield "alg none, signed", f"{_write({**self.header, 'alg': 'none'})}.{body}.{signature}"
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
            yield f"HS256, {encoding}", self.hashed_with(self.public(encoding))
        yield "HS256, no secret", self.hashed_with(b"")
        yield "unknown kid", self.token({**self.header, "kid": "0123456789abcdef"})
        yield "no kid", self.token({"alg": "ES256", "typ": "JWT"})
        yield "critical extension", self.token({**self.header, "crit": ["exp"]})
        yield "its own key", self.token({**self.header, "jwk": {"kty": "EC"}})
        yield "overlong", self.token(name="x" * 3000)


@pytest.fixture
def forger(settings: Settings, world: World) -> Forger:
    return Forger(settings, world.tokens["officer1"])


async def test_a_token_made_by_the_forger_from_the_right_parts_is_good(
    world: World, forger: Forger
) -> None:
    """Else the refusals below would prove nothing."""
    world.tokens["forged"] = forger.token()
    assert (await world.get("forged", "/me"))["role"] == "district"


async def test_no_other_token_opens_the_door(world: World, forger: Forger) -> None:
    wrong = []
    for name, token in forger.bad():
        world.tokens["forged"] = token
        answer = await world.call("forged", "GET", "/me")
        right = (
            answer.status_code == 401
            and answer.headers["www-authenticate"] == "Bearer"
            and answer.headers["content-type"] == "application/problem+json"
            and answer.json()["code"] == "not_signed_in"
        )
        wrong += [] if right else [f"{name}: {answer.status_code} {answer.text[:200]}"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic Og==", "Token {}", "{}", "Bearer {} x"]
)
async def test_no_other_header_opens_the_door(world: World, authorization: str | None) -> None:
    token = world.tokens["officer1"]
    headers = {} if authorization is None else {"Authorization": authorization.format(token)}
    answer = await world.call(None, "GET", "/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_remembered_token_is_refused_from_the_second_it_expires(app: FastAPI) -> None:
    """Tokens that were checked are remembered; never beyond their expiry."""
    desk: TokenDesk = app.state.office.tokens
    claims = {"sub": "s", "jti": "j", "name": "n", "role": "district", "scope": ""}
    token = desk.sign(claims, clock.now())
    expires = desk.check(token, clock.now()).expires
    last = clock.now().fromtimestamp(expires - 1, tz=clock.now().tzinfo)
    assert desk.check(token, last).claims["sub"] == "s"
    with pytest.raises(Exception, match="过期"):
        desk.check(token, last + timedelta(seconds=1))
    assert token not in desk._checked


def _read(part: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _write(content: dict[str, Any]) -> str:
    return _bytes(json.dumps(content, separators=(",", ":")).encode())


def _bytes(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
