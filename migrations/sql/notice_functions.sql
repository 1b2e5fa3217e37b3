-- How are names entered for the search of notices? The function as it stands since migration 0020.
-- A line of dashes parts two statements.
--------
CREATE OR REPLACE FUNCTION enter_names() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO notice_terms (term, last_day, notice_id)
    SELECT DISTINCT term, n.last_day, l.notice_id
    FROM listed AS l JOIN notices AS n ON n.id = l.notice_id,
        unnest(name_terms(l.enterprise_name)) AS term;
    RETURN NULL;
END
$$;
