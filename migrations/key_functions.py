"""What may an officer read whole? The functions that give out what is sealed, and to whom."""

ASKED_BY_BUREAUS = ("sealed_id_of(uuid, integer)",)

# Nobody but the ledger reads persons; the duty is asked here as well, since this is the way out.
SEALED_ID_OF = """
    CREATE FUNCTION sealed_id_of(asked_plan uuid, asked_number integer) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT p.id_sealed FROM trainees AS t JOIN persons AS p ON p.id = t.person_id
        WHERE t.plan_id = asked_plan AND t.number = asked_number
          AND t.bureau_code = current_setting('app.bureau', true)
          AND EXISTS (SELECT FROM accounts AS a
                      WHERE a.id = nullif(current_setting('app.account', true), '')::uuid
                        AND 'review' = ANY (a.duties))
    $$
"""
