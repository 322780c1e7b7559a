"""Pages of a case."""

from evaluation.views.assessment import judgement, withdraw
from evaluation.views.case import advance, advance_despite, case, cases, pass_over, send_back
from evaluation.views.create import create

__all__ = ["advance", "advance_despite", "case", "cases", "create", "judgement", "pass_over", "send_back", "withdraw"]
