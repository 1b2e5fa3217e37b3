"""Every answer has its id and its safety; none tells a resident ID, an account or a float."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import openpyxl
import pytest
from fastapi import FastAPI

from tests.objecting import objected
from tests.refusals import problem
from tests.uploads.tus import PDF, Tus
from tests.world import World

ACCOUNT = "000011112222333344"
LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{15}(?:[0-9]{2,3}|[0-9]{2}[Xx])(?![0-9A-Za-z])")
NOT_IN_THIS_CASE = {
    "/api/v1/claims/{claim_id}/recovery",
    "/api/v1/plans/{plan_id}/evaluation",
    "/api/v1/policy/simulations/{simulation_id}",
    "/api/v1/recoveries/{recovery_id}",
    "/api/v1/violations/{violation_id}",
    "/api/v1/budgets/{budget_id}/history",
    "/api/v1/claims/{claim_id}/signals/{signal_id}/history",
    "/api/v1/platforms/columns/{column_id}/history",
    "/api/v1/policy/declarations/{declaration_id}/history",
    "/api/v1/policy/simulations/{simulation_id}/history",
    "/api/v1/recoveries/{recovery_id}/history",
    "/api/v1/violations/{violation_id}/history",
}
"""What the paid sample case has none of: nothing came back, nothing was evaluated or simulated."""
_FILES = ("/content", "/report", "/{attachment_id}", "/{licence_id}")
MONEY = {"amount", "gross", "payable", "cost", "total"}


def ids_of(examples: Path) -> set[str]:
    rows = openpyxl.load_workbook(examples / "roster.xlsx").worksheets[0].iter_rows(min_row=3)
    return {str(row[2].value) for row in rows}


async def answers_of_the_paid_case(
    world: World, app: FastAPI
) -> dict[tuple[str, str], httpx.Response]:
    """Return every GET answer of the paid case, to everybody who may read it."""
    await world.published()
    objection = await objected(world)
    await world.paid_out()
    claim = f"/claims/{world.claim['id']}"
    papers = await world.get("officer1", f"{claim}/evidence")
    batches = await world.get("cashier", "/payment-batches")
    imported = await world.get("enterprise", f"/plans/{world.plan['id']}/learning-batches")
    ids = {
        "enterprise_id": world.enterprise["id"],
        "plan_id": world.plan["id"],
        "claim_id": world.claim["id"],
        "evidence_id": papers[0]["id"],
        "notice_id": (await world.get("enterprise", f"{claim}/notice"))["id"],
        "batch_id": batches["items"][0]["id"],
        "clause_id": "DL-4.3-g",
        "simulation_id": world.claim["id"],
        "upload_id": (await Tus(world).created(len(PDF), PDF)).rpartition("/")[2],
        **objection,
        "learning_batch_id": imported[-1]["id"],
        "payment_id": (await world.get("enterprise", f"{claim}/payments"))[0]["id"],
        "platform_id": (await world.get(None, "/platforms"))["items"][0]["id"],
        "number": "1",
        "round_number": "1",
        "rate_id": (await world.get(None, "/policy/rates"))[0]["id"],
        "budget_id": world.claim["id"],
        "signal_id": world.claim["id"],
        "column_id": world.claim["id"],
        "declaration_id": world.claim["id"],
        "recovery_id": world.claim["id"],
        "violation_id": world.claim["id"],
        "account_id": world.claim["id"],
    }
    token = {"Objection-Token": objection["objection_token"]}
    answers = {}
    for path, methods in app.openapi()["paths"].items():
        if "get" not in methods or path.endswith(_FILES):
            continue
        for who in ("enterprise", "officer1"):
            where = path.removeprefix("/api/v1").format(**ids)
            query = {"on": "2020-03-02"} if path.endswith("/policy") else {}
            if path.endswith("/enterprise-users"):
                query = {"enterprise_id": world.enterprise["id"]}
            answer = await world.call(who, "GET", where, params=query, headers=token)
            known = {200, 403} | ({404} if path in NOT_IN_THIS_CASE else set())
            assert answer.status_code in known, path
            answers[path, who] = answer
    return answers


async def test_no_answer_of_the_paid_case_tells_an_id_or_an_account_number(
    world: World, app: FastAPI
) -> None:
    answers = await answers_of_the_paid_case(world, app)
    assert len(answers) > 60
    ids = ids_of(world.examples)
    assert len(ids) == 24
    for (path, _), answer in answers.items():
        assert not LONG_NUMBER.search(answer.text), path
        assert ACCOUNT not in re.sub(r"\s", "", answer.text), path
        assert not any(number in answer.text for number in ids), path
    trainees = answers["/api/v1/plans/{plan_id}/trainees", "officer1"].json()
    assert {person["id_masked"][6:14] for person in trainees} == {"********"}, "masked, not missing"


async def test_money_is_a_string_with_two_places_in_every_answer(
    world: World, app: FastAPI
) -> None:
    answers = await answers_of_the_paid_case(world, app)
    # These are tables; test_tracing.py and test_reconciliation.py read their money.
    tables = {path for (path, _), each in answers.items() if each.text.startswith("\ufeff")}
    assert tables == {"/api/v1/claims/{claim_id}/sources", "/api/v1/reconciliation/file.csv"}
    told = []
    for (path, _), answer in answers.items():
        if path in tables or "json" not in answer.headers["content-type"]:
            continue
        content = json.loads(answer.text, parse_float=Decimal)
        assert not [each for _, each in members(content) if isinstance(each, Decimal)], path
        told += [(path, each) for name, each in members(content) if name in MONEY]
    wrong = [each for each in told if not re.fullmatch(r"[0-9]+\.[0-9]{2}", str(each[1]))]
    assert (wrong, "8640.00" in {each for _, each in told}) == ([], True)
    assert all(isinstance(each, str) for _, each in told)


def members(content: object) -> Iterator[tuple[str, object]]:
    """Yield the name and the value of every member, however deep."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield name, value
            yield from members(value)
    elif isinstance(content, list):
        for each in content:
            yield from members(each)


