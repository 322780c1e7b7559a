-- What the guards of this room ask.

-- Who had a hand in a form: steps that were taken stay taken, so that all versions are asked.
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
$body$;

CREATE OR REPLACE FUNCTION submissions_confirmed_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_historicalsubmission h WHERE h.id = form AND h.confirmed_by_id = person)
$body$;

CREATE OR REPLACE FUNCTION submissions_reviewed_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_review r WHERE r.submission_id = form AND r.by_id = person)
        OR EXISTS (SELECT 1 FROM submissions_historicalsubmission h WHERE h.id = form AND h.decided_by_id = person)
$body$;

CREATE OR REPLACE FUNCTION submissions_state_of(form bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT s.state FROM submissions_submission s WHERE s.id = form
$body$;

CREATE OR REPLACE FUNCTION submissions_reviewer_of(review bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT r.by_id FROM submissions_review r WHERE r.id = review
$body$;

CREATE OR REPLACE FUNCTION submissions_correction_agreed(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_correction c WHERE c.submission_id = form AND c.state = 'agreed')
$body$;

CREATE OR REPLACE FUNCTION submissions_correction_agreed(form bigint, cell bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_correction c
        WHERE c.submission_id = form AND c.state = 'agreed' AND c.figures @> to_jsonb(cell)
    )
$body$;

CREATE OR REPLACE FUNCTION submissions_stands_published(cell bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_publishedvalue p WHERE p.figure_id = cell AND p.withdrawn_at IS NULL)
$body$;

CREATE OR REPLACE FUNCTION submissions_last_was_withdrawn(cell bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT p.withdrawn_at IS NOT NULL FROM submissions_publishedvalue p
    WHERE p.figure_id = cell ORDER BY p.sequence DESC LIMIT 1
$body$;

-- Whether a published value says what its figure says, of the form that its review is about.
CREATE OR REPLACE FUNCTION submissions_says_what_was_reviewed(key bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_publishedvalue published
        JOIN submissions_figure f ON f.id = published.figure_id
        JOIN submissions_review r ON r.id = published.review_id AND r.submission_id = f.submission_id
        WHERE published.id = key
          AND (f.indicator_id, f.organisation_id, f.period_id, f.answer, f.value_printed, f.parts, f.no_data_reason)
            = (published.indicator_id, published.organisation_id, published.period_id, published.answer,
               published.value_printed, published.parts, published.no_data_reason)
          AND (f.value, f.as_of) IS NOT DISTINCT FROM (published.value, published.as_of)
    )
$body$;
