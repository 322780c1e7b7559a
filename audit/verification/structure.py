"""The triggers and functions that write history, and those that guard it: all there, switched on, and as this version of the program wrote them."""

import re
from collections.abc import Iterator

from audit.canonical import history_table
from audit.generator import keep_statements, statements
from audit.guards import statements as guards_of
from audit.models import Change, Entry
from audit.sealing import SEALING, Cursor
from audit.tracking import tracked_models
from audit.verification.findings import Findings, Kind

FUNCTION = re.compile(r'CREATE OR REPLACE FUNCTION "?(\w+)"?\(.*?\$body\$(.*?)\$body\$', re.DOTALL)
TRIGGER = re.compile(
    r'CREATE (?:OR REPLACE |CONSTRAINT )?TRIGGER (\w+) AFTER (\w+) ON "?(\w+)"?(.*?)EXECUTE FUNCTION "?(\w+)"?\(',
    re.DOTALL,
)
EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16}  # bits of pg_trigger.tgtype; none for AFTER
EACH_ROW = 1

FUNCTIONS = """
SELECT p.proname, p.prosrc, p.prosecdef, coalesce(array_to_string(p.proconfig, ' '), '')
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'audit\\_%%'
"""
TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled, t.tgtype, p.proname, t.tgdeferrable AND t.tginitdeferred,
       t.tgqual IS NOT NULL
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = 'public'::regnamespace
"""


def expected_sql(shapes: dict[str, int]) -> Iterator[str]:
    """Yield the SQL that ``migrate`` wrote, with the present shape of each table."""
    for model, version in tracked_models():
        yield statements(model, version, shapes[history_table(version).name])
    for history in (Change, Entry):
        yield keep_statements(history, shapes[history_table(history).name])
    yield SEALING
    yield from (guards_of(model) for model, _ in tracked_models())


def check_structure(cursor: Cursor, shapes: dict[str, int], findings: Findings) -> None:
    sql = "\n".join(expected_sql(shapes))
    cursor.execute(FUNCTIONS)
    there = {name: (body, as_owner, set_to) for name, body, as_owner, set_to in cursor.fetchall()}
    for name, body in FUNCTION.findall(sql):
        found, as_owner, set_to = there.get(name, ("", False, ""))
        if not found:
            findings.add(Kind.UNGUARDED, "函数", name, "缺失")
        elif found != body or not as_owner or "search_path=pg_catalog, public, pg_temp" not in set_to:
            findings.add(Kind.UNGUARDED, "函数", name, "内容与程序不符")
    cursor.execute(TRIGGERS)
    triggers = {(table, name): rest for table, name, *rest in cursor.fetchall()}
    for name, event, table, how, function in TRIGGER.findall(sql):
        rest = triggers.get((table, name))
        if rest is None:
            findings.add(Kind.UNGUARDED, "触发器", f"{table}.{name}", "缺失")
        elif rest[1:] != _as_written(event, how, function):
            findings.add(Kind.UNGUARDED, "触发器", f"{table}.{name}", "被改写")
    for (table, name), rest in triggers.items():
        if rest[0] not in {"O", "A"}:
            findings.add(Kind.UNGUARDED, "触发器", f"{table}.{name}", "停用")


def _as_written(event: str, how: str, function: str) -> list[object]:
    """What the catalogue says of a trigger that was made by these words: type, function, deferred, under a condition."""
    kind = EVENTS[event] | (EACH_ROW if "FOR EACH ROW" in how else 0)
    return [kind, function, "INITIALLY DEFERRED" in how, "WHEN (" in how]
