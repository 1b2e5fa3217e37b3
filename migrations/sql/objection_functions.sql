-- How do objections stand in the work list? The functions as they stand since migration 0029;
-- `decide_by_another_hand` and `hold_case` replace those of before.
--
-- An objection is listed while it is open; an upheld one as long as a decision that it means stands
-- and is not being made anew. Whoever lodges it, decides on it, makes anew or ends what it means lists
-- it, and is alone with its row until his transaction ends, be it there or not: of two, the second
-- sees what the first did.
-- A line of dashes parts two statements.
--------
CREATE FUNCTION list_objection(asked uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    it objections;
    meant record;
    step text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(asked::text, 29));
    SELECT * INTO it FROM objections WHERE id = asked;
    SELECT count(DISTINCT n.enterprise_id) AS enterprises, min(n.enterprise_id::text)::uuid AS enterprise,
           count(DISTINCT c.measure) AS measures, min(c.measure) AS measure,
           coalesce(sum(CASE WHEN it.lines IS NULL THEN n.amount ELSE (
               SELECT sum(l.payable) FROM assessment_lines AS l
               WHERE l.number = ANY (it.lines) AND l.assessment_id = (
                   SELECT a.id FROM assessments AS a WHERE a.claim_id = c.id
                   ORDER BY a.number DESC LIMIT 1)) END)
               FILTER (WHERE n.ended IS NULL), 0.00) AS amount,
           -- An advance is settled by its claim, and not made anew by itself.
           bool_or(n.ended IS NULL AND c.kind = 'claim' AND NOT EXISTS (
               SELECT FROM claims AS anew
               WHERE anew.supersedes = c.id AND anew.state NOT IN ('rejected', 'withdrawn'))) AS owed
    INTO meant
    FROM notice_claims AS n JOIN claims AS c ON c.id = n.claim_id
    WHERE n.notice_id = it.notice_id AND (it.claim_id IS NULL OR n.claim_id = it.claim_id);
    step := CASE WHEN it.state = 'open' THEN 'decide_objection'
                 WHEN it.state = 'upheld' AND meant.owed THEN 'redetermine' END;
    PERFORM list_case((it.id, 'objection',
        CASE WHEN meant.enterprises = 1 THEN meant.enterprise END, it.bureau_code, it.receipt,
        CASE WHEN meant.measures = 1 THEN meant.measure END, step, 1,
        CASE it.state WHEN 'open' THEN it.lodged_on ELSE it.decided_on END,
        CASE it.state WHEN 'open' THEN it.due_on
                      ELSE coalesce(it.redetermine_by, '9999-12-31') END,
        meant.amount, 0, NULL, NULL, false, false, false, NULL)::worklist);
END
$$;
--------
CREATE FUNCTION list_objected() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM list_objection(NEW.id);
    RETURN NULL;
END
$$;
--------
-- The objections that mean a claim, after something became of it.
CREATE FUNCTION list_objections_to(asked_claim uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    objection uuid;
BEGIN
    FOR objection IN
        SELECT o.id FROM objections AS o
        JOIN notice_claims AS n ON n.notice_id = o.notice_id AND n.claim_id = asked_claim
        WHERE o.state IN ('open', 'upheld') AND (o.claim_id IS NULL OR o.claim_id = asked_claim)
        ORDER BY o.id
    LOOP
        PERFORM list_objection(objection);
    END LOOP;
END
$$;
--------
CREATE FUNCTION list_made_anew() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM list_objections_to(NEW.supersedes);
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION list_ended() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM list_objections_to(NEW.claim_id);
    RETURN NULL;
END
$$;
--------
-- Who keyed in a claim that is meant has a hand in it; so has, until it is decided, who keyed the
-- objection in or signed anything of such a claim but its payment.
CREATE FUNCTION had_a_hand(asked objections, step text, who uuid) RETURNS boolean LANGUAGE sql
STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT step = 'decide_objection' AND coalesce(asked.keyed_by = who, false) OR EXISTS (
        SELECT FROM claims AS c
        WHERE c.id IN (SELECT claims_objected_to(asked.notice_id, asked.claim_id))
          AND (c.keyed_by = who OR step = 'decide_objection' AND EXISTS (
              SELECT FROM signatures AS s WHERE s.case_id = c.id
                AND s.officer_id = who AND s.step <> 'pay')));
$$;
--------
CREATE OR REPLACE FUNCTION decide_by_another_hand() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    decision text[] := ARRAY['state', 'reason', 'decided_on', 'decided_by', 'decided_by_name',
                             'redetermine_by'];
BEGIN
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'an objection is decided once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'objections_decided_once';
    END IF;
    IF to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'what was objected stands'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    IF had_a_hand(OLD, 'decide_objection', NEW.decided_by) THEN
        RAISE EXCEPTION 'who decided on the claim does not decide on an objection to it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'objections_by_another_hand';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE OR REPLACE FUNCTION hold_case() RETURNS trigger LANGUAGE plpgsql
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
    duty := CASE WHEN listed.step IN ('approve_plan', 'review', 'redetermine') THEN 'review'
                 WHEN listed.step IN ('approve', 'publish', 'decide_objection') THEN 'approve'
                 ELSE 'pay' END;
    IF NEW.to_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts AS a WHERE a.id = NEW.to_id AND a.active
            AND a.bureau_code = NEW.bureau_code AND duty = ANY (a.duties)) THEN
        RAISE EXCEPTION 'the case goes to an officer of the bureau with the duty'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignments_to_colleague';
    END IF;
    IF EXISTS (SELECT FROM objections AS o
               WHERE o.id = NEW.objection_id AND had_a_hand(o, listed.step, NEW.to_id)) THEN
        RAISE EXCEPTION 'an objection goes to a fresh hand'
            USING ERRCODE = 'check_violation', CONSTRAINT = CASE NEW.to_id WHEN NEW.officer_id
                THEN 'objections_by_another_hand' ELSE 'assignments_to_colleague' END;
    END IF;
    UPDATE worklist SET holder = NEW.to_id, holder_name = NEW.to_name
    WHERE case_id = NEW.case_id;
    RETURN NULL;
END
$$;
