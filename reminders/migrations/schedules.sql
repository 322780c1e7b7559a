-- Schedules are the library's table, without versions. Whatever decides whether and when a job runs is recorded by the
-- database itself, as an entry of the open change: the daily anchor is not switched off unseen. What the scheduler counts
-- in its rows is not history, and neither are the library's own rows (celery.…).
CREATE OR REPLACE FUNCTION reminders_record_schedules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    counted text[] := ARRAY['last_run_at', 'total_run_count', 'date_changed'];
    subject bigint;
    pair record;
BEGIN
    FOR pair IN EXECUTE CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT n.id, n.name, NULL::jsonb AS before, to_jsonb(n) - $1 AS after FROM new_rows n'
        WHEN 'UPDATE' THEN 'SELECT n.id, o.name, to_jsonb(o) - $1 AS before, to_jsonb(n) - $1 AS after'
                           ' FROM new_rows n FULL JOIN old_rows o ON o.id = n.id'
        ELSE 'SELECT o.id, o.name, to_jsonb(o) - $1 AS before, NULL::jsonb AS after FROM old_rows o'
    END USING counted
    LOOP
        CONTINUE WHEN pair.before IS NOT DISTINCT FROM pair.after OR pair.name LIKE 'celery.%';
        subject := (SELECT id FROM django_content_type WHERE app_label = 'django_celery_beat' AND model = 'periodictask');
        INSERT INTO audit_entry (change_id, event, subject_type_id, subject_id, subject_label, detail)
        VALUES (
            (audit_current_change()).id, 'schedule.change', subject, pair.id, pair.name,
            jsonb_build_object(
                'before', (SELECT jsonb_object_agg(key, value) FROM jsonb_each(pair.before)
                           WHERE value IS DISTINCT FROM pair.after -> key),
                'after', (SELECT jsonb_object_agg(key, value) FROM jsonb_each(pair.after)
                          WHERE value IS DISTINCT FROM pair.before -> key))
        );
    END LOOP;
    RETURN NULL;
END
$body$;
CREATE OR REPLACE TRIGGER reminders_insert AFTER INSERT ON django_celery_beat_periodictask
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reminders_record_schedules();
CREATE OR REPLACE TRIGGER reminders_update AFTER UPDATE ON django_celery_beat_periodictask
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION reminders_record_schedules();
CREATE OR REPLACE TRIGGER reminders_delete AFTER DELETE ON django_celery_beat_periodictask
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION reminders_record_schedules();
