"""The number that a value is held against, and from which side."""

from dataclasses import dataclass
from decimal import Decimal

from arithmetic.goal import Direction, Goal, TargetForm


@dataclass(frozen=True, slots=True)
class Limit:
    """`falling`: met from above, at or under the number. `exclusive`: the number itself doesn't meet it."""

    value: Decimal
    falling: bool
    exclusive: bool = False

    def is_met_by(self, value: Decimal) -> bool:
        """Whether the value is on the right side."""
        if value == self.value:
            return not self.exclusive
        return (value < self.value) is self.falling

    def share_reached(self, value: Decimal) -> Decimal:
        """How much of the number has been reached: value / number, for falling ones the other way round.

        1 or more is met; 0 where a ratio means nothing (a number that isn't positive) and it isn't met.
        """
        if self.value <= 0 or value <= 0:
            return Decimal(1) if self.is_met_by(value) else Decimal(0)
        return self.value / value if self.falling else value / self.value


def limit_for(goal: Goal, value: Decimal) -> Limit | None:
    """The limit that matters for this value (of a range, the end that it is or started beyond); None without target."""
    if goal.target is None:
        return None
    form = goal.target_form
    if form is TargetForm.RANGE and goal.target_upper is not None:
        beyond = value > goal.target_upper or (goal.start is not None and goal.start > goal.target_upper)
        if beyond and not value < goal.target:
            return Limit(goal.target_upper, falling=True)
        return Limit(goal.target, falling=False)
    falling = form is TargetForm.AT_MOST or (form is not TargetForm.AT_LEAST and goal.direction is Direction.FALLING)
    return Limit(goal.target, falling, goal.target_exclusive)
