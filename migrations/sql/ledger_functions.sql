-- How does the database book? The functions of the ledger as they stand since migration 0004.
--
-- Each runs with the rights of subsidy_ledger and first asks whether the case belongs to the caller,
-- whose identity stands in the transaction's settings. Persons are always locked in the order of
-- their ids, so that two deciders never wait for each other in a circle.
-- A line of dashes parts two statements.
--------
CREATE FUNCTION own_plan(asked uuid) RETURNS plans LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found plans;
BEGIN
    SELECT * INTO found FROM plans
    WHERE id = asked
      AND (enterprise_id::text = current_setting('app.enterprise', true)
           OR bureau_code = current_setting('app.bureau', true));
    IF found.id IS NULL THEN
        RAISE EXCEPTION 'no such plan' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN found;
END
$$;
--------
CREATE FUNCTION own_claim(asked uuid) RETURNS claims LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found claims;
BEGIN
    SELECT * INTO found FROM claims
    WHERE id = asked
      AND (enterprise_id::text = current_setting('app.enterprise', true)
           OR bureau_code = current_setting('app.bureau', true));
    IF found.id IS NULL THEN
        RAISE EXCEPTION 'no such claim' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN found;
END
$$;
--------
CREATE FUNCTION lock_persons(asked_plan uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM persons AS p
    WHERE p.id IN (SELECT t.person_id FROM trainees AS t WHERE t.plan_id = asked_plan)
    ORDER BY p.id FOR NO KEY UPDATE OF p;
$$;
--------
CREATE FUNCTION identify_persons(new_ids uuid[], digests bytea[], seals bytea[])
RETURNS TABLE (digest bytea, person uuid) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO persons (id, id_digest, id_sealed)
    SELECT u.new_id, u.digest, u.seal
    FROM unnest(new_ids, digests, seals) AS u (new_id, digest, seal)
    ORDER BY u.digest
    ON CONFLICT (id_digest) DO NOTHING;
    SELECT p.id_digest, p.id FROM persons AS p WHERE p.id_digest = ANY (digests);
$$;
--------
CREATE FUNCTION standing(asked_plan uuid, asked_measure text, asked_period text, locked boolean)
RETURNS TABLE (
    trainee uuid, occupied boolean, already_subsidised boolean, counted integer, used jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    IF locked THEN
        PERFORM lock_persons(plan.id);
    END IF;
    RETURN QUERY
    SELECT t.id,
           EXISTS (SELECT FROM enrolments AS other
                   WHERE other.person_id = t.person_id AND other.active
                     AND other.plan_id <> plan.id
                     AND other.period && coalesce(
                         own.period, daterange(plan.starts_on, plan.ends_on, '[]'))),
           EXISTS (SELECT FROM project_subsidies AS s
                   WHERE s.person_id = t.person_id AND s.project_key = plan.project_key
                     AND NOT s.released),
           coalesce(c.counted, 0)::integer,
           coalesce((SELECT jsonb_object_agg(y.year, y.used::text) FROM year_balances AS y
                     WHERE y.person_id = t.person_id AND y.measure = asked_measure), '{}')
    FROM trainees AS t
    LEFT JOIN enrolments AS own
        ON own.person_id = t.person_id AND own.plan_id = plan.id AND own.active
    LEFT JOIN period_balances AS c
        ON c.person_id = t.person_id AND c.period = asked_period
    WHERE t.plan_id = plan.id;
END
$$;
--------
CREATE FUNCTION occupy_calendar(asked_plan uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    IF plan.state <> 'approved' THEN
        RAISE EXCEPTION 'only an approved plan occupies days' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM lock_persons(plan.id);
    INSERT INTO enrolments (person_id, plan_id, period, active)
    SELECT t.person_id, plan.id, daterange(plan.starts_on, plan.ends_on, '[]'), true
    FROM trainees AS t WHERE t.plan_id = plan.id ORDER BY t.person_id
    ON CONFLICT (person_id, plan_id) DO UPDATE SET period = excluded.period, active = true;
END
$$;
--------
CREATE FUNCTION narrow_calendar(
    asked_plan uuid, asked_trainees uuid[], firsts date[], lasts date[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    PERFORM lock_persons(plan.id);
    UPDATE enrolments AS e SET period = daterange(u.first_day, u.last_day, '[]')
    FROM unnest(asked_trainees, firsts, lasts) AS u (trainee, first_day, last_day)
    JOIN trainees AS t ON t.id = u.trainee
    WHERE e.plan_id = plan.id AND t.plan_id = plan.id AND e.person_id = t.person_id
      AND u.first_day >= plan.starts_on AND u.last_day <= plan.ends_on;
END
$$;
--------
CREATE FUNCTION release_calendar(asked_plan uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    IF plan.state <> 'withdrawn' THEN
        RAISE EXCEPTION 'only a withdrawn plan frees its days' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE enrolments SET active = false WHERE plan_id = plan.id;
END
$$;
--------
-- A measure without a cap, or one that does not count, is booked with a cap or times of NULL.
CREATE FUNCTION reserve_entitlements(
    asked_assessment uuid, asked_measure text, asked_period text, cap numeric, times integer
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    basis assessments;
    claim claims;
BEGIN
    SELECT * INTO basis FROM assessments WHERE id = asked_assessment;
    claim := own_claim(basis.claim_id);
    IF claim.state <> 'approved' OR claim.amount <> basis.amount THEN
        RAISE EXCEPTION 'only an approved amount is reserved' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM lock_persons(claim.plan_id);
    INSERT INTO year_balances AS b (person_id, measure, year, ceiling, used)
    SELECT l.person_id, asked_measure, basis.year, cap, 0 FROM assessment_lines AS l
    WHERE l.assessment_id = basis.id AND l.payable > 0 AND cap IS NOT NULL ORDER BY l.person_id
    ON CONFLICT (person_id, measure, year) DO UPDATE SET ceiling = greatest(b.used, cap);
    INSERT INTO period_balances AS b (person_id, period, ceiling, counted)
    SELECT l.person_id, asked_period, times, 0 FROM assessment_lines AS l
    WHERE l.assessment_id = basis.id AND l.payable > 0 AND times IS NOT NULL ORDER BY l.person_id
    ON CONFLICT (person_id, period) DO UPDATE SET ceiling = greatest(b.counted, times);
    INSERT INTO project_subsidies (person_id, claim_id, project_key)
    SELECT l.person_id, claim.id, p.project_key
    FROM assessment_lines AS l JOIN plans AS p ON p.id = claim.plan_id
    WHERE l.assessment_id = basis.id AND l.payable > 0;
    INSERT INTO ledger_entries
        (person_id, claim_id, measure, year, period, kind, amount, used, counted)
    SELECT l.person_id, claim.id, asked_measure, basis.year, asked_period, 'reserve',
           l.payable, CASE WHEN cap IS NULL THEN 0 ELSE l.payable END,
           CASE WHEN times IS NULL THEN 0 ELSE 1 END
    FROM assessment_lines AS l WHERE l.assessment_id = basis.id AND l.payable > 0;
END
$$;
--------
CREATE FUNCTION post_entitlements(asked_claim uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claim claims := own_claim(asked_claim);
BEGIN
    IF claim.state <> 'paid' THEN
        RAISE EXCEPTION 'only a paid claim is posted' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO ledger_entries
        (person_id, claim_id, measure, year, period, kind, amount, used, counted)
    SELECT person_id, claim_id, measure, year, period, 'post', amount, 0, 0
    FROM ledger_entries WHERE claim_id = claim.id AND kind = 'reserve';
END
$$;
--------
CREATE FUNCTION release_entitlements(asked_claim uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS
$$
DECLARE
    claim claims := own_claim(asked_claim);
BEGIN
    IF claim.state NOT IN ('rejected', 'withdrawn') THEN
        RAISE EXCEPTION 'only a closed claim is released' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM lock_persons(claim.plan_id);
    UPDATE project_subsidies SET released = true WHERE claim_id = claim.id;
    INSERT INTO ledger_entries
        (person_id, claim_id, measure, year, period, kind, amount, used, counted)
    SELECT person_id, claim_id, measure, year, period, 'release', amount, -used, -counted
    FROM ledger_entries WHERE claim_id = claim.id AND kind = 'reserve';
END
$$;
--------
CREATE FUNCTION move_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE year_balances AS b SET used = b.used + moved.used
    FROM (SELECT person_id, measure, year, sum(used) AS used FROM booked
          GROUP BY person_id, measure, year HAVING sum(used) <> 0) AS moved
    WHERE b.person_id = moved.person_id AND b.measure = moved.measure AND b.year = moved.year;
    UPDATE period_balances AS b SET counted = b.counted + moved.counted
    FROM (SELECT person_id, period, sum(counted) AS counted FROM booked
          GROUP BY person_id, period HAVING sum(counted) <> 0) AS moved
    WHERE b.person_id = moved.person_id AND b.period = moved.period;
    RETURN NULL;
END
$$;
