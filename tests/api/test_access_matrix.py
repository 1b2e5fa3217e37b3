"""Every route answers every role as the table says, and tells nothing of another's case."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from app.policy.facts import Material
from tests.api.access_table import (
    ANYBODY,
    APPLICANT,
    CENTRE,
    ENTERPRISE,
    OFFICER,
    PLATFORM,
    TABLE,
    Route,
    page,
)
from tests.elsewhere import PROVINCIAL, provincial
from tests.objecting import objected
from tests.rare_rows import COLUMNS, RECOVERIES, SIGNALS, put
from tests.simulations import PATH, cap
from tests.uploads import tus
from tests.world import World

PAGE = Path(__file__).parents[2] / "docs" / "access-matrix.md"
NOWHERE = {
    name: str(uuid4())
    for name in (
        "enterprise_id",
        "plan_id",
        "claim_id",
        "evidence_id",
        "upload_id",
        "batch_id",
        "notice_id",
        "simulation_id",
        "signal_id",
        "learning_batch_id",
        "platform_id",
        "column_id",
        "recovery_id",
        "decision_id",
        "budget_id",
        "rate_id",
        "declaration_id",
        "violation_id",
        "objection_id",
        "attachment_id",
        "hold_id",
        "objection_token",
        "account_id",
        "user_id",
        "licence_id",
        "invitation_id",
    )
} | {
    "clause_id": "DL-9.9-z",
    "payment_id": str(uuid4()),
    "number": "1",
    "round_number": "1",
}
HANDS = {
    "enterprise": "applicant",
    "stranger": "applicant",
    "officer1": "officer",
    "cashier": "officer",
    "administrator": "officer",
    "auditor": "officer",
    "xigang": "officer",
    "centre": "officer",
    "platform": "system",
}
DUTIES = {
    "officer1": {"review", "approve"},
    "cashier": {"pay"},
    "administrator": {"administer"},
    "auditor": {"audit"},
    "xigang": {"review", "approve", "pay"},
    "centre": {"review", "approve", "pay"},
}
REGISTERS: dict[str, dict[str, Any]] = {
    "stranger": PROVINCIAL,
    "officer1": {"uscc": "91210203MA0TE7T00K"},
    "centre": {**PROVINCIAL, "uscc": "91210203MA0TE7T00K"},
}
"""What differs from the sample enterprise in what they register."""
READING = {"GET", "HEAD", "OPTIONS"}
ASKING = {"/learning-records/search", "/plans/{plan_id}/assess"}
_PASSWORD = "correct horse battery"
_WRONG = {"password": "wrong"}
_OBJECTION = {"grounds": "other", "text": "情况说明"}
OWN = {
    "enterprise": 0, "officer1": 0, "cashier": 0, "administrator": 0, "auditor": 0, "stranger": 1,
    "centre": 1, "platform": 0,
}  # fmt: skip
"""Whose is the city's case (0) and whose the provincial one (1)? 西岗区 has none."""


