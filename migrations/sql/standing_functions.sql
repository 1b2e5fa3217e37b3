-- What stands against the persons of a plan, looked up person by person, whatever the tables held
-- when a connection first asked. A line of dashes parts two statements.
--------
CREATE OR REPLACE FUNCTION lock_persons(asked_plan uuid) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT p.id FROM persons AS p
    WHERE p.id = ANY (ARRAY(SELECT t.person_id FROM trainees AS t WHERE t.plan_id = asked_plan))
    ORDER BY p.id FOR NO KEY UPDATE OF p;
$$;
--------
-- What others gave the persons of a plan. What a decision on this plan booked is left out: the one
-- that takes its place gives it back first.
--
-- A connection keeps the plan of its first calls: made while a table was small, it would read the
-- whole table for each person ever after. So nothing here is a join that may become one over whole
-- tables, and whole tables are not read.
CREATE OR REPLACE FUNCTION standing(asked_plan uuid, asked_measure text, asked_period text, locked boolean)
RETURNS TABLE (
    trainee uuid, occupied boolean, already_subsidised boolean, counted integer, used jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    plan plans := own_plan(asked_plan);
    own uuid[];
BEGIN
    IF locked THEN
        PERFORM lock_persons(plan.id);
    END IF;
    SELECT coalesce(array_agg(c.id), '{}') INTO own FROM claims AS c
    WHERE c.plan_id = plan.id AND c.kind = 'claim' AND c.state NOT IN ('rejected', 'withdrawn');
    RETURN QUERY
    SELECT t.id,
           EXISTS (SELECT FROM enrolments AS other
                   WHERE other.person_id = t.person_id AND other.active
                     AND other.plan_id <> plan.id
                     AND other.period && coalesce(
                         (SELECT mine.period FROM enrolments AS mine
                          WHERE mine.person_id = t.person_id AND mine.plan_id = plan.id
                            AND mine.active),
                         daterange(plan.starts_on, plan.ends_on, '[]'))),
           coalesce((SELECT true FROM project_subsidies AS s
                     WHERE s.person_id = t.person_id AND s.project_key = plan.project_key
                       AND NOT s.released AND s.claim_id <> ALL (own)), false),
           (coalesce((SELECT c.counted FROM period_balances AS c
                      WHERE c.person_id = t.person_id AND c.period = asked_period), 0)
            - coalesce((SELECT sum(e.counted) FROM ledger_entries AS e
                        WHERE e.claim_id = ANY (own) AND e.person_id = t.person_id
                          AND e.period = asked_period), 0))::integer,
           coalesce((SELECT jsonb_object_agg(y.year, (y.used - coalesce((
                               SELECT sum(e.used) FROM ledger_entries AS e
                               WHERE e.claim_id = ANY (own) AND e.person_id = t.person_id
                                 AND e.measure = asked_measure AND e.year = y.year), 0))::text)
                     FROM year_balances AS y
                     WHERE y.person_id = t.person_id AND y.measure = asked_measure), '{}')
    FROM trainees AS t
    WHERE t.plan_id = plan.id;
END
$$;
