"""Who may call which route, and what is told of another's case? One row per route.

``python -m tests.api.access_table > docs/access-matrix.md`` writes the table for readers.
"""

import sys
from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.api.scopes import needed


class Caller(Enum):
    """Who may call a route: the type of the desk in its signature."""

    ANYBODY = "without a token"
    MEMBER = "any account"
    ENTERPRISE = "an enterprise"
    APPLICANT = "the enterprise, or the bureau if it keyed the case in from paper"
    OFFICER = "an officer of a bureau"
    CENTRE = "an officer of the provincial centre"
    PLATFORM = "a platform's own system"


ANYBODY, MEMBER, ENTERPRISE, APPLICANT, OFFICER, CENTRE, PLATFORM = Caller


@dataclass(frozen=True)
class Route:
    """One row: the caller's type, the duty an officer needs, and the body (by name) that fits."""

    method: str
    path: str
    caller: Caller
    body: str = ""
    duty: str = ""

    @property
    def has_object(self) -> bool:
        """Tell whether the route names a case that may be another's; a platform is nobody's.

        An account of a bureau is no case; test_officers.py tries those of others.
        """
        of_nobody = "{platform_id}" in self.path or self.path.startswith(
            ("/accounts", "/enterprise-users")
        )
        if self.caller is ANYBODY or of_nobody:
            return False
        return "{" in self.path or self.body in NAMES_A_CASE


NAMES_A_CASE: Final = {
    "claim", "batch", "plan", "record_search", "upload", "violation", "notice",
}  # fmt: skip
"""Bodies that name a case of somebody: its rows are looked for as the path's are."""

