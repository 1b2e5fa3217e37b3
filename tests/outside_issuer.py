"""A second system that signs in its own users: a program of its own, with keys of its own.

``python -m tests.outside_issuer PORT`` serves its keys and signs whatever it is asked to.
"""

import base64
import sys
import time
from typing import Any

import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import FastAPI
from jose import jwk, jwt  # noqa: TID251  the other side of the wire

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
app = FastAPI()
keys: dict[str, Key] = {}
published: list[str] = []


def made(kid: str, algorithm: str) -> None:
    """Make a key and publish it."""
    keys[kid] = (
        ec.generate_private_key(ec.SECP256R1())
        if algorithm == "ES256"
        else rsa.generate_private_key(65537, 2048)
    )
    published.append(kid)


def algorithm_of(kid: str) -> str:
    return "ES256" if isinstance(keys[kid], ec.EllipticCurvePrivateKey) else "RS256"


def public(kid: str) -> str:
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    return keys[kid].public_key().public_bytes(serialization.Encoding.PEM, info).decode()


@app.get("/jwks.json")
def jwks() -> dict[str, Any]:
    told = []
    for kid in published:
        key = jwk.construct(public(kid), algorithm_of(kid)).to_dict()
        told.append({**{name: _text(value) for name, value in key.items()}, "kid": kid})
    return {"keys": told}


@app.post("/tokens")
def sign(asked: dict[str, Any]) -> str:
    """Sign the claims with the key of that name, under whatever header is asked for."""
    now = int(time.time())
    claims = {"iat": now, "exp": now + 600, **asked["claims"]}
    claims = {name: value for name, value in claims.items() if value is not None}
    kid = asked.get("key", published[0])
    private = keys[kid].private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    header = {"kid": kid, **asked.get("header", {})}
    return jwt.encode(claims, private.decode(), algorithm_of(kid), headers=header)


@app.post("/keys/{kid}")
def new_key(kid: str, algorithm: str = "ES256") -> None:
    made(kid, algorithm)


@app.delete("/keys/{kid}")
def withdraw(kid: str) -> None:
    """Publish the key no longer; it could still sign."""
    published.remove(kid)


@app.get("/keys/{kid}")
def public_of(kid: str) -> str:
    return public(kid)


def _text(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value


def forged(header: bytes, claims: bytes, signature: bytes) -> str:
    """Return a token of any three parts."""
    parts = (header, claims, signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


if __name__ == "__main__":
    made("first", "ES256")
    made("rsa", "RS256")
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
