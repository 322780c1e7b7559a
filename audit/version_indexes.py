"""One migration step for the indexes of an app's version tables: a step for each column would be a hundred."""

from collections.abc import Iterator
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

VERSIONS_OF = "historical"  # how django-simple-history begins the name of a version model


class KeepIndexes(Operation):
    """Drop the single-column indexes of the app's version tables, but those on their change and on ``kept``, the
    columns by the lower-case name of the version model."""

    reversible = True

    def __init__(self, **kept: list[str]) -> None:
        self.kept = kept

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        touched: list[tuple[str, str]] = []
        for key in self._versions(app_label, state):
            for name, field in state.models[key].fields.items():
                if field.db_index and not field.primary_key and name not in ("change", *self.kept.get(key[1], ())):
                    plain = field.clone()
                    plain.db_index = False
                    state.models[key].fields[name] = plain
                    touched.append(key)
        if touched and "apps" in state.__dict__:
            state.reload_models(list(dict.fromkeys(touched)))

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for app, name in self._versions(app_label, to_state):
            before, after = from_state.apps.get_model(app, name), to_state.apps.get_model(app, name)
            if self.allow_migrate_model(schema_editor.connection.alias, after):
                for field in after._meta.local_fields:
                    old = before._meta.get_field(field.name)
                    if old.db_index != field.db_index:
                        schema_editor.alter_field(before, old, field)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Keep only the indexes of versions that are asked"

    def _versions(self, app_label: str, state: ProjectState) -> Iterator[tuple[str, str]]:
        return (key for key in list(state.models) if key[0] == app_label and key[1].startswith(VERSIONS_OF))
