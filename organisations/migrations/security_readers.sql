-- Whether a person holds the role that reads the security trail, now.
CREATE FUNCTION organisations_reads_security(reader bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM organisations_rolegrant g JOIN organisations_user u ON u.id = g.user_id
        WHERE u.id = reader AND u.is_active AND g.role = 'security_auditor' AND g.withdrawn_at IS NULL
    )
$body$;

-- The records that fit, newest first: every word in name, login name, organisation or subject; the events; days; a part
-- of the address. Not callable by the application's role, since it asks nobody who reads.
CREATE FUNCTION audit_found_security(
    words text[], events text[], since timestamptz, until timestamptz, from_address text
) RETURNS SETOF audit_securityrecord
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT r.* FROM audit_securityrecord r
    WHERE (events IS NULL OR r.event = ANY (events))
      AND (since IS NULL OR r.at >= since)
      AND (until IS NULL OR r.at < until)
      AND (from_address = '' OR position(lower(from_address) IN host(r.address)) > 0)
      AND NOT EXISTS (
          SELECT 1 FROM unnest(words) word
          WHERE position(lower(word) IN lower(concat_ws(' ', r.username, r.name, r.organisation, r.about))) = 0
      )
$body$;
REVOKE ALL ON FUNCTION audit_found_security(text[], text[], timestamptz, timestamptz, text) FROM PUBLIC;

-- A page of the trail, for a security auditor; for anybody else an error. Reading leaves a record itself, once in a
-- quarter of an hour for each reader and address.
CREATE FUNCTION audit_read_security(
    reader bigint, words text[], events text[], since timestamptz, until timestamptz, from_address text,
    first_row bigint, size bigint, reader_address text, reader_request text
) RETURNS SETOF audit_securityrecord
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF NOT organisations_reads_security(reader) THEN
        RAISE EXCEPTION 'the security trail is read by security auditors' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT * FROM audit_found_security(words, events, since, until, from_address)
        ORDER BY id DESC OFFSET first_row LIMIT size;
    IF NOT EXISTS (
        SELECT 1 FROM audit_securityrecord r
        WHERE r.event = 'security.read' AND r.person_id = reader AND r.at > clock_timestamp() - interval '15 minutes'
          AND r.address IS NOT DISTINCT FROM nullif(reader_address, '')::inet
    ) THEN
        PERFORM audit_note_security(
            'security.read', u.id, u.username::text, u.name::text, o.name::text, reader_address, reader_request, '',
            '{}'::jsonb
        ) FROM organisations_user u JOIN organisations_organisation o ON o.id = u.organisation_id WHERE u.id = reader;
    END IF;
END
$body$;
REVOKE ALL ON FUNCTION
    audit_read_security(bigint, text[], text[], timestamptz, timestamptz, text, bigint, bigint, text, text) FROM PUBLIC;

CREATE FUNCTION audit_read_security_count(
    reader bigint, words text[], events text[], since timestamptz, until timestamptz, from_address text
) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF NOT organisations_reads_security(reader) THEN
        RAISE EXCEPTION 'the security trail is read by security auditors' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (SELECT count(*) FROM audit_found_security(words, events, since, until, from_address));
END
$body$;
REVOKE ALL ON FUNCTION audit_read_security_count(bigint, text[], text[], timestamptz, timestamptz, text) FROM PUBLIC;
