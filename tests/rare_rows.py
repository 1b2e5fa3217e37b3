"""What has no row in the sample case? One of each, put there by the administrator.

The keys and triggers of the tables are laid aside: none of it could come about in this case.
"""

from typing import Final

from tests.elsewhere import administer

# One per bureau that has a case: the plan (a draft, if there is one), its claim, its first person,
# and an officer who reviews.
_OF_EACH_BUREAU: Final = """
    CREATE TEMPORARY TABLE one AS
    SELECT DISTINCT ON (p.bureau_code)
           p.id AS plan, p.enterprise_id AS enterprise, p.bureau_code AS bureau, p.starts_on,
           (SELECT c.id FROM claims AS c WHERE c.bureau_code = p.bureau_code LIMIT 1) AS claim,
           (SELECT t.id FROM trainees AS t WHERE t.plan_id = p.id AND t.number = 1) AS trainee,
           a.id AS officer, a.name
    FROM plans AS p
    JOIN accounts AS a
      ON a.username = CASE p.bureau_code WHEN 'LN-PROV' THEN 'centre' ELSE 'officer1' END
    ORDER BY p.bureau_code, (p.state = 'draft') DESC
"""
_PUSHED: Final = """
    INSERT INTO pushed_records (batch_id, row, platform_id, enterprise_id, bureau_code, key, digest)
    SELECT gen_random_uuid(), 1, p.id, enterprise, bureau, 'key-' || bureau, ''
    FROM one, platforms AS p WHERE p.plain_name = '中国职业培训在线'
"""
RECOVERIES: Final = """
    INSERT INTO recoveries (id, claim_id, enterprise_id, bureau_code, receipt, amount, state,
                            demanded_on, demanded_by, ground, reason, document, due_on)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 'TK-' || claim, 1.00, 'demanded',
           starts_on, officer, 'advance', '', '', starts_on FROM one
"""
_OF_RECOVERIES: Final = (
    """
    INSERT INTO recovery_lines (recovery_id, claim_id, enterprise_id, person_id, bureau_code,
                                number, amount)
    SELECT r.id, r.claim_id, r.enterprise_id, t.person_id, r.bureau_code, 1, 1.00
    FROM recoveries AS r JOIN one AS o ON o.claim = r.claim_id JOIN trainees AS t ON t.id = trainee
    """,
    """
    INSERT INTO recovery_decisions (id, recovery_id, enterprise_id, bureau_code, kind, reason,
                                    decided_by, decided_by_name, decided_on)
    SELECT gen_random_uuid(), r.id, r.enterprise_id, r.bureau_code, 'offset', '理由', o.officer,
           o.name, o.starts_on
    FROM recoveries AS r JOIN one AS o ON o.claim = r.claim_id
    """,
    """
    INSERT INTO payment_offsets (payment_id, recovery_id, enterprise_id, bureau_code, amount)
    SELECT p.id, r.id, r.enterprise_id, r.bureau_code, 0.01
    FROM recoveries AS r JOIN payments AS p ON p.claim_id = r.claim_id
    """,
    """
    INSERT INTO recovery_payments (id, recovery_id, enterprise_id, bureau_code, kind,
                                   bank_reference, amount, paid_on, recorded_by)
    SELECT gen_random_uuid(), r.id, r.enterprise_id, r.bureau_code, 'transfer', '回单', 0.01,
           o.starts_on, o.officer
    FROM recoveries AS r JOIN one AS o ON o.claim = r.claim_id
    """,
)
_BUDGETS: Final = """
    INSERT INTO budgets (id, bureau_code, fund, document, entered_by_name, year, amount, entered_by,
                         entered_on)
    SELECT gen_random_uuid(), bureau, '资金', '文号', name, 2020, 1.00, officer, starts_on FROM one
"""
_VIOLATIONS: Final = (
    """
    INSERT INTO violations (id, enterprise_id, bureau_code, receipt, kind, findings, state, amount,
                            opened_on, opened_by, opened_by_name)
    SELECT gen_random_uuid(), enterprise, bureau, 'WG-' || claim, 'diversion', '事实', 'open', 1.00,
           starts_on, officer, name FROM one
    """,
    """
    INSERT INTO violation_claims (violation_id, claim_id, enterprise_id, bureau_code, persons,
                                  amount)
    SELECT v.id, o.claim, v.enterprise_id, v.bureau_code, '{1}', 1.00
    FROM violations AS v JOIN one AS o ON o.enterprise = v.enterprise_id
    """,
    """
    INSERT INTO violation_transfers (id, violation_id, enterprise_id, bureau_code, authority,
                                     document, transferred_on, recorded_by)
    SELECT gen_random_uuid(), v.id, v.enterprise_id, v.bureau_code, '机关', '文号', o.starts_on,
           o.officer
    FROM violations AS v JOIN one AS o ON o.enterprise = v.enterprise_id
    """,
    """
    INSERT INTO blacklistings (id, violation_id, enterprise_id, bureau_code, document, from_day,
                               listed_by, listed_by_name)
    SELECT gen_random_uuid(), v.id, v.enterprise_id, v.bureau_code, '文号', o.starts_on, o.officer,
           o.name
    FROM violations AS v JOIN one AS o ON o.enterprise = v.enterprise_id
    """,
)
_OVERRIDES: Final = """
    INSERT INTO overrides (id, claim_id, enterprise_id, bureau_code, round, rule, reason, reference,
                           officer_id, officer_name, decided_on)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 1, 'claimed_in_time', '理由', '文号',
           officer, name, starts_on FROM one
"""
_SIMULATIONS: Final = """
    INSERT INTO simulations (id, bureau_code, asked_by, asked_by_name, changes, state)
    SELECT gen_random_uuid(), bureau, officer, name, '[]', 'waiting' FROM one
"""
_TEACHERS: Final = """
    INSERT INTO plan_teachers (plan_id, number, enterprise_id, bureau_code, name)
    SELECT plan, 1, enterprise, bureau, '教师' FROM one
"""
_DETAILS: Final = """
    INSERT INTO trainee_details (trainee_id, plan_id, enterprise_id, bureau_code, start_kind,
                                 start_on)
    SELECT trainee, plan, enterprise, bureau, 'resumed', starts_on FROM one
"""
_SUSPENSIONS: Final = """
    INSERT INTO suspensions (id, plan_id, enterprise_id, bureau_code, from_day, reason,
                             suspended_by, suspended_by_name)
    SELECT gen_random_uuid(), plan, enterprise, bureau, starts_on, '理由', officer, name FROM one
"""
_EVALUATIONS: Final = """
    INSERT INTO evaluations (plan_id, enterprise_id, bureau_code, asked_on, asked_by)
    SELECT plan, enterprise, bureau, starts_on, officer FROM one
"""
_DECLARATIONS: Final = """
    INSERT INTO declarations (id, kind, day, document, source, entered_by)
    SELECT gen_random_uuid(), 'period_ended', '2020-12-31', '文号', '出处', id
    FROM accounts WHERE username = 'centre'
"""
# The samples are the installation's; these are to be somebody's.
_RATES: Final = """
    UPDATE rates SET entered_by = (SELECT id FROM accounts WHERE username = 'centre')
"""
SIGNALS: Final = """
    INSERT INTO signals (id, claim_id, enterprise_id, bureau_code, round, kind, severity, data,
                         rows, raised_on)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 1, 'not_on_roster', 'warning',
           '{"sessions": 1}', '{1}', starts_on FROM one
"""
COLUMNS: Final = """
    INSERT INTO platform_columns (id, platform, platform_name, enterprise_id, bureau_code, title,
                                  written, field, taught_by, taught_by_name, taught_on)
    SELECT gen_random_uuid(), '平台', '平台', enterprise, bureau, '进', '进', 'started_at', a.id,
           a.name, starts_on
    FROM one JOIN accounts AS a ON a.enterprise_id = enterprise AND NOT a.clerk
"""
_PLATFORM_EVENTS: Final = """
    INSERT INTO platform_events (id, platform_id, act, business_day, bureau_code, officer_id,
                                 officer_name, details)
    SELECT gen_random_uuid(), p.id, 'correct', starts_on, bureau, officer, one.name, '{}'
    FROM one, platforms AS p WHERE p.plain_name = '中国职业培训在线'
"""
_LINE_DECISIONS: Final = """
    INSERT INTO line_decisions (id, claim_id, enterprise_id, bureau_code, round, number, kind,
                                before, after, reason, reference, officer_id, officer_name,
                                decided_on)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 1, 1, 'exclude', 1, 0, '理由', '文号',
           officer, name, starts_on FROM one
"""
_CORRECTION_POINTS: Final = """
    INSERT INTO correction_points (id, claim_id, enterprise_id, bureau_code, round, number, kind,
                                   place, how, due_on, officer_id, officer_name, decided_on)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 1, 1, 'line', '1', '说明', starts_on,
           officer, name, starts_on FROM one
"""
_CLAIM_ROUNDS: Final = """
    INSERT INTO claim_rounds (claim_id, enterprise_id, bureau_code, round, filed_on, amount,
                              persons, form, commitments_version, commitments_accepted)
    SELECT claim, enterprise, bureau, 9, starts_on, 1, 1, '{}', '', 7 FROM one
"""
_REDETERMINATIONS: Final = """
    INSERT INTO redeterminations (claim_id, enterprise_id, bureau_code, supersedes, objection,
                                  reason, officer_id, officer_name, decided_on)
    SELECT claim, enterprise, bureau, claim, '异议', '理由', officer, name, starts_on FROM one
"""
WORKLIST: Final = """
    INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step, round,
                          since, due_on, amount)
    SELECT claim, 'claim', enterprise, bureau, 'SQ-' || claim, 'hourly_sme', 'review', 1, starts_on,
           starts_on, 1.00 FROM one
"""
_COUNTS: Final = """
    INSERT INTO worklist_counts (bureau_code, step, since, due_on, cases)
    SELECT bureau, 'review', starts_on, starts_on, 1 FROM one
"""
_ASSIGNMENTS: Final = """
    INSERT INTO assignments (id, claim_id, enterprise_id, bureau_code, step, act, to_id, to_name,
                             officer_id, officer_name, done_on)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 'review', 'take', officer, name, officer,
           name, starts_on FROM one
"""
HOLDS: Final = """
    INSERT INTO legal_holds (id, plan_id, enterprise_id, bureau_code, reason, document, placed_on,
                             placed_by, placed_by_name)
    SELECT gen_random_uuid(), plan, enterprise, bureau, '审计', '文号', starts_on, officer, name
    FROM one
"""
SITES: Final = """
    INSERT INTO notice_sites (id, notice_id, bureau_code, url, seen_on, screenshot_sha256,
                              recorded_by)
    SELECT gen_random_uuid(), n.id, bureau, 'https://rsj.example.gov.cn/gs', n.posted_on,
           sha256(''), officer
    FROM one JOIN notices AS n ON n.bureau_code = bureau
"""
# Open, and keyed in by the officer who reviewed: he does not decide on it.
OBJECTIONS: Final = """
    INSERT INTO objections (id, notice_id, bureau_code, receipt, grounds, channel, named,
                            said_sealed, token_digest, lodged_on, due_on, keyed_by, state)
    SELECT gen_random_uuid(), n.id, bureau, 'YY-' || n.id, 'other', 'letter', false, '',
           sha256(''), n.posted_on, n.posted_on + 7, officer, 'open'
    FROM one JOIN notices AS n ON n.bureau_code = bureau
"""
ATTACHMENTS: Final = """
    INSERT INTO objection_attachments (id, objection_id, bureau_code, filename, media_type, size,
                                       sha256)
    SELECT gen_random_uuid(), id, bureau_code, '信函.pdf', 'application/pdf', 1, sha256('')
    FROM objections
"""
_SEALS: Final = """
    INSERT INTO audit_seals (number, first_id, last_id, events, leaves, previous, digest, key,
                             signature, sealed_at, snapshot, floor_id, highest_id)
    VALUES (1, 1, 1, 1, decode(repeat('00', 40), 'hex'), '', '', '', '', now(), '1:1:', 0, 0)
"""
_OUTSIDE: Final = """
    INSERT INTO outside_identities (issuer, subject, belongs, account_id)
    SELECT 'https://px.example', 'u-1', 'enterprise', id FROM accounts WHERE username = 'enterprise'
"""
_SYSTEMS: Final = (
    """
    INSERT INTO service_accounts (account_id, client_id, scopes)
    SELECT id, 'svc-0123456789abcdef', '{plans:read}' FROM accounts WHERE username = 'enterprise'
    """,
    """
    INSERT INTO service_secrets (digest, account_id, slot)
    SELECT sha256(''), account_id, 1 FROM service_accounts
    """,
)
_JOINING: Final = (
    """
    INSERT INTO sign_ups (enterprise_id, uscc, name)
    SELECT e.id, e.uscc, e.name FROM one JOIN enterprises AS e ON e.id = enterprise
    """,
    """
    INSERT INTO invitations (id, enterprise_id, clerk, token_digest, invited_by, expires_at)
    SELECT gen_random_uuid(), enterprise, true, uuid_send(enterprise), a.id, now() + '1 hour'
    FROM one JOIN accounts AS a ON a.enterprise_id = enterprise AND NOT a.clerk
    """,
    """
    INSERT INTO licences (id, enterprise_id, filename, media_type, size, sha256, uploaded_by)
    SELECT gen_random_uuid(), enterprise, '执照.jpg', 'image/jpeg', 1, sha256(''), a.id
    FROM one JOIN accounts AS a ON a.enterprise_id = enterprise AND NOT a.clerk
    """,
    """
    INSERT INTO password_resets (digest, account_id, channel, expires_at)
    SELECT uuid_send(a.id), a.id, 'mail', now() + '1 hour'
    FROM one JOIN accounts AS a ON a.enterprise_id = enterprise
    """,
    """
    INSERT INTO second_factors (account_id, secret_sealed)
    SELECT a.id, '' FROM one JOIN accounts AS a ON a.enterprise_id = enterprise
    """,
)
ALL: Final = (
    _SEALS, _OUTSIDE, *_SYSTEMS,
    SITES, OBJECTIONS, ATTACHMENTS,
    _LINE_DECISIONS, _CORRECTION_POINTS, _CLAIM_ROUNDS, _REDETERMINATIONS,
    COLUMNS, _PLATFORM_EVENTS, _PUSHED, RECOVERIES, SIGNALS, _OVERRIDES, _SIMULATIONS, _TEACHERS,
    _DETAILS, _SUSPENSIONS, _EVALUATIONS, _DECLARATIONS, _RATES, *_OF_RECOVERIES, _BUDGETS,
    *_VIOLATIONS,
    WORKLIST, _COUNTS, _ASSIGNMENTS, *_JOINING, HOLDS,
)  # fmt: skip


async def put(owner_url: str, *statements: str) -> None:
    """Execute some of the statements above, for each bureau that has a case."""
    aside = "SET session_replication_role = replica"
    await administer(owner_url, aside, _OF_EACH_BUREAU, *statements)
