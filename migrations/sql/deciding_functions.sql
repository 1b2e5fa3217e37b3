-- What must hold of a decision, whatever statement makes it? The functions as of the migration that
-- brought decisions on lines, third signatures, points to mend and redeterminations.
--
-- A line of dashes parts two statements.
--------
-- Above the amount in force on the business day a third officer signs, who decided nothing in the
-- case; money moves under a signature of its own. An unknown limit is none at all.
CREATE FUNCTION third_signature() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    business_day date := coalesce((SELECT c.today FROM business_clock AS c),
                                  (now() AT TIME ZONE 'Asia/Shanghai')::date);
    allowed numeric := (
        SELECT s.amount FROM signature_limits AS s
        WHERE s.valid_from <= business_day AND coalesce(s.valid_to >= business_day, true)
        ORDER BY s.valid_from DESC LIMIT 1);
BEGIN
    IF NEW.amount > coalesce(allowed, -1) AND NOT EXISTS (
        SELECT FROM signatures AS g
        WHERE g.case_id = NEW.id AND g.round = NEW.round AND g.step = 'countersign'
          AND NOT EXISTS (SELECT FROM line_decisions AS d
                          WHERE d.claim_id = NEW.id AND d.officer_id = g.officer_id)
          AND NOT EXISTS (SELECT FROM redeterminations AS r
                          WHERE r.claim_id = NEW.id AND r.officer_id = g.officer_id)) THEN
        RAISE EXCEPTION 'above the limit a third officer signs'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_third_signature';
    END IF;
    IF (NEW.state = 'paying' OR (NEW.state = 'paid' AND OLD.state = 'published'))
        AND NOT EXISTS (SELECT FROM signatures AS g WHERE g.case_id = NEW.id
                        AND g.round = NEW.round AND g.step = 'pay') THEN
        RAISE EXCEPTION 'who pays signs for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_pay_signature';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION decided_as_assessed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    basis assessments;
BEGIN
    SELECT * INTO basis FROM assessments WHERE claim_id = NEW.id ORDER BY number DESC LIMIT 1;
    IF basis.amount IS DISTINCT FROM NEW.amount OR basis.amount <> (
        SELECT coalesce(sum(payable), 0) FROM assessment_lines WHERE assessment_id = basis.id
    ) THEN
        RAISE EXCEPTION 'the approved amount is not the sum of the lines assessed last'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_amount_as_assessed';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT ON (d.number) d.* FROM line_decisions AS d
                     WHERE d.claim_id = NEW.id ORDER BY d.number, d.ordinal DESC) AS d
        JOIN assessment_lines AS l ON l.assessment_id = basis.id AND l.number = d.number
        WHERE l.payable > CASE d.kind WHEN 'exclude' THEN 0 ELSE coalesce(d.amount, l.payable) END
           OR (l.payable > 0 AND l.hours > d.hours)
    ) THEN
        RAISE EXCEPTION 'a line brings more than was decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_lines_as_decided';
    END IF;
    IF EXISTS (
        SELECT FROM signatures AS g
        WHERE g.case_id = NEW.id AND g.round = NEW.round AND g.step = 'approve'
          AND (EXISTS (SELECT FROM line_decisions AS d
                       WHERE d.claim_id = NEW.id AND d.officer_id = g.officer_id)
               OR EXISTS (SELECT FROM redeterminations AS r
                          WHERE r.claim_id = NEW.id AND r.officer_id = g.officer_id))
    ) THEN
        RAISE EXCEPTION 'who decides on a line does not approve'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_not_by_who_decided';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION figures_stand() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'an approved amount stands'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_figures_stand';
END
$$;
--------
CREATE FUNCTION signs_by_duty() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    duty text := CASE WHEN NEW.step IN ('review', 'approve_plan') THEN 'review'
                      WHEN NEW.step IN ('approve', 'countersign') THEN 'approve'
                      ELSE 'pay' END;
BEGIN
    IF NOT EXISTS (SELECT FROM accounts AS a
                   WHERE a.id = NEW.officer_id AND duty = ANY (a.duties)) THEN
        RAISE EXCEPTION 'the officer is not charged with this step'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signatures_by_duty';
    END IF;
    RETURN NEW;
