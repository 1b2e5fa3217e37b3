-- What do the signals ask of others' cases? The functions as they were made by migration 0010; the
-- first is replaced by `elsewhere_functions.sql`.
--
-- The first looks into others' cases with the rights of subsidy_ledger. It tells of the asked plan's
-- own rows, files and persons only, and of others that there is something, never whose it is.
-- A line of dashes parts two statements.
--------
CREATE FUNCTION seen_elsewhere(
    asked_plan uuid, on_day date, overlap integer, class_papers text[], shared_papers text[]
) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    RETURN (
        WITH others AS MATERIALIZED (
            SELECT t.id AS trainee, t.number, t.hired_on AS hired_here, o.id AS other,
                   o.hired_on, p.id AS plan_id, p.enterprise_id <> plan.enterprise_id AS elsewhere,
                   p.project_key, plan.starts_on - p.ends_on AS days
            FROM trainees AS t
            JOIN trainees AS o ON o.person_id = t.person_id AND o.plan_id <> t.plan_id
            JOIN plans AS p ON p.id = o.plan_id AND p.state IN ('submitted', 'approved')
            WHERE t.plan_id = plan.id
        ), files AS (
            SELECT v.kind, v.filename, v.sha256 FROM evidence AS v
            WHERE v.plan_id = plan.id AND NOT v.sealed
            UNION ALL
            SELECT 'learning_export', b.filename, b.sha256 FROM learning_batches AS b
            WHERE b.plan_id = plan.id AND b.replaced_by IS NULL
        ), held AS (
            SELECT f.kind, f.filename, f.sha256, own_enterprise
            FROM files AS f, (VALUES (true), (false)) AS whose (own_enterprise)
            WHERE CASE WHEN own_enterprise THEN f.kind = ANY (class_papers)
                  ELSE f.kind <> ALL (shared_papers) END
              AND (EXISTS (SELECT FROM evidence AS v JOIN claims AS c ON c.plan_id = v.plan_id
                           WHERE v.sha256 = f.sha256 AND v.plan_id <> plan.id
                             AND (v.enterprise_id = plan.enterprise_id) = own_enterprise
                             AND c.state <> 'withdrawn')
                   OR EXISTS (SELECT FROM learning_batches AS b
                              JOIN claims AS c ON c.plan_id = b.plan_id
                              WHERE b.sha256 = f.sha256 AND b.plan_id <> plan.id
                                AND (b.enterprise_id = plan.enterprise_id) = own_enterprise
                                AND b.replaced_by IS NULL AND c.state <> 'withdrawn'))
        ), span AS MATERIALIZED (
            SELECT min(r.started_at) AS first, max(r.ended_at) AS last
            FROM learning_records AS r WHERE r.plan_id = plan.id
        ), at_once AS (
            SELECT DISTINCT o.number, mine.id
            FROM span, others AS o
            JOIN learning_records AS mine ON mine.plan_id = plan.id AND mine.trainee_id = o.trainee
            JOIN learning_batches AS my_batch
                ON my_batch.id = mine.batch_id AND my_batch.replaced_by IS NULL
            JOIN learning_records AS other
                ON other.plan_id = o.plan_id AND other.trainee_id = o.other
            JOIN learning_batches AS other_batch
                ON other_batch.id = other.batch_id AND other_batch.replaced_by IS NULL
            WHERE other.started_at < span.last AND other.ended_at > span.first
              AND least(mine.ended_at, other.ended_at,
                        mine.started_at + mine.stated_seconds * interval '1 second',
                        other.started_at + other.stated_seconds * interval '1 second')
                  - greatest(mine.started_at, other.started_at) > overlap * interval '1 second'
        ), twins AS (
            SELECT count(*) AS shared,
                   (SELECT count(*) FROM trainees AS t WHERE t.plan_id = o.plan_id) AS there
            FROM others AS o WHERE o.elsewhere GROUP BY o.plan_id ORDER BY 1 DESC LIMIT 3
        ), renamed AS (
            SELECT jsonb_agg(o.number ORDER BY o.number) AS persons, o.days,
                   (SELECT count(DISTINCT a.number) FROM plan_courses AS a
                    JOIN plan_courses AS b ON lower(btrim(a.name)) = lower(btrim(b.name))
                    WHERE a.plan_id = plan.id AND b.plan_id = o.plan_id) AS courses,
                   (SELECT count(*) FROM plan_courses AS a WHERE a.plan_id = plan.id) AS filed,
                   (SELECT count(*) FROM plan_courses AS b WHERE b.plan_id = o.plan_id) AS there
            FROM others AS o
            WHERE o.project_key <> plan.project_key
              AND EXISTS (SELECT FROM claims AS c WHERE c.plan_id = o.plan_id
                          AND c.kind = 'claim' AND c.state NOT IN ('rejected', 'withdrawn'))
            GROUP BY o.plan_id, o.days
        )
        SELECT jsonb_build_object(
            'at_once', (SELECT jsonb_agg(jsonb_build_array(a.number, a.id)) FROM at_once AS a),
            'hired', (SELECT jsonb_agg(DISTINCT o.number) FROM others AS o
                      WHERE o.elsewhere AND o.hired_on > o.hired_here AND o.hired_on <= on_day),
            'files', (SELECT jsonb_agg(jsonb_build_array(h.kind, h.filename, h.own_enterprise)
                                       ORDER BY h.kind, h.filename) FROM held AS h),
            'twins', (SELECT jsonb_agg(jsonb_build_array(w.shared, w.there)) FROM twins AS w),
            'renamed', (SELECT jsonb_agg(jsonb_build_array(
                            r.persons, r.courses, r.filed, r.there, r.days))
                        FROM renamed AS r WHERE r.courses > 0))
    );
END
$$;
--------
CREATE FUNCTION signals_cleared() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM signals
               WHERE claim_id = NEW.id AND round = NEW.round AND cleared_on IS NULL) THEN
        RAISE EXCEPTION 'a signal was not cleared'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_signals_cleared';
    END IF;
    IF EXISTS (SELECT FROM signals AS s
               JOIN signatures AS g ON g.case_id = s.claim_id AND g.round = s.round
                   AND g.step = 'approve' AND g.officer_id = s.cleared_by
               WHERE s.claim_id = NEW.id AND s.round = NEW.round) THEN
        RAISE EXCEPTION 'who clears a signal does not approve'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_not_by_who_cleared';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION cleared_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.cleared_on IS NOT NULL
        OR to_jsonb(NEW) - 'cleared_by' - 'cleared_by_name' - 'cleared_on' - 'remark'
           <> to_jsonb(OLD) - 'cleared_by' - 'cleared_by_name' - 'cleared_on' - 'remark' THEN
        RAISE EXCEPTION 'a signal is cleared once, and nothing else of it changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signals_cleared_once';
    END IF;
    RETURN NEW;
END
$$;
