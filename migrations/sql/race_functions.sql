-- In which order are persons, budgets and decisions taken, so that nobody waits in a circle?
--
-- They run with the rights of subsidy_ledger. A line of dashes parts two statements.
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
