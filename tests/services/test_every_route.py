"""Does whatever a route changes leave an audit event, in the transaction that changed it?

Every writing route is walked once, most of them by tests that play it for a promise of their own.
"""

import inspect
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import httpx
import pytest

from app.policy.parameters import edition
from app.services import law
from tests import accounts
from tests.api import (
    test_assignments,
    test_bank_files,
    test_conduct,
    test_imports,
    test_joining,
    test_objections,
    test_objections_listed,
    test_officers,
    test_own_account,
    test_platforms,
    test_pushes,
    test_record_search,
    test_recoveries,
    test_reports,
    test_resets,
    test_reveals,
    test_signals,
    test_simulations,
    test_violations,
)
from tests.api.access_table import TABLE
from tests.databases import Connection
from tests.elsewhere import administer
from tests.services import (
    test_correcting,
    test_details_sheet,
    test_discretion,
    test_measures,
    test_redetermining,
    test_third_signature,
)
from tests.uploads.tus import CHUNK, PDF, Tus
from tests.world import World

Story = Callable[..., Coroutine[Any, Any, None]]

CHANGES_NOTHING: Final = {
    "POST /plans/{plan_id}/assess": "a dry run: what the law would say; nothing is stored",
    "POST /uploads": "a file on its way is no paper yet: evidence.add tells when it is whole",
    "DELETE /uploads/{upload_id}": "what was on its way and never became a paper",
    "POST /password-resets": "answered before anybody looks whose it is; a message is an event",
}
"""The writing methods without an event, each with the reason."""


async def a_session(world: World) -> None:
    form = {"username": "enterprise", "password": "sandbox-enterprise"}
    pair = (await world.call(None, "POST", "/token", data=form)).json()
    again = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    pair = (await world.call(None, "POST", "/token", data=again)).json()
    out = {"refresh_token": pair["refresh_token"]}
    assert (await world.call(None, "POST", "/token/revocation", data=out)).status_code == 204


async def an_enterprise_and_its_plans(world: World) -> None:
    world.enterprise = await world.post("enterprise", "/enterprises", world.enterprise_body())
    path = f"/enterprises/{world.enterprise['id']}"
    await world.post("officer1", f"{path}/return", {"reason": "执照不清晰"})
    assert (await world.call("enterprise", "PUT", path, json=world.enterprise_body())).is_success
    await world.post("officer1", f"{path}/verify", {})
    await world.drafted()
    plan = f"/plans/{world.plan['id']}"
    assert (await world.call("enterprise", "PUT", plan, json=world.plan_body())).is_success
    await world.send("enterprise", f"{plan}/roster", "roster.xlsx")
    await world.post("enterprise", f"{plan}/submit")
    await world.post("officer1", f"/worklist{plan}/take", {})
    await world.post("officer1", f"/worklist{plan}/release")
    await world.post("officer1", f"{plan}/return", {"reason": "材料不齐"})
    await world.post("enterprise", f"{plan}/withdraw", {"reason": "不再办班"})


async def a_claim_and_its_end(world: World) -> None:
    await world.filed()
    claim = f"/claims/{world.claim['id']}"
    await world.send("officer1", f"{claim}/evidence", "licence.jpg", kind="other")
    tus = Tus(world)
    whole = await tus.created(len(PDF) + 1, PDF)
    offset = {"Upload_Offset": str(len(PDF)), **CHUNK}
    assert (await tus.ask("PATCH", whole, b"%", **offset)).is_success
    given_up = await tus.created(100, PDF)
    assert (await tus.ask("DELETE", given_up)).is_success
    await world.post("officer1", f"/worklist{claim}/take", {})
    await world.post("officer1", f"/worklist{claim}/release")
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer1", "reassess")
    await world.cleared()
    await world.step("officer1", "review")
    named = {"claim_ids": [world.claim["id"]], "mode": "itemised"}
    await world.post("officer2", "/claims:approve", named)
    await world.day("2020-04-01")
    notice = await world.post("officer2", "/notices", {"claim_ids": [world.claim["id"]]})
    site = {"url": "https://rsj.example.gov.cn/1", "screenshot_sha256": "0" * 64}
    await world.post("officer2", f"/notices/{notice['id']}/sites", site)
    await world.step("enterprise", "withdraw", {"reason": "不再申请"})


