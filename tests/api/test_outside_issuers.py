"""Users of a trusted outside system come with its tokens, and with no others.

The other system is a process of its own (``tests/outside_issuer.py``) on the loopback.
"""

import hmac
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app import clock
from app.issuers import Issuers, Pace
from app.services.outside import OutsideDoor
from app.trusted import TrustedIssuer
from tests.embedded.programs import until
from tests.outside_issuer import forged
from tests.processes.programs import free_port
from tests.refusals import problem
from tests.rows import scalar
from tests.world import World

NAME = "https://px.dl.example"
USCC = "91210202MA0T00001M"
OTHER_USCC = "91210203MA0TE7T00K"
CLAIMS = {
    "iss": NAME, "aud": "subsidy", "sub": "u-1", "display": "王办事", "who": "ent",
    "company": {"code": USCC},
}  # fmt: skip
OFFICER = {
    "iss": NAME, "aud": "subsidy", "sub": "o-1", "display": "李审核", "who": "bureau",
    "office": "210202", "may": "check sign",
}  # fmt: skip
MAPPING = {
    "audience": "subsidy",
    "roles": ["enterprise", "district"],
    "bureaus": ["210202"],
    "duties": ["review"],
    "claims": {
        "name": "display", "role": "who", "uscc": "company.code", "bureau": "office",
        "duties": "may",
    },
    "role_words": {"ent": "enterprise", "bureau": "district"},
    "duty_words": {"check": "review", "sign": "approve"},
}  # fmt: skip


Trust = Callable[..., None]


