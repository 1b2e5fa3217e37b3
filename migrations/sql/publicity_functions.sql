-- What is held, what is due, and who may object? The functions as they stand since migration 0019;
-- `enter_names` is replaced by `notice_functions.sql`.
--
-- Those of subsidy_ledger look into rows that the caller does not see and tell only what he may know.
-- Objections and payments of one claim wait for each other on the claim's row, so that a line is
-- either objected to before it is paid, or not at all.
-- A line of dashes parts two statements.
--------
CREATE FUNCTION name_terms(name text) RETURNS text[] LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
    SELECT array_agg(DISTINCT substr(lower(name), place, size))
    FROM generate_series(1, length(name)) AS place, generate_series(1, 2) AS size
    WHERE place + size <= length(name) + 1
$$;
--------
CREATE FUNCTION enter_names() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO notice_terms (term, notice_id)
    SELECT DISTINCT term, l.notice_id
    FROM listed AS l, unnest(name_terms(l.enterprise_name)) AS term;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION notice_adds_up() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM notices AS n
        CROSS JOIN LATERAL (SELECT count(*) AS claims, sum(c.amount) AS amount
                            FROM notice_claims AS c WHERE c.notice_id = n.id) AS found
        WHERE n.id IN (SELECT notice_id FROM listed)
          AND (n.claims <> found.claims OR n.amount <> found.amount)
    ) THEN
        RAISE EXCEPTION 'a notice lists its claims whole, and no others'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notices_add_up';
    END IF;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION end_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended IS NOT NULL OR to_jsonb(NEW) - 'ended' <> to_jsonb(OLD) - 'ended' THEN
        RAISE EXCEPTION 'what was published stands'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION end_notice() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE notice_claims SET ended = NEW.state WHERE claim_id = NEW.id AND ended IS NULL;
    RETURN NULL;
END
$$;
--------
CREATE OR REPLACE FUNCTION paid_after_notice() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM notice_claims AS c JOIN notices AS n ON n.id = c.notice_id, payment_batches AS b
        WHERE c.claim_id = NEW.claim_id AND c.ended IS NULL AND b.id = NEW.batch_id
            AND n.last_day < b.made_on
    ) THEN
        RAISE EXCEPTION 'the notice has not closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_after_notice';
    END IF;
    RETURN NEW;
END
$$;
--------
-- The lines of a claim's assessment in force that an objection holds, open or upheld.
CREATE FUNCTION held_lines(asked_claim uuid) RETURNS TABLE (number integer, payable numeric)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.number, l.payable FROM assessment_lines AS l
    WHERE l.assessment_id = (SELECT a.id FROM assessments AS a WHERE a.claim_id = asked_claim
                             ORDER BY a.number DESC LIMIT 1)
      AND l.payable > 0
      AND EXISTS (
          SELECT FROM notice_claims AS n JOIN objections AS o ON o.notice_id = n.notice_id
          WHERE n.claim_id = asked_claim AND o.state IN ('open', 'upheld')
            AND (o.claim_id IS NULL OR o.claim_id = asked_claim)
            AND (o.lines IS NULL OR l.number = ANY (o.lines)));
$$;
--------
CREATE FUNCTION dues(asked_claim uuid)
RETURNS TABLE (sent numeric, paid numeric, held numeric, due numeric)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claim claims := own_claim(asked_claim);
BEGIN
    SELECT coalesce(sum(p.gross) FILTER (WHERE p.state = 'sent'), 0.00),
           coalesce(sum(p.gross) FILTER (WHERE p.state = 'paid'), 0.00)
    INTO sent, paid FROM payments AS p WHERE p.claim_id = claim.id;
    SELECT coalesce(sum(h.payable), 0.00) INTO held FROM held_lines(claim.id) AS h;
    held := least(held, claim.to_pay - sent - paid);
    due := claim.to_pay - sent - paid - held;
    RETURN NEXT;
END
$$;
--------
-- What is kept back of a payment for a demand counts as paid: it was due, too. The column that adds
-- both is not filled in yet when this is asked.
CREATE FUNCTION paid_what_is_due() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    paid numeric := NEW.amount + NEW.offset_amount;
    unpaid numeric;
    held numeric;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> 'failed' AND paid = OLD.gross
        AND NEW.claim_id = OLD.claim_id OR NEW.state = 'failed' THEN
        RETURN NEW;
    END IF;
    SELECT c.to_pay INTO NEW.to_pay FROM claims AS c WHERE c.id = NEW.claim_id
    FOR NO KEY UPDATE;
    SELECT NEW.to_pay - coalesce(sum(p.gross), 0) INTO unpaid FROM payments AS p
    WHERE p.claim_id = NEW.claim_id AND p.state <> 'failed' AND p.id <> NEW.id;
    IF unpaid <= 0 THEN
        RAISE EXCEPTION 'the claim is paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_once';
    END IF;
    SELECT coalesce(sum(h.payable), 0) INTO held FROM held_lines(NEW.claim_id) AS h;
    IF paid > unpaid - held AND paid <= unpaid THEN
        RAISE EXCEPTION 'a line that was objected to is not paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_held';
    END IF;
    IF paid <> unpaid - held THEN
        RAISE EXCEPTION 'what is due is paid, no more and no less'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_due';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION money_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM payments WHERE claim_id = NEW.id AND state <> 'failed') THEN
        RAISE EXCEPTION 'a claim of which a part was paid is neither refused nor withdrawn'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_paid_in_part';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION paid_in_full() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.to_pay <> (SELECT coalesce(sum(p.gross), 0) FROM payments AS p
                      WHERE p.claim_id = NEW.id AND p.state = 'paid') THEN
        RAISE EXCEPTION 'something is left to pay'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_paid_in_full';
    END IF;
    IF EXISTS (SELECT FROM held_lines(NEW.id)) THEN
        RAISE EXCEPTION 'an objection stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_objection_stands';
    END IF;
    RETURN NULL;
