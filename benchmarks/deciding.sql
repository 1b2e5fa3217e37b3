-- Every second plan is of the same people as the plan before it, four weeks later: a claim of the one
-- and a claim of the other are decided on the same persons. Run by the superuser of a throw-away
-- server, in one transaction.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.numbered(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

CREATE TEMPORARY TABLE later AS
SELECT pg_temp.numbered(3, n) AS id, n FROM generate_series(2, :plans, 2) AS n;

UPDATE plans AS p SET starts_on = p.starts_on + 28, ends_on = p.ends_on + 28
FROM later WHERE p.id = later.id;

-- Another project, not the same by another name.
UPDATE plan_courses AS c SET name = c.name || '（提高）', class_hours = c.class_hours - 1
FROM later WHERE c.plan_id = later.id;

UPDATE learning_records AS r
SET started_at = r.started_at + interval '28 days', ended_at = r.ended_at + interval '28 days'
FROM later WHERE r.plan_id = later.id;

UPDATE trainees AS t SET person_id = before.person_id
FROM later JOIN trainees AS before ON before.plan_id = pg_temp.numbered(3, later.n - 1)
WHERE t.plan_id = later.id AND before.number = t.number;

UPDATE enrolments AS e SET active = false FROM later WHERE e.plan_id = later.id;
INSERT INTO enrolments (person_id, plan_id, period)
SELECT t.person_id, t.plan_id, daterange(p.starts_on, p.ends_on, '[]')
FROM later JOIN plans AS p ON p.id = later.id JOIN trainees AS t ON t.plan_id = p.id;

INSERT INTO accounts (id, username, name, password_hash, role, bureau_code, duties)
SELECT pg_temp.numbered(2, 10 + n), 'bench-officer-' || n, '测速经办' || n, '-', 'district',
    '210203', '{review,approve}'
FROM generate_series(1, 2) AS n;
