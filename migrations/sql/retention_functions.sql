-- What of a case is never deleted, and what is not while the case is held.
--------
CREATE FUNCTION keep_case_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    -- Before filing, and when a plan was returned, its applicant writes it anew.
    IF EXISTS (
        SELECT FROM gone JOIN plans AS p ON p.id = gone.plan_id
        WHERE p.state NOT IN ('draft', 'returned')
    ) THEN
        RAISE EXCEPTION 'what was filed is kept'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'cases_kept';
    END IF;
    IF EXISTS (
        SELECT FROM gone JOIN legal_holds AS h ON h.plan_id = gone.plan_id
        WHERE h.lifted_on IS NULL
    ) THEN
        RAISE EXCEPTION 'the case is held'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'cases_on_hold';
    END IF;
    RETURN NULL;
END
$$
