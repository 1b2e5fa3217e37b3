-- Everything that filing a claim stores, in one statement: also that each person's calendar now keeps
-- only the days on which he learned.
WITH claim AS (
    INSERT INTO claims (id, plan_id, enterprise_id, bureau_code, receipt, state, channel, filed_on,
        amount, persons, form, commitments_version, commitments_accepted, accepted_by, accepted_at,
        kind, measure, payee)
    SELECT $1, p.id, p.enterprise_id, p.bureau_code,
        format('SQ%s-%s-%s', extract(year FROM $9::date), p.bureau_code,
               lpad(nextval('receipt_numbers')::text, 7, '0')),
        'filed', 'internet', $9::date, $5::numeric, $6::int, $7::jsonb, $8, 7, $4, now(),
        'claim', p.measure, 'enterprise'
    FROM plans AS p WHERE p.id = $3
    RETURNING *
), assessment AS (
    INSERT INTO assessments (id, claim_id, enterprise_id, bureau_code, number, round, edition,
        assessed_on, year, completed_on, amount, findings, facts)
    SELECT $2, c.id, c.enterprise_id, c.bureau_code, 1, c.round, $10, c.filed_on, $11::int,
        $12::date, c.amount, $13::jsonb, $14::jsonb
    FROM claim AS c
), lines AS (
    INSERT INTO assessment_lines (assessment_id, number, claim_id, enterprise_id, bureau_code,
        trainee_id, person_id, minutes, hours, gross, payable, findings, facts)
    SELECT $2, u.number, c.id, c.enterprise_id, c.bureau_code, u.trainee, u.person, u.minutes,
        u.hours, u.gross, u.payable, u.findings, u.facts
    FROM claim AS c, unnest($15::int[], $16::int[], $17::int[], $18::numeric[], $19::numeric[],
        $20::jsonb[], $21::jsonb[], $22::uuid[], $23::uuid[])
        AS u (number, minutes, hours, gross, payable, findings, facts, trainee, person)
), event AS (
    INSERT INTO audit_events (business_day, account_id, account_name, role, act, object_kind,
        object_id, case_id, enterprise_id, bureau_code, request_id, address, details)
    SELECT c.filed_on, $4, '测速企业', 'enterprise', 'file', 'claims', c.id::text, c.id,
        c.enterprise_id, c.bureau_code, '', '127.0.0.1',
        jsonb_build_object('receipt', c.receipt, 'amount', c.amount::text)
    FROM claim AS c
)
SELECT c.*, narrow_calendar(c.plan_id, $22, $24::date[], $25::date[]) FROM claim AS c
