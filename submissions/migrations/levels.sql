-- How many steps a form takes, and that nobody takes two of them, whichever way a row is written.

-- In the working group: as the organisation's setting has it, else the plan's, else one.
CREATE OR REPLACE FUNCTION submissions_steps_in_group(form bigint) RETURNS smallint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT coalesce(own.in_group, general.in_group, 1)::smallint
    FROM submissions_submission s
    JOIN plans_reportingperiod p ON p.id = s.period_id
    LEFT JOIN submissions_levelsetting own ON own.plan_id = p.plan_id AND own.organisation_id = s.organisation_id
    LEFT JOIN submissions_levelsetting general ON general.plan_id = p.plan_id AND general.organisation_id IS NULL
    WHERE s.id = form
$body$;

-- In the unit: the same, and two where the organisation itself wants its head to confirm.
CREATE OR REPLACE FUNCTION submissions_steps_in_unit(form bigint) RETURNS smallint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT coalesce(own.in_unit, CASE WHEN o.needs_confirmation THEN 2 END, general.in_unit, 1)::smallint
    FROM submissions_submission s
    JOIN plans_reportingperiod p ON p.id = s.period_id
    JOIN organisations_organisation o ON o.id = s.organisation_id
    LEFT JOIN submissions_levelsetting own ON own.plan_id = p.plan_id AND own.organisation_id = s.organisation_id
    LEFT JOIN submissions_levelsetting general ON general.plan_id = p.plan_id AND general.organisation_id IS NULL
    WHERE s.id = form
$body$;

-- Who took which of the working group's two steps: what was taken stays taken, in later rounds too.
CREATE OR REPLACE FUNCTION submissions_first_reviewed_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
            SELECT 1 FROM submissions_review r WHERE r.submission_id = form AND r.by_id = person AND r.step = 'first'
        )
        OR EXISTS (
            SELECT 1 FROM submissions_historicalsubmission h WHERE h.id = form AND h.first_reviewed_by_id = person
        )
$body$;

CREATE OR REPLACE FUNCTION submissions_finally_reviewed_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r WHERE r.submission_id = form AND r.by_id = person AND r.step = 'final'
    )
$body$;

-- Who decided on a form at any level, or answered its request for correction.
CREATE OR REPLACE FUNCTION submissions_reviewed_by(form bigint, person bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_review r WHERE r.submission_id = form AND r.by_id = person)
        OR EXISTS (
            SELECT 1 FROM submissions_historicalsubmission h
            WHERE h.id = form AND person IN (h.decided_by_id, h.first_reviewed_by_id)
        )
        OR EXISTS (SELECT 1 FROM submissions_correction c WHERE c.submission_id = form AND c.decided_by_id = person)
$body$;

-- Whether a review says what became of its form, in the very change that moved it, at the level that it stood at.
CREATE OR REPLACE FUNCTION submissions_fits_its_form(review bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r
        JOIN submissions_submission s ON s.id = r.submission_id AND s.round = r.round
        JOIN audit_entry e ON e.id = r.entry_id
        JOIN LATERAL (
            SELECT h.history_id FROM submissions_historicalsubmission h
            WHERE h.id = s.id AND h.change_id = e.change_id AND h.state = s.state AND h.history_type = '~'
            ORDER BY h.history_id DESC LIMIT 1
        ) moved ON true
        JOIN LATERAL (
            SELECT h.state FROM submissions_historicalsubmission h
            WHERE h.id = s.id AND h.history_id < moved.history_id ORDER BY h.history_id DESC LIMIT 1
        ) before ON true
        WHERE r.id = review
          AND e.change_id = (audit_current_change()).id
          AND CASE r.decision
                  WHEN 'withdrawn' THEN s.state = 'submitted' AND before.state = 'approved' AND s.decided_by_id IS NULL
                  WHEN 'passed' THEN s.state = 'first_reviewed' AND s.first_reviewed_by_id = r.by_id
                  WHEN 'sent_back' THEN s.state = 'submitted' AND before.state = 'first_reviewed'
                  ELSE s.state = r.decision AND s.decided_by_id = r.by_id
              END
          AND r.step = CASE
                  WHEN s.steps_in_group = 1 THEN 'only'
                  WHEN before.state IN ('first_reviewed', 'approved') THEN 'final'
                  ELSE 'first'
              END
    )
$body$;

-- Whether the open change decides on the form: approves it, or returns it; a first review alone publishes nothing.
CREATE OR REPLACE FUNCTION submissions_is_being_decided(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_review r
        JOIN submissions_submission s ON s.id = r.submission_id AND s.round = r.round AND s.state = r.decision
        JOIN audit_entry e ON e.id = r.entry_id
        WHERE r.submission_id = form AND r.step <> 'first' AND e.change_id = (audit_current_change()).id
    )
$body$;

-- Whether a form stands as its last review left it: no decision without a review of its round, none after it, and
-- where there are two levels none without the first review of this round.
CREATE OR REPLACE FUNCTION submissions_stands_as_reviewed(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT CASE
        WHEN s.state = 'approved' THEN
            (r.decision, r.round, r.by_id) IS NOT DISTINCT FROM ('approved', s.round, s.decided_by_id)
            AND (s.steps_in_group = 1 OR EXISTS (
                SELECT 1 FROM submissions_review passed
                WHERE passed.submission_id = s.id AND passed.decision = 'passed'
                  AND (passed.round, passed.by_id) = (s.round, s.first_reviewed_by_id)
            ))
        WHEN s.state = 'first_reviewed' THEN
            (r.decision, r.round, r.by_id) IS NOT DISTINCT FROM ('passed', s.round, s.first_reviewed_by_id)
        WHEN s.state = 'reopened' THEN (r.decision, r.round) IS NOT DISTINCT FROM ('approved', s.round)
        -- an approved form is returned for what the responsibilities ask since
        WHEN s.state = 'returned' THEN r.round IS NOT DISTINCT FROM s.round AND r.decision IN ('returned', 'approved')
        WHEN s.state = 'submitted' THEN r.round IS DISTINCT FROM s.round OR r.decision IN ('withdrawn', 'sent_back')
        ELSE true
    END
    FROM submissions_submission s
    LEFT JOIN LATERAL (
        SELECT * FROM submissions_review given WHERE given.submission_id = s.id ORDER BY given.id DESC LIMIT 1
    ) r ON true
    WHERE s.id = form
$body$;

-- Whether a published value is the next one of its figure, says what it says, and is published by the decision that the
-- open change takes on its form, in this round, while its cell is up for it.
CREATE OR REPLACE FUNCTION submissions_says_what_was_reviewed(key bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_publishedvalue published
        JOIN submissions_figure f ON f.id = published.figure_id
        JOIN submissions_review r ON r.id = published.review_id AND r.submission_id = f.submission_id AND r.step <> 'first'
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
