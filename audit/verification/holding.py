"""What holds the tables beside triggers: their constraints as the models have them, and nobody's rights to write what only
the database writes."""

from django.conf import settings

from audit.models import Entry, SecurityRecord
from audit.rights import NEVER_CHANGED, READ_ONLY, ways_round
from audit.tracking import Cursor, guarded_models, tracked_models
from audit.verification.constraints import check_constraints
from audit.verification.findings import Findings, Kind

GRANTS = """
SELECT t.relname, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE r.rolname END, g.privilege_type
FROM pg_class t
CROSS JOIN LATERAL (
    SELECT * FROM aclexplode(t.relacl)
    UNION ALL
    SELECT of_column.* FROM pg_attribute a, aclexplode(a.attacl) of_column WHERE a.attrelid = t.oid AND a.attnum > 0
) g
LEFT JOIN pg_roles r ON r.oid = g.grantee
WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND g.grantee <> t.relowner
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
ROWS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


def check_holding(cursor: Cursor, findings: Findings) -> None:
    check_constraints(cursor, findings)
    _check_rights(cursor, findings)


def _check_rights(cursor: Cursor, findings: Findings) -> None:
    application = str(settings.DATABASES["default"]["USER"])
    allowed = {model._meta.db_table: frozenset({"SELECT"}) for model in guarded_models()}
    allowed |= {model._meta.db_table: ROWS for model, _ in tracked_models()}
    allowed |= dict.fromkeys(READ_ONLY, frozenset({"SELECT"}))
    allowed |= dict.fromkeys(NEVER_CHANGED, frozenset({"SELECT", "INSERT"}))
    allowed[Entry._meta.db_table] = frozenset({"SELECT", "INSERT"})
    allowed[SecurityRecord._meta.db_table] = frozenset()
    cursor.execute(GRANTS)
    for table, grantee, right in cursor.fetchall():
        may = allowed.get(table, ROWS) if grantee == application else frozenset({"SELECT"})
        if table in allowed and right not in may:
            findings.add(Kind.GRANTED, "权限", f"{table} {right}", f"给了 {grantee}")
    cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [application])
    if cursor.fetchone()[0]:
        for words in ways_round(cursor, application):
            findings.add(Kind.GRANTED, "角色", application, words)
