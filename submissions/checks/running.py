"""Asking a cell every rule; no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from submissions.checks.cell import Cell
from submissions.checks.rule import Rule
from submissions.checks.rules import RULES
from submissions.checks.tuning import Tuning
from submissions.models.check import Severity


@dataclass(frozen=True)
class Fired:
    """A rule that found something: its message, how much it asks, and of what value it speaks."""

    rule: Rule
    severity: Severity
    message: str
    fingerprint: str


def fired_in(
    cell: Cell, tuning: Tuning | None = None, *, indicator: int | None = None, rules: Sequence[Rule] = RULES
) -> list[Fired]:
    """Return what the rules find, in their order; a rule whose better words were said keeps silent."""
    tuning = tuning or Tuning()
    found: list[Fired] = []
    codes: set[str] = set()
    for rule in rules:
        if (cell.value is None and not rule.is_about_blank) or (codes and rule.unless & codes):
            continue
        tuned = tuning.of(rule, indicator)
        message = None if tuned.is_off else rule.check(cell, tuned.values)
        if message is not None:
            codes.add(rule.code)
            found.append(Fired(rule, tuned.severity, message, cell.fingerprint(rule.about)))
    return found
