"""Who reaches which rows of which table, as the test of row security must find it?"""

from typing import Final

_OPEN: Final = (
    "own", "foreign", "district", "other_district", "centre", "public", "sign_in", "sandbox",
)  # fmt: skip
_ALL_READ: Final = dict.fromkeys(_OPEN, "S")
_BY_THE_CENTRE: Final = {**_ALL_READ, "centre": "SI", "sandbox": ""}

# What is reached of the rows of a paid case: S reads, I inserts, D deletes, U updates every column
# and u the columns listed below. A caller or a command that is not named reaches nothing. Nobody
# inserts a plan or a claim as it stands here: a case begins at its beginning.
REACHED: Final[dict[str, dict[str, str]]] = {
    # The row tried is the enterprise's, with a password: outside issuers' desk does not see it;
    # an administrator's hand is tried in test_accounts.py.
    "accounts": {"own": "Su", "foreign": "S", "sign_in": "Su"},
    "alembic_version": {},
    "assessment_lines": {"own": "SI", "district": "SI"},
    "assessments": {"own": "SI", "district": "SI"},
    # Those tried here and below are officer1's: nobody writes in another's name.
    "assignments": {"district": "SI"},
    # The row tried is the enterprise's: nobody else writes in its name.
    # Of what is published everybody reads how it came about; the public not by whose hand.
    "audit_events": {
        **dict.fromkeys(("foreign", "district", "other_district", "centre", "public"), "S"),
        "own": "SI",
        "sign_in": "I",
        "sandbox": "I",
    },
    "audit_seals": {},
    # Who is barred every bureau knows; barring needs an established violation.
    "blacklistings": {"own": "S", "district": "S", "other_district": "S", "centre": "S"},
    "budget_entries": {"district": "S"},
    "budget_slices": {},
    "budgets": {"district": "SI"},
    "bureaus": {**_ALL_READ, "outside": "S"},
    "business_clock": {**_ALL_READ, "sandbox": "SIU", "platform": "S", "outside": "S"},
    "calendar_days": _ALL_READ,
    # The database alone writes it, when a round ends.
    "claim_rounds": {"own": "S", "district": "S"},
    "claims": {"own": "S", "district": "SU"},
    # One that waits; who answers it, and when, is tried in test_line_decisions.py.
    "correction_points": {"own": "S", "district": "SI"},
    "declarations": _BY_THE_CENTRE,
    "enrolments": {},
    # Those that are verified: by their credit code a user of an outside issuer is linked.
    "enterprises": {"own": "S", "district": "SIu", "outside": "S"},
    "evaluations": {"own": "S", "district": "SIu"},
    "evidence": {"own": "SI", "district": "SI"},
    # The keys of sealed sheets and bank files, themselves sealed.
    "file_keys": {"own": "SI", "district": "SI"},
    "invitations": {"own": "SIu", "sign_in": "Su"},
    "learning_batches": {"own": "SIu", "district": "SIu"},
    "learning_records": {"own": "SI", "district": "SI"},
    "ledger_entries": {},
    # An open one, placed by officer1; the enterprise never sees it.
    "legal_holds": {"district": "SI"},
    "licences": {"own": "SI", "district": "S"},
    # A line is decided on while the claim is examined; this one is paid.
    "line_decisions": {"own": "S", "district": "S"},
    "notices": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "notice_claims": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "notice_sites": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "notice_terms": {**_ALL_READ, "sandbox": ""},
    "objection_attachments": {"district": "S"},
    # Keyed in by officer1, who does not decide on it; another comes too late: the claim is paid.
    "objections": {"district": "S"},
    "officer_checks": {"district": "SI"},
    "outside_identities": {"own": "S", "outside": "SI"},
    # While the claim is examined; this one is paid.
    "overrides": {"own": "S", "district": "S"},
    "password_resets": {"sign_in": "SIu"},
    "payment_batches": {"district": "SI"},
    # Of a paid claim nothing is paid, kept back or demanded once more as it stands here.
    "payment_offsets": {"own": "S", "district": "S"},
    # Only the cashier moves one, which is tried in test_payments.py.
    "payments": {"own": "S", "district": "S"},
    "period_balances": {},
    "persons": {},
    "plan_courses": {"own": "SID", "district": "SID"},
    "plan_teachers": {"own": "SID", "district": "SID"},
    "plans": {"own": "S", "district": "SU"},
    # The row tried is the enterprise's own word; a bureau's is everybody's.
    "platform_columns": {"own": "SI", "district": "S"},
    "platform_events": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "platforms": {
        **_ALL_READ,
        **dict.fromkeys(("district", "other_district", "centre"), "SIu"),
        "platform": "S",
    },
    "project_subsidies": {},
    # What is pushed and how it ends is tried in test_pushes.py.
    "pushed_records": {"own": "S", "district": "S", "platform": "SI"},
    "rates": _BY_THE_CENTRE,
    "recoveries": {"own": "S", "district": "SIu"},
    # The row tried is officer1's.
    "redeterminations": {"own": "S", "district": "SI"},
    "recovery_decisions": {"own": "S", "district": "SI"},
    "recovery_lines": {"own": "S", "district": "S"},
    "recovery_payments": {"own": "S", "district": "SI"},
    "refresh_tokens": {"sign_in": "SIu"},
    "second_factors": {"sign_in": "SuD"},
    "service_accounts": {"sign_in": "S"},
    "service_secrets": {"sign_in": "S"},
    "sign_ups": {"own": "S", "sign_in": "I"},
    "signature_limits": _ALL_READ,
    # An open one: it is raised by a filing, and the enterprise never sees it.
    "signals": {"own": "I", "district": "SI"},
    # The row tried is officer1's; see below for another's hand.
    "signatures": {"own": "S", "district": "SI"},
    # The row tried is officer1's, and waits.
    "simulations": {"district": "SI"},
    "stored_answers": {"own": "SIu"},
    # An open one of officer1; whose hand ends it is tried in test_hands.py.
    "suspensions": {"own": "S", "district": "SI"},
    # Of a draft: what is filed, and claimed, is fixed.
    "trainee_details": {"own": "SIUD", "district": "SIUD"},
    "trainees": {"own": "SID", "district": "SID"},
    # Half of a file, begun by the enterprise: the bureau sees how far it is.
    "upload_segments": {"own": "SIuD", "district": "S"},
    "uploads": {"own": "SIuD", "district": "S"},
    # An open one of officer1; the enterprise never sees it.
    "violation_claims": {"district": "SI"},
    "violation_transfers": {"district": "SI"},
    "violations": {"district": "SI"},
    # Kept by triggers: who moves a case moves its row.
    "worklist": {"district": "S"},
    "worklist_counts": {"district": "S"},
    "year_balances": {},
}
UPDATED: Final[dict[str, set[str]]] = {
    "accounts": {"failures", "locked_until", "password_hash", "must_change_password"},
    "own accounts": {"clerk", "active"},
    "enterprises": {"state", "remark"},
    "evaluations": {"asked_on", "asked_by", "made_on", "made_by", "result", "recorded_by"},
    "invitations": {"used_at", "account_id"},
    "own invitations": {"revoked_at"},
    "learning_batches": {"replaced_by"},
    "password_resets": {"used_at"},
    "platforms": {
        "hosts",
        "source",
        "in_china",
        "qualified",
        "creditworthy",
        "public_service",
        "examined_remark",
        "examined_document",
        "examined_on",
        "examined_by",
        "examined_by_name",
        "examined_at_bureau",
        "valid_from",
        "valid_to",
        "blocked_since",
        "blocked_reason",
        "blocked_by",
        "blocked_by_name",
        "blocked_at_bureau",
    },
    "payments": {"state", "paid_on", "failure", "bank_reference"},
    "recoveries": {"state", "repaid_on", "bank_reference"},
    "refresh_tokens": {"used_at", "revoked_at"},
    "second_factors": {"last_step", "recovery_digests"},
    "stored_answers": {"body"},
    "upload_segments": {"size"},
    "uploads": {"received", "writer", "expires_at", "evidence_id"},
    "holder accounts": {
        "email_sealed",
        "failures",
        "locked_until",
        "must_change_password",
        "password_hash",
    },
    "holder refresh_tokens": {"revoked_at"},
    "administrator accounts": {"active", "duties", "locked_until", "must_change_password"},
    "scanner evidence": {"scan", "scan_after", "scan_attempts", "scan_detail", "scanned_at"},
    "scanner objection_attachments": {
        "scan",
        "scan_after",
        "scan_attempts",
        "scan_detail",
        "scanned_at",
    },
    "simulator simulations": {"state"},
    "registrar service_accounts": {"revoked_at"},
    "registrar service_secrets": {"revoked_at"},
    "resealer accounts": {"email_sealed"},
    "resealer enterprises": {"account_sealed"},
    "resealer file_keys": {"key_sealed"},
    "resealer objections": {"said_sealed"},
    "resealer payments": {"account_sealed"},
    "resealer persons": {"id_sealed"},
    "resealer second_factors": {"secret_sealed"},
}
"""The columns that are updated where only some are; the enterprise's where they are others."""

