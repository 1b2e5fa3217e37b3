-- Who may change whose rights, who holds a credit code, and which account may be paid.
--------
CREATE FUNCTION charged_with(duty text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM accounts AS a
        WHERE a.id = nullif(current_setting('app.account', true), '')::uuid AND a.active
          AND a.bureau_code = current_setting('app.bureau', true) AND duty = ANY (a.duties)
    );
$$;
--------
CREATE FUNCTION manages() RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM accounts AS a
        WHERE a.id = nullif(current_setting('app.account', true), '')::uuid AND a.active
          AND a.enterprise_id = nullif(current_setting('app.enterprise', true), '')::uuid
          AND NOT a.clerk
    );
$$;
--------
-- An account is a new enterprise's first, or somebody of the enterprise invited its holder.
CREATE FUNCTION may_join(enterprise uuid, as_clerk boolean) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM accounts AS a WHERE a.enterprise_id = enterprise)
           AND NOT EXISTS (SELECT FROM enterprises AS e WHERE e.id = enterprise)
        OR EXISTS (
            SELECT FROM invitations AS i
            WHERE i.enterprise_id = enterprise AND i.clerk = as_clerk AND i.used_at IS NULL
              AND i.revoked_at IS NULL AND i.expires_at > now()
        );
$$;
--------
CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE refresh_tokens SET revoked_at = now()
    WHERE account_id = NEW.id AND revoked_at IS NULL;
    IF NEW.must_change_password AND NOT OLD.must_change_password THEN
        DELETE FROM second_factors WHERE account_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION accept_registration() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    signed_up text := (SELECT s.uscc FROM sign_ups AS s WHERE s.enterprise_id = NEW.id);
    by_enterprise boolean := current_setting('role', true) = 'subsidy_enterprise';
BEGIN
    IF OLD.state = 'closed' THEN
        RAISE EXCEPTION 'another registration of the credit code was accepted'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'uq_enterprises_uscc';
    END IF;
    NEW.accepted := coalesce(OLD.accepted, false);
    NEW.accepted_digest := OLD.accepted_digest;
    NEW.revision := coalesce(OLD.revision, 0)
        + CASE WHEN TG_OP = 'INSERT' OR by_enterprise THEN 1 ELSE 0 END;
    IF NEW.state <> 'closed' AND EXISTS (
        SELECT FROM enterprises AS e WHERE e.uscc = NEW.uscc AND e.accepted AND e.id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'the credit code is held by another'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'uq_enterprises_uscc';
    END IF;
    IF NEW.uscc <> signed_up OR (NEW.accepted AND NEW.uscc <> OLD.uscc) THEN
        RAISE EXCEPTION 'the credit code stands as signed up with, or as accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprises_uscc_stands';
    END IF;
    IF TG_OP = 'UPDATE' AND by_enterprise AND NOT manages()
        AND (NEW.account_digest, NEW.bank_name, NEW.account_name)
            IS DISTINCT FROM (OLD.account_digest, OLD.bank_name, OLD.account_name) THEN
        RAISE EXCEPTION 'a manager changes the bank account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprises_account_by_manager';
    END IF;
    IF NEW.state = 'verified' AND OLD.state IS DISTINCT FROM 'verified' THEN
        IF signed_up IS NOT NULL
            AND NOT EXISTS (SELECT FROM licences AS l WHERE l.enterprise_id = NEW.id) THEN
            RAISE EXCEPTION 'the licence shows who holds the credit code'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'enterprises_licence_shown';
        END IF;
        NEW.accepted := true;
        NEW.accepted_digest := NEW.account_digest;
    END IF;
    RETURN NEW;
END
$$;
--------
CREATE FUNCTION close_rivals() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE enterprises SET state = 'closed', remark = '该统一社会信用代码的登记已由另一账户完成核验'
    WHERE uscc = NEW.uscc AND id <> NEW.id AND NOT accepted AND state <> 'closed';
    RETURN NULL;
END
$$;
--------
CREATE FUNCTION paid_to_accepted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM enterprises AS e WHERE e.id = NEW.enterprise_id
               AND e.accepted_digest IS DISTINCT FROM e.account_digest) THEN
        RAISE EXCEPTION 'the account was not accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_to_verified';
    END IF;
    RETURN NEW;
END
$$;
