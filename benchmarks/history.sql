-- A long history: the one filed claim's assessment and lines, once more for each of :claims claims.
-- Run by the superuser of a throw-away server, in one transaction; ids are in order, as the
-- service's own are. Each person stands in one claim only.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.numbered(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

INSERT INTO assessments (id, claim_id, enterprise_id, bureau_code, number, round, edition,
    assessed_on, year, completed_on, amount, findings, facts)
SELECT pg_temp.numbered(11, n), pg_temp.numbered(4, n), c.enterprise_id, c.bureau_code, 1, 1,
    a.edition, a.assessed_on, a.year, a.completed_on, a.amount, a.findings, a.facts
FROM generate_series(:first, :claims) AS n
JOIN claims AS c ON c.id = pg_temp.numbered(4, n), (SELECT * FROM assessments ORDER BY id DESC LIMIT 1) AS a;

UPDATE claims AS c SET amount = a.amount, persons = :persons FROM assessments AS a
WHERE a.claim_id = c.id AND a.id >= pg_temp.numbered(11, :first)
    AND a.id <= pg_temp.numbered(11, :claims);

INSERT INTO assessment_lines (assessment_id, number, claim_id, enterprise_id, bureau_code,
    trainee_id, person_id, minutes, hours, gross, payable, findings, facts)
SELECT a.id, l.number, a.claim_id, a.enterprise_id, a.bureau_code, l.trainee_id,
    pg_temp.numbered(12, n * :persons + l.number), l.minutes, l.hours, l.gross, l.payable,
    l.findings, l.facts
FROM generate_series(:first, :claims) AS n
JOIN assessments AS a ON a.id = pg_temp.numbered(11, n),
    (SELECT * FROM assessment_lines WHERE assessment_id =
        (SELECT id FROM assessments ORDER BY id DESC LIMIT 1)) AS l;