# The same of those who came later: duties other than the reviewer's, one's own account, and the
# roles of tasks and commands, in which no request speaks. Who audits reads, and writes nothing.
BESIDE: Final[dict[str, str]] = {
    "accounts": "holder Su, administrator Su, auditing S, registrar SIU, resealer Su",
    "assessment_lines": "cashier SI, administrator SI, auditing S, auditor S, archivist S",
    "assessments": "cashier SI, administrator SI, auditing S, auditor S, archivist S",
    "assignments": "cashier S, administrator S, auditing S, archivist S",
    "audit_events": (
        "holder I, cashier S, administrator S, auditing S, sealer S, registrar I, auditor S, "
        "archivist S"
    ),
    "audit_seals": "sealer SI, auditor S",
    "blacklistings": "cashier S, administrator S, auditing S, archivist S",
    "budget_entries": "cashier S, administrator S, auditing S, archivist S",
    "budgets": "cashier S, administrator S, auditing S",
    "bureaus": "cashier S, administrator S, auditing S, registrar S",
    "business_clock": "sweeper S, holder S, cashier S, administrator S, auditing S, registrar S",
    "calendar_days": "cashier S, administrator S, auditing S, registrar S",
    "claim_rounds": "cashier S, administrator S, auditing S, archivist S",
    "claims": "cashier SU, administrator SU, auditing S, auditor S, archivist S",
    "correction_points": "cashier S, administrator S, auditing S, archivist S",
    "declarations": "cashier S, administrator S, auditing S, registrar S",
    "enrolments": "archivist S",
    "enterprises": "cashier SIu, administrator SIu, auditing S, resealer Su, archivist S",
    "evaluations": "cashier SIu, administrator SIu, auditing S, archivist S",
    "evidence": (
        "cashier SI, administrator SI, auditing S, scanner Su, auditor S, resealer S, archivist S"
    ),
    "file_keys": "cashier SI, administrator SI, auditing S, scanner S, resealer SIu, archivist S",
    "learning_batches": "cashier SIu, administrator SIu, auditing S, archivist S",
    "learning_records": "cashier SI, administrator SI, auditing S, archivist S",
    "ledger_entries": "simulator S, archivist S",
    "legal_holds": "cashier S, administrator S, auditing S, archivist S",
    "licences": "cashier S, administrator S, auditing S, auditor S",
    "line_decisions": "cashier S, administrator S, auditing S, archivist S",
    "notice_claims": "cashier SI, administrator SI, auditing S, registrar S, archivist S",
    "notice_sites": "cashier S, administrator S, auditing S, registrar S, archivist S",
    "notice_terms": "cashier S, administrator S, auditing S, registrar S",
    "notices": "cashier SI, administrator SI, auditing S, registrar S, archivist S",
    "objection_attachments": (
        "cashier S, administrator S, auditing S, scanner Su, auditor S, archivist S"
    ),
    "objections": "cashier S, administrator S, auditing S, resealer Su, archivist S",
    "officer_checks": "cashier S, administrator S, auditing S, archivist S",
    "overrides": "cashier S, administrator S, auditing S, archivist S",
    "payment_batches": (
        "cashier SI, administrator SI, auditing S, auditor S, resealer S, archivist S"
    ),
    "payment_offsets": "cashier S, administrator S, auditing S, archivist S",
    "payments": "cashier Su, administrator S, auditing S, resealer Su, archivist S",
    "persons": "resealer Su",
    "plan_courses": "cashier SID, administrator SID, auditing S, archivist S",
    "plan_teachers": "cashier SID, administrator SID, auditing S, archivist S",
    "plans": "cashier SU, administrator SU, auditing S, auditor S, archivist S",
    "platform_columns": "cashier S, administrator S, auditing S",
    "platform_events": "cashier S, administrator S, auditing S, registrar S",
    "platforms": "cashier SIu, administrator SIu, auditing S, registrar S",
    "project_subsidies": "archivist S",
    "pushed_records": "cashier S, administrator S, auditing S, archivist S",
    "rates": "cashier S, administrator S, auditing S, registrar S",
    "recoveries": "cashier SIu, administrator SIu, auditing S, archivist S",
    "recovery_decisions": "cashier S, administrator S, auditing S, archivist S",
    "recovery_lines": "cashier S, administrator S, auditing S, archivist S",
    "recovery_payments": "cashier S, administrator S, auditing S, archivist S",
    "redeterminations": "cashier S, administrator S, auditing S, archivist S",
    "refresh_tokens": "holder Su",
    "second_factors": "holder SUD, resealer Su",
    "service_accounts": "registrar SIu",
    "service_secrets": "registrar SIu",
    "signals": "cashier SI, administrator SI, auditing S, archivist S",
    "signature_limits": "cashier S, administrator S, auditing S, registrar S",
    "signatures": "cashier S, administrator S, auditing S, archivist S",
    "simulations": "cashier S, administrator S, auditing S, simulator Su",
    "stored_answers": "holder SIu",
    "suspensions": "cashier S, administrator S, auditing S, archivist S",
    "trainee_details": "cashier SIUD, administrator SIUD, auditing S, archivist S",
    "trainees": "cashier SID, administrator SID, auditing S, archivist S",
    "upload_segments": "sweeper SD, cashier S, administrator S, auditing S",
    "uploads": "sweeper SD, cashier S, administrator S, auditing S",
    "violation_claims": "cashier SI, administrator SI, auditing S, archivist S",
    "violation_transfers": "cashier S, administrator S, auditing S, archivist S",
    "violations": "cashier S, administrator S, auditing S, archivist S",
    "worklist": "cashier S, administrator S, auditing S",
    "worklist_counts": "cashier S, administrator S, auditing S",
}
