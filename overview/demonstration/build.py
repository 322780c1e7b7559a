"""Building the demonstration, all or nothing."""

from django.db import transaction

from audit.clock import set_to
from audit.models import Door
from audit.recording import door_of_request, recorded
from evaluation.models import Evaluation
from organisations.models import User
from overview.demonstration.case import advance, begin_report, set_up
from overview.demonstration.people import make_people
from overview.demonstration.script import PeriodLine, Script, at_hour
from overview.demonstration.ways import WAYS, Staff
from plans.actions import define_period
from plans.models import PeriodKind, Plan
from submissions.actions import close_period, open_period
from submissions.models import Submission

KINDS = {str(kind.label): kind for kind in PeriodKind}


class AlreadyThere(Exception):
    """The case of the script exists: nothing was done."""


def build(script: Script, *, password: str) -> Evaluation:
    """Make the people, the periods with their forms, the case and its report, through the ordinary verbs.

    Business times are the script's; the times of history are the database's own.

    Raises:
        AlreadyThere: the case exists already.
        Plan.DoesNotExist: the plan isn't loaded.
    """
    if Evaluation.objects.filter(code=script.case["evaluation"]["code"]).exists():
        raise AlreadyThere
    door = door_of_request.set(Door.COMMAND)
    try:
        with transaction.atomic():
            plan = Plan.objects.get(code=script.case["plan"])
            make_people(script, password)
            _define_periods(plan, script)
            return _go_through(plan, script)
    finally:
        door_of_request.reset(door)


def _define_periods(plan: Plan, script: Script) -> None:
    by = User.objects.get(username=script.case["administrators"]["system_administrator"])
    with recorded(by=by, reason="设置报告期"):
        for line in script.periods:
            define_period(
                plan,
                by=by,
                code=line.code,
                name=line.name,
                kind=KINDS[line.kind],
                starts_on=line.starts_on,
                ends_on=line.ends_on,
                opens_on=line.opens_on,
                deadline=line.deadline,
            )


def _go_through(plan: Plan, script: Script) -> Evaluation:
    """Every period in its turn; the case is set up before its own round is opened."""
    staff = Staff(script.case["reviewers"])
    evaluation: Evaluation | None = None
    for line in script.periods:
        is_round = line.code == script.case["evaluation"]["round"]
        if is_round:
            evaluation = set_up(plan, script)
        forms = _open(plan, script, line)
        if is_round and evaluation is not None:
            advance(evaluation, script, 0)
        for place, form in enumerate(forms):
            WAYS[script.way_of(line.code, form.organisation.code)](staff.walk(form, script, line, place))
        _close(plan, script, line)
    assert evaluation is not None
    advance(evaluation, script, 1)
    begin_report(evaluation, script)
    return evaluation


def _open(plan: Plan, script: Script, line: PeriodLine) -> list[Submission]:
    by = User.objects.get(username=script.case["reviewers"][0])
    with set_to(line.moment(0, 9)):
        return open_period(plan.periods.get(code=line.code), by=by)


def _close(plan: Plan, script: Script, line: PeriodLine) -> None:
    """Close the period on the script's day; a line without one stays open."""
    if line.closes_on is None:
        return
    by = User.objects.get(username=script.case["reviewers"][0])
    with set_to(at_hour(line.closes_on, 17)):
        close_period(plan.periods.get(code=line.code), by=by, reason="已全部报送并审核通过（演示假定）")
