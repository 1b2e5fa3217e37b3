"""Whatever stands in a text of a request: it is kept as it is or refused, never obeyed."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from tests.api.access_table import ANYBODY, CENTRE, OFFICER, PLATFORM, TABLE, Route
from tests.api.test_access_matrix import DUTIES, two_paid_cases
from tests.hostile.corpus import EVERYTHING, MARK, SOME
from tests.hostile.fields import Contract, Place
from tests.refusals import problem
from tests.rows import contents, scalar
from tests.world import World


def asker(route: Route) -> str | None:
    """Return who may call the route on the city's case."""
    if route.caller is ANYBODY:
        return None
    if route.duty:
        wanted = set(route.duty.split(" or "))
        return next(who for who, duties in DUTIES.items() if wanted & duties)
    return {OFFICER: "officer1", CENTRE: "centre", PLATFORM: "platform"}.get(
        route.caller, "enterprise"
    )


def bodies(app: FastAPI) -> Iterator[tuple[Route, Contract, dict[str, Any], Place, bool]]:
    """Yield every place of a text in every JSON body of the contract."""
    document = app.openapi()
    contract = Contract(document)
    for route in TABLE:
        told = document["paths"][f"/api/v1{route.path}"][route.method.lower()]
        content = told.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        for place, free in dict(contract.texts(schema)).items() if schema else ():
            yield route, contract, schema, place, free


def texts(number: int) -> tuple[str, ...]:
    """Return what is tried in the field of that number: one of each kind, and a share of the rest.

    SUBSIDY_CORPUS=whole tries all in all, some fifteen thousand requests.
    """
    if os.environ.get("SUBSIDY_CORPUS") == "whole":
        return EVERYTHING
    return tuple(dict.fromkeys(SOME[::2] + EVERYTHING[number % 12 :: 12]))


def faults(answer: httpx.Response, text: str) -> list[str]:
    """Return what is wrong with the answer to a request that held *text*."""
    if answer.status_code >= 500:
        return [f"{answer.status_code} {answer.text[:300]}"]
    found = [f"{MARK} was computed"] if MARK in answer.text else []
    if answer.is_error:
        problem(answer)
        found += ["the text is echoed"] if len(text) > 5 and text in answer.text else []
    elif answer.content and "json" not in answer.headers["content-type"]:
        found.append(f"the answer is {answer.headers['content-type']}")
    cut = [name for name, value in answer.headers.raw if b"\n" in value or b"\r" in value]
    return [*found, *(f"the header {name!r} is cut" for name in cut)]


async def test_a_text_of_a_body_is_kept_or_refused_and_never_obeyed(
    world: World, app: FastAPI, owner_url: str, tmp_path: Path
) -> None:
    seen = await two_paid_cases(world, owner_url, tmp_path)
    before = await contents(owner_url)
    wrong: list[str] = []
    told = Counter[int]()
    for number, (route, contract, schema, place, free) in enumerate(bodies(app)):
        who = asker(route)
        good = seen.body(route, who, seen.ids[0])["json"]
        path = route.path.format(**seen.ids[0])
        for text in texts(number) if free else SOME[:4]:
            body = contract.put(schema, good, place, text)
            answer = await world.call(
                who, route.method, path, content=json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
            )  # fmt: skip
            told[answer.status_code] += 1
            wrong += [
                f"{route.method} {route.path} {place} {text[:40]!r}: {each}"
                for each in faults(answer, text)
            ]
    assert not wrong, "\n".join(wrong[:40])
    assert told[200] + told[201] > 100, "else nothing of it reached the database"
    after = await contents(owner_url)
    assert after.keys() == before.keys(), "every table is there"
    assert await scalar(owner_url, "SELECT count(*) FROM ledger_differences()") == 0
