"""The SQL that makes the database write the versions and their digests, made from the models: one generator for every
tracked table."""

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.canonical import HistoryTable, history_table, row_digest, rows_digest
from audit.models import Change, Entry, Epoch, Seal, Shape, WrittenRows
from audit.rules import FIND_CHANGE
from audit.sealing import begin, begin_anew, current_shapes, hold_back_changes, is_outdated, sealing
from audit.tracking import tables_as_modelled, tracked_models

# No nested loops: a plan that was made for one row is kept for the session, and would be far too slow for ten thousand.
# The change is looked up once a statement; that there is none is an error only where a row did change.
FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET datestyle = 'ISO, YMD' SET enable_nestloop = off AS $body$
DECLARE
    open_change record;
BEGIN
    {find_change}
    IF TG_OP = 'INSERT' THEN
        WITH written AS (
            INSERT INTO {version_table} ({columns}, {stamps})
            SELECT {new_columns}, {stamped_insert}
            FROM new_rows n ORDER BY n.{key}
            {returning}
        ) {keep};
    ELSIF TG_OP = 'UPDATE' THEN
        WITH written AS (
            INSERT INTO {version_table} ({columns}, {stamps})
            SELECT {new_columns}, {stamped_update}
            FROM new_rows n JOIN old_rows o USING ({key}) WHERE {differs} ORDER BY n.{key}
            {returning}
        ) {keep};
    ELSE
        WITH written AS (
            INSERT INTO {version_table} ({columns}, {stamps})
            SELECT {old_columns}, {stamped_delete}
            FROM old_rows o ORDER BY o.{key}
            {returning}
        ) {keep};
    END IF;
    RETURN NULL;
END
$body$;
"""
STAMPS = "change_id, history_date, history_type, history_user_id, history_change_reason"
STAMPED = (
    "coalesce(open_change.id, (audit_current_change()).id), clock_timestamp(), '{kind}', open_change.actor_id,"
    " open_change.reason"
)

TRIGGERS = """
CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audit_key AFTER UPDATE OF {key} ON {table}
    FOR EACH ROW WHEN (OLD.{key} IS DISTINCT FROM NEW.{key}) EXECUTE FUNCTION audit_refuse_another_key();
"""

# Entries are history themselves: their rows are digested where they stand.
KEEP_ENTRIES = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET datestyle = 'ISO, YMD' AS $body$
DECLARE
    open_change audit_change%ROWTYPE;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM new_rows) THEN RETURN NULL; END IF;
    open_change := audit_current_change();
    IF EXISTS (SELECT 1 FROM new_rows n WHERE n.change_id <> open_change.id) THEN
        RAISE EXCEPTION 'an entry belongs to the change of its own transaction';
    END IF;
    WITH written AS (SELECT n.{key} AS row_id, {digest} AS row_digest FROM new_rows n)
    {keep};
    RETURN NULL;
END
$body$;
CREATE OR REPLACE TRIGGER audit_keep AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""

# So is a change, the first row of its own history; it is one row, in each transaction: no list is made of it.
KEEP_CHANGE = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET datestyle = 'ISO, YMD' AS $body$
DECLARE
    ids bigint[] := ARRAY[NEW.{key}];
    digests bytea := {digest};
BEGIN
    INSERT INTO audit_writtenrows (change_id, shape_id, row_ids, digests, digest)
    VALUES (NEW.{key}, {shape}, ids, digests, {rows_digest});
    RETURN NULL;
END
$body$;
CREATE OR REPLACE TRIGGER audit_keep AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
"""
WRITTEN = """INSERT INTO audit_writtenrows (change_id, shape_id, row_ids, digests, digest)
        SELECT open_change.id, {shape}, ids, digests, {digest}
        FROM (SELECT array_agg(row_id ORDER BY row_id) AS ids, string_agg(row_digest, '' ORDER BY row_id) AS digests
              FROM written) gathered
        WHERE ids IS NOT NULL"""


def keep(table: HistoryTable, shape: int) -> str:
    """Return the end of a statement that puts the keys and digests in ``written`` on record."""
    return WRITTEN.format(shape=shape, digest=rows_digest(table))


