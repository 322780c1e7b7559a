"""Until when the case takes data of a special round; the room of the case registers how to ask (it comes later)."""

from collections.abc import Callable
from typing import Any

from django.db.models import DateField, Value
from django.db.models.expressions import Combinable

CutOff = Callable[[Any], Any]
"""Given a reference to a period's key in an outer query, the subquery of one cut-off date."""

_registered: list[CutOff] = []


def register_cut_off(asked: CutOff) -> None:
    _registered[:] = [asked]


def cut_off_of(period: Any) -> Combinable:
    """Return the expression of the cut-off; NULL where no case takes the period's data."""
    found: Combinable = _registered[0](period) if _registered else Value(None, DateField())
    return found
