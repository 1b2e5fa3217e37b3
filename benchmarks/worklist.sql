-- Cases that await officers, claims :first to :last, and the notices of as many: all that the work
-- list and the public search read; the claims' own rows they never touch. Run by the superuser of a
-- throw-away server, in one transaction. A bureau has a tenth of them; the days of waiting do not
-- grow with the cases.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.numbered(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step, round,
    since, due_on, amount, signals, holder, holder_name, counted)
SELECT pg_temp.numbered(4, n), 'claim', e.id, e.bureau_code, 'SQ2020-' || n, 'hourly_sme',
    (ARRAY['approve_plan', 'review', 'approve', 'publish', 'pay', 'confirm_payment'])[1 + n % 6], 1,
    date '2020-03-02' + n * 71 % 120, date '2020-03-09' + n * 71 % 120,
    100 * (1 + n * 37 % 500), CASE WHEN n % 51 = 0 THEN 1 ELSE 0 END, h.holder,
    CASE WHEN h.holder IS NOT NULL THEN '经办' END, true
FROM generate_series(:first, :last) AS n
JOIN enterprises AS e ON e.id = pg_temp.numbered(1, 2 + n % 100),
    LATERAL (SELECT CASE WHEN n <= 3000 AND n % 7 = 0 THEN pg_temp.numbered(2, 2)
                         WHEN n % 23 = 0 THEN pg_temp.numbered(2, 4) END AS holder) AS h;

DELETE FROM worklist_counts;
INSERT INTO worklist_counts (bureau_code, step, since, due_on, cases)
SELECT bureau_code, step, since, due_on, count(*) FROM worklist GROUP BY 1, 2, 3, 4;

-- Twenty notices for each name.
INSERT INTO notices
SELECT r.*
FROM generate_series(:first, :last) AS n
JOIN enterprises AS e ON e.id = pg_temp.numbered(1, 2 + n % 100),
    jsonb_populate_record(NULL::notices, jsonb_build_object(
        'id', pg_temp.numbered(8, n), 'claim_id', pg_temp.numbered(4, n), 'enterprise_id', e.id,
        'bureau_code', e.bureau_code, 'receipt', 'GS2020-' || n, 'amount', 8640, 'claims', 1,
        'enterprise_name', '大连测速' || n / 20 || '号机械有限公司',
        'posted_on', date '2020-04-01', 'last_day', date '2020-04-09',
        'posted_by', pg_temp.numbered(2, 2), 'content', '{}'::jsonb, 'sha256', '\x00',
        'created_at', now())) AS r;
