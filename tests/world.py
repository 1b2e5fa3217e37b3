"""Who acts in the tests, and how far has the sample case come? Through the public API only."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol

import httpx

from app.sandbox import case_sheet

FILING = {
    "licence": "licence.jpg",
    "sme_proof": "sme_proof.pdf",
    "teaching_plan": "teaching_plan.pdf",
    "platform_screenshot": "platform_screenshot.png",
    "account_proof": "account_proof.pdf",
    "dispatch_agreement": "dispatch_agreement.pdf",
}
CLAIM = {
    "application_form": "application_form.pdf",
    "sign_in_registration": "signin_registration.pdf",
    "cumulative_hours": "cumulative_hours.png",
    "training_record": "training_record.pdf",
}
ZHONGSHAN = "210202"
PLATFORMS = {"platform": "中国职业培训在线", "other_platform": "学习强国技能频道"}
"""The accounts of platforms' own systems: of the one that the sample plan names, and another."""


class Ground(Protocol):
    """On what a world stands, if stages can be brought to it that were played elsewhere."""

    async def bring(self, world: "World", stage: str) -> bool:
        """Put the world at a stage, if nothing was done yet; tell whether it was put there."""


Given = ParamSpec("Given")


def kept(
    stage: Callable[Concatenate["World", Given], Awaitable["World"]],
) -> Callable[Concatenate["World", Given], Awaitable["World"]]:
    """Let a stage be copied (see tests.shelf) where it is the first that happens, and as ever."""

    @functools.wraps(stage)
    async def reached(self: "World", *args: Given.args, **changes: Given.kwargs) -> "World":
        as_ever = not args and not changes and self.is_as_ever()
        if as_ever and self.ground and await self.ground.bring(self, stage.__name__):
            return self
        return await stage(self, *args, **changes)

    return reached