@dataclass
class Seen:
    """The two paid cases' ids, and the bodies that fit them."""

    world: World
    ids: tuple[dict[str, str], dict[str, str]]
    word: dict[str, Any]

    def body(self, route: Route, who: str | None, ids: dict[str, str]) -> dict[str, Any]:
        """Return the httpx arguments of a request of which nothing is wrong but who sends it."""
        said = {"still_employed": [1], "commitments": self.word}
        paper = {"channel": "fax"} if HANDS.get(who or "") == "officer" else {}
        whose = {"enterprise_id": ids["enterprise_id"]} if paper else {}
        bodies: dict[str, dict[str, Any]] = {
            "": {},
            "credentials": {"data": {"username": "nobody", "password": "wrong"}},
            "refresh_token": {"data": {"refresh_token": "unknown"}},
            "wrong_password": {"json": _WRONG},
            "wrong_password_change": {"json": {**_WRONG, "new_password": _PASSWORD}},
            "wrong_password_email": {"json": {**_WRONG, "email": "someone@example.com"}},
            "totp": {"json": {"totp": "000000"}},
            "sign_up": {
                "json": {
                    "uscc": "91210202MA0TE5T08F",
                    "enterprise_name": "大连示例机械制造有限公司",
                    "name": "某人",
                    "password": _PASSWORD,
                }
            },
            "invited": {"json": {"token": "unknown", "name": "某人", "password": _PASSWORD}},
            "forgotten": {"json": {"username": "nobody"}},
            "redeemed": {"json": {"token": "unknown", "password": _PASSWORD}},
            "officer": {"json": {"username": "newcomer", "name": "新人", "duties": ["review"]}},
            "duties": {"json": {"duties": ["review"]}},
            "users_of": {"params": {"enterprise_id": ids["enterprise_id"]}},
            "invitation": {"json": {"rank": "clerk"}},
            "rank": {"json": {"rank": "clerk"}},
            "enterprise": {"json": self.world.enterprise_body(**REGISTERS.get(who or "", {}))},
            "plan": {"json": self.world.plan_body(**paper, **whose)},
            "remark": {"json": {}},
            "override": {"json": {"rule": "claimed_in_time", "reason": "理由", "reference": "号"}},
            "reason": {"json": {"reason": "材料不齐"}},
            "reveal": {"json": {"reason": "与原件核对"}},
            "employed": {"json": {"still_employed": [1]}},
            "claim": {"json": {"plan_id": ids["plan_id"], **said, **paper}},
            "resubmission": {"json": said},
            "notice": {"json": {"claim_ids": [ids["claim_id"]]}},
            "site": {
                "json": {"url": "https://rsj.example.gov.cn/1", "screenshot_sha256": "0" * 64}
            },
            "objection": {"json": _OBJECTION},
            "objection_keyed": {"json": {**_OBJECTION, "channel": "letter"}},
            "token": {"headers": {"Objection-Token": ids["objection_token"]}},
            "attachment": {
                "headers": {"Objection-Token": ids["objection_token"]},
                "content": (self.world.examples / "licence.jpg").read_bytes(),
                "params": {"filename": "licence.jpg"},
            },
            "outcome": {"json": {"outcome": "rejected", "reason": "经查不实"}},
            "batch": {"json": {"claim_ids": [ids["claim_id"]]}},
            "results": {
                "json": {"results": [{"payment_id": ids["payment_id"], "outcome": "paid"}]}
            },
            "simulation": {"json": cap("300.00")},
            "details": {"json": [{"number": 1}]},
            "training_results": {"json": [{"number": 1, "test_passed": True}]},
            "record_search": {"json": {"plan_id": ids["plan_id"], "number": 1}},
            "advance": {"json": {"commitments": self.word, **paper}},
            "line_decision": {
                "json": {"number": 1, "kind": "exclude", "reason": "理由", "reference": "号"}
            },
            "redetermination": {"json": {"objection": "异议", "reason": "理由"}},
            "check": {"json": {"check": "evidence_seen", "outcome": "met"}},
            "bulk": {"json": {"claim_ids": [ids["claim_id"]], "mode": "itemised"}},
            "taking": {"json": {}},
            "handing_over": {"json": {"to": str(uuid4())}},
            "clearance": {"json": {"remark": "已核实"}},
            "suspension": {"json": {"reason": "防疫措施不到位"}},
            "resumption": {"json": {"to_day": "2020-04-10", "remark": "已整改"}},
            "evaluation": {
                "json": {"made_on": "2020-03-28", "made_by": "本单位", "result": "达标"}
            },
            "legal_hold": {"json": {"reason": "审计", "document": "文号"}},
            "requirements": {"json": {"met": True, "remark": "符合要求"}},
            "repaid": {"json": {"bank_reference": "回单"}},
            "demand": {
                "json": {
                    "ground": "error",
                    "reason": "重复计算",
                    "document": "文号",
                    "lines": [{"number": 1, "amount": "1.00"}],
                }
            },
            "recall": {"json": {"reason": "逾期未申请", "document": "文号"}},
            "instalment": {
                "json": {"amount": "0.10", "paid_on": "2020-04-10", "bank_reference": "回单2"}
            },
            "decision": {"json": {"kind": "offset", "reason": "抵扣"}},
            "budget": {"json": {"year": 2020, "amount": "1000000.00", "document": "文号"}},
            "violation": {
                "json": {
                    "enterprise_id": ids["enterprise_id"],
                    "kind": "false_report",
                    "findings": "虚报人数",
                    "amount": "360.00",
                    "claims": [{"claim_id": ids["claim_id"], "persons": [1], "amount": "360.00"}],
                }
            },
            "conclusion": {"json": {"conclusion": "属实", "document": "文号"}},
            "blacklisting": {"json": {"from_day": "2020-04-11", "document": "文号"}},
            "lift": {"json": {"reason": "已整改", "document": "文号"}},
            "transfer": {
                "json": {"authority": "公安", "transferred_on": "2020-04-10", "document": "文号"}
            },
            "rate": {
                "json": {
                    "measure": "skill_upgrade",
                    "key": ["senior"],
                    "amount": "1.00",
                    "source": "出处",
                    "certainty": "sample",
                    "valid_from": "2021-01-01",
                }
            },
            "declaration": {
                "json": {
                    "kind": "period_ended",
                    "day": "2020-12-31",
                    "document": "文号",
                    "source": "出处",
                }
            },
            "platform": {"json": {"name": "某平台", "kind": "other", "source": "出处"}},
            "platform_hosts": {"json": {"hosts": ["a.example"], "source": "出处"}},
            "examination": {
                "json": {
                    **dict.fromkeys(
                        ("in_china", "qualified", "creditworthy", "public_service"), True
                    ),
                    "remark": "已核查",
                    "document": "截图",
                }
            },
            "push": {"json": {"records": [{"key": "a", "plan": ids["plan_id"]}]}},
            "upload": {"headers": {**tus.SPOKEN, **_of_a_file(ids["plan_id"])}},
            "tus": {"headers": tus.SPOKEN},
            "tus_chunk": {
                "content": b"%",
                "headers": {**tus.SPOKEN, **tus.CHUNK, "Upload-Offset": "0"},
            },
            "day": {"json": {"today": "2020-04-10"}},
        }
        if route.body in bodies:
            return bodies[route.body]
        query = {"filename": route.body, "kind": Material.LICENCE.value}
        return {"content": (self.world.examples / route.body).read_bytes(), "params": query}

    async def ask(self, route: Route, who: str | None, ids: dict[str, str]) -> httpx.Response:
        """Send the request of *route* on the case of *ids*."""
        more = self.body(route, who, ids)
        if route.path == "/policy":
            more = {"params": {"on": "2020-03-02"}}
        return await self.world.call(who, route.method, route.path.format(**ids), **more)


