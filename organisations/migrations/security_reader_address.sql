-- The record of reading names the address and the request, as every other record does; who reads from another address
-- within the quarter of an hour leaves another one.
DROP FUNCTION audit_read_security(bigint, text[], text[], timestamptz, timestamptz, text, bigint, bigint);
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
