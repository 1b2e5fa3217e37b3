-- One call does what an approval does to the database, and nothing of what it asks the law.
CREATE FUNCTION decide_by_hand(asked uuid, asked_period text, officer uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
INSERT INTO signatures (id, claim_id, enterprise_id, bureau_code, round, step, officer_id,
    officer_name, assessment_id, signed_on)
SELECT gen_random_uuid(), c.id, c.enterprise_id, c.bureau_code, c.round, 'approve', officer,
    '测速经办', (SELECT a.id FROM assessments AS a WHERE a.claim_id = asked
                ORDER BY a.number DESC LIMIT 1), '2020-05-06'
FROM claims AS c WHERE c.id = asked FOR UPDATE;

UPDATE claims SET state = 'approved', step_began_on = '2020-05-06', due_on = '2020-05-08',
    step_days_used = 0
WHERE id = asked;

INSERT INTO audit_events (business_day, account_id, account_name, role, act, object_kind, object_id,
    case_id, enterprise_id, bureau_code, request_id, address, details)
SELECT '2020-05-06', officer, '测速经办', 'district', 'approve', 'claims', c.id::text, c.id,
    c.enterprise_id, c.bureau_code, '', '', '{"state": "approved", "clause": "DL-4.4-a"}'
FROM claims AS c WHERE c.id = asked;

WITH claim AS (
    SELECT * FROM claims WHERE id = asked
), basis AS (
    SELECT * FROM assessments WHERE claim_id = asked ORDER BY number DESC LIMIT 1
), locked AS MATERIALIZED (
    SELECT p.id FROM persons AS p
    WHERE p.id IN (SELECT l.person_id FROM assessment_lines AS l, basis
                   WHERE l.assessment_id = basis.id)
    ORDER BY p.id FOR NO KEY UPDATE OF p
), lines AS MATERIALIZED (
    SELECT l.* FROM assessment_lines AS l, basis
    WHERE l.assessment_id = basis.id AND l.payable > 0
      AND l.person_id IN (SELECT id FROM locked) ORDER BY l.person_id
), years AS (
    INSERT INTO year_balances AS b (person_id, measure, year, ceiling, used)
    SELECT l.person_id, claim.measure, basis.year, 1000, 0 FROM lines AS l, basis, claim
    ON CONFLICT (person_id, measure, year) DO UPDATE SET ceiling = greatest(b.used, 1000)
), periods AS (
    INSERT INTO period_balances AS b (person_id, period, ceiling, counted)
    SELECT l.person_id, asked_period, 3, 0 FROM lines AS l
    ON CONFLICT (person_id, period) DO UPDATE SET ceiling = greatest(b.counted, 3)
), projects AS (
    INSERT INTO project_subsidies (person_id, claim_id, project_key)
    SELECT l.person_id, asked, p.project_key
    FROM lines AS l, claim JOIN plans AS p ON p.id = claim.plan_id
)
INSERT INTO ledger_entries (person_id, claim_id, measure, year, period, kind, amount, used, counted)
SELECT l.person_id, asked, claim.measure, basis.year, asked_period, 'reserve', l.payable, l.payable, 1
FROM lines AS l, basis, claim;
END
$$;
