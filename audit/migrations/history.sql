-- A change can be opened by this function alone; it belongs to the transaction that opened it.
CREATE OR REPLACE FUNCTION audit_open_change(
    actor bigint, actor_name text, actor_organisation text, on_behalf_of text, reason text, door text, request text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    opened bigint;
BEGIN
    IF coalesce(btrim(actor_name), '') = '' OR coalesce(btrim(reason), '') = '' THEN
        RAISE EXCEPTION 'a change needs an actor and a reason';
    END IF;
    INSERT INTO audit_change (at, actor_id, actor_name, actor_organisation, on_behalf_of, reason, door, request, transaction_id)
    VALUES (clock_timestamp(), actor, actor_name, actor_organisation, on_behalf_of, reason, door, request,
            pg_current_xact_id()::text::bigint)
    RETURNING id INTO opened;
    PERFORM set_config('audit.change', opened::text, true);
    RETURN opened;
END
$body$;

-- The change of this transaction; a write without one is refused, and so is one under another transaction's change.
CREATE OR REPLACE FUNCTION audit_current_change() RETURNS audit_change
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    found_change audit_change%ROWTYPE;
BEGIN
    SELECT * INTO found_change FROM audit_change
    WHERE id = nullif(current_setting('audit.change', true), '')::bigint
      AND transaction_id = pg_current_xact_id_if_assigned()::text::bigint;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a write to a tracked table needs an actor: open it with recorded(by=…, reason=…)';
    END IF;
    RETURN found_change;
END
$body$;
