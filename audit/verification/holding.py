"""What holds the tables beside triggers: their constraints as the models have them, and nobody's rights to write what only
the database writes."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from audit.models import Entry, SecurityRecord
from audit.rights import NEVER_CHANGED, READ_ONLY, ways_round
from audit.tracking import Cursor, guarded_models, tracked_models
from audit.verification.findings import Findings, Kind

# A unique constraint with a condition or an expression is an index only.
CONSTRAINTS = """
SELECT t.relname, c.conname, c.contype::text, c.convalidated,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY(c.conkey) ORDER BY 1)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE t.relnamespace = 'public'::regnamespace
UNION ALL
SELECT t.relname, i.relname, 'i', x.indisvalid AND x.indisunique, ARRAY[]::text[]
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid)
"""
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
CHECK, EXCLUSION, UNIQUE, FOREIGN_KEY, INDEX = "c", "x", "u", "f", "i"


def check_holding(cursor: Cursor, findings: Findings) -> None:
    _check_constraints(cursor, findings)
    _check_rights(cursor, findings)


def _check_constraints(cursor: Cursor, findings: Findings) -> None:
    cursor.execute(CONSTRAINTS)
    there, foreign_keys = {}, set()
    for table, name, kind, is_valid, columns in cursor.fetchall():
        there[table, name] = (kind, is_valid, set(columns))
        if kind == FOREIGN_KEY and is_valid:
            foreign_keys |= {(table, column) for column in columns}
    tables = {table for table, _ in there}
    for model, _ in tracked_models():
        table = model._meta.db_table
        if table not in tables:
            continue  # told by those who miss the table
        for name, kind, columns in _expected(model):
            found = there.get((table, name))
            if found is None:
                findings.add(Kind.LOOSENED, "约束", f"{table}.{name}", "缺失")
            elif found[0] != kind or not found[1] or (columns is not None and found[2] != columns):
                findings.add(Kind.LOOSENED, "约束", f"{table}.{name}", "内容与程序不符")
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.ForeignKey) and (table, field.column) not in foreign_keys:
                findings.add(Kind.LOOSENED, "约束", f"{table}.{field.column}", "不再指向另一张表的行")


def _expected(model: type[models.Model]) -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield name, kind and columns of a model's constraints; no columns where the catalogue doesn't tell them."""
    for each in model._meta.constraints:
        if isinstance(each, models.CheckConstraint):
            condition = each.condition
            names = condition.referenced_base_fields if isinstance(condition, models.Q) else None
            yield each.name, CHECK, names and {_column(model, name) for name in names}
        elif isinstance(each, ExclusionConstraint):
            yield each.name, EXCLUSION, None
        elif isinstance(each, models.UniqueConstraint) and (each.condition or each.expressions):
            yield each.name, INDEX, None
        elif isinstance(each, models.UniqueConstraint):
            yield each.name, UNIQUE, {_column(model, name) for name in each.fields}


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.column)


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
