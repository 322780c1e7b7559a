-- Functions of history and of the security trail that no model makes. Written anew by each migrate.

-- A change can be opened by this function alone; it belongs to the transaction that opened it.
CREATE OR REPLACE FUNCTION audit_open_change(
    actor bigint, actor_name text, actor_organisation text, on_behalf_of text, reason text, door text, request text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    opened bigint;
BEGIN
    IF coalesce(btrim(actor_name), '') = '' OR coalesce(btrim(reason), '') = '' THEN
        RAISE EXCEPTION 'a change needs an actor and a reason';
    END IF;
    INSERT INTO audit_change (at, actor_id, actor_name, actor_organisation, on_behalf_of, reason, door, request, transaction_id)
    VALUES (clock_timestamp(), actor, actor_name, actor_organisation, on_behalf_of, reason, door, request,
            pg_current_xact_id()::text::bigint)
    RETURNING id INTO opened;
    PERFORM set_config('audit.change', opened::text, true);
    RETURN opened;
END
$body$;

-- The rows of the security trail are guarded one by one (migrations/security_trail.sql); this one guards all of them at
-- once, from whoever may empty a table: its owner.
CREATE OR REPLACE FUNCTION audit_keep_security_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    RAISE EXCEPTION 'the security trail is cleared by audit_clear_security alone';
END
$body$;
CREATE OR REPLACE TRIGGER audit_keep_whole BEFORE TRUNCATE ON audit_securityrecord
    FOR EACH STATEMENT EXECUTE FUNCTION audit_keep_security_whole();
