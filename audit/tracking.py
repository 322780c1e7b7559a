"""``history = tracked()`` makes a table a tracked one: the database writes a version for each changed row."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from django.apps import apps
from django.db import models
from simple_history.models import HistoricalRecords

from audit.models import Change, Entry, Epoch, Seal, SecurityRecord, Shape, Version, WrittenRows


class VersionRecords(HistoricalRecords):
    """The library's version tables with the indexes that are asked, and no others: each costs every write.

    Versions are found by their row (the index ``as_of_…`` of ``audit.generator``), by their change, and by what
    ``indexed`` names.
    """

    def __init__(self, *, indexed: Sequence[str], **named: Any) -> None:
        self.indexed = indexed
        super().__init__(**named)

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name in self.indexed
        return fields

    def _get_history_user_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super()._get_history_user_fields()
        fields["history_user"].db_index = False
        return fields


def tracked(*, excluded: Sequence[str] = (), indexed: Sequence[str] = ()) -> HistoricalRecords:
    """Declare a version table for the model it stands in; ``excluded`` columns never enter history, versions are also
    looked up by the foreign keys in ``indexed``.

    The rows are written by statement triggers that ``manage.py migrate`` makes anew from the models each time it
    ends (``audit.generator``); django-simple-history's own writers are off.
    """
    return VersionRecords(
        indexed=indexed,
        bases=[Version],
        excluded_fields=list(excluded),
        history_change_reason_field=models.TextField(null=True, blank=True),
        user_db_constraint=False,
    )


class Cursor(Protocol):
    """What Django's cursors and psycopg's have in common."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""


def columns_there(cursor: Cursor) -> dict[str, set[str]]:
    """Return the columns of every table of the database."""
    cursor.execute(COLUMNS)
    found: dict[str, set[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def tables_as_modelled(cursor: Cursor) -> set[str]:
    """Return the tables that have every column of their models: all of them, unless a room was migrated half way."""
    there = columns_there(cursor)
    return {
        model._meta.db_table
        for model in apps.get_models()
        if {field.column for field in model._meta.local_concrete_fields} <= there.get(model._meta.db_table, set())
    }


def tracked_models() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    """Yield every tracked model with the model of its versions."""
    for model in apps.get_models():
        attribute: str | None = getattr(model._meta, "simple_history_manager_attribute", None)
        if attribute:
            manager: Any = getattr(model, attribute)
            yield model, manager.model


def guarded_models() -> Iterator[type[models.Model]]:
    """Yield what history speaks of, its versions, its own tables, and the security trail."""
    for model, version in tracked_models():
        yield from (model, version)
    yield from (Change, Entry, Epoch, Seal, SecurityRecord, Shape, WrittenRows)
