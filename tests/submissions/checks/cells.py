"""Cells to ask rules about, without a database: half-years of 2018 in a plan from 2015 to 2020."""

from datetime import date
from decimal import Decimal

from arithmetic.goal import Direction, Goal, Kind
from submissions.checks.cell import Cell, Earlier, Facts
from submissions.checks.rules import BY_CODE
from submissions.checks.running import fired_in
from submissions.comparable import Span

GOAL = ("base", "target", "target_upper", "kind", "unit", "direction", "target_form")
FACTS = ("decimals", "frequency", "facts_parts")


def span(ends_on: date, months: int = 0) -> Span:
    """A stretch that ends on the day; from January unless it is told how many months it is long."""
    first = ends_on.month - months + 1 if months else 1
    return Span(date(ends_on.year, first, 1), ends_on, f"{ends_on.year}年1–{ends_on.month}月")


def earlier(value: str, ends_on: date, months: int = 0, **fields: object) -> Earlier:
    return Earlier(Decimal(value), span(ends_on, months), **fields)


def cell(
    value: str | None,
    *,
    before: str | None = None,
    year_before: str | None = None,
    on: date = date(2018, 6, 30),
    **fields: object,
) -> Cell:
    """A value of the first half of 2018 (or of the period that ends ``on``) beside the last one and last year's."""
    months = 3 if fields.get("kind") == Kind.PERIOD else 0
    series = fields.pop("series", ())
    if year_before is not None:
        series = (*series, earlier(year_before, on.replace(year=on.year - 1), months))
    if before is not None:
        last = date(on.year, 3, 31) if on.month == 6 else date(on.year - 1, 12, 31)
        same_length = fields.get("kind") == Kind.ANNUAL
        series = (*series, earlier(before, on.replace(year=on.year - 1) if same_length else last, months))
    given = {name: fields.pop(name) for name in GOAL if name in fields}
    facts = {name.removeprefix("facts_"): fields.pop(name) for name in FACTS if name in fields}
    goal = Goal(
        base_year=2015, end_year=2020, **({"kind": Kind.STOCK, "unit": "家", "direction": Direction.RISING} | given)
    )
    known = {
        "span": span(on, months),
        "period_starts_on": date(on.year, 1, 1),
        "period_ends_on": on,
        "value": None if value is None else Decimal(value),
        "answer": "" if value is None else "value",
    }
    return Cell(facts=Facts(goal=goal, **facts), series=series, **(known | fields))


def said(code: str, asked: Cell, **parameters: str) -> str | None:
    """What one rule says of a cell, by its defaults or with some parameters set."""
    rule = BY_CODE[code]
    return rule.check(asked, rule.defaults | {name: Decimal(text) for name, text in parameters.items()})


def codes(asked: Cell) -> list[str]:
    """Which rules fire when the cell is asked all of them."""
    return [fired.rule.code for fired in fired_in(asked)]
