-- What do the signals ask of others' cases? The function as it stands since migration 0020.
--
-- It looks into others' cases with the rights of subsidy_ledger. It tells of the asked plan's own
-- rows, files and persons only, and of others that there is something, never whose it is.
--
-- Each person, session and file is looked up by its index, one by one: OFFSET 0 keeps the planner
-- from reading a whole table instead, or from asking anew for each of thousands of sessions, when it
-- takes the sessions of a plan for very few or the persons of a history for all at once.
--------
CREATE OR REPLACE FUNCTION seen_elsewhere(
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
            CROSS JOIN LATERAL (
                SELECT o.id, o.plan_id, o.hired_on FROM trainees AS o
                WHERE o.person_id = t.person_id AND o.plan_id <> plan.id OFFSET 0) AS o
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
                             AND c.state <> 'withdrawn' OFFSET 0)
                   OR EXISTS (SELECT FROM learning_batches AS b
                              JOIN claims AS c ON c.plan_id = b.plan_id
                              WHERE b.sha256 = f.sha256 AND b.plan_id <> plan.id
                                AND (b.enterprise_id = plan.enterprise_id) = own_enterprise
                                AND b.replaced_by IS NULL AND c.state <> 'withdrawn' OFFSET 0))
        ), span AS MATERIALIZED (
            SELECT min(r.started_at) AS first, max(r.ended_at) AS last
            FROM learning_records AS r WHERE r.plan_id = plan.id
        ), at_once AS (
            SELECT DISTINCT o.number, mine.id
            FROM span, others AS o
            CROSS JOIN LATERAL (
                SELECT r.batch_id, r.started_at, r.ended_at, r.stated_seconds
                FROM learning_records AS r
                WHERE r.plan_id = o.plan_id AND r.trainee_id = o.other
                  AND r.started_at < span.last AND r.ended_at > span.first OFFSET 0) AS other
            CROSS JOIN LATERAL (
                SELECT r.id, r.batch_id FROM learning_records AS r
                WHERE r.plan_id = plan.id AND r.trainee_id = o.trainee
                  AND least(r.ended_at, other.ended_at,
                            r.started_at + r.stated_seconds * interval '1 second',
                            other.started_at + other.stated_seconds * interval '1 second')
                      - greatest(r.started_at, other.started_at)
                      > overlap * interval '1 second' OFFSET 0) AS mine
            WHERE (SELECT b.replaced_by IS NULL FROM learning_batches AS b
                   WHERE b.id = mine.batch_id)
              AND (SELECT b.replaced_by IS NULL FROM learning_batches AS b
                   WHERE b.id = other.batch_id)
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
