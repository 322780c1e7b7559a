"""What the import contract cannot see: foreign keys, type-only imports, reverse relations, rooms that it forgot."""

import ast
import tomllib

from django.apps import apps
from django.conf import settings
from django.db import models

from tests.house.source import ROOT, layers, place_of, python_files, tree_of

OPTIONAL = {"background", "problems"}


def room_of(path) -> str | None:
    return path.parts[0] if path.parts[0] in settings.ROOMS else None


def test_every_room_stands_in_the_contract_and_every_layer_is_a_room() -> None:
    named = set().union(*layers()) - {"arithmetic"}
    assert set(settings.ROOMS) == named - OPTIONAL
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(contract["root_packages"]) == set(settings.ROOMS) | {"arithmetic"}


def test_foreign_keys_point_to_earlier_rooms_only() -> None:
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in settings.ROOMS:
            continue
        for field in model._meta.local_fields:
            target = field.related_model._meta.app_label if field.is_relation and field.related_model else None
            if target in settings.ROOMS and place_of(target) > place_of(model._meta.app_label):
                wrong.append(f"{model._meta.label}.{field.name} → {target}")
    assert set(wrong) <= {"audit.Change.actor → organisations"}  # the one exception: who acted


def imports_of(tree: ast.Module) -> set[str]:
    """Rooms that a file imports, for typing only as well."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return found & set(settings.ROOMS)


def test_type_only_imports_keep_to_the_walls_too() -> None:
    wrong = [
        f"{path} imports {room}"
        for path in python_files()
        if room_of(path)
        for room in imports_of(tree_of(path))
        if place_of(room) > place_of(room_of(path))
    ]
    assert wrong == []


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


def test_no_file_reaches_a_later_room_by_a_reverse_relation() -> None:
    names = reverse_names()
    assert "submissions" in names  # the rule has something to hold
    wrong = []
    for path in python_files():
        room = room_of(path)
        if room is None:
            continue
        for node in ast.walk(tree_of(path)):
            used = node.attr if isinstance(node, ast.Attribute) else None
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
                used = node.value.split("__")[0]
            if used in names and names[used] > place_of(room):
                wrong.append(f"{path}:{node.lineno} {used}")
    assert wrong == []


def test_models_live_in_rooms() -> None:
    ours = {model._meta.app_label for model in apps.get_models() if model.__module__.split(".")[0] in settings.ROOMS}
    assert ours <= set(settings.ROOMS)
    assert issubclass(apps.get_model("plans.Plan"), models.Model)
