"""Where the target year ends under stated growth rates (测算)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

REFERENCE_ONLY = "假定价格不变，测算结果为参考值。"


class GrowthOf(StrEnum):
    """What the stated rates are growth of."""

    NOMINAL = "nominal"  # 名义增速
    COMPARABLE = "comparable"  # 可比价增速


@dataclass(frozen=True, slots=True)
class ProjectedYear:
    """One year of a projection: the rate in percent and the value at its end, unrounded."""

    year: int
    rate: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class ProjectedPath:
    """The years in order, and the sentence that must stand beside them (empty for nominal rates)."""

    years: tuple[ProjectedYear, ...]
    growth_of: GrowthOf
    note: str

    @property
    def end(self) -> Decimal:
        """The value in the last year, unrounded: 100 at 5 % for two years is 110.25."""
        return self.years[-1].value


def project(
    value: Decimal, *, year: int, rates: Mapping[int, Decimal], growth_of: GrowthOf = GrowthOf.NOMINAL
) -> ProjectedPath:
    """Carry the value of `year` forward by a rate in percent for each following year.

    A real rate applied to a nominal value assumes unchanged prices; the note says so.

    Raises:
        ValueError: no rate, or the years don't follow `year` without a gap.
    """
    years = sorted(rates)
    if not years or years != list(range(year + 1, year + 1 + len(years))):
        raise ValueError("the rates must name each year after the first, without a gap")
    projected = []
    for following in years:
        value = value * (1 + rates[following] / 100)
        projected.append(ProjectedYear(following, rates[following], value))
    return ProjectedPath(tuple(projected), growth_of, REFERENCE_ONLY if growth_of is GrowthOf.COMPARABLE else "")
