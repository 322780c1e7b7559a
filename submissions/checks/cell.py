"""The one value that a rule gets: a cell with all that it may be compared with. Nothing here reads the database."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from arithmetic.as_of import AsOf
from arithmetic.goal import Goal
from arithmetic.shown import number_on_screen, rounded
from indicators.models import QuantityKind
from submissions.comparable import RELATIVE, Span, is_year_before, may_follow
from submissions.models.figure import Answer
from submissions.queries.streets import StreetParts


@dataclass(frozen=True)
class PartFacts:
    """A named part of a composite value, as the plan has it."""

    name: str
    unit: str = ""
    may_be_added: bool = True


@dataclass(frozen=True)
class Facts:
    """What the plan says of the indicator."""

    goal: Goal
    number: int = 1
    decimals: int = 0
    frequency: str = "year"
    parts: tuple[PartFacts, ...] = ()

    @cached_property
    def kind(self) -> str:
        return QuantityKind(self.goal.kind.value)

    @property
    def unit(self) -> str:
        return self.goal.unit

    @property
    def is_relative(self) -> bool:
        """Whether it is in percent, so that changes are in percentage points."""
        return self.kind in RELATIVE


@dataclass(frozen=True)
class PartValue:
    name: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True)
class Earlier:
    """A published value of earlier days, of the same organisation and indicator."""

    value: Decimal
    span: Span
    has_other_definition: bool = False
    """Whether the definition 口径 has changed since it was published."""


@dataclass(frozen=True)
class Cell:
    """A figure as it stands or as it is proposed, with everything that a rule may look at. Values are in the unit.

    ``series`` holds the published values of earlier days, oldest first, comparable or not; ``others`` the numbers of the
    same form, by the indicator's number; ``unchecked_by`` the organisations that have the data and haven't marked this
    value 已核对, each with where it says that the value differs.
    """

    facts: Facts
    span: Span
    period_starts_on: date
    period_ends_on: date
    is_special: bool = False
    answer: str = Answer.VALUE
    value: Decimal | None = None
    printed: str = ""
    is_same_as_before: bool = False
    """Whether 与上期相同 was the answer, given on purpose."""
    parts: tuple[PartValue, ...] = ()
    no_data_reason: str = ""
    as_of: AsOf | None = None
    last_year_given: Decimal | None = None
    growth: Decimal | None = None
    """同比增速（可比价）, as reported, in percent."""
    explanation: str = ""
    expectation: str = ""
    evidence: int = 0
    series: tuple[Earlier, ...] = ()
    others: Mapping[int, Decimal] = field(default_factory=dict)
    streets: StreetParts | None = None
    is_part: bool = False
    """Whether it is a street's part, which isn't measured by the target of the whole."""
    cut_off: date | None = None
    """Until when the evaluation under way takes data."""
    unchecked_by: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> Decimal:
        """The value, for rules that only get cells with one."""
        assert self.value is not None
        return self.value

    @cached_property
    def previous(self) -> Earlier | None:
        """The nearest earlier value that can be compared (上期)."""
        fitting = (each for each in reversed(self.series) if may_follow(self.facts.kind, self.span, each.span))
        return next(fitting, None)

    @cached_property
    def before(self) -> Decimal | None:
        return self.previous.value if self.previous is not None else None

    @cached_property
    def year_before(self) -> Earlier | None:
        """What was published for the same period of the year before (上年同期)."""
        fitting = (each for each in reversed(self.series) if is_year_before(self.facts.kind, self.span, each.span))
        return next(fitting, None)

    @cached_property
    def last_year(self) -> Decimal | None:
        """At comparable scope where the reporter gave it, else what was published then."""
        if self.last_year_given is not None:
            return self.last_year_given
        return self.year_before.value if self.year_before is not None else None

    @property
    def target(self) -> Decimal | None:
        """The plan's target, where one can measure by it."""
        target = self.facts.goal.target
        return target if not self.is_part and target is not None and target > 0 else None

    @cached_property
    def references(self) -> list[tuple[str, Decimal]]:
        """What tells the usual size, nearest first: what it is called, and the number. Lengths may differ."""
        known = [("上期", self.before)] if self.before is not None else []
        if self.last_year is not None:
            known.append(("上年同期", self.last_year))
        if not known and self.series:
            latest = self.series[-1]
            known.append((latest.span.name, latest.value))
        base = self.facts.goal.base
        if not known and base is not None and not self.is_part:
            known.append(("基数", base))
        if self.target is not None:
            known.append((f"{self.facts.goal.end_year}年目标", self.target))
        return [(words, value) for words, value in known if value != 0]

    def fingerprint(self, about: tuple[str, ...]) -> str:
        """A short code of the named things; equal as long as they are."""
        told = "/".join(f"{name}={self._told(name)}" for name in about)
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def _told(self, name: str) -> str:
        thing = getattr(self, name)
        if name == "parts":
            return "+".join(f"{part.name}:{part.value.normalize():f}" for part in self.parts)
        if isinstance(thing, Decimal):
            return f"{self.answer}:{thing.normalize():f}" if name == "value" else f"{thing.normalize():f}"
        return str(thing)


def shown(value: Decimal | None) -> str:
    return number_on_screen(value)


def times(ratio: Decimal) -> str:
    """How many times: one digit after the point, two below 1."""
    return number_on_screen(rounded(ratio, 1 if abs(ratio) >= 1 else 2))


def in_percent(rate: Decimal) -> str:
    return f"{number_on_screen(rounded(rate, 1))}%"