def statements(model: type[models.Model], version: type[models.Model], shape: int) -> str:
    """Return the function and the three triggers that write the versions of one table."""
    history = history_table(version)
    kept = {field.column for field in version._meta.local_fields}
    columns = [field.column for field in model._meta.local_fields if field.column in kept and not field.generated]
    is_whole = len(columns) == len(model._meta.local_fields)
    quoted = [f'"{column}"' for column in columns]
    new_row = ", ".join(f"n.{column}" for column in quoted)
    old_row = ", ".join(f"o.{column}" for column in quoted)
    digest = row_digest(history.columns, f'"{version._meta.db_table}"')
    names = {
        "table": f'"{model._meta.db_table}"',
        "version_table": f'"{version._meta.db_table}"',
        "function": f'"audit_write_{model._meta.db_table}"',
        "key": f'"{model._meta.pk.column}"',
        "stamps": STAMPS,
        "stamped_insert": STAMPED.format(kind="+"),
        "stamped_update": STAMPED.format(kind="~"),
        "stamped_delete": STAMPED.format(kind="-"),
        "columns": ", ".join(quoted),
        "new_columns": new_row,
        "old_columns": old_row,
        "differs": "n IS DISTINCT FROM o" if is_whole else f"ROW({new_row}) IS DISTINCT FROM ROW({old_row})",
        "find_change": FIND_CHANGE,
        "returning": f'RETURNING "{history.key}" AS row_id, {digest} AS row_digest',
        "keep": keep(history, shape),
    }
    return FUNCTION.format(**names) + TRIGGERS.format(**names)


def keep_statements(model: type[models.Model], shape: int) -> str:
    """Return the function and the trigger that digest the rows of a table which is history itself."""
    history = history_table(model)
    row, sql = ("NEW", KEEP_CHANGE) if model is Change else ("n", KEEP_ENTRIES)
    return sql.format(
        function=f'"audit_keep_{history.name}"',
        table=f'"{history.name}"',
        key=f'"{history.key}"',
        digest=row_digest(history.columns, row),
        rows_digest=rows_digest(history),
        shape=shape,
        keep=keep(history, shape),
    )


def as_of_index(model: type[models.Model], version: type[models.Model]) -> str:
    """Return the index by which the version of a row at a moment is found, however long the history."""
    key, name = model._meta.pk.column, f"as_of_{version._meta.db_table}"[:63]
    table = version._meta.db_table
    return f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ("{key}", history_date DESC, history_id DESC)'


def install(connection: BaseDatabaseWrapper, application_role: str) -> int:
    """Write the triggers of all tracked tables; give the application's role the rows of every table, and of history
    only the reading. The first time, begin the chain of seals over what is there; where the format or an algorithm is
    another than that of the newest epoch, open a new one.

    Returns the number of tracked tables. Run by the owner of the tables, at the end of every ``migrate``.
    """
    role = connection.ops.quote_name(application_role)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        existing = tables_as_modelled(cursor)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        if Seal._meta.db_table not in existing:
            return 0  # migrated back to before there were seals: that version's own migrate writes its triggers
        is_new = is_outdated(cursor)
        if is_new:
            hold_back_changes(cursor)
        pairs = [(m, v) for m, v in tracked_models() if {m._meta.db_table, v._meta.db_table} <= existing]
        shapes = current_shapes(cursor, [Change, Entry, Epoch, *(version for _, version in pairs)])
        cursor.execute(sealing())
        for model, version in pairs:
            cursor.execute(statements(model, version, shapes[version._meta.db_table]))
            cursor.execute(as_of_index(model, version))
            cursor.execute(f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{version._meta.db_table}" FROM {role}')
        for history in (Change, Entry):
            cursor.execute(keep_statements(history, shapes[history._meta.db_table]))
        for closed in (Change, Epoch, Shape, WrittenRows, Seal):
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {closed._meta.db_table} FROM {role}")
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM {role}")
        begin(cursor)
        if is_new:
            begin_anew(cursor)
    return len(pairs)
