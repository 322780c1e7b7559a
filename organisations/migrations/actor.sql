-- A change bears the name and the organisation that its actor's row has, whatever the caller said; one without an
-- actor is the system's own. Somebody whose account is closed opens none.
CREATE OR REPLACE FUNCTION organisations_actor_as_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    person record;
BEGIN
    IF NEW.actor_id IS NULL THEN
        NEW.actor_name := '系统';
        NEW.actor_organisation := '';
        RETURN NEW;
    END IF;
    SELECT u.name, u.is_active, o.name AS organisation INTO person
    FROM organisations_user u JOIN organisations_organisation o ON o.id = u.organisation_id WHERE u.id = NEW.actor_id;
    IF person IS NULL OR NOT person.is_active THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_guard',
            MESSAGE = '操作人的账号不存在或已停用，没有保存任何内容。', DETAIL = format('organisations_user %s', NEW.actor_id);
    END IF;
    NEW.actor_name := person.name;
    NEW.actor_organisation := person.organisation;
    RETURN NEW;
END
$body$;

CREATE OR REPLACE TRIGGER organisations_actor_as_recorded BEFORE INSERT ON audit_change
    FOR EACH ROW EXECUTE FUNCTION organisations_actor_as_recorded();
