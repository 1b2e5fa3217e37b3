"""Signing keys rotate with overlap: nobody is signed out, and a retired key opens nothing."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
from fastapi import FastAPI
from jose import jwt  # noqa: TID251  it reads our keys as others do

from app import clock
from app.errors import NotSignedIn
from app.main import create_app
from app.settings import Settings
from app.tokens import TokenDesk, new_signing_key
from tests.refusals import problem
from tests.world import World

OLD, NEW = new_signing_key(), new_signing_key()
WHO = {"username": "officer1", "password": "sandbox-officer1"}
Served = Callable[[str], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def served(settings: Settings, world: World) -> Served:  # noqa: ARG001  the database is furnished
    """One process more of the same service, whose setting says which keys there are."""

    @asynccontextmanager
    async def with_keys(given: str) -> AsyncIterator[httpx.AsyncClient]:
        fields = {name: getattr(settings, name) for name in type(settings).model_fields}
        fields["DATABASE_URL"] = fields.pop("database_url")
        app = create_app(Settings.model_validate({**fields, "signing_key": given}))
        try:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                yield client
        finally:
            await _closed(app)

    return with_keys


async def _closed(app: FastAPI) -> None:
    app.state.workshop.stop()
    await app.state.office.engine.dispose()


async def _signed_in(http: httpx.AsyncClient) -> str:
    answer = await http.post("/api/v1/token", data=WHO)
    token: str = answer.json()["access_token"]
    return token


async def _me(http: httpx.AsyncClient, token: str) -> httpx.Response:
    return await http.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


def _kid(token: str) -> str:
    kid: str = jwt.get_unverified_header(token)["kid"]
    return kid


async def test_at_every_step_of_a_rotation_each_process_takes_the_others_tokens(
    served: Served,
) -> None:
    """The steps are set process by process: two that follow each other run side by side."""
    steps = [OLD, f"{OLD},{NEW}", f"{NEW},{OLD}", NEW]
    for before, after in pairwise(steps):
        async with served(before) as one, served(after) as other:
            tokens = [await _signed_in(one), await _signed_in(other)]
            for http in (one, other):
                assert [(await _me(http, token)).status_code for token in tokens] == [200, 200]


async def test_a_retired_keys_tokens_are_refused_even_if_they_had_been_checked(
    served: Served,
) -> None:
    async with served(f"{NEW},{OLD}") as both, served(OLD) as old, served(NEW) as new:
        token = await _signed_in(old)
        assert (await _me(both, token)).status_code == 200
        assert _kid(await _signed_in(both)) == _kid(await _signed_in(new)) != _kid(token)
        answer = await _me(new, token)
        assert (answer.status_code, problem(answer)["code"]) == (401, "not_signed_in")


async def test_the_published_keys_are_all_that_are_accepted_and_no_private_part(
    served: Served,
) -> None:
    async with served(f"{NEW},{OLD}") as http:
        token = await _signed_in(http)
        answer = await http.get("/.well-known/jwks.json")
    keys = answer.json()["keys"]
    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert [key.keys() for key in keys] == [{"kty", "crv", "x", "y", "use", "alg", "kid"}] * 2
    assert keys[0]["kid"] == _kid(token)
    key = {each["kid"]: each for each in keys}[_kid(token)]
    audience = jwt.get_unverified_claims(token)["aud"]
    claims = jwt.decode(token, key, algorithms=["ES256"], audience=audience)
    assert claims["role"] == "district"


async def test_a_key_that_signs_but_was_not_set_is_refused_under_a_known_kid(
    served: Served,
) -> None:
    async with served(f"{NEW},{OLD}") as http:
        token = await _signed_in(http)
        claims = jwt.get_unverified_claims(token)
        forged = jwt.encode(claims, new_signing_key(), "ES256", headers={"kid": _kid(token)})
        crossed = jwt.encode(claims, OLD, "ES256", headers={"kid": _kid(token)})
        assert [(await _me(http, each)).status_code for each in (forged, crossed)] == [401, 401]


def test_several_keys_may_be_written_in_any_dress(settings: Settings) -> None:
    fields = {name: getattr(settings, name) for name in type(settings).model_fields}
    fields["DATABASE_URL"] = fields.pop("database_url")
    lines = ["".join(pem.strip().splitlines()[1:-1]) for pem in (NEW, OLD)]
    dresses = [f"{NEW},{OLD}", f"{NEW}{OLD}", ",".join(lines), f" {lines[0]} , {OLD}"]
    for dress in dresses:
        told = Settings.model_validate({**fields, "signing_key": dress})
        pems = told.signing_key.get_secret_value()
        published = TokenDesk(pems, "issuer", timedelta(minutes=1)).published()["keys"]
        assert len({key["kid"] for key in published}) == 2


def test_a_header_whose_kid_is_no_text_is_refused(app: FastAPI) -> None:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": ["x"]}).encode())
    with pytest.raises(NotSignedIn):
        app.state.office.tokens.check(f"{header.decode().rstrip('=')}.e30.x", clock.now())