END
$$;
--------
-- The form is written over by the next round: what it said is kept, whoever begins the round.
CREATE FUNCTION keep_the_round() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO claim_rounds (claim_id, round, enterprise_id, bureau_code, filed_on, amount,
                              persons, form, commitments_version, commitments_accepted)
    VALUES (OLD.id, OLD.round, OLD.enterprise_id, OLD.bureau_code, OLD.filed_on, OLD.amount,
            OLD.persons, OLD.form, OLD.commitments_version, OLD.commitments_accepted);
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION supersedes_a_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM claims WHERE id = NEW.supersedes AND kind = 'claim' AND NEW.kind = 'claim'
            AND state IN ('published', 'paid')) THEN
        RAISE EXCEPTION 'only a published or paid decision is made anew'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_supersedes_decided';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION supersede_the_old() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE claims SET state = 'superseded' WHERE id = NEW.supersedes;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM redeterminations WHERE claim_id = NEW.id) THEN
        RAISE EXCEPTION 'a decision is made anew in writing, in place of another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_supersedes_decided';
    END IF;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION superseded_by_a_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claims WHERE supersedes = NEW.id AND state = 'approved') THEN
        RAISE EXCEPTION 'a decision stands until another is approved in its place'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_supersedes_decided';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION successor_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = 'withdrawn' OR OLD.state IN ('approved', 'published') THEN
        RAISE EXCEPTION 'what took the place of a decision is not taken away'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_successor_stands';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION points_answered() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM correction_points WHERE claim_id = NEW.id AND answer IS NULL) THEN
        RAISE EXCEPTION 'a point to mend was not answered'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_points_answered';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION answered_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.answer IS NOT NULL
        OR to_jsonb(NEW) - 'answer' - 'explanation' - 'answered_on' - 'answered_by'
           <> to_jsonb(OLD) - 'answer' - 'explanation' - 'answered_on' - 'answered_by' THEN
        RAISE EXCEPTION 'a point is answered once, and nothing else of it changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_points_answered_once';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION decided_under_examination() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claims WHERE id = NEW.claim_id AND state = 'filed'
                   AND round = NEW.round) THEN
        RAISE EXCEPTION 'a line is decided on while the claim is examined'
            USING ERRCODE = 'check_violation',
            CONSTRAINT = 'line_decisions_under_examination';
    END IF;
    IF EXISTS (SELECT FROM signatures WHERE case_id = NEW.claim_id AND step = 'keyed_in'
               AND officer_id = NEW.officer_id)
        OR EXISTS (SELECT FROM claims WHERE id = NEW.claim_id AND keyed_by = NEW.officer_id) THEN
        RAISE EXCEPTION 'who keyed a case in decides on none of its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signatures_not_by_who_keyed_in';
    END IF;
    RETURN NEW;
END
$$;
--------
-- What others gave the persons of a plan. What a decision on this plan booked is left out: the one
-- that takes its place gives it back first.
CREATE OR REPLACE FUNCTION standing(asked_plan uuid, asked_measure text, asked_period text, locked boolean)
RETURNS TABLE (
    trainee uuid, occupied boolean, already_subsidised boolean, counted integer, used jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
                         own_days.period, daterange(plan.starts_on, plan.ends_on, '[]'))),
           EXISTS (SELECT FROM project_subsidies AS s
                   WHERE s.person_id = t.person_id AND s.project_key = plan.project_key
                     AND NOT s.released AND s.claim_id <> ALL (own)),
           (coalesce(c.counted, 0) - coalesce((
               SELECT sum(e.counted) FROM ledger_entries AS e
               WHERE e.claim_id = ANY (own) AND e.person_id = t.person_id
                 AND e.period = asked_period), 0))::integer,
           coalesce((SELECT jsonb_object_agg(y.year, (y.used - coalesce((
                               SELECT sum(e.used) FROM ledger_entries AS e
                               WHERE e.claim_id = ANY (own) AND e.person_id = t.person_id
                                 AND e.measure = asked_measure AND e.year = y.year), 0))::text)
                     FROM year_balances AS y
                     WHERE y.person_id = t.person_id AND y.measure = asked_measure), '{}')
    FROM trainees AS t
    LEFT JOIN enrolments AS own_days
        ON own_days.person_id = t.person_id AND own_days.plan_id = plan.id AND own_days.active
    LEFT JOIN period_balances AS c
        ON c.person_id = t.person_id AND c.period = asked_period
    WHERE t.plan_id = plan.id;
