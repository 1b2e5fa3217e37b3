"""No full number of a person in any public byte, whoever wrote it wherever (DL-4.3-h)."""

import hashlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tests.api.test_answers import ids_of
from tests.world import World

PHONE, ACCOUNT, SPELT = "13842600001", "6222021202000012345", "210202 19900307 0009"
WRITTEN = f"电话{PHONE}，账号{ACCOUNT}，证件{SPELT}"
OBJECTOR = {"name": "举报人甲", "contact": PHONE}
IN_A_PATH = re.compile(r"\{\w+\}")


async def public_answers(
    world: World, app: FastAPI, objection: dict[str, str]
) -> AsyncIterator[tuple[str, httpx.Response]]:
    """Yield everything that is answered without a token to sign in with."""
    notice = f"/notices/{objection['notice_id']}"
    path, token = f"/objections/{objection['id']}", {"Objection-Token": objection["token"]}
    for name in ({}, {"enterprise": "大连"}, {"receipt": world.claim["receipt"]}):
        yield f"/notices {name}", await world.call(None, "GET", "/notices", params=name)
    for where in (notice, f"{path}/outcome"):
        yield where, await world.call(None, "GET", where, headers=token)
    wrong = {"grounds": "other", "text": WRITTEN * 50, "name": PHONE, ACCOUNT: SPELT}
    yield "refused", await world.call(None, "POST", f"{notice}/objections", json=wrong)
    lost = {"grounds": "other", "text": WRITTEN, "claim_receipt": ACCOUNT}
    yield "lost", await world.call(None, "POST", f"{notice}/objections", json=lost)
    for route, methods in app.openapi()["paths"].items():
        if "get" in methods and not IN_A_PATH.search(route) and "/sandbox/" not in route:
            query = {"on": "2020-03-02"} if route.endswith("/policy") else {}
            answer = await world.http.get(route, params=query)
            assert answer.status_code in {200, 401}, route
            yield route, answer
    for other in ("/api/v1/openapi.json", "/docs", "/docs/static/zh.js"):
        yield other, await world.http.get(other)


@pytest.mark.parametrize("outcome", ["rejected", "upheld"])
async def test_no_public_byte_tells_a_number_of_a_person(
    world: World, app: FastAPI, outcome: str
) -> None:
    """An ID in the project's title, a telephone in a reason: what is written there is hidden."""
    canaries = {*ids_of(world.examples), PHONE, ACCOUNT, SPELT, *SPELT.split()[1:2], "举报人甲"}
    canaries.add("".join(world.enterprise_body()["account_number"].split()))
    canaries.add(str(world.enterprise_body()["phone"]))
    one = min(ids_of(world.examples))
    original = world.plan_body
    world.plan_body = lambda *a, **k: {**original(*a, **k), "title": f"数控{one}{PHONE}"}  # type: ignore[method-assign]
    await world.published()
    posted = await world.get(None, "/notices")
    notice = await world.get(None, f"/notices/{posted['items'][0]['id']}")
    body = {"grounds": "other", "text": WRITTEN, **OBJECTOR}
    lodged = await world.post(None, f"/notices/{notice['id']}/objections", body)
    told = [("lodged", str(lodged))]
    path = f"/objections/{lodged['id']}"
    sent = await world.call(
        None, "POST", f"{path}/attachments", content=(WRITTEN * 3).encode(),
        params={"filename": f"{PHONE}.txt"}, headers={"Objection-Token": lodged["token"]},
    )  # fmt: skip
    assert sent.status_code == 201
    decision = {"outcome": outcome, "reason": f"已核实，{WRITTEN}"}
    await world.post("officer3", f"{path}/decide", decision)
    told += [("sent", sent.text)]
    told += [
        (where, answer.content.decode(errors="replace"))
        async for where, answer in public_answers(world, app, lodged)
    ]
    assert len(told) > 20
    hidden = await world.get(None, f"/notices/{notice['id']}")
    assert hidden["project"] == "数控" + "*" * 29
    assert hidden["objections"][0]["reason"] == (
        f"已核实，电话{'*' * 11}，账号{'*' * 19}，证件{'*' * 20}"
    )
    leaks = [
        (where, each)
        for where, text in told
        for each in canaries
        if each in text or each.encode().hex() in text
    ]
    assert leaks == []
    sealed = hashlib.sha256(lodged["token"].encode()).hexdigest()
    assert all(sealed not in text for _, text in told)
