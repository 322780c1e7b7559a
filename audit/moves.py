"""Moves between states, declared as data on a model and made in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models

from audit.models import Entry
from audit.recording import record


@dataclass(frozen=True)
class Bar:
    """Who may not make a move: whoever the database function ``function(row, person)`` is true of.

    ``words`` say what they did before; ``of`` is the column that holds the key which the function is asked about.
    """

    function: str
    words: str
    of: str = "id"


@dataclass(frozen=True)
class Move:
    """From which states a verb may start, to which it leads, and its title (an official's words).

    ``by`` is the column that names who made it: in the database it must be the person in whose name the change is
    open. ``barred`` are those who may not make it; such a move needs a person, and isn't made by the system.
    """

    sources: frozenset[str]
    target: str
    title: str
    by: str = ""
    barred: tuple[Bar, ...] = ()


class StaleState(ValidationError):
    """Somebody else decided first: the row is no longer in a state that the verb starts from."""


class Movable(Protocol):
    pk: Any
    state: Any
    MOVES: dict[str, Move]

    def get_state_display(self) -> str: ...

    def save(self, *, update_fields: list[str]) -> None: ...


def may_move(row: Movable, verb: str) -> bool:
    """Tell whether the row's state is one that the verb starts from (permission is another question)."""
    return str(row.state) in row.MOVES[verb].sources


def move(row: Movable, verb: str, *, stamp: Mapping[str, Any] | None = None, **detail: Any) -> Entry:
    """Move a locked row to the verb's target state and leave the entry ``model.verb``; the only place that sets a state.

    ``stamp`` names further fields that the move sets (who, when). Needs an open ``recorded``.

    Raises:
        StaleState: the row's state is not one that the verb starts from.
    """
    step = row.MOVES[verb]
    before = str(row.state)
    if before not in step.sources:
        raise StaleState(
            f"当前状态为“{row.get_state_display()}”，不能{step.title}。可能有人刚刚处理过，请刷新后查看。"
        )
    row.state = step.target
    for name, value in (stamp or {}).items():
        setattr(row, name, value)
    row.save(update_fields=["state", *(stamp or {})])
    assert isinstance(row, models.Model)
    return record(f"{row._meta.model_name}.{verb}", row, before=before, after=str(step.target), **detail)
