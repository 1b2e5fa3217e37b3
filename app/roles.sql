-- Which roles must exist? One that owns, one that connects, one for each kind of caller.
DO $$
DECLARE
    caller text;
BEGIN
    FOREACH caller IN ARRAY ARRAY[
        'subsidy_owner', 'subsidy_ledger', 'subsidy_enterprise', 'subsidy_district',
        'subsidy_centre', 'subsidy_public', 'subsidy_sign_in', 'subsidy_registrar',
        'subsidy_sandbox', 'subsidy_auditor', 'subsidy_simulator', 'subsidy_scanner',
        'subsidy_sweeper', 'subsidy_platform', 'subsidy_sealer', 'subsidy_outside',
        'subsidy_resealer', 'subsidy_holder', 'subsidy_archivist'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = caller) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', caller);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'subsidy_service') THEN
        CREATE ROLE subsidy_service LOGIN NOINHERIT;
    END IF;
END
$$;

-- The role of the sandbox has rights in a sandbox's database only (`subsidy sandbox` grants them);
-- no request takes that of the simulator, only the process that computes simulations; nor that of
-- the scanner, only the task that has evidence scanned, nor that of the sweeper, only the command
-- that removes what was never finished, nor that of the sealer, only the task that seals the audit.
-- The service may become one of its callers' roles, and by itself may do nothing at all.
GRANT subsidy_enterprise, subsidy_district, subsidy_centre, subsidy_public, subsidy_sign_in,
    subsidy_sandbox, subsidy_simulator, subsidy_scanner, subsidy_sweeper,
    subsidy_platform, subsidy_sealer, subsidy_outside, subsidy_holder TO subsidy_service;

-- The owner hands the booking functions to the ledger's role; the administrator acts as the owner.
GRANT subsidy_ledger TO subsidy_owner;
GRANT subsidy_owner, subsidy_registrar, subsidy_auditor, subsidy_resealer, subsidy_archivist
    TO CURRENT_USER;
DO $$ BEGIN
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO subsidy_owner', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO subsidy_service', current_database());
    -- Learning records are staged in a temporary table.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO subsidy_enterprise, subsidy_district,'
        ' subsidy_centre', current_database());
END $$;
GRANT USAGE, CREATE ON SCHEMA public TO subsidy_owner, subsidy_ledger;
GRANT USAGE ON SCHEMA public TO subsidy_enterprise, subsidy_district, subsidy_centre,
    subsidy_public, subsidy_sign_in, subsidy_registrar, subsidy_sandbox, subsidy_auditor,
    subsidy_simulator, subsidy_scanner, subsidy_sweeper, subsidy_platform, subsidy_sealer,
    subsidy_outside, subsidy_resealer, subsidy_holder, subsidy_archivist, subsidy_service;
