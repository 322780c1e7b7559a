"""What writes history and what guards it: all there, switched on, as this version of the program wrote it; and nothing of
somebody else's beside it."""

from audit.tracking import Cursor, guarded_models
from audit.verification.expected import Function, as_written, functions, sql_of_migrate, triggers
from audit.verification.findings import Findings, Kind
from audit.verification.holding import check_holding

FUNCTIONS = """
SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.prosrc, l.lanname,
       CASE p.provolatile WHEN 's' THEN 'stable' WHEN 'i' THEN 'immutable' ELSE 'volatile' END,
       CASE WHEN p.prosecdef THEN 'owner' ELSE 'caller' END, coalesce(p.proconfig, '{}'),
       p.proowner = (SELECT relowner FROM pg_class WHERE oid = 'audit_change'::regclass)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::regnamespace AND p.proname = ANY(%s)
"""
TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled, t.tgisinternal, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
# What a table can have beside triggers that turns a write or a reading into another.
BESIDE = """
SELECT '规则', c.relname || '.' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%(tables)s)
UNION ALL
SELECT '行级安全', c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%(tables)s) AND c.relrowsecurity
UNION ALL
SELECT '分表', i.inhrelid::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent
WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%(tables)s)
UNION ALL
SELECT '设置', 'session_replication_role' WHERE current_setting('session_replication_role') <> 'origin' OR EXISTS (
    SELECT 1 FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND setting LIKE 'session_replication_role=%%' AND setting <> 'session_replication_role=origin')
ORDER BY 1, 2
"""


def check_structure(cursor: Cursor, shapes: dict[str, int], findings: Findings) -> None:
    sql = "\n".join(sql_of_migrate(shapes))
    _check_functions(cursor, functions(sql), findings)
    _check_triggers(cursor, triggers(sql), findings)
    cursor.execute(BESIDE, {"tables": sorted(model._meta.db_table for model in guarded_models())})
    for thing, name in cursor.fetchall():
        findings.add(Kind.FOREIGN, thing, name)
    check_holding(cursor, findings)


def _check_functions(cursor: Cursor, expected: dict[tuple[str, str], Function], findings: Findings) -> None:
    cursor.execute(FUNCTIONS, [[name for name, _ in expected]])
    there = {
        (name, arguments): (Function(result, body, (*how, *sorted(map(_setting, under)))), is_ours)
        for name, arguments, result, body, *how, under, is_ours in cursor.fetchall()
    }
    for (name, arguments), function in expected.items():
        found, is_ours = there.get((name, arguments), (None, True))
        if found is None:
            findings.add(Kind.UNGUARDED, "函数", name, "缺失")
        elif found != function:
            findings.add(Kind.UNGUARDED, "函数", name, "内容与程序不符")
        elif not is_ours:
            findings.add(Kind.UNGUARDED, "函数", name, "换了所有者")


def _setting(config: str) -> str:
    return config.replace('"', "").lower()


def _check_triggers(cursor: Cursor, expected: dict[tuple[str, str], str], findings: Findings) -> None:
    cursor.execute(TRIGGERS)
    there = {(table, name): rest for table, name, *rest in cursor.fetchall()}
    for place, definition in expected.items():
        if place not in there:
            findings.add(Kind.UNGUARDED, "触发器", ".".join(place), "缺失")
        elif as_written(there[place][2]) != definition:
            findings.add(Kind.UNGUARDED, "触发器", ".".join(place), "被改写")
    guarded = {model._meta.db_table for model in guarded_models()}
    for (table, name), (enabled, is_internal, _) in there.items():
        if enabled not in {"O", "A"}:
            findings.add(Kind.UNGUARDED, "触发器", f"{table}.{name}", "停用")
        if table in guarded and not is_internal and (table, name) not in expected:
            findings.add(Kind.FOREIGN, "触发器", f"{table}.{name}")
