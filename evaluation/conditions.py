"""Conditions for going on (转段条件): small named functions that read the data, in one register.

A later room adds its own from its ``AppConfig.ready``:
``register_condition(Condition("sections_written", "报告各章节均已撰写", check))``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from evaluation.models import Evaluation


@dataclass(frozen=True)
class Missing:
    """One row that a condition lacks: what it is called, where it is mended (empty: nowhere), and its state.

    ``kind`` is the class of the state's shape and colour (draft, back, over, now).
    """

    label: str
    url: str = ""
    state: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Finding:
    """What a condition found: met where nothing is missing; ``summary`` counts in words."""

    summary: str
    missing: tuple[Missing, ...] = ()

    @property
    def is_met(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Condition:
    """``name`` is kept in a stage's list, ``title`` is what a person reads, ``check`` computes."""

    name: str
    title: str
    check: Callable[[Evaluation], Finding]


_conditions: dict[str, Condition] = {}


def register_condition(condition: Condition) -> None:
    """Add a room's condition; a name can be registered once only.

    Raises:
        ValueError: another condition has the name.
    """
    if _conditions.get(condition.name, condition) != condition:
        raise ValueError(f"condition {condition.name} is registered twice")
    _conditions[condition.name] = condition


def condition_named(name: str) -> Condition:
    """Return a registered condition; one that no room registered is never met, and says so."""
    return _conditions.get(name, Condition(name, name, _unknown))


def registered_conditions() -> dict[str, Condition]:
    return dict(_conditions)


def _unknown(evaluation: Evaluation) -> Finding:
    return Finding("系统中没有这一条件的计算方法，请联系系统管理员。", (Missing("无法计算"),))
