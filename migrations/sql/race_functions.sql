-- In which order are persons, budgets and decisions taken, so that nobody waits in a circle? And what
-- must no statement of a caller forge?
--
-- A line of dashes parts two statements.
--------
-- Those who decide on several claims at once lock the persons of all of them before the first, in
-- the one order that every decider keeps.
CREATE FUNCTION lock_persons_of(asked_claims uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM p.id FROM persons AS p
    WHERE p.id IN (
        SELECT t.person_id FROM trainees AS t JOIN claims AS c ON c.plan_id = t.plan_id
        WHERE c.id = ANY (asked_claims) AND c.bureau_code = current_setting('app.bureau', true))
    ORDER BY p.id FOR NO KEY UPDATE OF p;
END
$$;
--------
-- Who takes of a limited budget several times in one transaction holds slices while he waits for
-- others: he locks all of them first, in their order. An unlimited slice always suffices.
CREATE FUNCTION lock_budgets_of(asked_claims uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM s.slice FROM budget_slices AS s
    WHERE s.ceiling IS NOT NULL AND s.bureau_code = current_setting('app.bureau', true)
      AND s.fund IN (SELECT c.fund FROM claims AS c WHERE c.id = ANY (asked_claims)
                     AND c.bureau_code = current_setting('app.bureau', true))
    ORDER BY s.year, s.fund, s.slice FOR NO KEY UPDATE OF s;
END
$$;
--------
-- Who gives back locks the persons first, as whoever takes has done: a claim that is rejected frees
-- its money before its entitlements.
CREATE OR REPLACE FUNCTION hold_budget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    wanted numeric := held_of_budget(NEW);
    held numeric := (SELECT coalesce(sum(amount), 0) FROM budget_entries WHERE claim_id = NEW.id);
    of_year integer;
BEGIN
    IF wanted > held THEN
        of_year := coalesce(
            (SELECT min(year) FROM budget_entries WHERE claim_id = NEW.id),
            (SELECT extract(year FROM max(signed_on)) FROM signatures
             WHERE claim_id = NEW.id AND round = NEW.round AND step = 'approve'),
            extract(year FROM NEW.filed_on));
        PERFORM reserve_budget(NEW, of_year, wanted - held);
    ELSIF wanted < held THEN
        PERFORM lock_persons(NEW.plan_id);
        PERFORM release_budget(NEW, held - wanted);
    END IF;
    RETURN NULL;
END
$$;
--------
-- What was applied for, of whom and out of which fund stays; a round begins where a case is filed
-- again, and nowhere else, so that no officer signs twice in a case that stands still.
CREATE FUNCTION claim_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.plan_id, NEW.enterprise_id, NEW.bureau_code, NEW.receipt, NEW.external_issuer,
        NEW.external_reference, NEW.channel, NEW.keyed_by, NEW.kind, NEW.measure, NEW.payee,
        NEW.class_reference, NEW.fund)
        IS DISTINCT FROM
       (OLD.plan_id, OLD.enterprise_id, OLD.bureau_code, OLD.receipt, OLD.external_issuer,
        OLD.external_reference, OLD.channel, OLD.keyed_by, OLD.kind, OLD.measure, OLD.payee,
        OLD.class_reference, OLD.fund) THEN
        RAISE EXCEPTION 'what was applied for stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_stay';
    END IF;
    IF NEW.round <> OLD.round
        + (CASE WHEN NEW.state = 'filed' AND OLD.state <> 'filed' THEN 1 ELSE 0 END) THEN
        RAISE EXCEPTION 'a round begins where a case is filed again'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_rounds_in_order';
    END IF;
    IF OLD.state NOT IN ('filed', 'reviewed', 'returned')
        AND (NEW.persons, NEW.filed_on, NEW.form, NEW.commitments_version,
             NEW.commitments_accepted, NEW.accepted_by, NEW.accepted_at, NEW.requirements_met)
            IS DISTINCT FROM
            (OLD.persons, OLD.filed_on, OLD.form, OLD.commitments_version,
             OLD.commitments_accepted, OLD.accepted_by, OLD.accepted_at, OLD.requirements_met) THEN
        RAISE EXCEPTION 'what was decided on stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_figures_stand';
    END IF;
    RETURN NEW;
END
$$;
--------
-- No caller assesses a claim, or adds a line, once it was examined. The statement that files a
-- claim assesses it, too: so it is asked after the statement.
CREATE FUNCTION assessed_under_examination() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user IN ('subsidy_enterprise', 'subsidy_district', 'subsidy_centre') AND EXISTS (
        SELECT FROM (SELECT DISTINCT claim_id FROM added) AS a
        WHERE NOT EXISTS (SELECT FROM claims AS c WHERE c.id = a.claim_id AND c.state = 'filed')) THEN
        RAISE EXCEPTION 'a claim is assessed while it is examined'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_under_examination';
    END IF;
    RETURN NULL;
END
$$;
--------
-- Both signatures of an approval stand under the assessment that is approved.
CREATE FUNCTION signed_as_assessed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM signatures AS g
        WHERE g.case_id = NEW.id AND g.round = NEW.round AND g.step IN ('review', 'approve')
          AND g.assessment_id IS DISTINCT FROM (
              SELECT a.id FROM assessments AS a WHERE a.claim_id = NEW.id
              ORDER BY a.number DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'another assessment was signed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_signed_as_assessed';
    END IF;
    RETURN NEW;
END
$$;
--------
-- Money moves by the hand of an officer who is charged with payments, whatever the statement.
CREATE FUNCTION moved_by_duty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('role') IN ('subsidy_district', 'subsidy_centre') AND NOT EXISTS (
        SELECT FROM accounts AS a
        WHERE a.id::text = current_setting('app.account', true) AND 'pay' = ANY (a.duties)) THEN
        RAISE EXCEPTION 'the officer is not charged with payments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_by_duty';
    END IF;
    RETURN NULL;
END
$$;
--------
-- As before, with the state in which the file begins; nobody but the scanner says that it is clean.
CREATE FUNCTION attach_to_objection(
    asked uuid, token bytea, new_id uuid, filename text, media_type text, size bigint,
    sha256 bytea, most integer, scan text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(asked::text, 19));
    SELECT * INTO found FROM objection_of_token(asked, token);
    IF found.id IS NULL OR found.state <> 'open' OR found.attachments >= most
        OR scan NOT IN ('pending', 'not_scanned') THEN
        RETURN false;
    END IF;
    INSERT INTO objection_attachments
        (id, objection_id, bureau_code, filename, media_type, size, sha256, scan)
    VALUES (new_id, found.id, found.bureau_code, filename, media_type, size, sha256, scan);
    RETURN true;
END
$$;
