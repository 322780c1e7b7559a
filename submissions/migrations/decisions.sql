-- A decision, and what it publishes, stand together: in one change, of one round, by one person.

-- Whether a review says what became of its form, in the very change that moved it.
CREATE OR REPLACE FUNCTION submissions_fits_its_form(review bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r
        JOIN submissions_submission s ON s.id = r.submission_id AND s.round = r.round
        JOIN audit_entry e ON e.id = r.entry_id
        WHERE r.id = review
          AND e.change_id = (audit_current_change()).id
          AND CASE WHEN r.decision = 'withdrawn' THEN s.state = 'submitted' AND s.decided_by_id IS NULL
                   ELSE s.state = r.decision AND s.decided_by_id = r.by_id END
          AND EXISTS (
              SELECT 1 FROM submissions_historicalsubmission h
              WHERE h.id = s.id AND h.change_id = e.change_id AND h.state = s.state AND h.history_type = '~'
          )
    )
$body$;

-- Whether the open change decides on the form: approves it, or returns it.
CREATE OR REPLACE FUNCTION submissions_is_being_decided(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r
        JOIN submissions_submission s ON s.id = r.submission_id AND s.round = r.round AND s.state = r.decision
        JOIN audit_entry e ON e.id = r.entry_id
        WHERE r.submission_id = form AND e.change_id = (audit_current_change()).id
    )
$body$;

-- Whether the open change withdraws what the form's last approval published.
CREATE OR REPLACE FUNCTION submissions_is_being_withdrawn(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r
        JOIN submissions_submission s ON s.id = r.submission_id AND s.round = r.round AND s.state = 'submitted'
        JOIN audit_entry e ON e.id = r.entry_id
        WHERE r.submission_id = form AND r.decision = 'withdrawn' AND e.change_id = (audit_current_change()).id
    )
$body$;

-- Whether the approval that published a value is the one that the open change withdraws.
CREATE OR REPLACE FUNCTION submissions_publication_is_being_withdrawn(approval bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r
        WHERE r.id = approval AND r.decision = 'approved' AND submissions_is_being_withdrawn(r.submission_id)
          AND NOT EXISTS (
              SELECT 1 FROM submissions_review later
              WHERE later.submission_id = r.submission_id AND later.decision = 'approved' AND later.id > r.id
          )
    )
$body$;

-- Whether a form stands as its last review left it: no decision without a review of its round, none after it.
CREATE OR REPLACE FUNCTION submissions_stands_as_reviewed(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT CASE
        WHEN s.state = 'approved' THEN (r.decision, r.round, r.by_id) IS NOT DISTINCT FROM ('approved', s.round, s.decided_by_id)
        WHEN s.state = 'reopened' THEN (r.decision, r.round) IS NOT DISTINCT FROM ('approved', s.round)
        -- an approved form is returned for what the responsibilities ask since
        WHEN s.state = 'returned' THEN r.round IS NOT DISTINCT FROM s.round AND r.decision IN ('returned', 'approved')
        WHEN s.state = 'submitted' THEN r.round IS DISTINCT FROM s.round OR r.decision = 'withdrawn'
        ELSE true
    END
    FROM submissions_submission s
    LEFT JOIN LATERAL (
        SELECT * FROM submissions_review given WHERE given.submission_id = s.id ORDER BY given.id DESC LIMIT 1
    ) r ON true
    WHERE s.id = form
$body$;

-- Whether the value that stands published for a cell is what the cell says.
CREATE OR REPLACE FUNCTION submissions_stands_published(cell bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT coalesce((
        SELECT (f.answer, f.value, f.value_printed, f.parts, f.no_data_reason, f.as_of, f.last_year_value, f.reported_growth)
            IS NOT DISTINCT FROM
               (p.answer, p.value, p.value_printed, p.parts, p.no_data_reason, p.as_of, p.last_year_value, p.reported_growth)
        FROM submissions_publishedvalue p JOIN submissions_figure f ON f.id = p.figure_id
        WHERE p.figure_id = cell AND p.withdrawn_at IS NULL ORDER BY p.sequence DESC LIMIT 1
    ), false)
$body$;

-- Whether a published value is the next one of its figure, says what it says, and is published by the decision that the
-- open change takes on its form, in this round, while its cell is up for it.
CREATE OR REPLACE FUNCTION submissions_says_what_was_reviewed(key bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_publishedvalue published
        JOIN submissions_figure f ON f.id = published.figure_id
        JOIN submissions_review r ON r.id = published.review_id AND r.submission_id = f.submission_id
        JOIN submissions_submission s ON s.id = r.submission_id
        JOIN audit_entry e ON e.id = r.entry_id
        WHERE published.id = key
          AND e.change_id = (audit_current_change()).id
          AND (s.round, s.state, s.decided_by_id) = (r.round, r.decision, r.by_id)
          AND f.state = 'submitted' AND f.is_owed
          AND published.withdrawn_at IS NULL
          AND published.sequence = (
              SELECT count(*) FROM submissions_publishedvalue every WHERE every.figure_id = published.figure_id
          )
          AND (f.indicator_id, f.organisation_id, f.period_id)
            = (published.indicator_id, published.organisation_id, published.period_id)
          AND (f.answer, f.value, f.value_printed, f.parts, f.no_data_reason, f.as_of, f.as_of_precision,
               f.as_of_printed, f.last_year_value, f.reported_growth, f.growth_source, f.data_source, f.explanation,
               f.expectation, f.provenance)
            IS NOT DISTINCT FROM
              (published.answer, published.value, published.value_printed, published.parts, published.no_data_reason,
               published.as_of, published.as_of_precision, published.as_of_printed, published.last_year_value,
               published.reported_growth, published.growth_source, published.data_source, published.explanation,
               published.expectation, published.provenance)
    )
$body$;

-- Whether a cell and its publication say the same at the end of a change.
CREATE OR REPLACE FUNCTION submissions_cell_agrees(cell bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT CASE
        WHEN f.state = 'approved' THEN submissions_stands_published(f.id)
        WHEN last.withdrawn_at IS NULL AND s.state IN ('approved', 'returned') AND s.round = last.round
            THEN false
        ELSE true
    END
    FROM submissions_figure f
    JOIN submissions_submission s ON s.id = f.submission_id
    JOIN LATERAL (
        SELECT p.withdrawn_at, r.round FROM submissions_publishedvalue p
        JOIN submissions_review r ON r.id = p.review_id WHERE p.figure_id = f.id ORDER BY p.sequence DESC LIMIT 1
    ) last ON true
    WHERE f.id = cell
$body$;