@dataclass
class World:
    """The accounts' tokens, and the sample case step by step; each step asserts that it worked."""

    http: httpx.AsyncClient
    tokens: dict[str, str]
    examples: Path
    enterprise: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    claim: dict[str, Any] = field(default_factory=dict)
    ground: Ground | None = None

    def is_as_ever(self) -> bool:
        """Tell whether nobody listens to the answers, and no step was changed."""
        heard = any(self.http.event_hooks.values())
        return not heard and vars(self).keys() == {each.name for each in fields(self)}

    async def call(
        self,
        who: str | None,
        method: str,
        path: str,
        **more: Any,  # noqa: ANN401
    ) -> httpx.Response:
        """Send a request as *who* (a user name, or None for nobody) and return the answer."""
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **more)

    async def get(self, who: str | None, path: str, **query: Any) -> Any:  # noqa: ANN401
        """Read and return the JSON; anything but success fails the test."""
        return _ok(await self.call(who, "GET", path, params=query))

    async def post(self, who: str | None, path: str, body: object = None, **query: Any) -> Any:  # noqa: ANN401
        """Write and return the JSON; anything but success fails the test."""
        return _ok(await self.call(who, "POST", path, json=body, params=query))

    async def send(self, who: str, path: str, file: str | bytes, **query: Any) -> Any:  # noqa: ANN401
        """Upload an example file (or bytes) and return the JSON."""
        return _ok(await self.upload(who, path, file, **query))

    async def upload(
        self,
        who: str,
        path: str,
        file: str | bytes,
        **query: Any,  # noqa: ANN401
    ) -> httpx.Response:
        """Upload an example file (or bytes) and return the answer, whatever it is."""
        query.setdefault("filename", file if isinstance(file, str) else "file.bin")
        content = (self.examples / file).read_bytes() if isinstance(file, str) else file
        return await self.call(who, "POST", path, content=content, params=query)

    async def day(self, today: str) -> None:
        """Move the business clock."""
        await self.post(None, "/sandbox/clock", {"today": today})

    def enterprise_body(self, sheet: str = "plan.json", **changes: object) -> dict[str, Any]:
        """Return the body that registers the sample enterprise."""
        told = case_sheet.read_sheet(self.examples / sheet)
        return {**case_sheet.enterprise(told, ZHONGSHAN), **changes}

    def plan_body(self, sheet: str = "plan.json", **changes: object) -> dict[str, Any]:
        """Return the body that drafts the sample plan."""
        return {**case_sheet.plan(case_sheet.read_sheet(self.examples / sheet)), **changes}

    async def registered(self, **changes: object) -> "World":
        """The enterprise is registered and verified."""
        body = self.enterprise_body(**changes)
        self.enterprise = await self.post("enterprise", "/enterprises", body)
        path = f"/enterprises/{self.enterprise['id']}/verify"
        officer = "centre" if body["insurance"] == "province" else "officer1"
        await self.post(officer, path, {})
        return self

    @kept
    async def drafted(self, sheet: str = "plan.json", **changes: object) -> "World":
        """The plan is drafted, with its roster and its papers."""
        if not self.enterprise:
            await self.registered()
        body = self.plan_body(sheet, **changes)
        self.plan = await self.post("enterprise", "/plans", body)
        await self.send("enterprise", f"/plans/{self.plan['id']}/roster", "roster.xlsx")
        await self.papers(FILING)
        return self

    async def papers(self, files: dict[str, str]) -> None:
        """Upload papers to the plan."""
        for kind, name in files.items():
            await self.send("enterprise", f"/plans/{self.plan['id']}/evidence", name, kind=kind)

    @kept
    async def submitted(self, sheet: str = "plan.json", **changes: object) -> "World":
        """The plan is submitted."""
        await self.drafted(sheet, **changes)
        self.plan = await self.post("enterprise", f"/plans/{self.plan['id']}/submit")
        return self

    @kept
    async def approved(self, sheet: str = "plan.json", **changes: object) -> "World":
        """The plan is approved on 3 March 2020."""
        await self.submitted(sheet, **changes)
        await self.day("2020-03-03")
        officer = "centre" if self.plan["bureau_code"] == "LN-PROV" else "officer1"
        self.plan = await self.post(officer, f"/plans/{self.plan['id']}/approve", {})
        return self

    @kept
    async def learned(
        self, export: str = "learning_px_class.xlsx", sheet: str = "plan.json"
    ) -> "World":
        """The people have learned, and the claim's papers are there; it is 30 March 2020."""
        await self.approved(sheet)
        await self.day("2020-03-30")
        await self.send("enterprise", f"/plans/{self.plan['id']}/learning-batches", export)
        await self.papers(CLAIM)
        return self

    async def claim_body(self, **changes: object) -> dict[str, Any]:
        """Return the body that files the sample claim: all still employed, all committed."""
        word = await self.get(None, "/policy/commitments")
        trainees = await self.get("enterprise", f"/plans/{self.plan['id']}/trainees")
        body = {
            "plan_id": self.plan["id"],
            "still_employed": [each["number"] for each in trainees],
            "commitments": {
                "version": word["version"],
                "accepted": list(range(1, len(word["items"]) + 1)),
            },
        }
        return {**body, **changes}

    @kept
    async def filed(self, **changes: object) -> "World":
        """The claim is filed."""
        await self.learned()
        body = await self.claim_body(**changes)
        self.claim = await self.post("enterprise", "/claims", body)
        return self

    async def step(self, who: str, name: str, body: object = None) -> dict[str, Any]:
        """Make a step on the claim; who reviews has made his own checks before."""
        body = {} if body is None else body
        if name == "review":
            await self.checked(who)
        self.claim = await self.post(who, f"/claims/{self.claim['id']}/{name}", body)
        return self.claim

    async def checked(self, who: str) -> "World":
        """Whatever only an officer can check is checked and met."""
        path = f"/claims/{self.claim['id']}"
        for task in (await self.get(who, f"{path}/tasks"))["tasks"]:
            if task["by"] == "officer" and task["blocking"]:
                await self.post(who, f"{path}/checks", {"check": task["code"], "outcome": "met"})
        return self

    async def cleared(self) -> "World":
        """Whatever signal the claim raised is cleared by who reviews it."""
        path = f"/claims/{self.claim['id']}/signals"
        for signal in await self.get("officer1", path):
            if signal["open"]:
                await self.post("officer1", f"{path}/{signal['id']}/clear", {"remark": "已核实"})
        return self

    @kept
    async def decided(self) -> "World":
        """The claim is reviewed and approved on 31 March 2020, by different officers."""
        await self.filed()
        await self.day("2020-03-31")
        await self.cleared()
        await self.step("officer1", "review")
        await self.step("officer2", "approve")
        return self

    @kept
    async def published(self) -> "World":
        """The notice is posted on 1 April 2020: its last day is 9 April."""
        await self.decided()
        await self.day("2020-04-01")
        await self.post("officer2", f"/claims/{self.claim['id']}/notice")
        return self

    @kept
    async def paid(self) -> "World":
        """The claim is paid on 10 April 2020."""
        await self.published()
        return await self.paid_out()

    async def paid_out(self) -> "World":
        """What was published is paid on 10 April 2020."""
        await self.day("2020-04-10")
        batch = await self.post("cashier", "/payment-batches", {"claim_ids": [self.claim["id"]]})
        results = [{"payment_id": each["id"], "outcome": "paid"} for each in batch["items"]]
        await self.post("cashier", f"/payment-batches/{batch['id']}/results", {"results": results})
        self.claim = await self.get("enterprise", f"/claims/{self.claim['id']}")
        return self


def _ok(answer: httpx.Response) -> Any:  # noqa: ANN401  JSON
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json() if answer.content else None