TABLE: Final = (
    Route("POST", "/token", ANYBODY, "credentials"),
    Route("POST", "/token/revocation", ANYBODY, "refresh_token"),
    Route("GET", "/me", MEMBER),
    Route("POST", "/me/password", MEMBER, "wrong_password_change"),
    Route("PUT", "/me/email", MEMBER, "wrong_password_email"),
    Route("GET", "/me/sessions", MEMBER),
    Route("DELETE", "/me/sessions", MEMBER),
    Route("POST", "/me/totp", MEMBER, "wrong_password"),
    Route("POST", "/me/totp/confirm", MEMBER, "totp"),
    Route("POST", "/me/totp/remove", MEMBER, "wrong_password"),
    Route("POST", "/sign-ups", ANYBODY, "sign_up"),
    Route("POST", "/invitations/accept", ANYBODY, "invited"),
    Route("POST", "/password-resets", ANYBODY, "forgotten"),
    Route("POST", "/password-resets/redeem", ANYBODY, "redeemed"),
    Route("GET", "/accounts", OFFICER, "", "administer or audit"),
    Route("POST", "/accounts", OFFICER, "officer", "administer"),
    Route("PUT", "/accounts/{account_id}/duties", OFFICER, "duties", "administer"),
    Route("POST", "/accounts/{account_id}/deactivate", OFFICER, "", "administer"),
    Route("POST", "/accounts/{account_id}/reactivate", OFFICER, "", "administer"),
    Route("POST", "/accounts/{account_id}/reset", OFFICER, "", "administer"),
    Route("GET", "/accounts/{account_id}/history", OFFICER, "", "administer or audit"),
    Route("GET", "/enterprise-users", OFFICER, "users_of", "administer or audit"),
    Route("POST", "/enterprise-users/{user_id}/reset", OFFICER, "", "administer"),
    Route("POST", "/enterprises", MEMBER, "enterprise"),
    Route("GET", "/enterprises", MEMBER),
    Route("GET", "/enterprises/{enterprise_id}", MEMBER),
    Route("PUT", "/enterprises/{enterprise_id}", ENTERPRISE, "enterprise"),
    Route("POST", "/enterprises/{enterprise_id}/verify", OFFICER, "remark", "review"),
    Route("POST", "/enterprises/{enterprise_id}/return", OFFICER, "reason", "review"),
    Route("GET", "/enterprises/{enterprise_id}/history", MEMBER),
    Route("POST", "/enterprises/{enterprise_id}/account-number/reveal", OFFICER, "reveal", "pay"),
    Route("POST", "/enterprises/{enterprise_id}/licences", ENTERPRISE, "licence.jpg"),
    Route("GET", "/enterprises/{enterprise_id}/licences", MEMBER),
    Route("GET", "/enterprises/{enterprise_id}/licences/{licence_id}", MEMBER),
    Route("GET", "/enterprises/{enterprise_id}/users", ENTERPRISE),
    Route("POST", "/enterprises/{enterprise_id}/invitations", ENTERPRISE, "invitation"),
    Route("GET", "/enterprises/{enterprise_id}/invitations", ENTERPRISE),
    Route("DELETE", "/enterprises/{enterprise_id}/invitations/{invitation_id}", ENTERPRISE),
    Route("POST", "/enterprises/{enterprise_id}/users/{user_id}/rank", ENTERPRISE, "rank"),
    Route("POST", "/enterprises/{enterprise_id}/users/{user_id}/remove", ENTERPRISE),
    Route("POST", "/plans", MEMBER, "plan"),
    Route("GET", "/plans", MEMBER),
    Route("GET", "/plans/{plan_id}", MEMBER),
    Route("PUT", "/plans/{plan_id}", APPLICANT, "plan"),
    Route("POST", "/plans/{plan_id}/roster", APPLICANT, "roster.xlsx"),
    Route("POST", "/plans/{plan_id}/roster/report", APPLICANT, "roster.xlsx"),
    Route("GET", "/plans/{plan_id}/trainees", MEMBER),
    Route(
        "POST",
        "/plans/{plan_id}/trainees/{number}/resident-id/reveal",
        OFFICER,
        "reveal",
        "review",
    ),
    Route("GET", "/plans/{plan_id}/findings", MEMBER),
    Route("POST", "/plans/{plan_id}/submit", APPLICANT),
    Route("POST", "/plans/{plan_id}/approve", OFFICER, "remark", "review"),
    Route("POST", "/plans/{plan_id}/return", OFFICER, "reason", "review"),
    Route("POST", "/plans/{plan_id}/withdraw", APPLICANT, "reason"),
    Route("POST", "/plans/{plan_id}/assess", MEMBER, "employed"),
    Route("GET", "/plans/{plan_id}/history", MEMBER),
    Route("PUT", "/plans/{plan_id}/details", APPLICANT, "details"),
    Route("GET", "/plans/{plan_id}/details", MEMBER),
    Route("PUT", "/plans/{plan_id}/results", APPLICANT, "training_results"),
    Route("POST", "/plans/{plan_id}/details-sheet", APPLICANT, "roster.xlsx"),
    Route("POST", "/plans/{plan_id}/advance", MEMBER, "advance"),
    Route("POST", "/plans/{plan_id}/suspensions", OFFICER, "suspension", "review"),
    Route("POST", "/plans/{plan_id}/suspensions/resume", OFFICER, "resumption", "review"),
    Route("GET", "/plans/{plan_id}/suspensions", MEMBER),
    Route("PUT", "/plans/{plan_id}/evaluation/due", OFFICER, "", "review"),
    Route("POST", "/plans/{plan_id}/evaluation", OFFICER, "evaluation", "review"),
    Route("GET", "/plans/{plan_id}/evaluation", MEMBER),
    Route("GET", "/plans/{plan_id}/deviations", MEMBER),
    Route("POST", "/plans/{plan_id}/hold", OFFICER, "legal_hold", "approve"),
    Route("GET", "/plans/{plan_id}/hold", OFFICER),
    Route("POST", "/plans/{plan_id}/hold/{hold_id}/lift", OFFICER, "legal_hold", "approve"),
    Route("POST", "/plans/{plan_id}/evidence", MEMBER, "licence.jpg"),
    Route("GET", "/plans/{plan_id}/evidence", MEMBER),
    Route("POST", "/claims/{claim_id}/evidence", MEMBER, "licence.jpg"),
    Route("GET", "/claims/{claim_id}/evidence", MEMBER),
    Route("GET", "/evidence-limits", MEMBER),
    Route("OPTIONS", "/uploads", ANYBODY),
    Route("POST", "/uploads", MEMBER, "upload"),
    Route("GET", "/uploads/{upload_id}", MEMBER),
    Route("HEAD", "/uploads/{upload_id}", MEMBER, "tus"),
    Route("PATCH", "/uploads/{upload_id}", APPLICANT, "tus_chunk"),
    Route("DELETE", "/uploads/{upload_id}", APPLICANT, "tus"),
    Route("GET", "/evidence/{evidence_id}", MEMBER),
    Route("GET", "/evidence/{evidence_id}/content", MEMBER),
    Route("HEAD", "/evidence/{evidence_id}/content", MEMBER),
    Route("POST", "/plans/{plan_id}/learning-batches", APPLICANT, "learning_px_class.xlsx"),
    Route("POST", "/plans/{plan_id}/learning-batches/report", APPLICANT, "learning_px_class.xlsx"),
    Route("GET", "/plans/{plan_id}/learning-batches", MEMBER),
    Route("GET", "/learning-batches/{learning_batch_id}/report", MEMBER),
    Route("GET", "/plans/{plan_id}/learning-records", MEMBER),
    Route("GET", "/plans/{plan_id}/progress", MEMBER),
    Route("POST", "/learning-records/search", MEMBER, "record_search"),
    Route("POST", "/learning-records:batch", PLATFORM, "push"),
    Route("GET", "/learning-records:batch", PLATFORM),
    Route("POST", "/claims", MEMBER, "claim"),
    Route("GET", "/claims", MEMBER),
    Route("GET", "/claims/{claim_id}", MEMBER),
    Route("GET", "/claims/{claim_id}/assessment", MEMBER),
    Route("POST", "/claims/{claim_id}/resubmit", APPLICANT, "resubmission"),
    Route("POST", "/claims/{claim_id}/review", OFFICER, "remark", "review"),
    Route("POST", "/claims/{claim_id}/reassess", OFFICER, "", "review"),
    Route("POST", "/claims/{claim_id}/overrides", OFFICER, "override", "approve"),
    Route("GET", "/claims/{claim_id}/overrides", MEMBER),
    Route("POST", "/claims/{claim_id}/approve", OFFICER, "remark", "approve"),
    Route("POST", "/claims/{claim_id}/return", OFFICER, "reason", "review"),
    Route("POST", "/claims/{claim_id}/reject", OFFICER, "reason", "approve"),
    Route("POST", "/claims/{claim_id}/withdraw", APPLICANT, "reason"),
    Route("POST", "/claims/{claim_id}/notice", OFFICER, "", "approve"),
    Route("GET", "/claims/{claim_id}/notice", MEMBER),
    Route("GET", "/claims/{claim_id}/objections", MEMBER),
    Route("GET", "/claims/{claim_id}/payments", MEMBER),
    Route("GET", "/claims/{claim_id}/history", MEMBER),
    Route("GET", "/claims/{claim_id}/sources", MEMBER),
    Route("GET", "/claims/{claim_id}/lines/{number}/sources", MEMBER),
    Route("GET", "/payments/{payment_id}/sources", MEMBER),
    Route("GET", "/claims/{claim_id}/signals", OFFICER),
    Route("POST", "/claims/{claim_id}/signals/{signal_id}/clear", OFFICER, "clearance", "review"),
    Route("POST", "/claims/{claim_id}/requirements", OFFICER, "requirements", "review"),
    Route("POST", "/claims/{claim_id}/settle", OFFICER, "", "pay"),
    Route("GET", "/claims/{claim_id}/recovery", MEMBER),
    Route("POST", "/claims/{claim_id}/recovery/repaid", OFFICER, "repaid", "pay"),
    Route("POST", "/claims/{claim_id}/line-decisions", OFFICER, "line_decision", "review"),
    Route("GET", "/claims/{claim_id}/line-decisions", MEMBER),
    Route("POST", "/claims/{claim_id}/countersign", OFFICER, "remark", "approve"),
    Route("GET", "/claims/{claim_id}/signatures", MEMBER),
    Route("GET", "/claims/{claim_id}/correction-points", MEMBER),
    Route("GET", "/claims/{claim_id}/rounds/{round_number}/changes", MEMBER),
    Route("POST", "/claims/{claim_id}/redetermine", OFFICER, "redetermination", "review"),
    Route("GET", "/claims/{claim_id}/redeterminations", MEMBER),
    Route("GET", "/claims/{claim_id}/remedies", MEMBER),
    Route("GET", "/claims/{claim_id}/tasks", OFFICER),
    Route("POST", "/claims/{claim_id}/checks", OFFICER, "check", "review"),
    Route("POST", "/claims:approve", OFFICER, "bulk"),
    Route("GET", "/worklist", OFFICER),
    Route("GET", "/worklist/counts", OFFICER),
    Route("GET", "/worklist/colleagues", OFFICER),
    Route("POST", "/worklist/claims/{claim_id}/take", OFFICER, "taking"),
    Route("POST", "/worklist/claims/{claim_id}/hand-over", OFFICER, "handing_over"),
    Route("POST", "/worklist/claims/{claim_id}/release", OFFICER),
    Route("POST", "/worklist/plans/{plan_id}/take", OFFICER, "taking"),
    Route("POST", "/worklist/plans/{plan_id}/hand-over", OFFICER, "handing_over"),
    Route("POST", "/worklist/plans/{plan_id}/release", OFFICER),
    Route("POST", "/worklist/objections/{objection_id}/take", OFFICER, "taking"),
    Route("POST", "/worklist/objections/{objection_id}/hand-over", OFFICER, "handing_over"),
    Route("POST", "/worklist/objections/{objection_id}/release", OFFICER),
    Route("GET", "/notices", ANYBODY),
    Route("GET", "/notices/{notice_id}", ANYBODY),
    Route("POST", "/notices", OFFICER, "notice", "approve"),
    Route("POST", "/notices/{notice_id}/sites", OFFICER, "site", "approve"),
    Route("POST", "/notices/{notice_id}/objections", ANYBODY, "objection"),
    Route("POST", "/notices/{notice_id}/objections/keyed", OFFICER, "objection_keyed"),
    Route("GET", "/objections", OFFICER),
    Route("GET", "/objections/{objection_id}", OFFICER),
    Route("GET", "/objections/{objection_id}/outcome", ANYBODY, "token"),
    Route("POST", "/objections/{objection_id}/attachments", ANYBODY, "attachment"),
    Route("GET", "/objections/{objection_id}/attachments/{attachment_id}", OFFICER),
    Route("POST", "/objections/{objection_id}/decide", OFFICER, "outcome", "approve"),
    Route("POST", "/payment-batches", OFFICER, "batch", "pay"),
    Route("GET", "/payment-batches", OFFICER),
    Route("GET", "/payment-batches/{batch_id}", OFFICER),
    Route("POST", "/payment-batches/{batch_id}/results", OFFICER, "results", "pay"),
    Route("POST", "/payment-batches/{batch_id}/results/file", OFFICER, "roster.xlsx", "pay"),
    Route("GET", "/payment-batches/{batch_id}/file.xlsx", OFFICER, "", "pay"),
    Route("GET", "/payment-batches/{batch_id}/file.csv", OFFICER, "", "pay"),
    Route("GET", "/payment-batches/{batch_id}/history", OFFICER),
    Route("POST", "/claims/{claim_id}/recoveries", OFFICER, "demand", "approve"),
    Route("GET", "/claims/{claim_id}/recoveries", MEMBER),
    Route("POST", "/claims/{claim_id}/recall", OFFICER, "recall", "approve"),
    Route("GET", "/recoveries/{recovery_id}", MEMBER),
    Route("POST", "/recoveries/{recovery_id}/instalments", OFFICER, "instalment", "pay"),
    Route("POST", "/recoveries/{recovery_id}/decisions", OFFICER, "decision", "approve"),
    Route(
        "POST",
        "/recoveries/{recovery_id}/decisions/{decision_id}/countersign",
        OFFICER,
        "",
        "approve",
    ),
    Route("POST", "/budgets", OFFICER, "budget", "approve"),
    Route("POST", "/budgets/{budget_id}/confirm", OFFICER, "", "approve"),
    Route("GET", "/budgets", OFFICER),
    Route("GET", "/reconciliation", OFFICER),
    Route("GET", "/reconciliation/file.csv", OFFICER),
    Route("POST", "/violations", OFFICER, "violation", "review"),
    Route("GET", "/violations", OFFICER),
    Route("GET", "/violations/{violation_id}", OFFICER),
    Route("POST", "/violations/{violation_id}/establish", OFFICER, "conclusion", "approve"),
    Route("POST", "/violations/{violation_id}/dismiss", OFFICER, "conclusion", "approve"),
    Route("POST", "/violations/{violation_id}/blacklisting", OFFICER, "blacklisting", "approve"),
    Route("POST", "/violations/{violation_id}/blacklisting/lift", OFFICER, "lift", "approve"),
    Route("POST", "/violations/{violation_id}/transfers", OFFICER, "transfer", "approve"),
    Route("GET", "/enterprises/{enterprise_id}/blacklisting", MEMBER),
    Route("GET", "/policy", ANYBODY),
    Route("GET", "/policy/commitments", ANYBODY),
    Route("GET", "/policy/clauses", ANYBODY),
    Route("GET", "/policy/clauses/{clause_id}", ANYBODY),
    Route("GET", "/policy/measures", ANYBODY),
    Route("GET", "/policy/rates", ANYBODY),
    Route("POST", "/policy/rates", CENTRE, "rate", "approve"),
    Route("GET", "/policy/declarations", ANYBODY),
    Route("POST", "/policy/declarations", CENTRE, "declaration", "approve"),
    Route("POST", "/policy/simulations", OFFICER, "simulation"),
    Route("GET", "/policy/simulations", OFFICER),
    Route("GET", "/policy/simulations/{simulation_id}", OFFICER),
    Route("GET", "/bureaus", ANYBODY),
    Route("GET", "/industries", ANYBODY),
    Route("GET", "/platforms", ANYBODY),
    Route("GET", "/platforms/{platform_id}", ANYBODY),
    Route("POST", "/platforms", OFFICER, "platform", "review"),
    Route("PUT", "/platforms/{platform_id}", OFFICER, "platform_hosts", "review"),
    Route("POST", "/platforms/{platform_id}/examine", OFFICER, "examination", "review"),
    Route("POST", "/platforms/{platform_id}/block", OFFICER, "reason", "approve"),
    Route("POST", "/platforms/{platform_id}/unblock", OFFICER, "reason", "approve"),
    Route("GET", "/platforms/columns", MEMBER),
    Route("DELETE", "/platforms/columns/{column_id}", MEMBER),
    Route("GET", "/notices/{notice_id}/history", ANYBODY),
    Route("GET", "/platforms/{platform_id}/history", ANYBODY),
    Route("GET", "/policy/rates/{rate_id}/history", ANYBODY),
    Route("GET", "/policy/declarations/{declaration_id}/history", ANYBODY),
    Route("GET", "/evidence/{evidence_id}/history", MEMBER),
    Route("GET", "/learning-batches/{learning_batch_id}/history", MEMBER),
    Route("GET", "/platforms/columns/{column_id}/history", MEMBER),
    Route("GET", "/recoveries/{recovery_id}/history", MEMBER),
    Route("GET", "/objections/{objection_id}/history", OFFICER),
    Route("GET", "/violations/{violation_id}/history", OFFICER),
    Route("GET", "/budgets/{budget_id}/history", OFFICER),
    Route("GET", "/policy/simulations/{simulation_id}/history", OFFICER),
    Route("GET", "/claims/{claim_id}/signals/{signal_id}/history", OFFICER),
    Route("GET", "/health", ANYBODY),
    Route("GET", "/sandbox/clock", ANYBODY),
    Route("POST", "/sandbox/clock", ANYBODY, "day"),
)

