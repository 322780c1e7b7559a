-- The security trail is written by this function alone. The application's role may call it, and neither read nor
-- change the table; who and where come from the caller, the time is the database's own.
CREATE FUNCTION audit_note_security(
    event text, person bigint, username text, name text, organisation text, address text, request text, about text,
    detail jsonb
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    written bigint;
BEGIN
    IF coalesce(btrim(event), '') = '' THEN
        RAISE EXCEPTION 'a security record needs an event';
    END IF;
    INSERT INTO audit_securityrecord
        (at, event, person_id, username, name, organisation, address, request, about, detail)
    VALUES (clock_timestamp(), event, person, left(coalesce(username, ''), 150), left(coalesce(name, ''), 100),
            left(coalesce(organisation, ''), 200), nullif(address, '')::inet, left(coalesce(request, ''), 40),
            left(coalesce(about, ''), 300), coalesce(detail, '{}'))
    RETURNING id INTO written;
    RETURN written;
END
$body$;
REVOKE ALL ON FUNCTION audit_note_security(text, bigint, text, text, text, text, text, text, jsonb) FROM PUBLIC;

-- Whoever may write the table at all (its owner) changes nothing in it, and deletes nothing that is younger than the
-- six months that every installation keeps.
CREATE FUNCTION audit_keep_security() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a security record does not change';
    END IF;
    IF OLD.at > clock_timestamp() - interval '6 months' THEN
        RAISE EXCEPTION 'a security record is kept for six months at least';
    END IF;
    RETURN OLD;
END
$body$;
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit_securityrecord
    FOR EACH ROW EXECUTE FUNCTION audit_keep_security();
