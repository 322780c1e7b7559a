"""Until when a case takes the data of its special round, for the checks of that round's forms."""

from typing import Any

from django.db.models import Subquery

from evaluation.models import Evaluation
from submissions.checks.cut_offs import register_cut_off


def cut_off_of(period: Any) -> Subquery:
    """The cut-off of the case whose special round the period is; of several the last."""
    return Subquery(Evaluation.objects.filter(round=period).order_by("-cut_off").values("cut_off")[:1])


def register_cut_offs() -> None:
    register_cut_off(cut_off_of)
