-- A history of learning: the plans from :first to :last, 1,000 strangers each, 27 sessions a person.
-- Run by the superuser of a throw-away server, in one transaction; ids are in order.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.numbered(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

INSERT INTO plans
SELECT r.*
FROM plans AS p, generate_series(:first, :last) AS n
JOIN enterprises AS e ON e.id = pg_temp.numbered(1, 2 + n % 100),
    jsonb_populate_record(p, jsonb_build_object(
        'id', pg_temp.numbered(21, n), 'enterprise_id', e.id, 'bureau_code', '210202',
        'receipt', 'BA2019-' || n, 'project_key', 'history-' || n)) AS r
WHERE p.id = pg_temp.numbered(3, 1);

INSERT INTO learning_batches (id, plan_id, enterprise_id, bureau_code, filename, sha256, rows,
    rows_with_findings, imported_by)
SELECT pg_temp.numbered(22, n), pg_temp.numbered(21, n), pg_temp.numbered(1, 2 + n % 100), '210202',
    '历史.xlsx', sha256(('history' || n)::bytea), 27000, 0, pg_temp.numbered(2, 1)
FROM generate_series(:first, :last) AS n;

INSERT INTO trainees (id, plan_id, enterprise_id, bureau_code, number, person_id, name, id_masked,
    post, employment, dispatch_company, dispatch_uscc, frontline, hired_on, phone)
SELECT pg_temp.numbered(23, n * 1000 + k), pg_temp.numbered(21, n),
    pg_temp.numbered(1, 2 + n % 100), '210202', k, pg_temp.numbered(24, n * 1000 + k), '史',
    '210202********1234', '车工', 'contract', '', '', true, '2015-01-01', ''
FROM generate_series(:first, :last) AS n, generate_series(1, 1000) AS k;

INSERT INTO learning_records (batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id, name,
    id_masked, course_number, course, started_at, ended_at, stated_seconds, device, address)
SELECT pg_temp.numbered(22, n), pg_temp.numbered(21, n), pg_temp.numbered(1, 2 + n % 100), '210202',
    k * 27 + s, pg_temp.numbered(23, n * 1000 + k), '史', '210202********1234', 1, '课程', began,
    began + interval '1 hour', 3600, 'PC', ''
FROM generate_series(:first, :last) AS n, generate_series(1, 1000) AS k,
    generate_series(1, 27) AS s,
    LATERAL (SELECT timestamptz '2020-03-09 08:00+08' + (s - 1) / 2 * interval '1 day'
                    + (s - 1) % 2 * interval '2 hours' AS began) AS b;
