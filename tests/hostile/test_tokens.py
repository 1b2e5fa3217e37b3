"""No trick with a token's header, key, curve or times opens the door, nor does another's word.

What an outside issuer's tokens are tried with stands in ``tests/api/test_outside_issuers.py``.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from app import clock
from app.settings import Settings
from tests.api.test_tokens import Forger, _bytes, _write
from tests.hostile.corpus import PATHS, SQL
from tests.refusals import problem
from tests.world import World

_ADDRESS = "http://127.0.0.1:9/keys.json"


def other_curve(forger: Forger, curve: ec.EllipticCurve, alg: str) -> str:
    """Return a token signed on another curve, as if the header's word counted."""
    key = ec.generate_private_key(curve)
    text = f"{_write({**forger.header, 'alg': alg})}.{_write(forger.claims)}"
    r, s = utils.decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    size = (curve.key_size + 7) // 8
    return f"{text}.{_bytes(r.to_bytes(size, 'big') + s.to_bytes(size, 'big'))}"


def own_key(forger: Forger) -> Iterator[tuple[str, str]]:
    """Yield tokens that bring, or point at, the key that they were signed with."""
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    jwk = {
        "kty": "EC", "crv": "P-256",
        "x": _bytes(numbers.x.to_bytes(32, "big")), "y": _bytes(numbers.y.to_bytes(32, "big")),
    }  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    mine = Forger.__new__(Forger)
    mine.pem, mine.issuer, mine.claims = pem, forger.issuer, forger.claims
    for more in (
        {"jwk": jwk}, {"jku": _ADDRESS}, {"x5u": _ADDRESS}, {"x5c": ["MIIB"]}, {"x5t": "AA"},
        {"jwk": jwk, "kid": None}, {"jwk": "x"}, {"kid": [1]}, {"kid": {"a": 1}}, {"kid": 7},
    ):  # fmt: skip
        yield f"its own key, {sorted(more)}", mine.token({**forger.header, **more})
        yield f"our key, {sorted(more)} beside", forger.token({**forger.header, **more})


def headers(forger: Forger) -> Iterator[tuple[str, str]]:
    for kid in (*PATHS, *SQL, "/dev/null", "\0", forger.header["kid"] + "\0", "x" * 1500, ""):
        yield f"kid {kid[:30]!r}", forger.token({**forger.header, "kid": kid})
    for alg in ("es256", "ES384", "RS256", "HS256", "None", "nOnE", "", None, ["ES256"], 0):
        yield f"alg {alg!r}", forger.token({**forger.header, "alg": alg})
    for typ in ("JWE", "at+jwt", "refresh", "jwt ", None, 1):
        yield f"typ {typ!r}", forger.token({**forger.header, "typ": typ})
    for name in ("zip", "enc", "b64", "cty", "crit", "nonce"):
        yield f"with {name}", forger.token({**forger.header, name: False})
    good = forger.token()
    _, body, signature = good.split(".")
    twice = json.dumps(forger.header)[:-1] + ', "alg": "none"}'
    yield "two algorithms", f"{_bytes(twice.encode())}.{body}.{signature}"
    yield "no object", f"{_bytes(b'[]')}.{body}.{signature}"
    yield "deep", f"{_bytes(b'[' * 900)}.{body}.{signature}"
    yield "padded", f"{good}="
    yield "a further part", f"{good}.{signature}"
    yield "encrypted", f"{good}.{body}.{signature}"


def signatures(forger: Forger) -> Iterator[tuple[str, str]]:
    good = forger.token()
    text = good.rpartition(".")[0]
    der = forger.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    r, s = (each.to_bytes(32, "big") for each in utils.decode_dss_signature(der))
    yield "DER", f"{text}.{_bytes(der)}"
    yield "r and s nought", f"{text}.{_bytes(bytes(64))}"
    yield "r nought", f"{text}.{_bytes(bytes(32) + s)}"
    yield "s nought", f"{text}.{_bytes(r + bytes(32))}"
    yield "r and s the order", f"{text}.{_bytes(order.to_bytes(32, 'big') * 2)}"
    yield "all ones", f"{text}.{_bytes(bytes([255]) * 64)}"
    yield "one byte more", f"{text}.{_bytes(r + s + bytes(1))}"
    yield "one byte less", f"{text}.{_bytes((r + s)[:-1])}"
    yield "of P-384", other_curve(forger, ec.SECP384R1(), "ES384")
    yield "of P-384 called ES256", other_curve(forger, ec.SECP384R1(), "ES256")
    yield "of secp256k1", other_curve(forger, ec.SECP256K1(), "ES256")
    yield "of another P-256", other_curve(forger, ec.SECP256R1(), "ES256")


def claims(forger: Forger) -> Iterator[tuple[str, str]]:
    now = int(clock.now().timestamp())
    for exp in (now, now - 1, 0, -1, "1e99", [now + 600], {}, False):
        yield f"exp {exp!r}", forger.token(exp=exp)
    for nbf in (now + 3600, "soon", [0]):
        yield f"nbf {nbf!r}", forger.token(nbf=nbf)
    for name in ("iss", "aud"):
        for value in ("", "another", [], ["another"], {}, 0):
            yield f"{name} {value!r}", forger.token(**{name: value})
    for value in ("", "x", 7, [], "' OR 1=1 --", "../../officer1"):
        yield f"sub {value!r}", forger.token(sub=value)
    for role in ("CENTRE", "centre ", ["centre"], {"centre": 1}, "subsidy_owner", "'; SET ROLE"):
        yield f"role {role!r}", forger.token(role=role)
    for bureau in ("*", "%", "210202' OR '1'='1", ["210202"], 210202):
        yield f"bureau {bureau!r}", forger.token(role="district", bureau=bureau)


@pytest.fixture
def forger(settings: Settings, world: World) -> Forger:
    return Forger(settings, world.tokens["officer1"])


@pytest.mark.parametrize("tricks", [own_key, headers, signatures, claims])
async def test_no_trick_opens_the_door(world: World, forger: Forger, tricks: Any) -> None:  # noqa: ANN401  one of four
    """The door is a list of enterprises, which reads the database as whoever the token says."""
    world.tokens["good"] = forger.token()
    assert (await world.call("good", "GET", "/enterprises")).is_success
    wrong = []
    for name, token in tricks(forger):
        world.tokens["forged"] = token
        answer = await world.call("forged", "GET", "/enterprises")
        told = (answer.status_code, answer.headers.get("www-authenticate"))
        wrong += [] if told == (401, "Bearer") else [f"{name}: {told} {answer.text[:200]}"]
    assert not wrong, "\n".join(wrong)


async def test_no_other_word_of_ours_is_an_access_token_and_it_is_none_of_them(
    world: World,
) -> None:
    """Refresh tokens renew, access tokens open: neither does the other's work (RFC 8725, 3.12)."""
    form = {"username": "enterprise", "password": "sandbox-enterprise"}
    pair = (await world.call(None, "POST", "/token", data=form)).json()
    world.tokens["refreshing"] = pair["refresh_token"]
    refused = await world.call("refreshing", "GET", "/me")
    assert (refused.status_code, problem(refused)["code"]) == (401, "not_signed_in")
    again = {"grant_type": "refresh_token", "refresh_token": pair["access_token"]}
    answer = await world.call(None, "POST", "/token", data=again)
    assert answer.status_code in {400, 401, 422}
    assert "access_token" not in answer.text
