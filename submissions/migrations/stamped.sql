-- A form on paper: what its version code stands for, and whether the stamped scan of that is there.

-- A short code of what the form says now; the same content has the same code, any other has another.
CREATE OR REPLACE FUNCTION submissions_version_code(form bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT substr(code, 1, 4) || '-' || substr(code, 5, 4)
    FROM (
        SELECT upper(encode(sha256(convert_to(form || '/' || coalesce(string_agg(line, '/' ORDER BY line), ''), 'UTF8')), 'hex')) AS code
        FROM (
            SELECT jsonb_build_array('figure', f.id, f.answer, f.value, f.value_printed, f.parts, f.no_data_reason, f.as_of,
                       f.as_of_printed, f.last_year_value, f.reported_growth, f.growth_source, f.data_source,
                       f.explanation, f.expectation)::text AS line
            FROM submissions_figure f WHERE f.submission_id = form AND f.is_owed
            UNION ALL
            SELECT jsonb_build_array('note', p.id, p.state, p.progress, p.problems, p.next_step)::text
            FROM submissions_progressnote p WHERE p.submission_id = form AND p.is_owed
        ) said
    ) digest
$body$;

-- Whether the stamped scan of what the form says now is there.
CREATE OR REPLACE FUNCTION submissions_is_stamped(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (SELECT 1 FROM submissions_stampedscan any_of WHERE any_of.submission_id = form)
        AND EXISTS (
            SELECT 1 FROM submissions_stampedscan scan
            WHERE scan.submission_id = form AND scan.version_code = submissions_version_code(form)
        )
$body$;

-- Whether the plan asks for the stamped paper before a form is handed in, and it isn't there.
CREATE OR REPLACE FUNCTION submissions_lacks_stamp(form bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT EXISTS (
        SELECT 1 FROM submissions_submission s
        JOIN plans_reportingperiod p ON p.id = s.period_id
        JOIN submissions_levelsetting general ON general.plan_id = p.plan_id AND general.organisation_id IS NULL
        WHERE s.id = form AND general.stamped = 'before'
    ) AND NOT submissions_is_stamped(form)
$body$;

-- Within how many working days after it was handed in the plan asks for a form's stamped paper; none where it doesn't.
CREATE OR REPLACE FUNCTION submissions_stamp_days(form bigint) RETURNS smallint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $body$
    SELECT general.stamp_days::smallint
    FROM submissions_submission s
    JOIN plans_reportingperiod p ON p.id = s.period_id
    JOIN submissions_levelsetting general ON general.plan_id = p.plan_id AND general.organisation_id IS NULL
    WHERE s.id = form AND general.stamped = 'after'
$body$;

-- Who had a hand in a form: whoever attached its stamped scan too.
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
        OR EXISTS (
            SELECT 1 FROM submissions_stampedscan scan WHERE scan.submission_id = form AND scan.uploaded_by_id = person
        )
$body$;