@dataclass
class Outside:
    """The other system: signs, rotates its keys, and can be switched off and on."""

    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self) -> None:
        command = [sys.executable, "-m", "tests.outside_issuer", str(self.port)]
        self.process = subprocess.Popen(command)
        assert until(self._answers)

    def off(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/jwks.json").is_success
        except httpx.TransportError:
            return False

    def token(self, claims: dict[str, Any], **asked: Any) -> str:  # noqa: ANN401  JSON
        answer = httpx.post(f"{self.url}/tokens", json={"claims": claims, **asked})
        token: str = answer.raise_for_status().json()
        return token

    def publish(self, kid: str) -> None:
        httpx.post(f"{self.url}/keys/{kid}").raise_for_status()

    def withdraw(self, kid: str) -> None:
        httpx.delete(f"{self.url}/keys/{kid}").raise_for_status()

    def keys(self) -> Any:  # noqa: ANN401  JSON
        return httpx.get(f"{self.url}/jwks.json").json()

    def trusted(self, **changes: object) -> TrustedIssuer:
        told = {"issuer": NAME, "jwks_url": f"{self.url}/jwks.json", **MAPPING, **changes}
        return TrustedIssuer.model_validate(told)


@pytest.fixture
def outside() -> Iterator[Outside]:
    system = Outside(free_port())
    system.on()
    yield system
    system.off()


@pytest.fixture
def trust(app: FastAPI) -> Trust:
    """Let the application trust issuers, at a pace that a test can wait for."""

    def trusting(*issuers: TrustedIssuer, **pace: Any) -> None:  # noqa: ANN401
        app.state.outside = OutsideDoor(Issuers(issuers, Pace(**{"between": 0, **pace})))

    return trusting


async def _me(world: World, token: str) -> httpx.Response:
    world.tokens["outside"] = token
    return await world.call("outside", "GET", "/me")


async def test_an_enterprises_user_registers_the_enterprise_that_the_issuer_names(
    world: World, outside: Outside, trust: Trust, owner_url: str
) -> None:
    trust(outside.trusted())
    me = (await _me(world, outside.token(CLAIMS))).json()
    assert (me["role"], me["name"], me["duties"]) == ("enterprise", "王办事", [])
    wrong = world.enterprise_body(uscc=OTHER_USCC)
    refused = await world.call("outside", "POST", "/enterprises", json=wrong)
    assert (refused.status_code, problem(refused)["code"]) == (403, "credit_code_not_vouched_for")
    body = world.enterprise_body(uscc=USCC)
    assert (await world.post("outside", "/enterprises", body))["id"] == me["enterprise_id"]
    changed = await world.call("outside", "PUT", f"/enterprises/{me['enterprise_id']}", json=wrong)
    assert problem(changed)["code"] == "credit_code_not_vouched_for"
    # A colleague belongs to the same enterprise; the same person comes back to his account.
    colleague = (await _me(world, outside.token({**CLAIMS, "sub": "u-2"}))).json()
    again = (await _me(world, outside.token({**CLAIMS, "jti": "2"}))).json()
    assert colleague["enterprise_id"] == me["enterprise_id"] == again["enterprise_id"]
    assert again["account_id"] == me["account_id"] != colleague["account_id"]
    tried = "SELECT bool_and(account_name = '王办事') FROM audit_events WHERE outcome = 'refused'"
    assert await scalar(owner_url, tried), "what he was refused is recorded under his name"
    made = "SELECT count(*) FROM audit_events WHERE act = 'create' AND object_kind = 'accounts'"
    assert await scalar(owner_url, made) == 2


async def test_one_who_comes_first_is_linked_once_the_bureau_has_accepted_another_registration(
    world: World, outside: Outside, trust: Trust
) -> None:
    """What anybody may have entered under a credit code opens nothing to anybody."""
    trust(outside.trusted())
    body = world.enterprise_body(uscc=USCC)
    entered = await world.post("stranger", "/enterprises", body)
    first = (await _me(world, outside.token(CLAIMS))).json()
    assert first["enterprise_id"] != entered["id"]
    path = f"/enterprises/{entered['id']}"
    assert (await world.call("outside", "GET", path)).status_code == 404
    await world.post("officer1", f"{path}/verify", {})
    after = (await _me(world, outside.token({**CLAIMS, "jti": "2"}))).json()
    assert (after["account_id"], after["enterprise_id"]) == (first["account_id"], entered["id"])


async def test_an_officer_gets_the_duties_that_the_issuer_may_give_and_signs_with_them(
    world: World, outside: Outside, trust: Trust, owner_url: str
) -> None:
    trust(outside.trusted())
    me = (await _me(world, outside.token(OFFICER))).json()
    assert (me["role"], me["bureau"], me["duties"]) == ("district", "210202", ["review"])
    entered = await world.post("enterprise", "/enterprises", world.enterprise_body())
    await world.post("outside", f"/enterprises/{entered['id']}/verify", {})
    less = (await _me(world, outside.token({**OFFICER, "may": "read"}))).json()
    assert (less["account_id"], less["duties"]) == (me["account_id"], [])
    changes = "SELECT details->'duties' FROM audit_events WHERE act = 'change'"
    assert json.loads(str(await scalar(owner_url, changes))) == ["['review']", "[]"]


async def test_nobody_signs_in_to_an_outside_account_with_a_password(
    world: World, outside: Outside, trust: Trust, owner_url: str
) -> None:
    trust(outside.trusted())
    await _me(world, outside.token(CLAIMS))
    name = await scalar(owner_url, "SELECT username FROM accounts WHERE username LIKE 'outside:%'")
    for password in ("", "!"):
        form = {"username": name, "password": password}
        assert (await world.call(None, "POST", "/token", data=form)).status_code == 400


async def test_a_closed_account_is_refused_though_its_issuer_goes_on_vouching(
    world: World, outside: Outside, trust: Trust, owner_url: str
) -> None:
    trust(outside.trusted())
    assert (await _me(world, outside.token(CLAIMS))).is_success
    close = "UPDATE accounts SET active = false WHERE username LIKE 'outside:%' RETURNING id"
    assert await scalar(owner_url, close)
    assert (await _me(world, outside.token({**CLAIMS, "jti": "2"}))).status_code == 401


def _bad(outside: Outside, now: int) -> Iterator[tuple[str, str]]:
    """Yield every kind of token that must not open the door, with its name."""
    for name, value in {
        "aud": "another", "iss": "https://px.dl.example/", "sub": None, "exp": None, "iat": None,
        "who": "superuser", "company": {"code": "91210202MA0T000010"},
    }.items():  # fmt: skip
        yield f"{name} {value}", outside.token({**CLAIMS, name: value})
    yield "no audience", outside.token({**CLAIMS, "aud": None})
    yield "for others", outside.token({**CLAIMS, "aud": ["a", "b"]})
    yield "subject as number", outside.token({**CLAIMS, "sub": 7})
    yield "expired", outside.token({**CLAIMS, "iat": now - 900, "exp": now - 60})
    yield "not valid yet", outside.token({**CLAIMS, "nbf": now + 300})
    yield "made tomorrow", outside.token({**CLAIMS, "iat": now + 300, "exp": now + 600})
    yield "valid for days", outside.token({**CLAIMS, "exp": now + 90_000})
    yield "an unknown bureau", outside.token({**OFFICER, "office": "210203"})
    yield "a role it may not give", outside.token({**OFFICER, "who": "centre"})
    yield "two roles", outside.token({**CLAIMS, "who": ["ent", "bureau"]})
    header: dict[str, Any]
    for header in (
        {"kid": "../../etc/passwd"}, {"kid": "/dev/null"}, {"kid": ""}, {"kid": "first\u0000"},
        {"kid": "' OR 1=1 --"}, {"kid": f"{outside.url}/jwks.json"}, {"crit": ["exp"]},
        {"jku": f"{outside.url}/jwks.json"}, {"x5u": "http://127.0.0.1/"}, {"typ": "JWE"},
        {"jwk": {"kty": "EC"}},
    ):  # fmt: skip
        yield f"header {header}", outside.token(CLAIMS, header=header)
    yield "a key under another's name", outside.token(CLAIMS, key="rsa", header={"kid": "first"})
    yield "an algorithm that is not its", outside.token(CLAIMS, key="rsa")
    body = outside.token(CLAIMS).split(".")[1]
    claims = json.dumps(CLAIMS | {"iat": now, "exp": now + 600}).encode()
    for alg in ("none", "None", "HS256"):
        head = json.dumps({"alg": alg, "kid": "first", "typ": "JWT"}).encode()
        yield f"{alg}, unsigned", forged(head, claims, b"")
    pem = httpx.get(f"{outside.url}/keys/first").json().encode()
    for secret in (pem, pem.strip(), b""):
        head = json.dumps({"alg": "HS256", "kid": "first", "typ": "JWT"}).encode()
        unsigned = forged(head, claims, b"").rpartition(".")[0]
        mac = hmac.digest(secret, unsigned.encode(), "sha256")
        yield f"HS256 with {secret[:9]!r}", forged(head, claims, mac)
    yield "a list for claims", forged(b'{"alg":"ES256","kid":"first"}', b"[]", b"x")
    yield "deep claims", forged(b'{"alg":"ES256","kid":"first"}', b"[" * 3000, b"x")
    yield "overlong", outside.token({**CLAIMS, "more": "x" * 9000})
    yield "a part missing", f"{body}.{body}"


async def test_no_other_token_of_the_issuer_opens_the_door(
    world: World, outside: Outside, trust: Trust, owner_url: str
) -> None:
    trust(outside.trusted())
    wrong = []
    for name, token in _bad(outside, int(clock.now().timestamp())):
        answer = await _me(world, token)
        told = (answer.status_code, answer.headers.get("www-authenticate"))
        wrong += [] if told == (401, "Bearer") else [f"{name}: {told} {answer.text[:200]}"]
    assert not wrong, "\n".join(wrong)
    assert (await _me(world, outside.token(CLAIMS))).is_success, "else all this proves nothing"
    made = "SELECT count(*) FROM accounts WHERE username LIKE 'outside:%'"
    assert await scalar(owner_url, made) == 1


async def test_another_issuers_key_signs_nothing_for_this_one(
    world: World, outside: Outside, trust: Trust
) -> None:
    """Two issuers are trusted, and each for itself; an untrusted one is nobody."""
    other = Outside(free_port())
    other.on()
    try:
        theirs = "https://hr.example"
        trust(outside.trusted(), other.trusted(issuer=theirs))
        assert (await _me(world, other.token({**CLAIMS, "iss": theirs}))).is_success
        assert (await _me(world, other.token(CLAIMS))).status_code == 401
        assert (await _me(world, outside.token({**CLAIMS, "iss": theirs}))).status_code == 401
        trust(outside.trusted())
        assert (await _me(world, other.token({**CLAIMS, "iss": theirs}))).status_code == 401
    finally:
        other.off()


async def test_rsa_keys_are_accepted_where_the_setting_says_so_and_only_there(
    world: World, outside: Outside, trust: Trust
) -> None:
    token = outside.token(CLAIMS, key="rsa")
    trust(outside.trusted(algorithms=["RS256"]))
    assert (await _me(world, token)).is_success
    assert (await _me(world, outside.token(CLAIMS))).status_code == 401
    trust(outside.trusted(algorithms=["ES256", "RS256"]))
    assert (await _me(world, token)).is_success
    assert (await _me(world, outside.token(CLAIMS))).is_success


async def test_the_issuer_rotates_its_key_and_a_withdrawn_one_opens_nothing(
    world: World, outside: Outside, trust: Trust
) -> None:
    trust(outside.trusted(), fresh=0)
    old = outside.token(CLAIMS)
    assert (await _me(world, old)).is_success
    outside.publish("second")
    new = outside.token(CLAIMS, key="second")
    assert [(await _me(world, token)).status_code for token in (new, old)] == [200, 200]
    outside.withdraw("first")
    assert [(await _me(world, token)).status_code for token in (new, old)] == [200, 401]


async def test_while_the_issuer_is_down_its_last_keys_hold_and_it_is_not_asked_without_end(
    world: World, outside: Outside, trust: Trust
) -> None:
    seconds = [0.0]
    trust(outside.trusted(), between=10, fresh=60, kept=3600, now=lambda: seconds[0])
    token, unknown = outside.token(CLAIMS), outside.token(CLAIMS, header={"kid": "later"})
    assert (await _me(world, token)).is_success
    outside.off()
    seconds[0] = 3600
    assert (await _me(world, token)).is_success
    seconds[0] = 3601
    answer = await _me(world, token)
    assert (answer.status_code, problem(answer)["code"]) == (401, "not_signed_in")
    assert (await _me(world, unknown)).status_code == 401
    outside.on()  # with new keys
    seconds[0] = 3609
    assert (await _me(world, outside.token(CLAIMS))).status_code == 401, "asked too soon again"
    seconds[0] = 3612
    assert (await _me(world, outside.token(CLAIMS))).is_success


async def test_an_inline_key_set_needs_no_network(
    world: World, outside: Outside, trust: Trust
) -> None:
    keys = outside.keys()
    token = outside.token(CLAIMS)
    outside.off()
    trust(outside.trusted(jwks_url=None, jwks=keys))
    assert (await _me(world, token)).is_success


async def test_our_own_tokens_go_on_as_before(world: World, outside: Outside, trust: Trust) -> None:
    trust(outside.trusted())
    assert (await world.get("officer1", "/me"))["role"] == "district"
    assert (await world.call(None, "GET", "/me")).status_code == 401
