"""Pages of a case."""

from evaluation.views.assessment import judgement, withdraw
from evaluation.views.case import advance, advance_despite, case, cases, pass_over, send_back

__all__ = ["advance", "advance_despite", "case", "cases", "judgement", "pass_over", "send_back", "withdraw"]
