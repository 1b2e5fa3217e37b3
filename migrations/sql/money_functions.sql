-- How does the database keep money? The functions of reversals, budgets, recoveries and payments.
--
-- Those of the ledger and the budget run with the rights of subsidy_ledger; the others refuse what
-- the caller, with his own rights, must not do. A line of dashes parts two statements.
--------
-- From its approval until it is refused or withdrawn a claim holds money of the budget; one whose
-- place another took, what it paid.
CREATE FUNCTION holds_budget(asked claims) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT asked.state NOT IN ('filed', 'reviewed', 'returned', 'rejected', 'withdrawn')
       AND (asked.state <> 'superseded' OR EXISTS (
            SELECT FROM payments AS p WHERE p.claim_id = asked.id AND p.state = 'paid'))
$$;
--------
CREATE FUNCTION held_of_budget(asked claims) RETURNS numeric LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN NOT holds_budget(asked) THEN 0
                WHEN asked.state = 'superseded' THEN (
                    SELECT sum(p.gross) FROM payments AS p
                    WHERE p.claim_id = asked.id AND p.state = 'paid')
                ELSE asked.to_pay END
$$;
--------
-- What came back of a booking, person by person: all of it, or the amounts that are told. It frees
-- cap, count and project unless the caller says otherwise; where he says nothing, a fraud does not.
CREATE FUNCTION reverse_entitlements(
    asked_claim uuid, asked_ground text, asked_frees boolean DEFAULT NULL,
    asked_persons uuid[] DEFAULT NULL, asked_amounts numeric[] DEFAULT NULL,
    asked_recovery uuid DEFAULT NULL
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claim claims := own_claim(asked_claim);
    frees boolean := coalesce(asked_frees, asked_ground <> 'fraud');
    reversed integer;
    -- Of whom a part came back before and freed nothing, the count stays used.
    tainted uuid[] := ARRAY(SELECT e.person_id FROM ledger_entries AS e
        WHERE e.claim_id = asked_claim AND e.kind = 'reverse' AND e.used = 0 AND e.counted = 0
          AND e.ground = 'fraud');
BEGIN
    IF NOT holds_budget(claim) OR (asked_ground <> 'superseded' AND claim.state <> 'paid') THEN
        RAISE EXCEPTION 'only what was paid, or superseded, is reversed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversed_after_payment';
    END IF;
    PERFORM lock_persons(claim.plan_id);
    INSERT INTO ledger_entries (person_id, claim_id, measure, year, period, kind, ground,
                                recovery_id, amount, used, counted)
    SELECT b.person_id, claim.id, b.measure, b.year, b.period, 'reverse', asked_ground,
           asked_recovery, coalesce(back.amount, b.left_over),
           CASE WHEN frees AND b.capped THEN -coalesce(back.amount, b.left_over) ELSE 0 END,
           CASE WHEN frees AND b.person_id <> ALL (tainted) AND coalesce(back.amount, b.left_over) = b.left_over
                THEN -b.counted ELSE 0 END
    FROM (SELECT e.person_id, e.measure, e.year, e.period, sum(e.counted) AS counted,
                 bool_or(e.used > 0) AS capped,
                 sum(CASE e.kind WHEN 'reserve' THEN e.amount WHEN 'post' THEN 0 ELSE -e.amount END)
                     AS left_over
          FROM ledger_entries AS e WHERE e.claim_id = claim.id
          GROUP BY e.person_id, e.measure, e.year, e.period) AS b
    LEFT JOIN unnest(asked_persons, asked_amounts) AS back (person, amount)
        ON back.person = b.person_id
    WHERE b.left_over > 0 AND (asked_persons IS NULL OR back.amount <= b.left_over)
    ORDER BY b.person_id;
    GET DIAGNOSTICS reversed = ROW_COUNT;
    IF reversed = 0 OR reversed < cardinality(asked_persons) THEN
        RAISE EXCEPTION 'more would come back than was booked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversed_once';
    END IF;
    UPDATE project_subsidies AS s SET released = true
    WHERE frees AND s.claim_id = claim.id AND NOT s.released AND s.person_id IN (
        SELECT e.person_id FROM ledger_entries AS e WHERE e.claim_id = claim.id
        GROUP BY e.person_id
        HAVING e.person_id <> ALL (tainted) AND 0 = sum(
            CASE e.kind WHEN 'reserve' THEN e.amount WHEN 'post' THEN 0 ELSE -e.amount END));
END
$$;
--------
CREATE FUNCTION reverse_recovered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM reverse_entitlements(
        NEW.claim_id, NEW.ground, NEW.frees, array_agg(l.person_id ORDER BY l.number),
        array_agg(l.amount ORDER BY l.number), NEW.id)
    FROM recovery_lines AS l WHERE l.recovery_id = NEW.id
    HAVING count(*) > 0;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION ledger_differences()
RETURNS TABLE (what text, whose text, balance numeric, entries numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 'year_balances', concat_ws(' ', person_id, measure, year), coalesce(b.used, 0),
           coalesce(e.used, 0)
    FROM year_balances AS b
    FULL JOIN (SELECT person_id, measure, year, sum(used) AS used FROM ledger_entries
               GROUP BY person_id, measure, year HAVING bool_or(used <> 0)) AS e
        USING (person_id, measure, year)
    WHERE coalesce(b.used, 0) <> coalesce(e.used, 0)
    UNION ALL
    SELECT 'period_balances', concat_ws(' ', person_id, period), coalesce(b.counted, 0),
           coalesce(e.counted, 0)
    FROM period_balances AS b
    FULL JOIN (SELECT person_id, period, sum(counted) AS counted FROM ledger_entries
               GROUP BY person_id, period HAVING bool_or(counted <> 0)) AS e
        USING (person_id, period)
    WHERE coalesce(b.counted, 0) <> coalesce(e.counted, 0)
    UNION ALL
    SELECT 'project_subsidies', concat_ws(' ', s.person_id, s.claim_id), 1, 0
    FROM project_subsidies AS s
    WHERE NOT s.released AND NOT EXISTS (
        SELECT FROM ledger_entries AS e
        WHERE e.claim_id = s.claim_id AND e.person_id = s.person_id AND e.kind = 'reserve')
    UNION ALL
    SELECT 'claims', c.receipt, c.amount, coalesce(e.posted, 0)
    FROM claims AS c
    LEFT JOIN (SELECT claim_id, sum(amount) AS posted FROM ledger_entries WHERE kind = 'post'
               GROUP BY claim_id) AS e ON e.claim_id = c.id
    WHERE c.kind = 'claim' AND c.state = 'paid' AND c.amount <> coalesce(e.posted, 0)
    UNION ALL
    SELECT 'payments', c.receipt, c.to_pay, coalesce(sum(p.gross), 0)
    FROM claims AS c LEFT JOIN payments AS p ON p.claim_id = c.id AND p.state = 'paid'
    WHERE c.state = 'paid' GROUP BY c.id HAVING c.to_pay <> coalesce(sum(p.gross), 0)
    UNION ALL
    SELECT 'payment_offsets', p.id::text, p.offset_amount, coalesce(sum(o.amount), 0)
    FROM payments AS p LEFT JOIN payment_offsets AS o ON o.payment_id = p.id
    GROUP BY p.id HAVING p.offset_amount <> coalesce(sum(o.amount), 0)
    UNION ALL
    SELECT 'recoveries', r.receipt, r.amount, coalesce(sum(b.amount), 0)
    FROM recoveries AS r LEFT JOIN recovery_payments AS b ON b.recovery_id = r.id
    GROUP BY r.id
    HAVING (r.state = 'repaid') <> (r.amount = coalesce(sum(b.amount), 0))
        OR r.amount < coalesce(sum(b.amount), 0)
    UNION ALL
    SELECT 'budget_slices', concat_ws(' ', bureau_code, year, fund, slice), coalesce(s.used, 0),
           coalesce(e.used, 0)
    FROM budget_slices AS s
    FULL JOIN (SELECT bureau_code, year, fund, slice, sum(amount) AS used FROM budget_entries
               GROUP BY bureau_code, year, fund, slice) AS e
        USING (bureau_code, year, fund, slice)
    WHERE coalesce(s.used, 0) <> coalesce(e.used, 0)
    UNION ALL
    SELECT 'budgets', concat_ws(' ', b.bureau_code, b.year, b.fund), b.amount,
           (SELECT sum(s.ceiling) FROM budget_slices AS s
            WHERE s.bureau_code = b.bureau_code AND s.year = b.year AND s.fund = b.fund)
    FROM (SELECT DISTINCT ON (bureau_code, year, fund) * FROM budgets
          WHERE confirmed_on IS NOT NULL ORDER BY bureau_code, year, fund, id DESC) AS b
    WHERE b.amount IS DISTINCT FROM (
        SELECT sum(s.ceiling) FROM budget_slices AS s
        WHERE s.bureau_code = b.bureau_code AND s.year = b.year AND s.fund = b.fund)
    UNION ALL
    SELECT 'budget_entries', c.receipt, held_of_budget(c), e.held
    FROM claims AS c
    JOIN (SELECT claim_id, sum(amount) AS held FROM budget_entries GROUP BY claim_id) AS e
        ON e.claim_id = c.id
    WHERE e.held <> held_of_budget(c);
$$;
--------
CREATE FUNCTION hold_budget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
        PERFORM release_budget(NEW, held - wanted);
    END IF;
    RETURN NULL;
END
$$;
--------
-- One budget is cut into slices, so that those who approve at once do not wait for each other: each
-- takes from a slice that nobody holds, waits for one only if all that suffice are held, and locks
-- all (always in their order) only where no single one suffices.
CREATE FUNCTION reserve_budget(claim claims, of_year integer, asked numeric) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    taken record;
    missing numeric := asked;
BEGIN
    PERFORM cut_budget(claim.bureau_code, of_year, claim.fund);
    SELECT s.slice INTO taken FROM budget_slices AS s
    WHERE s.bureau_code = claim.bureau_code AND s.year = of_year AND s.fund = claim.fund
      AND (s.ceiling IS NULL OR s.ceiling - s.used >= asked)
    ORDER BY random() LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF taken IS NULL THEN
        SELECT s.slice INTO taken FROM budget_slices AS s
        WHERE s.bureau_code = claim.bureau_code AND s.year = of_year AND s.fund = claim.fund
          AND (s.ceiling IS NULL OR s.ceiling - s.used >= asked)
        ORDER BY random() LIMIT 1 FOR NO KEY UPDATE;
    END IF;
    IF taken IS NOT NULL THEN
        INSERT INTO budget_entries
            (claim_id, enterprise_id, bureau_code, year, fund, slice, kind, amount)
        VALUES (claim.id, claim.enterprise_id, claim.bureau_code, of_year, claim.fund, taken.slice,
                'reserve', asked);
        RETURN;
    END IF;
    FOR taken IN
        SELECT s.slice, s.ceiling - s.used AS free FROM budget_slices AS s
        WHERE s.bureau_code = claim.bureau_code AND s.year = of_year AND s.fund = claim.fund
        ORDER BY s.slice FOR NO KEY UPDATE
    LOOP
        IF least(taken.free, missing) > 0 THEN
            INSERT INTO budget_entries
                (claim_id, enterprise_id, bureau_code, year, fund, slice, kind, amount)
            VALUES (claim.id, claim.enterprise_id, claim.bureau_code, of_year, claim.fund,
                    taken.slice, 'reserve', least(taken.free, missing));
            missing := missing - least(taken.free, missing);
        END IF;
    END LOOP;
    IF missing > 0 THEN
        RAISE EXCEPTION 'the budget does not suffice' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'budgets_not_exceeded',
            DETAIL = budget_refusal(claim.bureau_code, of_year, claim.fund, asked, asked - missing);
    END IF;
END
$$;
--------
CREATE FUNCTION release_budget(claim claims, asked numeric) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held record;
    left_over numeric := asked;
BEGIN
    FOR held IN
        SELECT e.year, e.fund, e.slice, sum(e.amount) AS amount FROM budget_entries AS e
        WHERE e.claim_id = claim.id GROUP BY e.year, e.fund, e.slice HAVING sum(e.amount) > 0
        ORDER BY e.year, e.fund, e.slice
    LOOP
        EXIT WHEN left_over = 0;
        INSERT INTO budget_entries
            (claim_id, enterprise_id, bureau_code, year, fund, slice, kind, amount)
        VALUES (claim.id, claim.enterprise_id, claim.bureau_code, held.year, held.fund, held.slice,
                'release', -least(held.amount, left_over));
        left_over := left_over - least(held.amount, left_over);
    END LOOP;
END
$$;
--------
CREATE FUNCTION move_slices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE budget_slices AS s SET used = s.used + NEW.amount
    WHERE s.bureau_code = NEW.bureau_code AND s.year = NEW.year AND s.fund = NEW.fund
      AND s.slice = NEW.slice;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION cut_budget(of_bureau text, of_year integer, of_fund text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO budget_slices (bureau_code, year, fund, slice, used)
    SELECT of_bureau, of_year, of_fund, slice, 0 FROM generate_series(0, 15) AS slice
    WHERE NOT EXISTS (SELECT FROM budget_slices AS s
                      WHERE s.bureau_code = of_bureau AND s.year = of_year AND s.fund = of_fund)
    ON CONFLICT DO NOTHING;
$$;
--------
-- A budget that is in force is spread over its slices: what each has used, and a part of the rest.
CREATE FUNCTION spread_budget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    used_up numeric;
    share numeric;
    rest numeric;
BEGIN
    PERFORM cut_budget(NEW.bureau_code, NEW.year, NEW.fund);
    PERFORM FROM budget_slices AS s
    WHERE s.bureau_code = NEW.bureau_code AND s.year = NEW.year AND s.fund = NEW.fund
    ORDER BY s.slice FOR NO KEY UPDATE;
    SELECT sum(s.used) INTO used_up FROM budget_slices AS s
    WHERE s.bureau_code = NEW.bureau_code AND s.year = NEW.year AND s.fund = NEW.fund;
    IF NEW.amount < used_up THEN
        RAISE EXCEPTION 'the budget is below what was promised' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'budgets_below_committed',
            DETAIL = budget_refusal(NEW.bureau_code, NEW.year, NEW.fund, NEW.amount, 0);
    END IF;
    share := trunc((NEW.amount - used_up) / 16, 2);
    rest := NEW.amount - used_up - 16 * share;
    UPDATE budget_slices AS s SET ceiling = s.used + share + CASE s.slice WHEN 0 THEN rest ELSE 0 END
    WHERE s.bureau_code = NEW.bureau_code AND s.year = NEW.year AND s.fund = NEW.fund;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION budget_figures(of_bureau text, of_year integer, of_fund text)
RETURNS TABLE (amount numeric, reserved numeric, paid numeric, free numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.ceiling, s.used - p.paid, p.paid, s.ceiling - s.used
    FROM (SELECT sum(ceiling) AS ceiling, coalesce(sum(used), 0.00) AS used FROM budget_slices
          WHERE bureau_code = of_bureau AND year = of_year AND fund = of_fund) AS s,
         (SELECT coalesce(sum(p.gross), 0.00) AS paid FROM payments AS p
          WHERE p.state = 'paid' AND p.claim_id IN (
              SELECT e.claim_id FROM budget_entries AS e
              WHERE e.bureau_code = of_bureau AND e.year = of_year AND e.fund = of_fund)) AS p
    WHERE of_bureau = current_setting('app.bureau', true);
$$;
--------
CREATE FUNCTION budget_refusal(
    of_bureau text, of_year integer, of_fund text, asked numeric, taken numeric
) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT json_build_object(
        'bureau', of_bureau, 'year', of_year, 'fund', of_fund, 'budget', f.amount::text,
        'reserved', (f.reserved - taken)::text, 'paid', f.paid::text,
        'free', (f.free + taken)::text, 'asked', asked::text)::text
    FROM budget_figures(of_bureau, of_year, of_fund) AS f;
$$;
--------
CREATE FUNCTION confirmed_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.confirmed_on IS NOT NULL
        OR EXISTS (SELECT FROM budgets AS b
                   WHERE b.bureau_code = OLD.bureau_code AND b.year = OLD.year
                     AND b.fund = OLD.fund AND b.id > OLD.id AND b.confirmed_on IS NOT NULL)
        OR to_jsonb(NEW) - 'confirmed_by' - 'confirmed_by_name' - 'confirmed_on'
           <> to_jsonb(OLD) - 'confirmed_by' - 'confirmed_by_name' - 'confirmed_on' THEN
        RAISE EXCEPTION 'a budget is confirmed once, and nothing else of it changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgets_confirmed_once';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION payment_allowed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claims WHERE id = NEW.claim_id AND state = 'published') THEN
        RAISE EXCEPTION 'only a published claim is paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_of_published';
    END IF;
    IF NOT EXISTS (SELECT FROM enterprises WHERE id = NEW.enterprise_id AND state = 'verified') THEN
        RAISE EXCEPTION 'the account was not verified'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_to_verified';
    END IF;
    IF EXISTS (SELECT FROM blacklistings AS l, payment_batches AS b
               WHERE l.enterprise_id = NEW.enterprise_id AND b.id = NEW.batch_id
                 AND b.made_on >= l.from_day AND b.made_on <= coalesce(l.until_day, 'infinity')
                 AND b.made_on < coalesce(l.lifted_on, 'infinity')) THEN
        RAISE EXCEPTION 'the enterprise is on the blacklist'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_not_blacklisted';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION payment_final() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'sent' AND to_jsonb(NEW) - 'gross' <> to_jsonb(OLD) - 'gross' THEN
        RAISE EXCEPTION 'the result of a payment is final'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_result_final';
    END IF;
    IF NEW.state = 'paid' AND OLD.state <> 'paid' AND NEW.offset_amount <> (
        SELECT coalesce(sum(o.amount), 0) FROM payment_offsets AS o WHERE o.payment_id = NEW.id) THEN
        RAISE EXCEPTION 'the offsets do not add up'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_offsets_add_up';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION book_offsets() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO recovery_payments (id, recovery_id, enterprise_id, bureau_code, kind, amount,
                                   paid_on, bank_reference, payment_id, recorded_by)
    SELECT gen_random_uuid(), o.recovery_id, o.enterprise_id, o.bureau_code, 'offset', o.amount,
           NEW.paid_on, b.receipt, NEW.id, nullif(current_setting('app.account', true), '')::uuid
    FROM payment_offsets AS o, payment_batches AS b
    WHERE o.payment_id = NEW.id AND b.id = NEW.batch_id ORDER BY o.recovery_id;
    RETURN NULL;
END
$$;
--------
-- What is open of a demand: neither come back nor kept of a payment whose result is not known yet.
CREATE FUNCTION open_of_recovery(asked uuid) RETURNS numeric LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN r.state <> 'demanded' THEN 0.00 ELSE r.amount
           - (SELECT coalesce(sum(b.amount), 0) FROM recovery_payments AS b
              WHERE b.recovery_id = r.id)
           - (SELECT coalesce(sum(o.amount), 0) FROM payment_offsets AS o
              JOIN payments AS p ON p.id = o.payment_id AND p.state = 'sent'
              WHERE o.recovery_id = r.id) END
    FROM recoveries AS r WHERE r.id = asked
$$;
--------
CREATE FUNCTION recovered_within_demand() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM recoveries WHERE id = NEW.recovery_id FOR NO KEY UPDATE;
    IF NEW.amount > coalesce(open_of_recovery(NEW.recovery_id), 0) OR (NEW.kind = 'offset' AND NOT EXISTS (
        SELECT FROM payment_offsets AS o JOIN payments AS p ON p.id = o.payment_id
        WHERE o.payment_id = NEW.payment_id AND o.recovery_id = NEW.recovery_id
          AND o.amount = NEW.amount AND p.state = 'paid')) THEN
        RAISE EXCEPTION 'no more comes back than was demanded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_payments_within_demand';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION recovery_met() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE recoveries AS r
    SET state = 'repaid', repaid_on = NEW.paid_on, bank_reference = NEW.bank_reference
    WHERE r.id = NEW.recovery_id AND r.amount = (
        SELECT sum(b.amount) FROM recovery_payments AS b WHERE b.recovery_id = r.id);
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION recovery_closed_rightly() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'demanded' OR NOT (CASE NEW.state
        WHEN 'repaid' THEN NEW.amount = (
            SELECT coalesce(sum(b.amount), 0) FROM recovery_payments AS b WHERE b.recovery_id = NEW.id)
        ELSE EXISTS (
            SELECT FROM recovery_decisions AS d WHERE d.recovery_id = NEW.id
                AND d.kind = 'write_off' AND d.countersigned_on IS NOT NULL)
            AND NOT EXISTS (
            SELECT FROM payment_offsets AS o JOIN payments AS p ON p.id = o.payment_id
            WHERE o.recovery_id = NEW.id AND p.state = 'sent') END) THEN
        RAISE EXCEPTION 'a demand is met by what came back, or written off by two signatures'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recoveries_closed_rightly';
    END IF;
    RETURN NEW;
END
$$;
--------
-- Of a paid claim no more is demanded than was paid for it and is not demanded already.
CREATE FUNCTION demanded_of_paid() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    claim claims;
BEGIN
    SELECT * INTO claim FROM claims WHERE id = NEW.claim_id FOR NO KEY UPDATE;
    IF claim.id IS NULL OR (NEW.ground <> 'advance' AND (claim.state <> 'paid' OR NEW.amount > (
            SELECT claim.amount - coalesce(sum(r.amount), 0) FROM recoveries AS r
            WHERE r.claim_id = NEW.claim_id AND r.ground <> 'advance')))
        OR (NEW.ground = 'recall' AND claim.kind <> 'advance')
        OR (claim.kind = 'advance' AND EXISTS (
            SELECT FROM claims AS c WHERE c.plan_id = claim.plan_id AND c.kind = 'claim'
                AND c.state NOT IN ('rejected', 'withdrawn'))) THEN
        RAISE EXCEPTION 'no more is demanded than was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recoveries_of_paid';
    END IF;
    IF NEW.ground = 'fraud' AND NOT EXISTS (
        SELECT FROM violations WHERE id = NEW.violation_id AND state = 'established') THEN
        RAISE EXCEPTION 'no violation was established'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'violations_established';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION line_of_paid() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.amount > coalesce((
        SELECT l.payable FROM assessment_lines AS l JOIN assessments AS a ON a.id = l.assessment_id
        WHERE a.claim_id = NEW.claim_id AND l.number = NEW.number AND l.person_id = NEW.person_id
        ORDER BY a.number DESC LIMIT 1), 0) - (
        SELECT coalesce(sum(o.amount), 0) FROM recovery_lines AS o
        WHERE o.claim_id = NEW.claim_id AND o.number = NEW.number)
        OR NEW.amount > coalesce((
        SELECT r.amount FROM recoveries AS r
        WHERE r.id = NEW.recovery_id AND r.claim_id = NEW.claim_id), 0) - (
        SELECT coalesce(sum(o.amount), 0) FROM recovery_lines AS o
        WHERE o.recovery_id = NEW.recovery_id) THEN
        RAISE EXCEPTION 'no more is demanded of a line than was paid for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recoveries_of_paid';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION offset_allowed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM recoveries WHERE id = NEW.recovery_id FOR NO KEY UPDATE;
    IF NEW.amount > coalesce(open_of_recovery(NEW.recovery_id), 0) OR NOT EXISTS (
        SELECT FROM payments AS p WHERE p.id = NEW.payment_id AND p.state = 'sent'
            AND p.offset_amount >= NEW.amount + (
                SELECT coalesce(sum(o.amount), 0) FROM payment_offsets AS o
                WHERE o.payment_id = NEW.payment_id)) THEN
        RAISE EXCEPTION 'no more is kept back than is open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'recovery_payments_within_demand';
    END IF;
    IF NOT EXISTS (
        SELECT FROM recovery_decisions AS d WHERE d.recovery_id = NEW.recovery_id
            AND d.kind = 'offset' AND d.countersigned_on IS NOT NULL) THEN
        RAISE EXCEPTION 'an offset needs two signatures'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_offsets_two_signatures';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION blacklisted_for_cause() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM violations WHERE id = NEW.violation_id AND state = 'established') THEN
        RAISE EXCEPTION 'no violation was established'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'violations_established';
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION ledger_size() RETURNS TABLE (persons bigint, entries bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(DISTINCT person_id), count(*) FROM ledger_entries;
$$;
