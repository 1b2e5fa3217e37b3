-- How is the work list kept? The functions as they stand since migration 0016.
--
-- Whatever moves a case moves its row of the list, by triggers, with the rights of subsidy_ledger:
-- no caller writes the list, so none can hide a case from it or hold one without its history.
-- Of the numbers a page shows, what is not folded yet is counted from the rows themselves
-- (``counted`` is false); a row that was counted and moves on leaves a delta of -1.
-- A line of dashes parts two statements.
--------
CREATE FUNCTION list_case(new worklist) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old worklist;
BEGIN
    SELECT * INTO old FROM worklist WHERE case_id = new.case_id FOR UPDATE;
    IF old.counted AND (new.step IS NULL OR (old.step, old.since, old.due_on, old.bureau_code)
                        IS DISTINCT FROM (new.step, new.since, new.due_on, new.bureau_code)) THEN
        INSERT INTO worklist_counts (bureau_code, step, since, due_on, cases)
        VALUES (old.bureau_code, old.step, old.since, old.due_on, -1);
        old.counted := false;
    END IF;
    IF new.step IS NULL THEN
        DELETE FROM worklist WHERE case_id = new.case_id;
    ELSIF old.case_id IS NULL THEN
        INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step,
                              round, since, due_on, amount)
        VALUES (new.case_id, new.kind, new.enterprise_id, new.bureau_code, new.receipt,
                new.measure, new.step, new.round, new.since, new.due_on, new.amount);
    ELSE
        UPDATE worklist SET
            bureau_code = new.bureau_code, step = new.step, round = new.round, since = new.since,
            due_on = new.due_on, amount = new.amount, counted = old.counted,
            -- The next step is another hand's; the next round raises its own signals.
            holder = CASE WHEN old.step = new.step AND old.round = new.round THEN old.holder END,
            holder_name = CASE WHEN old.step = new.step AND old.round = new.round
                               THEN old.holder_name END,
            signals = CASE WHEN old.round = new.round THEN old.signals ELSE 0 END
        WHERE case_id = new.case_id;
    END IF;
END
$$;
--------
CREATE FUNCTION list_claim() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    step text := CASE NEW.state WHEN 'filed' THEN 'review' WHEN 'reviewed' THEN 'approve'
                 WHEN 'approved' THEN 'publish' WHEN 'published' THEN 'pay'
                 WHEN 'paying' THEN 'confirm_payment' END;
BEGIN
    -- A filing costs one row and nothing is looked for before it.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step,
                              round, since, due_on, amount)
        SELECT NEW.id, NEW.kind, NEW.enterprise_id, NEW.bureau_code, NEW.receipt, NEW.measure,
               step, NEW.round, coalesce(NEW.step_began_on, NEW.filed_on),
               coalesce(NEW.due_on, '9999-12-31'), NEW.amount
        WHERE step IS NOT NULL;
        RETURN NULL;
    END IF;
    PERFORM list_case((NEW.id, NEW.kind, NEW.enterprise_id, NEW.bureau_code, NEW.receipt,
        NEW.measure, step, NEW.round, coalesce(NEW.step_began_on, NEW.filed_on),
        coalesce(NEW.due_on, '9999-12-31'), NEW.amount, 0, NULL, NULL, false, false, false,
        NULL)::worklist);
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION list_plan() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM list_case((NEW.id, 'plan', NEW.enterprise_id, NEW.bureau_code, NEW.receipt,
        NEW.measure, CASE NEW.state WHEN 'submitted' THEN 'approve_plan' END, NEW.round,
        coalesce(NEW.step_began_on, NEW.received_on), coalesce(NEW.due_on, '9999-12-31'),
        NULL, 0, NULL, NULL, false, false, false, NULL)::worklist);
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION list_signal() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE worklist SET signals = signals + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    WHERE case_id = NEW.claim_id AND round = NEW.round;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION colleagues() RETURNS TABLE (id uuid, name text, duties text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.name, a.duties FROM accounts AS a
    WHERE a.bureau_code = current_setting('app.bureau', true) AND a.active
    ORDER BY a.name, a.id;
$$;
--------
CREATE FUNCTION hold_case() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    listed worklist;
    duty text;
BEGIN
    SELECT * INTO listed FROM worklist
    WHERE case_id = NEW.case_id AND bureau_code = NEW.bureau_code FOR UPDATE;
    IF listed.case_id IS NULL OR listed.step <> NEW.step
        OR listed.holder IS DISTINCT FROM NEW.from_id THEN
        RAISE EXCEPTION 'the case is held by another, or awaits another step'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignments_from_holder';
    END IF;
    duty := CASE listed.step WHEN 'approve_plan' THEN 'review' WHEN 'review' THEN 'review'
            WHEN 'approve' THEN 'approve' WHEN 'publish' THEN 'approve' ELSE 'pay' END;
    IF NEW.to_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts AS a WHERE a.id = NEW.to_id AND a.active
            AND a.bureau_code = NEW.bureau_code AND duty = ANY (a.duties)) THEN
        RAISE EXCEPTION 'the case goes to an officer of the bureau with the duty'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignments_to_colleague';
    END IF;
    UPDATE worklist SET holder = NEW.to_id, holder_name = NEW.to_name
    WHERE case_id = NEW.case_id;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION fold_worklist() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine text := current_setting('app.bureau', true);
BEGIN
    -- One folds at a time; whoever comes second leaves it to the first.
    IF NOT pg_try_advisory_xact_lock(hashtextextended('fold_worklist ' || mine, 0)) THEN
        RETURN;
    END IF;
    WITH fresh AS (
        SELECT case_id FROM worklist WHERE bureau_code = mine AND NOT counted
        LIMIT 10000 FOR UPDATE SKIP LOCKED
    ), counted AS (
        UPDATE worklist AS w SET counted = true FROM fresh WHERE w.case_id = fresh.case_id
        RETURNING w.step, w.since, w.due_on
    ), folded AS (
        DELETE FROM worklist_counts WHERE bureau_code = mine RETURNING step, since, due_on, cases
    ), every AS (
        SELECT step, since, due_on, 1 AS cases FROM counted
        UNION ALL SELECT step, since, due_on, cases FROM folded
    )
    INSERT INTO worklist_counts (bureau_code, step, since, due_on, cases)
    SELECT mine, step, since, due_on, sum(cases) FROM every
    GROUP BY step, since, due_on HAVING sum(cases) <> 0;
END
$$;
--------
CREATE FUNCTION checks_done() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(NEW.asked_checks) AS asked (code)
        WHERE (SELECT c.outcome FROM officer_checks AS c
               WHERE c.claim_id = NEW.id AND c.round = NEW.round AND c.code = asked.code
               ORDER BY c.id DESC LIMIT 1) IS DISTINCT FROM 'met') THEN
        RAISE EXCEPTION 'a check of an officer is not done'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_checks_done';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION checks_stay_asked() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what is asked of a round stays asked'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_checks_stay_asked';
END
$$;
