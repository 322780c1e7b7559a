"""What the application's role may do in the database: its rows, and nothing that goes round the triggers.

Run by the owner of the tables at the end of ``migrate``, after tables and functions have got their rights: it narrows
them, and refuses a role that could give itself more.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.guards import SEARCH_PATH
from audit.models import Entry
from audit.tracking import columns_there, tables_as_modelled, tracked_models


class TooMuch(Exception):
    """The application's role could go round the history; ``args`` are the ways, in an administrator's words."""


# Functions that run as the owner look for nothing in the temporary schema, which is searched first where it isn't named;
# trigger functions are attached by the owner only: on a table of somebody else's they would write forged history. What
# runs as the owner is for those who were given it by name: a restored backup comes without the rights of its functions.
FUNCTIONS = """
DO $body$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
        AND proowner = current_user::regrole AND NOT coalesce(proconfig @> ARRAY['search_path={path}'], false)
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = {path}', function);
    END LOOP;
    FOR function IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND prorettype = 'trigger'::regtype AND proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, %I', function, '{role}');
    END LOOP;
    FOR function IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
        AND proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', function);
    END LOOP;
    FOR function IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        AND proname = 'audit_open_change' AND proowner = current_user::regrole
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', function, '{role}');
    END LOOP;
END
$body$;
"""

# A number that is drawn from a history table's sequence and not used would look like a row that was taken away.
SEQUENCES = """
SELECT s.oid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace AND d.refclassid = 'pg_class'::regclass
  AND d.classid = 'pg_class'::regclass AND NOT has_any_column_privilege(%s, d.refobjid, 'INSERT')
"""

# What only migrate writes, or nobody does: entries point at content types, and permissions at them.
READ_ONLY = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "django_celery_beat_solarschedule",
    "django_celery_beat_clockedschedule",
    "django_celery_beat_intervalschedule",
}
# A schedule points at its time; another time is another row.
NEVER_CHANGED = {"django_celery_beat_crontabschedule"}

# Roles that every server has: whoever is a member of one needs no grant of ours.
PREDEFINED = {
    "pg_read_all_data": "可以读全部数据，安全审计记录也在内",
    "pg_write_all_data": "可以写全部数据",
    "pg_maintain": "可以锁住或重整任何表",
    "pg_read_server_files": "可以读服务器上的文件",
    "pg_write_server_files": "可以写服务器上的文件",
    "pg_execute_server_program": "可以在服务器上运行程序",
    "pg_create_subscription": "可以由订阅写入任何表",
}
IS_MEMBER = "SELECT bool_or(pg_has_role(%(role)s, oid, 'MEMBER')) FROM pg_roles WHERE "

# right: what it would let the role do; asked after everything was narrowed
CHECKS = {
    IS_MEMBER + "rolsuper": "是超级用户，或可以成为超级用户",
    IS_MEMBER + "rolcreaterole OR rolreplication OR rolbypassrls": "可以管理角色或复制",
    "SELECT bool_or(pg_has_role(%(role)s, relowner, 'MEMBER')) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'": "是表的所有者，或可以成为所有者",
    **{IS_MEMBER + f"rolname = '{name}'": f"是内置角色 {name} 的成员，{words}" for name, words in PREDEFINED.items()},
    "SELECT has_schema_privilege(%(role)s, 'public', 'CREATE')": "可以在 public 模式中建立对象",
    "SELECT has_database_privilege(%(role)s, current_database(), 'CREATE')": "可以在库中建立模式",
    "SELECT has_database_privilege(%(role)s, current_database(), 'TEMP')": "可以建立临时表",
}

# Before PostgreSQL 15 such a right can't be given to anybody: superusers have it.
SINCE_15 = {
    "SELECT has_parameter_privilege(%(role)s, 'session_replication_role', 'SET')": "可以停用触发器（session_replication_role）",
}


def narrow_rights(connection: BaseDatabaseWrapper, application_role: str) -> None:
    """Take from the application's role what it doesn't need.

    Raises:
        TooMuch: it still could go round the history, by rights that only somebody else can take away.
    """
    role = connection.ops.quote_name(application_role)
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for right in (f"TEMPORARY, CREATE ON DATABASE {database}", "CREATE ON SCHEMA public"):
            cursor.execute(f"REVOKE {right} FROM PUBLIC, {role}")
        cursor.execute(FUNCTIONS.format(path=SEARCH_PATH, role=application_role.replace("'", "''")))
        for table in (READ_ONLY | NEVER_CHANGED) & columns_there(cursor).keys():
            rights = "UPDATE, DELETE" if table in NEVER_CHANGED else "INSERT, UPDATE, DELETE"
            cursor.execute(f'REVOKE {rights} ON "{table}" FROM {role}')
        there = tables_as_modelled(cursor)
        if Entry._meta.db_table in there:
            cursor.execute(f"REVOKE INSERT ON {Entry._meta.db_table} FROM {role}")
            cursor.execute(f"GRANT INSERT ({_all_but_the_key(Entry)}) ON {Entry._meta.db_table} TO {role}")
        for table in tables_half_way(cursor):
            cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM {role}')
        cursor.execute(SEQUENCES, [application_role])
        for (sequence,) in cursor.fetchall():
            cursor.execute(f"REVOKE ALL ON SEQUENCE {sequence} FROM {role}")
        if ways := list(ways_round(cursor, application_role)):
            raise TooMuch(*ways)


def tables_half_way(cursor: Any) -> set[str]:
    """The tables with history that are there, but not as this version of the program models them: no trigger can be
    made for them, and nobody writes them until the room is migrated to its end."""
    there, whole = columns_there(cursor), tables_as_modelled(cursor)
    return {
        model._meta.db_table
        for model, version in tracked_models()
        if model._meta.db_table in there and not {model._meta.db_table, version._meta.db_table} <= whole
    }


def _all_but_the_key(model: type[models.Model]) -> str:
    """The columns that a row is written with; its number comes from the database."""
    columns = [field.column for field in model._meta.local_concrete_fields if not field.primary_key]
    return ", ".join(f'"{column}"' for column in columns)


def ways_round(cursor: Any, role: str) -> Iterator[str]:
    """Yield what the role could do that goes round the history, or reads what is closed to it."""
    cursor.execute("SELECT current_setting('server_version_num')::int")
    questions = CHECKS | (SINCE_15 if cursor.fetchone()[0] >= 150_000 else {})
    for question, words in questions.items():
        cursor.execute(question, {"role": role})
        if cursor.fetchone()[0]:
            yield words
