-- Seals: one for each change, added to the chain at the end of its transaction. Written anew by each migrate.
-- The form of what is digested: docs/history-format.md.

-- Round one of the deferred triggers: the change takes no further row. The update queues round two, so that the chain's
-- head is locked after every other deferred check, for the commit only.
CREATE OR REPLACE FUNCTION audit_close_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    UPDATE audit_change SET is_closed = true WHERE id = NEW.id AND NOT is_closed;
    RETURN NULL;
END
$body$;

-- One plan for all changes: they are alike, and planning again for each costs more than the seal.
CREATE OR REPLACE FUNCTION audit_add_seal(sealed_change bigint, sealed_epoch smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
    content bytea;
    written bigint;
    went_back boolean;
    latest timestamptz;
    last_seal audit_seal%ROWTYPE;
    moment timestamptz;
BEGIN
    SELECT @hash@(convert_to(E'content @format@\n' || coalesce(string_agg(encode(w.digest, 'hex'), E'\n' ORDER BY w.id), '') || E'\n', 'UTF8')),
           coalesce(sum(cardinality(w.row_ids)), 0),
           coalesce(array_agg(w.at ORDER BY w.id) <> array_agg(w.at ORDER BY w.at), false), max(w.at)
    INTO content, written, went_back, latest
    FROM (SELECT * FROM audit_writtenrows WHERE change_id = sealed_change
          UNION ALL SELECT * FROM audit_writtenrows WHERE epoch_id = sealed_epoch) w;

    LOCK TABLE audit_epoch IN SHARE ROW EXCLUSIVE MODE;  -- the head of the chain; held until the commit
    SELECT * INTO last_seal FROM audit_seal ORDER BY sequence DESC LIMIT 1;
    IF NOT FOUND THEN
        IF sealed_epoch IS NULL THEN
            RAISE EXCEPTION 'history is not sealed yet: run manage.py migrate';
        END IF;
        last_seal.sequence := 0;
        last_seal.digest := decode(repeat('00', @size@), 'hex');
    END IF;
    moment := clock_timestamp();
    INSERT INTO audit_seal (sequence, epoch_id, change_id, at, clock_went_back, row_count, content, previous, digest)
    VALUES (
        last_seal.sequence + 1, coalesce(sealed_epoch, last_seal.epoch_id), sealed_change, moment,
        went_back OR coalesce(moment < greatest(last_seal.at, latest), false), written, content, last_seal.digest,
        @hash@(convert_to(
            E'seal @format@\n' || last_seal.sequence + 1 || E'\n' || coalesce(sealed_epoch, last_seal.epoch_id) || E'\n'
            || (extract(epoch FROM moment) * 1000000)::bigint || E'\n' || encode(last_seal.digest, 'hex') || E'\n'
            || encode(content, 'hex') || E'\n', 'UTF8'))
    ) ON CONFLICT (sequence) DO NOTHING;
    IF NOT FOUND THEN  -- under REPEATABLE READ the head that was read may be older than the lock
        RAISE EXCEPTION 'another change was sealed meanwhile: try again' USING ERRCODE = 'serialization_failure';
    END IF;
END
$body$;
REVOKE EXECUTE ON FUNCTION audit_add_seal(bigint, smallint) FROM PUBLIC;

CREATE OR REPLACE FUNCTION audit_seal_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    PERFORM audit_add_seal(NEW.id, NULL);
    RETURN NULL;
END
$body$;

-- The change of this transaction; a write without one is refused, so is one under another transaction's change, and one
-- after the change was sealed (SET CONSTRAINTS … IMMEDIATE seals it before the end).
CREATE OR REPLACE FUNCTION audit_current_change() RETURNS audit_change
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    found_change audit_change%ROWTYPE;
BEGIN
    SELECT * INTO found_change FROM audit_change
    WHERE id = nullif(current_setting('audit.change', true), '')::bigint
      AND transaction_id = pg_current_xact_id_if_assigned()::text::bigint;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a write to a tracked table needs an actor: open it with recorded(by=…, reason=…)';
    END IF;
    IF found_change.is_closed THEN
        RAISE EXCEPTION 'this change is sealed already: a further write needs a change of its own';
    END IF;
    RETURN found_change;
END
$body$;

-- A version is found by its row's key: it stays what it was.
CREATE OR REPLACE FUNCTION audit_refuse_another_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    RAISE EXCEPTION '%: the key of a tracked row cannot change', TG_TABLE_NAME;
END
$body$;

DROP TRIGGER IF EXISTS audit_close ON audit_change;
CREATE CONSTRAINT TRIGGER audit_close AFTER INSERT ON audit_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_close_change();
DROP TRIGGER IF EXISTS audit_seal ON audit_change;
CREATE CONSTRAINT TRIGGER audit_seal AFTER UPDATE ON audit_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.is_closed AND NOT OLD.is_closed) EXECUTE FUNCTION audit_seal_change();