REQUESTS = [
    ("GET", "/api/v1/health", 200),
    ("GET", "/api/v1/notices", 200),
    ("GET", "/api/v1/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/docs/static/zh.js", 200),
    ("GET", "/api/v1/me", 401),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/", 404),
    ("DELETE", "/api/v1/health", 405),
    ("POST", "/api/v1/token", 400),
    ("GET", "/api/v1/notices/not-an-id", 422),
]


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
async def test_every_answer_has_an_id_of_its_own_is_not_sniffed_and_names_no_server(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    given = {"X-Request-Id": "given by the client"}
    first, second = [await http.request(method, path, headers=given) for _ in range(2)]
    assert first.status_code == status
    assert re.fullmatch(r"[0-9a-f]{32}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert not {"server", "x-powered-by"} & set(first.headers)
    published = path == "/api/v1/notices" and "public, max-age=0, s-maxage=30"
    assert first.headers["cache-control"] in {published or "no-store", "no-cache"}
    assert first.headers["x-frame-options"] == "DENY"
    assert first.headers["referrer-policy"] == "no-referrer"
    assert first.headers["permissions-policy"].startswith("camera=()")
    policy = first.headers["content-security-policy"]
    assert ("default-src 'none'" in policy, "frame-ancestors 'none'" in policy) == (True, True)
    if status >= 400:
        problem(first)


async def test_a_body_too_large_and_a_bug_are_whole_problems_too(
    http: httpx.AsyncClient, app: FastAPI
) -> None:
    large = await http.post("/api/v1/token", headers={"Content-Length": str(10**10)})
    assert problem(large)["code"] == "body_too_large"

    async def bug() -> None:
        raise KeyError("220104199503227868")

    app.add_api_route("/api/v1/bug", bug)
    broken = await http.get("/api/v1/bug")
    document = problem(broken)
    assert (document["code"], document["trace"]) == (
        "internal_error",
        broken.headers["x-request-id"],
    )
    assert "220104199503227868" not in broken.text


async def test_a_download_is_an_attachment_that_runs_nothing_and_is_the_file(
    world: World,
) -> None:
    await world.drafted()
    papers = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    for paper in papers:
        answer = await world.call("officer1", "GET", f"/evidence/{paper['id']}/content")
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.content == (world.examples / paper["filename"]).read_bytes()
