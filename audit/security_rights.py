"""Who may do what with the security trail, and how long it is kept: written by the owner at the end of ``migrate``."""

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.models import SecurityRecord

TABLE = SecurityRecord._meta.db_table
LEAST_MONTHS = 6
NOTE = "audit_note_security(text, bigint, text, text, text, text, text, text, jsonb)"

# How long is in the function, not in a setting that its caller holds: whoever may call it cannot shorten it.
CLEAR = """
CREATE OR REPLACE FUNCTION audit_clear_security() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    border timestamptz := clock_timestamp() - interval '{months} months';
    cleared bigint;
BEGIN
    DELETE FROM {table} WHERE at < border;
    GET DIAGNOSTICS cleared = ROW_COUNT;
    IF cleared > 0 THEN
        PERFORM audit_note_security('security.clear', NULL, '', '系统', '', '', '', '',
                                    jsonb_build_object('rows', cleared, 'before', border, 'months', {months}));
    END IF;
    RETURN cleared;
END
$body$;
REVOKE ALL ON FUNCTION audit_clear_security() FROM PUBLIC;
"""


def clearing(months: int) -> str:
    """Return the function that clears what is older than so many months."""
    return CLEAR.format(table=TABLE, months=months)


def install_security(connection: BaseDatabaseWrapper, application_role: str, months: int) -> None:
    """Keep the trail for so many months; let the application's role call its functions, and nothing else.

    Raises:
        ValueError: fewer than six months.
    """
    if months < LEAST_MONTHS:
        raise ValueError(f"the security trail is kept for {LEAST_MONTHS} months at least, not {months}")
    role = connection.ops.quote_name(application_role)
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        cursor.execute(clearing(months))
        cursor.execute(f"REVOKE ALL ON {TABLE} FROM {role}")
        cursor.execute(f"REVOKE ALL ON SEQUENCE {TABLE}_id_seq FROM {role}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {NOTE}, audit_clear_security() TO {role}")
        for function in functions_of_readers(cursor):
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


def functions_of_readers(cursor: object) -> list[str]:
    """The functions by which later rooms read the trail; each asks who reads."""
    cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'audit\\_read\\_security%'")  # type: ignore[attr-defined]
    return [name for (name,) in cursor.fetchall()]  # type: ignore[attr-defined]
