-- What do the other measures ask of the database? The functions as they stand since migration 0007.
--
-- The first two look into others' cases with the rights of subsidy_ledger and tell only what bars a
-- second payment; like the ledger's they first ask whether the plan belongs to the caller.
-- A line of dashes parts two statements.
--------
CREATE FUNCTION standing_of_details(asked_plan uuid)
RETURNS TABLE (trainee uuid, paid_before boolean, certificate_paid_to text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    RETURN QUERY
    SELECT d.trainee_id,
           EXISTS (SELECT FROM project_subsidies AS s JOIN claims AS c ON c.id = s.claim_id
                   WHERE s.person_id = t.person_id AND NOT s.released AND c.plan_id <> plan.id
                     AND c.enterprise_id = plan.enterprise_id AND c.measure = plan.measure),
           (SELECT c.payee FROM trainee_details AS o JOIN claims AS c ON c.plan_id = o.plan_id
            WHERE o.certificate_number = d.certificate_number AND o.plan_id <> plan.id
              AND c.kind = 'claim' AND c.state IN ('approved', 'published', 'paying', 'paid')
            LIMIT 1)
    FROM trainee_details AS d JOIN trainees AS t ON t.id = d.trainee_id
    WHERE d.plan_id = plan.id;
END
$$;
--------
CREATE FUNCTION class_paid_to(asked_plan uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plan plans := own_plan(asked_plan);
BEGIN
    RETURN (SELECT c.payee FROM claims AS c
            WHERE c.measure = plan.measure AND c.class_reference = plan.class_reference
              AND c.plan_id <> plan.id AND c.kind = 'claim'
              AND c.state NOT IN ('rejected', 'withdrawn')
            LIMIT 1);
END
$$;
--------
CREATE FUNCTION settle_the_advance() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state IN ('rejected', 'withdrawn') OR NEW.kind = 'advance' THEN
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
    ) - (
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
CREATE FUNCTION refuse_late_details() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    state text := (SELECT p.state FROM plans AS p WHERE p.id = coalesce(NEW.plan_id, OLD.plan_id));
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
    IF EXISTS (SELECT FROM claims AS c WHERE c.plan_id = coalesce(NEW.plan_id, OLD.plan_id)
               AND c.kind = 'claim' AND c.state NOT IN ('returned', 'rejected', 'withdrawn')) THEN
        RAISE EXCEPTION 'the claim was filed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trainee_details_claimed';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
