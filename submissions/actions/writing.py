"""Many rows of one table changed by one statement: history's triggers see it once, and write a version for each row."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models


def write_columns(rows: Sequence[models.Model], names: Collection[str], *, where_still: str) -> int:
    """Write the named columns of rows as they are in memory; return how many there were to write.

    ``where_still`` names a column that the rows carry changed by one (a revision): a row whose stored value isn't one
    less is left alone.
    """
    if not rows:
        return 0
    table = rows[0]._meta
    fields: list[Any] = [table.get_field(name) for name in dict.fromkeys([*names, where_still])]
    given = [
        {"id": row.pk} | {field.column: _as_json(getattr(row, field.attname)) for field in fields} for row in rows
    ]
    quoted = {field.column: connection.ops.quote_name(field.column) for field in fields}
    shape = ", ".join(f"{quoted[field.column]} {field.db_type(connection)}" for field in fields)
    sets = ", ".join(f"{name} = given.{name}" for name in quoted.values())
    still = connection.ops.quote_name(where_still)
    statement = (
        f"UPDATE {connection.ops.quote_name(table.db_table)} AS kept SET {sets}"  # noqa: S608 - names from the model
        f" FROM jsonb_to_recordset(%s::jsonb) AS given (id bigint, {shape})"
        f" WHERE kept.id = given.id AND kept.{still} = given.{still} - 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(given, ensure_ascii=False, default=str)])
        return int(cursor.rowcount)


def _as_json(value: Any) -> Any:
    """Lists stay lists; numbers, days and moments go as text, which the column's type reads exactly."""
    return value if value is None or isinstance(value, bool | int | list | dict) else str(value)
