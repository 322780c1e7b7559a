-- Whoever loaded a value that its organisation took over had a hand in the form, as whoever typed one.
CREATE OR REPLACE FUNCTION submissions_filled_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_historicalfigure h WHERE h.submission_id = form AND h.saved_by_id = person)
        OR EXISTS (SELECT 1 FROM submissions_historicalprogressnote h WHERE h.submission_id = form AND h.saved_by_id = person)
        OR EXISTS (SELECT 1 FROM submissions_historicalsubmission h WHERE h.id = form AND h.submitted_by_id = person)
        OR EXISTS (SELECT 1 FROM submissions_historicalcorrection h WHERE h.submission_id = form AND h.asked_by_id = person)
        OR EXISTS (
            SELECT 1 FROM submissions_evidence e
            LEFT JOIN submissions_figure f ON f.id = e.figure_id
            LEFT JOIN submissions_progressnote p ON p.id = e.note_id
            WHERE e.added_by_id = person AND coalesce(f.submission_id, p.submission_id) = form
        )
        OR EXISTS (
            SELECT 1 FROM submissions_proposedvalue v JOIN submissions_figure f ON f.id = v.figure_id
            WHERE v.proposed_by_id = person AND v.state = 'taken' AND f.submission_id = form
        )
$body$;