_HEAD: Final = """# Who may call what

Generated from `tests/api/access_table.py`, which a test walks route by route with every role, on
the caller's own case, on another's and on none. Mend the table there, then write this page again:

    python -m tests.api.access_table > docs/access-matrix.md

**own** means: an enterprise its own cases; a district bureau the cases of the enterprises it
handles; the provincial centre the cases of the enterprises insured at provincial level, which no
district sees. The centre reads nothing else of a case; like everybody it reads the notices and the
law. A word such as *review* is the duty that the officer must be charged with (else 403
`duty_missing`); *paper* is a case that the bureau keyed in from fax or post (else 403
`not_your_role`: an enterprise's own filing is the enterprise's to change). `401` is
`not_signed_in`, `403` is `not_your_role`. Another's case and a case that does not exist get the
same answer, 404 `not_found`. Routes under `/sandbox` exist in the sandbox only.

A simulation computes over the claims of the bureau that asks; the provincial centre's computes over
those of all bureaus and tells their sums by bureau and measure, but lists claims of its own only.

A system's account belongs to an enterprise, a bureau or a platform and reaches what that one does,
if its token has the scope of the route; where the last column says 403 no scope opens the route. It
has no duties: what needs one is done by people.

An officer whose duty is to audit may call whatever reads (and `POST /learning-records/search`,
`POST /plans/{plan_id}/assess`, which only ask) and nothing that writes, except on his own account
(403 `duty_missing`). Who signed in with a one-time password may call `POST /me/password` and
nothing else (403 `password_change_required`). Of an enterprise's users only its managers invite,
remove and change others (403 `manager_only`).

A platform's own system pushes records of the plans filed with it and calls nothing else; a record
of another plan is refused by itself, as one of no plan is.

| Route, `/api/v1` | nobody | enterprise | district | centre | platform | another's case | scope |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the table as the page `docs/access-matrix.md`."""
    return _HEAD + "".join(f"{_line(route)}\n" for route in TABLE)


def _line(route: Route) -> str:
    open_to_all = route.caller is ANYBODY
    nobody = "yes" if open_to_all else "401"
    theirs = "yes" if open_to_all else "own"
    platform = {ANYBODY: "yes", PLATFORM: "own"}.get(route.caller, "403")
    enterprise = "403" if route.caller in {OFFICER, CENTRE, PLATFORM} else theirs
    officer = f"*{route.duty}*" if route.duty else theirs
    officer = {ENTERPRISE: "403", PLATFORM: "403", APPLICANT: "*paper*"}.get(route.caller, officer)
    foreign = "404" if route.has_object else "–"
    district = "403" if route.caller is CENTRE else officer
    whose = (nobody, enterprise, district, officer, platform, foreign)
    cells = (f"`{route.method} {route.path}`", *whose, _scope(route))
    return f"| {' | '.join(cells)} |"


def _scope(route: Route) -> str:
    if route.caller is ANYBODY:
        return "–"
    scope = needed(route.method, f"/api/v1{route.path}")
    return "any" if scope == "" else f"`{scope}`" if scope else "403"


if __name__ == "__main__":
    sys.stdout.write(page())
