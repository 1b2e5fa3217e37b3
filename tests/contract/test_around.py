"""What the layers around the routes answer is what the contract says of it."""

import re
from typing import Any

import httpx
from fastapi import FastAPI

from tests.api.test_limits import Make, client, make  # noqa: F401  the fixture
from tests.refusals import problem

BODILY = {"408": "TooSlow", "413": "BodyTooLarge"}
ALWAYS = {"429": "TooManyRequests", "503": "Busy"}


def _named(contract: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return what a part of the contract says, wherever it says so."""
    for step in part.get("$ref", "").split("/")[1:]:
        contract = contract[step]
    return contract if "$ref" in part else part


def _misfits(contract: dict[str, Any], path: str, answer: httpx.Response) -> set[str]:
    """Return the headers of an answer that are not as the contract says."""
    method = answer.request.method.lower()
    told = contract["paths"][f"/api/v1{path}"][method]["responses"][str(answer.status_code)]
    wrong = set()
    for name, header in _named(contract, told)["headers"].items():
        said, value = _named(contract, header), answer.headers.get(name)
        schema = said["schema"]
        pattern = schema.get("pattern", schema.get("const", "^[1-9][0-9]*$"))
        missing = value is None and said.get("required", False)
        if missing or (value is not None and not re.search(pattern, value)):
            wrong.add(name)
    around = {"x-request-id", "retry-after", "ratelimit", "ratelimit-policy"}
    given = around | {"idempotency-replayed"}
    announced = {name.lower() for name in _named(contract, told)["headers"]}
    return wrong | ((given & set(answer.headers)) - announced)


def test_every_operation_announces_what_is_answered_around_it(app: FastAPI) -> None:
    contract = app.openapi()
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            expected = {**ALWAYS, **(BODILY if "requestBody" in operation else {})}
            if path == "/api/v1/health":
                del expected["429"]
            assert expected.keys() <= operation["responses"].keys(), (method, path)
            assert path != "/api/v1/health" or "429" not in operation["responses"]
    told = {name: each["description"] for name, each in contract["components"]["responses"].items()}
    assert told.keys() == {*BODILY.values(), *ALWAYS.values()}
    notice = contract["paths"]["/api/v1/claims/{claim_id}/notice"]["post"]["responses"]["503"]
    assert ("calendar_unknown" in notice["description"], "busy" in notice["description"]) == (
        True,
        True,
    )


async def test_answers_carry_the_headers_that_the_contract_announces(make: Make) -> None:  # noqa: F811
    """Counted, answered once more under its key, refused as too often: each as announced."""
    app = make(rate_per_minute_address=4)
    contract = app.openapi()
    async with client(app) as http:
        key = {"Idempotency-Key": "the-key-of-a-whole-visit"}
        form = {"username": "enterprise", "password": "sandbox-enterprise"}
        first, again = [await http.post("/token", data=form, headers=key) for _ in range(2)]
        assert (first.status_code, again.headers["idempotency-replayed"]) == (200, "true")
        health = await http.get("/health")
        public = await http.get("/policy/clauses")
        last = await http.get("/policy/clauses")
        refused = await http.get("/policy/clauses")
    assert (public.status_code, last.status_code, refused.status_code) == (200, 200, 429)
    assert (
        problem(refused)["code"]
        in contract["components"]["responses"]["TooManyRequests"]["description"]
    )
    assert {"retry-after", "ratelimit", "ratelimit-policy"} <= set(refused.headers)
    for path, answer in (
        ("/token", first),
        ("/token", again),
        ("/health", health),
        ("/policy/clauses", public),
        ("/policy/clauses", refused),
    ):
        assert _misfits(contract, path, answer) == set(), path


def test_who_is_signed_in_but_may_not_come_in_is_announced_too(app: FastAPI) -> None:
    """Systems and auditors are refused at routes that are open to every person."""
    paths = app.openapi()["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            if operation.get("security"):
                assert "not_your_role" in operation["responses"]["403"]["description"], path
    own = paths["/api/v1/me"]["get"]["responses"]["403"]["description"]
    assert "scope_missing" not in own, "of every system"
    evidence = paths["/api/v1/plans/{plan_id}/evidence"]
    told = [evidence[method]["responses"]["403"]["description"] for method in ("get", "post")]
    assert ["duty_missing" in each for each in told] == [False, True]
    assert all("scope_missing" in each for each in told)