async def a_third_signature(world: World, owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    low = replace(edition(date(2020, 3, 31)), third_signature_above=Decimal("5000.00"))
    monkeypatch.setattr(law.parameters, "edition", lambda _: low)
    await administer(owner_url, "UPDATE signature_limits SET amount = 5000.00")
    await test_third_signature.test_above_the_limit_it_is_countersigned_before_it_is_published(
        world
    )


async def a_budget_and_a_file(world: World) -> None:
    await world.registered()
    new = {"year": 2020, "amount": "1.00", "document": "文号"}
    budget = await world.post("officer1", "/budgets", new)
    await world.post("officer2", f"/budgets/{budget['id']}/confirm")
    file = {
        "enterprise_id": world.enterprise["id"], "kind": "extraction", "findings": "套取",
        "amount": "1.00",
    }  # fmt: skip
    file = await world.post("officer1", "/violations", file)
    word = {"conclusion": "不属实", "document": "文号"}
    await world.post("officer2", f"/violations/{file['id']}/dismiss", word)
    rate = {
        "measure": "skill_upgrade", "key": ["senior"], "amount": "1.00", "certainty": "sample",
        "valid_from": "2021-01-01", "source": "出处",
    }  # fmt: skip
    await world.post("centre", "/policy/rates", rate)
    day = {"kind": "period_ended", "day": "2020-12-31", "document": "文号", "source": "出处"}
    await world.post("centre", "/policy/declarations", day)


async def a_persons_own_account(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await test_own_account.enrolled(world, test_own_account.Wall(monkeypatch))
    who, proof = test_own_account.USER, {"password": test_own_account.PASSWORD}
    told = {**proof, "email": "a@example.com"}
    assert (await world.call(who, "PUT", "/me/email", json=told)).is_success
    assert (await world.call(who, "POST", "/me/totp/remove", json=proof)).is_success
    assert (await world.call(who, "DELETE", "/me/sessions")).is_success


async def an_invitation_taken_back(world: World) -> None:
    manager, enterprise = await accounts.signed_up(world)
    path = f"/enterprises/{enterprise}/invitations"
    made = await world.post(manager, path, {"rank": "clerk"})
    assert (await world.call(manager, "DELETE", f"{path}/{made['id']}")).is_success


async def a_case_on_hold(world: World) -> None:
    await world.submitted()
    path = f"/plans/{world.plan['id']}/hold"
    said = {"reason": "审计署调取", "document": "审调〔2020〕3号"}
    hold = await world.post("officer2", path, said)
    await world.post("officer3", f"{path}/{hold['id']}/lift", said)


STORIES: Final[dict[Story, tuple[str, ...]]] = {
    a_session: (
        "POST /token",
        "POST /token/revocation",
    ),
    an_enterprise_and_its_plans: (
        "POST /enterprises/{enterprise_id}/return",
        "POST /plans/{plan_id}/return",
        "POST /plans/{plan_id}/withdraw",
        "POST /worklist/plans/{plan_id}/release",
        "POST /worklist/plans/{plan_id}/take",
        "PUT /enterprises/{enterprise_id}",
        "PUT /plans/{plan_id}",
    ),
    a_claim_and_its_end: (
        "PATCH /uploads/{upload_id}",
        "POST /claims",
        "POST /claims/{claim_id}/checks",
        "POST /claims/{claim_id}/evidence",
        "POST /claims/{claim_id}/reassess",
        "POST /claims/{claim_id}/review",
        "POST /claims/{claim_id}/withdraw",
        "POST /claims:approve",
        "POST /enterprises",
        "POST /enterprises/{enterprise_id}/verify",
        "POST /notices",
        "POST /notices/{notice_id}/sites",
        "POST /plans",
        "POST /plans/{plan_id}/approve",
        "POST /plans/{plan_id}/evidence",
        "POST /plans/{plan_id}/learning-batches",
        "POST /plans/{plan_id}/roster",
        "POST /plans/{plan_id}/submit",
        "POST /sandbox/clock",
        "POST /worklist/claims/{claim_id}/release",
        "POST /worklist/claims/{claim_id}/take",
    ),
    a_third_signature: ("POST /claims/{claim_id}/countersign",),
    a_budget_and_a_file: (
        "POST /budgets",
        "POST /budgets/{budget_id}/confirm",
        "POST /policy/declarations",
        "POST /policy/rates",
        "POST /violations",
        "POST /violations/{violation_id}/dismiss",
    ),
    a_persons_own_account: (
        "DELETE /me/sessions",
        "POST /me/totp",
        "POST /me/totp/confirm",
        "POST /me/totp/remove",
        "PUT /me/email",
    ),
    an_invitation_taken_back: (
        "DELETE /enterprises/{enterprise_id}/invitations/{invitation_id}",
        "POST /enterprises/{enterprise_id}/invitations",
    ),
    a_case_on_hold: ("POST /plans/{plan_id}/hold", "POST /plans/{plan_id}/hold/{hold_id}/lift"),
    test_officers.test_a_new_officer_changes_his_password_before_anything_else: (
        "POST /accounts",
        "POST /me/password",
    ),
    test_officers.test_duties_change_with_the_next_token_and_each_change_is_an_event: (
        "PUT /accounts/{account_id}/duties",
    ),
    test_officers.test_a_deactivated_officer_is_out_and_comes_in_again_when_reactivated: (
        "POST /accounts/{account_id}/deactivate",
        "POST /accounts/{account_id}/reactivate",
    ),
    test_officers.test_a_reset_unlocks_ends_the_sessions_and_asks_for_a_new_password: (
        "POST /accounts/{account_id}/reset",
    ),
    test_joining.test_who_signed_up_files_after_the_bureau_accepted_the_licence: (
        "POST /enterprises/{enterprise_id}/licences",
        "POST /sign-ups",
    ),
    test_joining.test_a_removed_user_is_out_and_nobody_removes_himself: (
        "POST /enterprises/{enterprise_id}/users/{user_id}/rank",
        "POST /enterprises/{enterprise_id}/users/{user_id}/remove",
        "POST /invitations/accept",
    ),
    test_resets.test_the_bureau_hands_out_a_token_that_sets_a_password_once: (
        "POST /enterprise-users/{user_id}/reset",
        "POST /password-resets/redeem",
    ),
    test_reveals.test_with_the_duty_and_a_reason_it_is_told_and_nowhere_kept: (
        "POST /enterprises/{enterprise_id}/account-number/reveal",
        "POST /plans/{plan_id}/trainees/{number}/resident-id/reveal",
    ),
    test_assignments.test_nobody_blocks_a_case_for_ever: (
        "POST /worklist/claims/{claim_id}/hand-over",
    ),
    test_assignments.test_a_plan_is_taken_as_a_claim_is: (
        "POST /worklist/plans/{plan_id}/hand-over",
    ),
    test_bank_files.test_the_file_sent_out_comes_back_with_results_once_or_twice: (
        "POST /payment-batches/{batch_id}/results/file",
    ),
    test_conduct.test_a_filed_claim_is_assessed_again_with_what_was_found_and_declared_since: (
        "POST /plans/{plan_id}/evaluation",
        "PUT /plans/{plan_id}/evaluation/due",
    ),
    test_imports.test_what_a_bureau_forgets_is_unknown_again_and_old_batches_stay: (
        "DELETE /platforms/columns/{column_id}",
    ),
    test_objections.test_the_token_opens_the_outcome_and_takes_files_which_only_officers_open: (
        "POST /notices/{notice_id}/objections",
        "POST /objections/{objection_id}/attachments",
        "POST /objections/{objection_id}/decide",
    ),
    test_objections.test_who_reviewed_approved_or_keyed_in_decides_nothing_and_nobody_twice: (
        "POST /notices/{notice_id}/objections/keyed",
    ),
    test_objections_listed.test_who_holds_an_objection_decides_it_and_nobody_else: (
        "POST /worklist/objections/{objection_id}/release",
        "POST /worklist/objections/{objection_id}/take",
    ),
    test_objections_listed.test_who_holds_what_was_upheld_makes_the_decision_anew: (
        "POST /worklist/objections/{objection_id}/hand-over",
    ),
    test_platforms.test_a_blocked_platform_is_let_go_by_its_bureau_or_the_centre_and_all_is_on_record: (  # noqa: E501  its name
        "POST /platforms",
        "POST /platforms/{platform_id}/block",
        "POST /platforms/{platform_id}/examine",
        "POST /platforms/{platform_id}/unblock",
    ),
    test_platforms.test_an_examination_out_of_date_or_of_another_host_counts_nothing: (
        "PUT /platforms/{platform_id}",
    ),
    test_pushes.test_pushed_records_pay_the_claim_to_the_fen_as_the_file_does: (
        "POST /learning-records:batch",
    ),
    test_record_search.test_a_person_is_found_by_his_number_in_ones_own_cases_only: (
        "POST /learning-records/search",
    ),
    test_recoveries.test_a_rest_is_written_off_by_two_and_nothing_is_free: (
        "POST /claims/{claim_id}/recoveries",
        "POST /recoveries/{recovery_id}/decisions",
        "POST /recoveries/{recovery_id}/decisions/{decision_id}/countersign",
        "POST /recoveries/{recovery_id}/instalments",
    ),
    test_recoveries.test_an_advance_that_no_claim_settles_is_recalled_after_the_last_day: (
        "POST /claims/{claim_id}/recall",
    ),
    test_reports.test_the_dirty_export_shows_each_misfit_in_its_cell: (
        "POST /plans/{plan_id}/learning-batches/report",
    ),
    test_reports.test_the_dirty_roster_shows_each_fault_in_its_cell: (
        "POST /plans/{plan_id}/roster/report",
    ),
    test_signals.test_who_clears_a_signal_does_not_approve: (
        "POST /claims/{claim_id}/signals/{signal_id}/clear",
    ),
    test_simulations.test_asking_is_recorded_with_what_was_asked: ("POST /policy/simulations",),
    test_violations.test_a_violation_takes_two_persons_and_is_established_before_it_has_effects: (
        "POST /violations/{violation_id}/transfers",
    ),
    test_violations.test_a_barred_enterprise_files_nothing_until_it_is_lifted: (
        "POST /violations/{violation_id}/blacklisting",
        "POST /violations/{violation_id}/blacklisting/lift",
        "POST /violations/{violation_id}/establish",
    ),
    test_correcting.test_the_resubmission_shows_what_changed: (
        "POST /claims/{claim_id}/resubmit",
        "POST /claims/{claim_id}/return",
    ),
    test_correcting.test_what_is_not_mended_is_refused_in_the_end: (
        "POST /claims/{claim_id}/reject",
    ),
    test_details_sheet.test_what_a_sheet_tells_is_stored_like_what_a_program_tells: (
        "POST /plans/{plan_id}/details-sheet",
    ),
    test_discretion.test_a_late_claim_waits_for_a_decision_and_then_goes_on: (
        "POST /claims/{claim_id}/overrides",
    ),
    test_measures.test_what_was_advanced_too_much_is_demanded_back: (
        "POST /claims/{claim_id}/approve",
        "POST /claims/{claim_id}/notice",
        "POST /claims/{claim_id}/recovery/repaid",
        "POST /claims/{claim_id}/settle",
        "POST /payment-batches",
        "POST /payment-batches/{batch_id}/results",
        "POST /plans/{plan_id}/advance",
        "PUT /plans/{plan_id}/details",
        "PUT /plans/{plan_id}/results",
    ),
    test_measures.test_an_order_is_paid_to_one_of_the_two_who_made_it: (
        "POST /claims/{claim_id}/requirements",
    ),
    test_redetermining.test_while_it_is_being_paid_nothing_is_made_anew: (
        "POST /claims/{claim_id}/line-decisions",
        "POST /claims/{claim_id}/redetermine",
    ),
    test_conduct.test_an_open_suspension_lasts_until_the_class_is_resumed: (
        "POST /plans/{plan_id}/suspensions",
        "POST /plans/{plan_id}/suspensions/resume",
    ),
}
"""Each with the routes that it is counted on to walk."""


def routes() -> dict[str, re.Pattern[str]]:
    """Return every route that writes, with the pattern of its path."""
    return {
        f"{route.method} {route.path}": re.compile(
            "/api/v1" + re.sub(r"\{\w+\}", "[^/]+", route.path)
        )
        for route in TABLE
        if route.method not in {"GET", "HEAD", "OPTIONS"}
    }


def test_every_writing_route_is_walked_or_excepted_with_its_reason() -> None:
    walked = {route for several in STORIES.values() for route in several}
    assert walked | set(CHANGES_NOTHING) == set(routes())


@pytest.fixture
async def written(http: httpx.AsyncClient) -> AsyncIterator[list[httpx.Response]]:
    """Every answer to a request that wrote, and was not refused."""
    kept: list[httpx.Response] = []

    async def keep(answer: httpx.Response) -> None:
        if answer.is_success and answer.request.method not in {"GET", "HEAD", "OPTIONS"}:
            kept.append(answer)

    http.event_hooks["response"].append(keep)
    yield kept
    http.event_hooks["response"].remove(keep)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_what_is_written_leaves_an_event_with_the_id_of_its_request(
    story: Story,
    world: World,
    owner: Connection,
    owner_url: str,
    written: list[httpx.Response],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"world": world, "owner_url": owner_url, "owner": owner, "monkeypatch": monkeypatch}
    await story(**{name: given[name] for name in inspect.signature(story).parameters})
    rows = await owner.fetch("SELECT request_id FROM audit_events WHERE outcome = 'done'")
    recorded = {row["request_id"] for row in rows}
    known, walked, silent = routes(), set(), set()
    for answer in written:
        request = answer.request
        (route,) = (
            name
            for name, path in known.items()
            if name.startswith(f"{request.method} ") and path.fullmatch(request.url.path)
        )
        walked.add(route)
        if answer.headers["x-request-id"] not in recorded:
            silent.add(route)
    assert silent <= set(CHANGES_NOTHING)
    assert set(STORIES[story]) <= walked
