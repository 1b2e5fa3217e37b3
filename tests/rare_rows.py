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
RECOVERIES: Final = """
    INSERT INTO recoveries (id, claim_id, enterprise_id, bureau_code, receipt, amount, state,
                            demanded_on, demanded_by)
    SELECT gen_random_uuid(), claim, enterprise, bureau, 'TK-' || claim, 1.00, 'demanded',
           starts_on, officer FROM one
"""
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
ALL: Final = (
    SITES, OBJECTIONS, ATTACHMENTS, RECOVERIES, SIGNALS, _OVERRIDES, _SIMULATIONS, _TEACHERS,
    _DETAILS, _SUSPENSIONS, _EVALUATIONS, _DECLARATIONS, _RATES,
)  # fmt: skip


async def put(owner_url: str, *statements: str) -> None:
    """Execute some of the statements above, for each bureau that has a case."""
    aside = "SET session_replication_role = replica"
    await administer(owner_url, aside, _OF_EACH_BUREAU, *statements)
