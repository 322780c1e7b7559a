"""Cases."""

import itertools
from datetime import date

from evaluation.actions import create_evaluation
from evaluation.models import Evaluation, EvaluationKind
from evaluation.stages import StageOutline
from organisations.models import User
from plans.models import Plan
from tests.factories.organisations import reviewer
from tests.factories.plans import plan

_numbers = itertools.count(1)
WITHOUT_CONDITIONS = (StageOutline("准备"), StageOutline("调研"), StageOutline("起草"))


def case(*, of: Plan | None = None, by: User | None = None, **fields: object) -> Evaluation:
    """A case of three stages without conditions, the first of them current."""
    number = next(_numbers)
    given = {
        "code": f"case-{number}",
        "name": f"评估{number}",
        "kind": EvaluationKind.MID_TERM,
        "cut_off": date(2018, 6, 30),
        "stages": WITHOUT_CONDITIONS,
    }
    return create_evaluation(of or plan(), by=by or reviewer(), **(given | fields))
