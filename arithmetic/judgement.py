"""The two judgements, never mixed: is it where it should be now, and will it get there."""

from arithmetic.goal import Goal, Judgement, Reading, Thresholds

DEFAULTS = Thresholds()


def judge(goal: Goal, reading: Reading | None, *, thresholds: Thresholds = DEFAULTS) -> Judgement:
    """Judge a published value against its goal: never an exception, never a made-up 0 %.

    The verdict compares with the year's own target if there is one, else with the declared path, else with linear
    time; `basis` says which. The outlook takes the organisation's own answer where it gave one, unless the target is
    already reached; else it follows from the verdict.
    """
    raise NotImplementedError
