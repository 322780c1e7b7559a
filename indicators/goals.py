"""An indicator's goal as the arithmetic takes it."""

from collections.abc import Mapping
from decimal import Decimal

from arithmetic import goal as words
from arithmetic.goal import Goal
from indicators.models import Indicator

_EXCLUSIVE = ("＞", ">", "＜", "<")


def goal_of(indicator: Indicator, annual_targets: Mapping[int, Decimal] | None = None) -> Goal:
    """Return the goal; needs the indicator's plan, and its annual targets where they aren't given by year."""
    if annual_targets is None:
        annual_targets = {target.year: target.value for target in indicator.annual_targets.all()}
    return Goal(
        base_year=indicator.plan.base_year,
        end_year=indicator.plan.last_year,
        base=indicator.base,
        base_missing=words.MissingBase(indicator.base_missing) if indicator.base_missing else None,
        target=indicator.target,
        target_upper=indicator.target_upper,
        target_exclusive=indicator.target_printed.lstrip().startswith(_EXCLUSIVE),
        target_form=words.TargetForm(indicator.target_form),
        direction=words.Direction(indicator.direction),
        kind=words.Kind(indicator.kind),
        unit=indicator.unit,
        counted=indicator.is_counted,
        not_counted_reason=indicator.dropped_reason,
        path=words.Path(indicator.path),
        annual_targets=annual_targets,
    )
