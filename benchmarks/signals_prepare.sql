-- The persons of plan 1 learned before, for plan 2 and forty days earlier; nobody is one too many.
SET LOCAL session_replication_role = replica;

UPDATE enterprises SET headcount = 2000;

UPDATE trainees AS t SET person_id = o.person_id
FROM trainees AS o
WHERE o.plan_id = '00000003-0000-7000-8000-000000000001'
    AND t.plan_id = '00000003-0000-7000-8000-000000000002' AND t.number = o.number;

UPDATE learning_records
SET started_at = started_at - interval '40 days', ended_at = ended_at - interval '40 days'
WHERE plan_id = '00000003-0000-7000-8000-000000000002';
