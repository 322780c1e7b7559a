"""What a rule is: a small named function, with what people are told of it and what can be tuned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from submissions.checks.cell import Cell
from submissions.models.check import Severity

Values = Mapping[str, Decimal]
"""A rule's parameters as they are set for a cell."""
Check = Callable[[Cell, Values], str | None]
"""Returns what was found, what was expected and what to do, in one message; None where all is well."""


class Scope(StrEnum):
    """What a rule looks at."""

    FIGURE = "figure"
    FORM = "form"

    @property
    def label(self) -> str:
        return {"figure": "单项数据", "form": "与其他数据对照"}[self.value]


@dataclass(frozen=True)
class Parameter:
    """A number that can be tuned: what it is called, and what it is by default; None where there is none."""

    label: str
    default: Decimal | None


@dataclass(frozen=True)
class Rule:
    """One rule of the form's checks.

    ``about`` names what of the cell an explanation speaks of: an answer holds as long as that stays the same.
    ``unless`` names rules that say the same better: where one of them fired, this one keeps silent.
    """

    code: str
    title: str
    description: str
    check: Check
    severity: Severity = Severity.WARNING
    scope: Scope = Scope.FIGURE
    about: tuple[str, ...] = ("value",)
    unless: frozenset[str] = frozenset()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    is_about_blank: bool = False
    """Whether it looks at cells without a number too."""

    @cached_property
    def defaults(self) -> dict[str, Decimal]:
        known = {name: parameter.default for name, parameter in self.parameters.items()}
        return {name: value for name, value in known.items() if value is not None}


def rule(
    title: str,
    description: str,
    *,
    severity: Severity = Severity.WARNING,
    scope: Scope = Scope.FIGURE,
    about: tuple[str, ...] = ("value",),
    unless: tuple[str, ...] = (),
    is_about_blank: bool = False,
    **parameters: tuple[str, str | int],
) -> Callable[[Check], Rule]:
    """Make a rule of a function; its code is the function's name, a parameter its label and its default ("" for none)."""

    def made(check: Check) -> Rule:
        return Rule(
            code=check.__name__,
            title=title,
            description=description,
            check=check,
            severity=severity,
            scope=scope,
            about=about,
            unless=frozenset(unless),
            parameters={
                name: Parameter(label, None if default == "" else Decimal(default))
                for name, (label, default) in parameters.items()
            },
            is_about_blank=is_about_blank,
        )

    return made
