-- What may a platform ask, that pushes records itself? As the functions stand since migration 0014.
--
-- A platform reads no table of a case. These look into cases with the rights of subsidy_ledger, and
-- tell of the plans filed with the caller only; anything else does not exist for it.
-- A line of dashes parts two statements.
--------
-- As app.policy.platforms.plain_name compares names; what NFKC leaves of blanks is named one by one,
-- because a pattern's idea of a blank follows the locale. Cased letters outside of ASCII may differ
-- where the locale knows none: then a plan is not found, and never another platform's.
CREATE FUNCTION compared_name(name text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
    SELECT coalesce(nullif(lower(regexp_replace(normalize(name, NFKC),
        '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200f\u2010-\u2015\u2028\u2029'
        '\u202f\u205f\u2060\u3000\ufeff"''“”‘’「」『』《》<>()\[\]【】·•.,，。_\-]+',
        '', 'g')), ''), name)
$$;
--------
CREATE FUNCTION filed_with_caller(asked uuid[]) RETURNS SETOF plans LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT p.*
    FROM platforms AS f JOIN plans AS p ON p.id = ANY (asked)
    WHERE f.id = (SELECT nullif(current_setting('app.platform', true), '')::uuid)
      AND p.state <> 'draft'
      AND compared_name(p.platform_name) = f.plain_name
      -- The name of somebody's own site says nothing of a stranger's of the same name.
      AND (f.kind <> 'own' OR f.enterprise_id = p.enterprise_id)
$$;
--------
CREATE FUNCTION receives_push(asked_plan uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM filed_with_caller(ARRAY[asked_plan]) AS p
        WHERE p.state = 'approved'
          AND EXISTS (
              SELECT FROM platforms AS f
              WHERE f.id = (SELECT nullif(current_setting('app.platform', true), '')::uuid)
                AND f.blocked_since IS NULL)
          AND NOT EXISTS (
              SELECT FROM claims AS c
              WHERE c.plan_id = p.id AND c.kind = 'claim'
                AND c.state NOT IN ('rejected', 'withdrawn', 'returned')))
$$;
--------
CREATE FUNCTION plans_for_push(receipts text[], ids uuid[])
RETURNS TABLE (id uuid, receipt text, enterprise_id uuid, bureau_code text, state text, open boolean,
               starts_on date, ends_on date, approved_on date, courses json, suspensions json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own uuid[] := ARRAY(
        SELECT f.id FROM filed_with_caller(
            ids || ARRAY(SELECT p.id FROM plans AS p WHERE p.receipt = ANY (receipts))) AS f);
BEGIN
    -- A claim refers to its plan: its filing waits for this push, or this push for the filing.
    PERFORM FROM plans AS p WHERE p.id = ANY (own) ORDER BY p.id FOR UPDATE;
    RETURN QUERY
    SELECT p.id, p.receipt, p.enterprise_id, p.bureau_code, p.state, receives_push(p.id),
           p.starts_on, p.ends_on, p.approved_on,
           (SELECT json_agg(json_build_object(
                'number', c.number, 'name', c.name, 'category', c.category, 'mode', c.mode,
                'class_hours', c.class_hours, 'explanation', c.explanation) ORDER BY c.number)
            FROM plan_courses AS c WHERE c.plan_id = p.id),
           (SELECT json_agg(json_build_object(
                'from_day', s.from_day, 'to_day', s.to_day, 'reason', s.reason)
                ORDER BY s.from_day)
            FROM suspensions AS s WHERE s.plan_id = p.id)
    FROM plans AS p WHERE p.id = ANY (own);
END
$$;
--------
CREATE FUNCTION trainees_for_push(plans uuid[], digests bytea[])
RETURNS TABLE (plan uuid, digest bytea, trainee uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.plan, a.digest, t.id
    FROM unnest(plans, digests) AS a (plan, digest)
    JOIN persons AS p ON p.id_digest = a.digest
    JOIN trainees AS t ON t.plan_id = a.plan AND t.person_id = p.id
    WHERE a.plan IN (SELECT f.id FROM filed_with_caller(plans) AS f)
$$;
