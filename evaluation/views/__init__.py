"""Pages of a case."""

from evaluation.views.assessment import judgement, withdraw
from evaluation.views.case import advance, advance_despite, case, cases, pass_over, send_back
from evaluation.views.create import create
from evaluation.views.keeping import change, group, leave

__all__ = [
    "advance",
    "advance_despite",
    "case",
    "cases",
    "change",
    "create",
    "group",
    "judgement",
    "leave",
    "pass_over",
    "send_back",
    "withdraw",
]