END
$$;
--------
-- The claims that an objection speaks of: one of the notice, or all that are still in force.
CREATE FUNCTION claims_objected_to(asked_notice uuid, asked_claim uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.claim_id FROM notice_claims AS n
    WHERE n.notice_id = asked_notice AND n.ended IS NULL
      AND (asked_claim IS NULL OR n.claim_id = asked_claim);
$$;
--------
CREATE FUNCTION object_in_time() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claims_meant uuid[] := ARRAY(SELECT claims_objected_to(NEW.notice_id, NEW.claim_id));
BEGIN
    PERFORM FROM claims AS c WHERE c.id = ANY (claims_meant) ORDER BY c.id FOR SHARE OF c;
    IF claims_meant = '{}'
        OR NOT EXISTS (SELECT FROM notices AS n WHERE n.id = NEW.notice_id
                       AND NEW.lodged_on BETWEEN n.posted_on AND n.last_day)
        OR EXISTS (SELECT FROM payments AS p
                   WHERE p.claim_id = ANY (claims_meant) AND p.state <> 'failed')
        OR EXISTS (SELECT FROM claims AS c
                   WHERE c.id = ANY (claims_meant) AND c.state <> 'published') THEN
        RAISE EXCEPTION 'objections are lodged while the notice hangs'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'objections_in_time';
    END IF;
    IF NEW.lines IS NOT NULL AND cardinality(NEW.lines) <> (
        SELECT count(*) FROM assessment_lines AS l
        WHERE l.assessment_id = (SELECT a.id FROM assessments AS a WHERE a.claim_id = NEW.claim_id
                                 ORDER BY a.number DESC LIMIT 1)
          AND l.payable > 0 AND l.number = ANY (NEW.lines)) THEN
        RAISE EXCEPTION 'a line is named that was not published, or one twice'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'objections_lines_published';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION decide_by_another_hand() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    decision text[] := ARRAY['state', 'reason', 'decided_on', 'decided_by', 'decided_by_name'];
BEGIN
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'an objection is decided once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'objections_decided_once';
    END IF;
    IF to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'what was objected stands'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
    END IF;
    IF NEW.decided_by = OLD.keyed_by OR EXISTS (
        SELECT FROM claims AS c
        WHERE c.id IN (SELECT claims_objected_to(NEW.notice_id, NEW.claim_id))
          AND (c.keyed_by = NEW.decided_by OR EXISTS (
              SELECT FROM signatures AS s WHERE s.case_id = c.id
                AND s.officer_id = NEW.decided_by AND s.step <> 'pay'))) THEN
        RAISE EXCEPTION 'who decided on the claim does not decide on an objection to it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'objections_by_another_hand';
    END IF;
    RETURN NEW;
END
$$;
--------
-- How many objections a notice has; whoever asks is alone with it until his transaction ends.
CREATE FUNCTION count_objections(asked_notice uuid) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(asked_notice::text, 19));
    RETURN (SELECT count(*) FROM objections AS o WHERE o.notice_id = asked_notice);
END
$$;
--------
-- What may be known of objections by everybody, once they are decided, and before by the bureau and
-- the enterprise in question; the objector and his words are not in it.
CREATE FUNCTION told_objections(asked_notice uuid)
RETURNS TABLE (receipt text, claim_id uuid, lines integer[], grounds text, lodged_on date,
               due_on date, state text, reason text, decided_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.receipt, o.claim_id, o.lines, o.grounds, o.lodged_on, o.due_on, o.state, o.reason,
           o.decided_on
    FROM objections AS o
    WHERE o.notice_id = asked_notice
      AND (o.state <> 'open' OR o.bureau_code = current_setting('app.bureau', true)
           OR EXISTS (SELECT FROM notice_claims AS n
                      WHERE n.notice_id = o.notice_id
                        AND (o.claim_id IS NULL OR n.claim_id = o.claim_id)
                        AND n.enterprise_id::text = current_setting('app.enterprise', true)))
    ORDER BY o.id;
$$;
--------
-- The objection of which the caller holds the token, and how many files came with it.
CREATE FUNCTION objection_of_token(asked uuid, token bytea)
RETURNS TABLE (id uuid, notice_id uuid, bureau_code text, receipt text, claim_id uuid,
               lines integer[], grounds text, lodged_on date, due_on date, state text, reason text,
               decided_on date, attachments bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.id, o.notice_id, o.bureau_code, o.receipt, o.claim_id, o.lines, o.grounds, o.lodged_on,
           o.due_on, o.state, o.reason, o.decided_on,
           (SELECT count(*) FROM objection_attachments AS a WHERE a.objection_id = o.id)
    FROM objections AS o WHERE o.id = asked AND o.token_digest = token;
$$;
--------
CREATE FUNCTION attach_to_objection(
    asked uuid, token bytea, new_id uuid, filename text, media_type text, size bigint,
    sha256 bytea, most integer
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(asked::text, 19));
    SELECT * INTO found FROM objection_of_token(asked, token);
    IF found.id IS NULL OR found.state <> 'open' OR found.attachments >= most THEN
        RETURN false;
    END IF;
    INSERT INTO objection_attachments
        (id, objection_id, bureau_code, filename, media_type, size, sha256)
    VALUES (new_id, found.id, found.bureau_code, filename, media_type, size, sha256);
    RETURN true;
END
$$;