END
$$;
--------
-- A measure without a cap, or one that does not count, is booked with a cap or times of NULL. What
-- the decision booked whose place this one takes is given back first, under the same locks.
CREATE OR REPLACE FUNCTION reserve_entitlements(
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
    IF claim.supersedes IS NOT NULL THEN
        UPDATE project_subsidies SET released = true WHERE claim_id = claim.supersedes;
        INSERT INTO ledger_entries
            (person_id, claim_id, measure, year, period, kind, amount, used, counted, ground)
        SELECT e.person_id, e.claim_id, e.measure, e.year, e.period, 'reverse', e.amount, -e.used,
               -e.counted, 'superseded'
        FROM ledger_entries AS e
        WHERE e.claim_id = claim.supersedes AND e.kind = 'reserve' AND NOT EXISTS (
            SELECT FROM ledger_entries AS r
            WHERE r.claim_id = claim.supersedes AND r.ground = 'superseded');
    END IF;
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
-- What a decision already brought counts as advanced on the one that takes its place.
CREATE OR REPLACE FUNCTION settle_the_advance() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state IN ('rejected', 'withdrawn', 'superseded') OR NEW.kind = 'advance' THEN
        IF NEW.kind = 'advance' AND TG_OP = 'INSERT' AND EXISTS (
            SELECT FROM claims WHERE plan_id = NEW.plan_id AND kind = 'claim'
                AND state NOT IN ('rejected', 'withdrawn')) THEN
            RAISE EXCEPTION 'the claim was filed already'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_advance_before_claim';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM claims WHERE plan_id = NEW.plan_id AND kind = 'advance'
               AND state NOT IN ('paid', 'rejected', 'withdrawn')) THEN
        RAISE EXCEPTION 'the advance is still open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_advance_open';
    END IF;
    -- What a refused claim made come back is not deducted once more.
    NEW.advanced := greatest(0, (
        SELECT coalesce(sum(amount), 0) FROM claims
        WHERE plan_id = NEW.plan_id AND kind = 'advance' AND state = 'paid'
    ) + CASE WHEN NEW.supersedes IS NULL THEN 0 ELSE (
        SELECT coalesce(sum(p.amount), 0) FROM payments AS p JOIN claims AS c ON c.id = p.claim_id
        WHERE c.plan_id = NEW.plan_id AND c.kind = 'claim' AND c.id <> NEW.id AND p.state = 'paid'
    ) END - (
        SELECT coalesce(sum(r.amount), 0) FROM recoveries AS r JOIN claims AS c ON c.id = r.claim_id
        WHERE c.plan_id = NEW.plan_id AND c.id <> NEW.id
    ));
    IF TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'paid'
        AND NEW.amount > NEW.advanced THEN
        RAISE EXCEPTION 'what is due is paid, not closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_paid_by_payment';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE OR REPLACE FUNCTION refuse_late_details() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    plan uuid := coalesce(NEW.plan_id, OLD.plan_id);
    state text := (SELECT p.state FROM plans AS p WHERE p.id = plan);
    filed_before text[] := CASE WHEN TG_OP <> 'INSERT' THEN ARRAY[
        OLD.start_kind, OLD.start_on::text, OLD.apprentice_level, OLD.apprentice_starts_on::text,
        OLD.apprentice_ends_on::text, OLD.apprentice_agreement, OLD.placement_category,
        OLD.placement_certificate, OLD.placement_issued_by, OLD.placement_employed_from::text] END;
    filed_now text[] := CASE WHEN TG_OP <> 'DELETE' THEN ARRAY[
        NEW.start_kind, NEW.start_on::text, NEW.apprentice_level, NEW.apprentice_starts_on::text,
        NEW.apprentice_ends_on::text, NEW.apprentice_agreement, NEW.placement_category,
        NEW.placement_certificate, NEW.placement_issued_by, NEW.placement_employed_from::text] END;
    nothing text[] := array_fill(NULL::text, ARRAY[10]);
BEGIN
    -- What was filed is fixed with the filing; results are fixed with the claim.
    IF coalesce(filed_before, nothing) IS DISTINCT FROM coalesce(filed_now, nothing)
        AND state NOT IN ('draft', 'returned') THEN
        RAISE EXCEPTION 'the filing is no longer open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trainee_details_filed';
    END IF;
    -- A redetermination that was returned opens them again, although a decision still stands.
    IF EXISTS (SELECT FROM claims AS c WHERE c.plan_id = plan AND c.kind = 'claim'
               AND c.state NOT IN ('returned', 'rejected', 'withdrawn'))
        AND NOT EXISTS (SELECT FROM claims AS c WHERE c.plan_id = plan AND c.kind = 'claim'
                        AND c.state = 'returned' AND c.supersedes IS NOT NULL) THEN
        RAISE EXCEPTION 'the claim was filed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trainee_details_claimed';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
