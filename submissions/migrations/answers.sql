-- Who decided on a form: answering its request for correction is a step too.
CREATE OR REPLACE FUNCTION submissions_reviewed_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_review r WHERE r.submission_id = form AND r.by_id = person)
        OR EXISTS (SELECT 1 FROM submissions_historicalsubmission h WHERE h.id = form AND h.decided_by_id = person)
        OR EXISTS (SELECT 1 FROM submissions_correction c WHERE c.submission_id = form AND c.decided_by_id = person)
$body$;
