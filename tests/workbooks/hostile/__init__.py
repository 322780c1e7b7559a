"""Workbooks that no honest program makes, and some that are: made from a good one by seeded chance.

Each tells what may be saved of it: by row the one right number, or nothing. Whoever reads one must come to exactly
that, or refuse it in words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.workbooks.hostile.books import Good
from tests.workbooks.hostile.containers import CONTAINERS
from tests.workbooks.hostile.sheets import SHEETS
from tests.workbooks.hostile.values import VALUES

KINDS = {**CONTAINERS, **SHEETS, **VALUES}


@dataclass(frozen=True)
class Hostile:
    """``truth`` is what each row may come to be: its number, or None where nothing may be saved."""

    name: str
    content: bytes
    truth: Mapping[str, Decimal | None]


def hostile(seed: int, number: int, good: Good) -> Iterator[Hostile]:
    """Yield so many files, each kind in turn, all from the seed."""
    names = sorted(KINDS)
    for order in range(number):
        name = names[order % len(names)]
        content, changed = KINDS[name](Random(f"{seed}/{order}"), good)
        yield Hostile(f"{order:03d} {name}", content, {**good.truth, **changed})


__all__ = ["KINDS", "Good", "Hostile", "hostile"]
