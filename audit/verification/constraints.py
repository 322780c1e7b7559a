"""The constraints of the tables with history, as the models have them: their conditions, columns and targets.

A condition is told by the catalogue in PostgreSQL's own words, which differ from those that made it. So PostgreSQL is
asked to read both, the model's and the catalogue's, side by side in one EXPLAIN, and to tell them back in one manner.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models
from django.db.models.sql import Query

from audit.tracking import Cursor, guarded_models
from audit.verification.findings import Findings, Kind

CONSTRAINTS = """
SELECT t.relname, c.conname, c.contype::text, c.convalidated, c.condeferrable, c.condeferred,
       pg_get_expr(c.conbin, c.conrelid),
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY k.place),
       f.relname, ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = f.oid AND a.attnum = ANY(c.confkey)),
       c.confdeltype::text, ARRAY(SELECT o.oprname::text FROM unnest(c.conexclop) WITH ORDINALITY AS x(operator, place)
                                  JOIN pg_operator o ON o.oid = x.operator ORDER BY x.place)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid
WHERE t.relnamespace = 'public'::regnamespace
"""
INDEXES = """
SELECT t.relname, i.relname, x.indisunique, x.indisvalid AND x.indisready AND x.indislive, x.indimmediate,
       pg_get_expr(x.indpred, x.indrelid),
       ARRAY(SELECT pg_get_indexdef(x.indexrelid, place, true) FROM generate_series(1, x.indnkeyatts::int) place)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relnamespace = 'public'::regnamespace AND (x.indisunique OR x.indisexclusion)
"""
COLUMNS = """
SELECT t.relname, a.attname, a.attnotnull, CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END
FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
CHECK, EXCLUSION, FOREIGN_KEY = "c", "x", "f"
MISSING, DIFFERENT, POINTS_NOWHERE, MAY_BE_EMPTY = "缺失", "内容与程序不符", "不再指向另一张表的行", "可以为空"
LIST = re.compile(r"'\{([^']*)\}'::")
Pairs = list[tuple[str | None, str | None]]


@dataclass(frozen=True)
class Constraint:
    kind: str
    is_valid: bool
    deferrable: bool
    deferred: bool
    condition: str | None
    columns: list[str]
    target: str | None
    target_columns: list[str]
    on_delete: str
    operators: list[str]


@dataclass(frozen=True)
class Index:
    is_unique: bool
    is_valid: bool
    immediate: bool
    condition: str | None
    keys: list[str]


@dataclass(frozen=True)
class Column:
    not_null: bool
    generated: str | None


class Catalogue:
    """What the database has, by table and name."""

    def __init__(self, cursor: Cursor) -> None:
        self.constraints: dict[str, dict[str, Constraint]] = {}
        self.indexes: dict[str, dict[str, Index]] = {}
        self.columns: dict[str, dict[str, Column]] = {}
        kinds: list[tuple[str, Any, dict[str, dict[str, Any]]]] = [
            (CONSTRAINTS, Constraint, self.constraints),
            (INDEXES, Index, self.indexes),
            (COLUMNS, Column, self.columns),
        ]
        for sql, made, kept in kinds:
            cursor.execute(sql)
            for table, name, *rest in cursor.fetchall():
                kept.setdefault(table, {})[name] = made(*rest)


@dataclass(frozen=True)
class Question:
    """Whether what was found under ``name`` says the same as the model, in each of the pairs."""

    name: str
    pairs: Pairs


def check_constraints(cursor: Cursor, findings: Findings) -> None:
    """Name what is missing or says something else: constraints and unique columns, and what may be empty."""
    there = Catalogue(cursor)
    for model in guarded_models():
        if model._meta.db_table in there.columns:  # else told by those who miss the table
            _check_table(cursor, model, there, findings)


def _check_table(cursor: Cursor, model: type[models.Model], there: Catalogue, findings: Findings) -> None:
    table = model._meta.db_table
    wrong: dict[str, str] = {}
    questions = []
    for told in (*_of_constraints(model, there), *_of_columns(model, there)):
        if isinstance(told, Question):
            questions.append(told)
        else:
            wrong.setdefault(*told)
    wrong |= dict.fromkeys(_unlike(cursor, table, questions), DIFFERENT)
    for name, words in wrong.items():
        findings.add(Kind.LOOSENED, "约束", f"{table}.{name}", words)


Told = Question | tuple[str, str]  # a name and what is wrong with it


def _of_constraints(model: type[models.Model], there: Catalogue) -> Iterator[Told]:
    table = model._meta.db_table
    constraints, indexes = there.constraints.get(table, {}), there.indexes.get(table, {})
    for each in model._meta.constraints:
        found, index = constraints.get(each.name), indexes.get(each.name)
        if isinstance(each, models.CheckConstraint):
            if found is None:
                yield each.name, MISSING
            elif found.kind != CHECK or not found.is_valid:
                yield each.name, DIFFERENT
            else:
                yield Question(each.name, [(_sql(model, each.condition), found.condition)])
        elif index is None:
            yield each.name, MISSING
        elif isinstance(each, ExclusionConstraint):
            operators = [operator for _, operator in each.expressions]
            if found is None or (found.kind, found.operators, found.deferrable) != (EXCLUSION, operators, False):
                yield each.name, DIFFERENT
            else:
                yield from _keys(model, each.name, [key for key, _ in each.expressions], each.condition, index)
        elif isinstance(each, models.UniqueConstraint):
            keys = list(each.expressions) or [models.F(name) for name in each.fields]
            if not index.is_unique or index.immediate != (each.deferrable is None):
                yield each.name, DIFFERENT
            else:
                yield from _keys(model, each.name, keys, each.condition, index)


