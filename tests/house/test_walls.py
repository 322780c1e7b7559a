"""What the import contract cannot see: foreign keys, type-only imports, reverse relations, rooms that it forgot.

Each rule is a function, tried on the house and on an example that breaks it.
"""

import ast
import tomllib
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from tests.house.source import ROOT, layers, place_of, python_files, tree_of

OPTIONAL = {"problems"}


def room_of(path: Path) -> str | None:
    return path.parts[0] if path.parts[0] in settings.ROOMS else None


# ---------------------------------------------------------------- every room stands in the contract
def rooms_without_a_place(rooms: Iterable[str]) -> set[str]:
    return set(rooms) - set().union(*layers())


def test_every_room_stands_in_the_contract_and_every_layer_is_a_room() -> None:
    assert rooms_without_a_place(settings.ROOMS) == set()
    assert set().union(*layers()) - {"arithmetic"} - OPTIONAL <= set(settings.ROOMS)
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(contract["root_packages"]) == set(settings.ROOMS) | {"arithmetic"}


def test_a_room_that_the_contract_forgot_is_found() -> None:
    assert rooms_without_a_place([*settings.ROOMS, "cellar"]) == {"cellar"}


def test_every_room_of_the_contract_exists() -> None:
    here = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert set().union(*layers()) - OPTIONAL <= here


def test_models_live_in_rooms() -> None:
    ours = {model._meta.app_label for model in apps.get_models() if model.__module__.split(".")[0] in settings.ROOMS}
    assert ours <= set(settings.ROOMS)


# ---------------------------------------------------------------- foreign keys point backwards
def forward_keys(tables: Iterable[type[models.Model]]) -> set[str]:
    """Foreign keys of rooms' tables to tables of later rooms."""
    found = set()
    for model in tables:
        if model._meta.app_label not in settings.ROOMS:
            continue
        for field in model._meta.local_fields:
            target = field.related_model._meta.app_label if field.is_relation and field.related_model else None
            if target in settings.ROOMS and place_of(target) > place_of(model._meta.app_label):
                found.add(f"{model._meta.label}.{field.name} → {target}")
    return found


def test_foreign_keys_point_to_earlier_rooms_only() -> None:
    assert forward_keys(apps.get_models()) <= {"audit.Change.actor → organisations"}  # the one exception: who acted


def test_a_key_to_a_later_room_is_found() -> None:
    with isolate_apps("plans", "submissions"):

        class Later(models.Model):
            class Meta:
                app_label = "submissions"

        class Earlier(models.Model):
            later = models.ForeignKey(Later, models.PROTECT)

            class Meta:
                app_label = "plans"

    assert forward_keys([Earlier]) == {"plans.Earlier.later → submissions"}


# ---------------------------------------------------------------- imports, for typing only as well
def later_imports(room: str, tree: ast.Module) -> set[str]:
    """Rooms that a file imports although they stand after its own."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return {other for other in found & set(settings.ROOMS) if place_of(other) > place_of(room)}


def test_type_only_imports_keep_to_the_walls_too() -> None:
    rooms = [(path, room) for path in python_files() if (room := room_of(path))]
    assert {str(path): later for path, room in rooms if (later := later_imports(room, tree_of(path)))} == {}


def test_a_type_only_import_of_a_later_room_is_found() -> None:
    tree = ast.parse("if TYPE_CHECKING:\n    from submissions.models import Figure\n    import audit.clock")
    assert later_imports("plans", tree) == {"submissions"}


# ---------------------------------------------------------------- no reverse relation of a later room is used
def reverse_names() -> dict[str, int]:
    """Names by which a row reaches the rows of a later room, with the earliest room that owns such a relation."""
    own: set[str] = set()
    names: dict[str, int] = {}
    for model in apps.get_models():
        if model._meta.app_label not in settings.ROOMS or model.__name__.startswith("Historical"):
            continue
        own |= {field.name for field in model._meta.local_fields}
        own |= {name for name, value in vars(model).items() if isinstance(value, property) or callable(value)}
        for field in model._meta.local_fields:
            if not field.is_relation or field.remote_field is None or field.remote_field.hidden:
                continue
            target, room = field.related_model._meta.app_label, model._meta.app_label
            if target in settings.ROOMS and place_of(target) < place_of(room):
                name = field.remote_field.get_accessor_name()
                names[name] = min(names.get(name, 99), place_of(room))
    return {name: place for name, place in names.items() if name not in own}


def later_rows(room: str, tree: ast.Module, names: dict[str, int]) -> list[str]:
    """Uses of a later room's rows by a reverse relation: as an attribute, or at the head of a look-up."""
    found = []
    for node in ast.walk(tree):
        used = node.attr if isinstance(node, ast.Attribute) else None
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            used = node.value.split("__")[0]
        if used in names and names[used] > place_of(room):
            found.append(f"{node.lineno} {used}")
    return found


def test_no_file_reaches_a_later_room_by_a_reverse_relation() -> None:
    names = reverse_names()
    rooms = [(path, room) for path in python_files() if (room := room_of(path))]
    assert {str(path): found for path, room in rooms if (found := later_rows(room, tree_of(path), names))} == {}


def test_a_reverse_relation_of_a_later_room_is_found() -> None:
    tree = ast.parse('period.submissions.count()\nfilter("submissions__state")')
    assert set(later_rows("plans", tree, reverse_names())) == {"1 submissions", "2 submissions"}
    assert later_rows("evaluation", tree, reverse_names()) == []