def test_every_route_has_its_place_in_the_table(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert routes == {(route.method, f"/api/v1{route.path}") for route in TABLE}


def test_the_page_for_readers_is_the_table() -> None:
    told = "python -m tests.api.access_table > docs/access-matrix.md writes it again"
    assert PAGE.read_text("utf-8") == page(), told


async def test_every_route_answers_every_role_as_the_table_says(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    seen = await two_paid_cases(world, owner_url, tmp_path)
    wrong = []
    for who in (None, *HANDS):
        for route in TABLE:
            faults = [
                *await strange_case(seen, route, who),
                *await own_case(seen, route, who),
            ]
            wrong += [f"{who or 'nobody'} {route.method} {route.path}: {each}" for each in faults]
    assert not wrong, "\n".join(wrong)


async def own_case(seen: Seen, route: Route, who: str | None) -> list[str]:
    """Return what is wrong with the answer on the caller's own case."""
    if who is not None and who not in OWN:
        return []
    mine = OWN.get(who or "", 0)
    answer = await seen.ask(route, who, seen.ids[mine])
    told = _told(answer)
    refusal = _refusal(route, who)
    if refusal is None and route.caller is APPLICANT and HANDS.get(who or "") == "officer":
        refusal = 403, "not_your_role"  # both cases were filed by internet
    if refusal is None and route.duty and not set(route.duty.split(" or ")) & DUTIES[who or ""]:
        refusal = 403, "duty_missing"
    if refusal:
        challenge = answer.headers.get("www-authenticate")
        right = told == refusal and (challenge == "Bearer") == (answer.status_code == 401)
        return [] if right else [f"{told} instead of {refusal}, challenge {challenge}"]
    if answer.status_code in {401, 403, 404} or answer.status_code >= 500:
        return [f"refused with {told}"]
    if route.method == "GET" and answer.status_code != 200:
        return [f"not read: {told}"]
    others = set(seen.ids[1 - mine].values()) - set(seen.ids[mine].values())
    leaked = [key for key in others if key in answer.text]
    return [f"tells of another's {leaked}"] if leaked and route.caller is not ANYBODY else []


async def strange_case(seen: Seen, route: Route, who: str | None) -> list[str]:
    """Return what is wrong with the answers on other people's cases and on one that is not."""
    if not route.has_object or (route.path == "/plans" and HANDS.get(who or "") != "officer"):
        return []
    mine = OWN.get(who or "") if who else None
    absent = await seen.ask(route, who, NOWHERE)
    refusal = _refusal(route, who) or (404, "not_found")
    faults = [] if _told(absent) == refusal else [f"{_told(absent)} for none, not {refusal}"]
    for number, ids in enumerate(seen.ids):
        if number != mine:
            foreign = await seen.ask(route, who, ids)
            if _without_id(foreign) != _without_id(absent):
                faults.append(f"another's is told: {_told(foreign)} {foreign.text[:200]}")
    return faults


def _refusal(route: Route, who: str | None) -> tuple[int, str] | None:
    """Return what the table says of this caller, whatever the case, if it lets him not pass."""
    if route.caller is ANYBODY:
        return None
    if who is None:
        return 401, "not_signed_in"
    hand = HANDS[who]
    if (route.caller is PLATFORM) != (hand == "system"):
        return 403, "not_your_role"
    if who == "auditor" and not _only_looks(route):
        return 403, "duty_missing"
    if (
        (route.caller in {OFFICER, CENTRE}) > (hand == "officer")
        or (route.caller is CENTRE) > (who == "centre")
        or (route.caller is ENTERPRISE) > (hand == "applicant")
    ):
        return 403, "not_your_role"
    return None


def _only_looks(route: Route) -> bool:
    """Tell whether an auditor may call the route: it writes nothing but his own account."""
    return route.method in READING or route.path in ASKING or route.path.startswith("/me/")


_CODES = {401: "not_signed_in", 403: "not_your_role", 404: "not_found"}


def _told(answer: httpx.Response) -> tuple[int, str]:
    problem = answer.headers.get("content-type") == "application/problem+json"
    if problem and answer.request.method == "HEAD":  # which has no body to tell the code
        return answer.status_code, _CODES[answer.status_code]
    return answer.status_code, json.loads(answer.text)["code"] if problem else ""


def _without_id(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    headers = [pair for pair in answer.headers.items() if pair[0] != "x-request-id"]
    return answer.status_code, answer.content, headers


async def two_paid_cases(world: World, owner_url: str, folder: Path) -> Seen:
    """Play a case of 中山区 and one of the provincial centre to their payments.

    Somebody objected to each in vain. Something of each is said to be demanded back, so that a
    recovery can be looked for, and to have raised a signal.
    """
    await world.published()
    objections = [await objected(world)]
    await world.paid_out()
    other = await provincial(world, owner_url, folder)
    await other.published()
    objections.append(await objected(other))
    await other.paid_out()
    await put(owner_url, RECOVERIES, SIGNALS, COLUMNS)
    await world.post("officer1", "/platforms", {"name": "甲", "kind": "other", "source": "乙"})
    declared = {"kind": "period_ended", "day": "2020-12-31", "document": "文号", "source": "出处"}
    await world.post("centre", "/policy/declarations", declared)
    commitments = (await world.claim_body())["commitments"]
    made = {"username": "another", "name": "另一人", "duties": []}
    account_id = (await world.post("administrator", "/accounts", made))["id"]
    ids = (await _ids(world, objections[0]), await _ids(other, objections[1]))
    for each in ids:
        each["account_id"] = account_id
    return Seen(world, ids, commitments)


async def _of_money(case: World) -> dict[str, str]:
    """Return a demand with a decision, a budget and a file on a violation of the bureau."""
    (demand,) = await case.get("officer1", f"/claims/{case.claim['id']}/recoveries")
    recovery = f"/recoveries/{demand['id']}"
    decided = {"kind": "write_off", "reason": "无法追回", "document": "文号"}
    demand = await case.post("officer1", f"{recovery}/decisions", decided)
    budget = {"year": 2021, "amount": "1.00", "document": "文号"}
    file = {
        "enterprise_id": case.enterprise["id"], "kind": "extraction", "findings": "套取",
        "amount": "1.00",
    }  # fmt: skip
    return {
        "recovery_id": demand["id"],
        "decision_id": demand["decisions"][0]["id"],
        "budget_id": (await case.post("officer2", "/budgets", budget))["id"],
        "violation_id": (await case.post("officer2", "/violations", file))["id"],
    }


async def _ids(case: World, objection: dict[str, str]) -> dict[str, str]:
    claim = f"/claims/{case.claim['id']}"
    papers = await case.get("officer1", f"{claim}/evidence")
    batches = await case.get("officer1", "/payment-batches")
    batch = await case.get("officer1", f"/payment-batches/{batches['items'][0]['id']}")
    imported = await case.get("enterprise", f"/plans/{case.plan['id']}/learning-batches")
    simulation = await case.post("officer1", PATH, cap("300.00"))
    upload = await tus.Tus(case).created(len(tus.PDF), tus.PDF)
    order = {"reason": "审计", "document": "文号"}
    hold = await case.post("officer2", f"/plans/{case.plan['id']}/hold", order)
    return {
        "enterprise_id": case.enterprise["id"],
        "plan_id": case.plan["id"],
        "claim_id": case.claim["id"],
        "hold_id": hold["id"],
        "evidence_id": papers[0]["id"],
        "upload_id": upload.rpartition("/")[2],
        "notice_id": (await case.get("enterprise", f"{claim}/notice"))["id"],
        "batch_id": batch["id"],
        "payment_id": batch["items"][0]["id"],
        "number": "1",
        "clause_id": "DL-4.3-g",
        "learning_batch_id": imported[-1]["id"],
        "platform_id": (await case.get(None, "/platforms"))["items"][0]["id"],
        "column_id": (await case.get("officer1", "/platforms/columns"))["items"][0]["id"],
        "round_number": "1",
        "rate_id": (await case.get(None, "/policy/rates"))[0]["id"],
        "declaration_id": (await case.get(None, "/policy/declarations"))[0]["id"],
        "simulation_id": simulation["id"],
        **objection,
        "signal_id": (await case.get("officer1", f"{claim}/signals"))[0]["id"],
        **await _of_money(case),
        **await _of_the_enterprise(case),
    }


async def _of_the_enterprise(case: World) -> dict[str, str]:
    """Return a second user, an invitation and a licence of the case's enterprise."""
    own = f"/enterprises/{case.enterprise['id']}"
    first, second = [
        await case.post("enterprise", f"{own}/invitations", {"rank": "clerk"}) for _ in range(2)
    ]
    word = {"token": first["token"], "name": "某人", "password": _PASSWORD}
    await case.post(None, "/invitations/accept", word)
    licence = await case.send("enterprise", f"{own}/licences", "licence.jpg")
    return {
        "user_id": (await case.get("enterprise", f"{own}/users"))[-1]["id"],
        "invitation_id": second["id"],
        "licence_id": licence["id"],
    }


def _of_a_file(plan_id: str) -> dict[str, str]:
    told = tus.metadata(kind="licence", filename="执照.pdf", plan_id=plan_id)
    return {"Upload-Length": "9", "Upload-Metadata": told}
