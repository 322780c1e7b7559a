"""The SQL that makes the database write the versions, made from the models: one generator for every tracked table."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.tracking import tracked_models

FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    open_change audit_change%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM new_rows) THEN RETURN NULL; END IF;
        open_change := audit_current_change();
        INSERT INTO {version_table} ({columns}, {stamps})
        SELECT {new_columns}, open_change.id, clock_timestamp(), '+', open_change.actor_id, open_change.reason
        FROM new_rows n ORDER BY n.{key};
    ELSIF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT {key} FROM old_rows EXCEPT SELECT {key} FROM new_rows) THEN
            RAISE EXCEPTION '{table}: the key of a tracked row cannot change';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM new_rows n JOIN old_rows o USING ({key}) WHERE {differs}) THEN RETURN NULL; END IF;
        open_change := audit_current_change();
        INSERT INTO {version_table} ({columns}, {stamps})
        SELECT {new_columns}, open_change.id, clock_timestamp(), '~', open_change.actor_id, open_change.reason
        FROM new_rows n JOIN old_rows o USING ({key}) WHERE {differs} ORDER BY n.{key};
    ELSE
        IF NOT EXISTS (SELECT 1 FROM old_rows) THEN RETURN NULL; END IF;
        open_change := audit_current_change();
        INSERT INTO {version_table} ({columns}, {stamps})
        SELECT {old_columns}, open_change.id, clock_timestamp(), '-', open_change.actor_id, open_change.reason
        FROM old_rows o ORDER BY o.{key};
    END IF;
    RETURN NULL;
END
$body$;
"""

TRIGGERS = """
CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""


def statements(model: type[models.Model], version: type[models.Model]) -> str:
    """Return the function and the three triggers that write the versions of one table."""
    kept = {field.column for field in version._meta.local_fields}
    columns = [field.column for field in model._meta.local_fields if field.column in kept and not field.generated]
    quoted = [f'"{column}"' for column in columns]
    new_row = ", ".join(f"n.{column}" for column in quoted)
    old_row = ", ".join(f"o.{column}" for column in quoted)
    names = {
        "table": f'"{model._meta.db_table}"',
        "version_table": f'"{version._meta.db_table}"',
        "function": f'"audit_write_{model._meta.db_table}"',
        "key": f'"{model._meta.pk.column}"',
        "stamps": "change_id, history_date, history_type, history_user_id, history_change_reason",
        "columns": ", ".join(quoted),
        "new_columns": new_row,
        "old_columns": old_row,
        "differs": f"ROW({new_row}) IS DISTINCT FROM ROW({old_row})",
    }
    return FUNCTION.format(**names) + TRIGGERS.format(**names)


def install(connection: BaseDatabaseWrapper, application_role: str) -> int:
    """Write the triggers of all tracked tables; give the application's role the rows of every table, and of history
    only the reading.

    Returns the number of tracked tables. Run by the owner of the tables, at the end of every ``migrate``.
    """
    role = connection.ops.quote_name(application_role)
    count = 0
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for model, version in tracked_models():
            if model._meta.db_table not in existing or version._meta.db_table not in existing:
                continue
            cursor.execute(statements(model, version))
            cursor.execute(f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{version._meta.db_table}" FROM {role}')
            count += 1
        if count:
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_change FROM {role}")
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM {role}")
    return count
