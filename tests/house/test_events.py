"""Every event that a verb leaves is registered with its words: what happened is read by people."""

import ast
import re

from django.contrib import admin

from audit.events import registered
from tests.house.source import python_files, tree_of

NAME = re.compile(r"\w+\.\w+")


def recorded_events(tree: ast.Module) -> set[str]:
    """The names that a file passes to ``record``, ``record_each`` and ``note``; one that is computed is not seen."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"record", "record_each", "note"}
    ]
    names = [constant for call in calls if call.args for constant in ast.walk(call.args[0])]
    return {node.value for node in names if isinstance(node, ast.Constant) and NAME.fullmatch(str(node.value))}


def events_of_moves() -> set[str]:
    """``model.verb`` of every declared move."""
    movable = [model for model in admin.site._registry if hasattr(model, "MOVES")]
    return {f"{model._meta.model_name}.{verb}" for model in movable for verb in model.MOVES}


def test_every_event_has_words() -> None:
    left = {name for path in python_files() for name in recorded_events(tree_of(path))} | events_of_moves()
    assert left - set(registered()) == set()


def test_a_recorded_event_is_found() -> None:
    tree = ast.parse('record("thing.verb" if x else "thing.other", row, detail="a.b")')
    assert recorded_events(tree) == {"thing.verb", "thing.other"}
