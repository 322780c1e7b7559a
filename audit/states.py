"""The states of every table and the moves between them, drawn from the same data as verbs and guards."""

from collections.abc import Iterator
from typing import Any

from django.db import models

from audit.guards import instead_of_deleting, moves_of
from audit.tracking import tracked_models

HEAD = """# States

Drawn by `manage.py states --write` from the moves that the models declare; the verbs, the buttons and the guards of the
database are made from the same, and a test compares this page with them. The name on an arrow is the verb.
A move is made in the name of the person in `by`; whoever had one of the hands in the last column may not make it.
"""


def models_with_states() -> list[type[models.Model]]:
    return [model for model, _ in tracked_models() if moves_of(model)]


def document() -> str:
    """Return the page: for each table a diagram (Mermaid) and the table of its moves."""
    return "\n".join([HEAD, *(part for model in models_with_states() for part in _section(model))])


def _section(model: type[models.Model]) -> Iterator[str]:
    moves, field = moves_of(model), _state(model)
    labels = {str(state): str(label) for state, label in field.flatchoices}
    yield f"## {model.__name__} {model._meta.verbose_name}\n"
    if not hasattr(model, "MOVES"):
        yield "The state follows another row's; no verb moves this row by itself.\n"
    yield "```mermaid\nstateDiagram-v2"
    yield from (f'    state "{label}" as {state}' for state, label in labels.items())
    yield f"    [*] --> {field.get_default()}"
    for verb, move in moves.items():
        yield from (f"    {source} --> {move.target}: {verb}" for source in sorted(move.sources))
    yield "```\n"
    yield "| verb | title | from | to | by | not by who |\n| --- | --- | --- | --- | --- | --- |"
    for verb, move in moves.items():
        sources = "、".join(labels[str(source)] for source in sorted(move.sources))
        hands = "，".join(bar.words for bar in move.barred)
        by = f"`{move.by}`" if move.by else ""
        yield f"| `{verb}` | {move.title} | {sources} | {labels[str(move.target)]} | {by} | {hands} |"
    if instead := instead_of_deleting(model):
        yield f"\nNever deleted: {instead}"
    yield ""


def _state(model: type[models.Model]) -> Any:
    return model._meta.get_field("state")
