"""The stages that a case is usually made of, as data; a case keeps its own copies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StageOutline:
    """A stage's title and the names of the conditions for leaving it."""

    title: str
    conditions: tuple[str, ...] = ()


PREPARATION = StageOutline("前期准备", ("leads_named", "round_opened"))
RESEARCH = StageOutline("调查研究", ("round_approved", "self_reports_approved", "values_published"))
DRAFTING = StageOutline("报告起草", ("sections_written",))
REPORTING_UPWARD = StageOutline("审议报送")

THREE_STAGES = (PREPARATION, RESEARCH, DRAFTING)
FOUR_STAGES = (*THREE_STAGES, REPORTING_UPWARD)