def _keys(
    model: type[models.Model], name: str, keys: Sequence[Any], condition: models.Q | None, index: Index
) -> Iterator[Told]:
    expected = [_sql(model, models.F(key) if isinstance(key, str) else key) for key in keys]
    if not index.is_valid or len(expected) != len(index.keys):
        yield name, DIFFERENT
        return
    pairs: Pairs = list(zip(expected, index.keys, strict=True))
    yield Question(name, [*pairs, (_sql(model, condition) if condition else None, index.condition)])


def _of_columns(model: type[models.Model], there: Catalogue) -> Iterator[Told]:
    table = model._meta.db_table
    constraints, columns = there.constraints.get(table, {}).values(), there.columns[table]
    whole = [index for index in there.indexes.get(table, {}).values() if index.is_unique and index.is_valid]
    unique = {tuple(index.keys) for index in whole if index.immediate and index.condition is None}
    for field in model._meta.local_concrete_fields:
        column, found = str(field.column), columns.get(str(field.column))
        if found is None:
            continue  # told by those who miss the column
        if not field.null and not field.generated and not found.not_null:
            yield column, MAY_BE_EMPTY
        if field.unique and not {(column,), (f'"{column}"',)} & unique:
            yield column, "可以重复"
        if isinstance(field, models.ForeignKey) and _is_kept(field) and not _points(field, constraints):
            yield column, POINTS_NOWHERE
        if isinstance(field, models.GeneratedField):
            yield Question(column, [(_quoted(*field.generated_sql(connection)), found.generated)])
        if condition := field.db_check(connection):
            own = [each for each in constraints if (each.kind, each.columns, each.is_valid) == (CHECK, [column], True)]
            yield from _any_of(model, column, condition, own)


def _is_kept(field: Any) -> bool:
    """Whether the database itself keeps a key from pointing nowhere; versions may point at what is gone."""
    return bool(field.db_constraint)


def _points(field: models.ForeignKey[Any, Any], constraints: Any) -> bool:
    """Whether a key points at its table's row at the end of each transaction, and takes no row with it."""
    target = field.target_field
    wanted = (FOREIGN_KEY, [str(field.column)], target.model._meta.db_table, [str(target.column)], "a", True, True)
    return any(
        (each.kind, each.columns, each.target, each.target_columns, each.on_delete, each.is_valid, each.deferred)
        == wanted
        for each in constraints
    )


def _any_of(model: type[models.Model], column: str, condition: str, own: Sequence[Constraint]) -> Iterator[Told]:
    """A column's own check has no name of ours: it is one of those that ask of this column alone."""
    named = {
        str(_sql(model, each.condition))
        for each in model._meta.constraints
        if isinstance(each, models.CheckConstraint)
    }
    unnamed = [each for each in own if each.condition not in named]
    if not unnamed:
        yield column, MISSING
    else:
        yield Question(column, [(condition, unnamed[0].condition)])


def _sql(model: type[models.Model], expression: Any) -> str:
    """The SQL of a condition or an expression, as migrations write it."""
    query = Query(model=model, alias_cols=False)
    compiled = (
        query.build_where(expression)
        if isinstance(expression, models.Q)
        else expression.resolve_expression(query, allow_joins=False)
    )
    return _quoted(*query.get_compiler(connection=connection).compile(compiled))


def _quoted(sql: str, params: Sequence[Any]) -> str:
    quote = connection.schema_editor().quote_value
    return sql % tuple(quote(value) for value in params)


def _unlike(cursor: Cursor, table: str, questions: Sequence[Question]) -> list[str]:
    """Return the names of those questions in which a pair doesn't say the same."""
    wrong = [each.name for each in questions if any((ours is None) != (theirs is None) for ours, theirs in each.pairs)]
    pairs = [(each.name, str(a), str(b)) for each in questions for a, b in each.pairs if None not in (a, b) and a != b]
    if not pairs:
        return wrong
    read = _read(cursor, table, [sql for _, *both in pairs for sql in both])
    told = zip(pairs, read[::2], read[1::2], strict=True)
    return wrong + [name for (name, *_), ours, theirs in told if ours is None or ours != theirs]


def _read(cursor: Cursor, table: str, expressions: Sequence[str]) -> list[str | None]:
    """What PostgreSQL reads expressions as; None for all where one can't be read."""
    cursor.execute("SAVEPOINT reading")
    try:
        listed = ", ".join(f"({expression})" for expression in expressions)
        cursor.execute(f'EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT {listed} FROM ONLY "{table}"')  # noqa: S608
        found = cursor.fetchone()[0]
    except psycopg.Error:
        return [None] * len(expressions)
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT reading")
    plan = json.loads(found) if isinstance(found, str) else found
    return [LIST.sub(_in_order, each) for each in plan[0]["Plan"]["Output"]]


def _in_order(found: re.Match[str]) -> str:
    """A list of values says the same in any order: a set of states has none."""
    return "'{" + ",".join(sorted(found[1].split(","))) + "}'::"
