"""The case of the demonstration: set up, advanced, its report begun."""

from datetime import date
from typing import Any

from audit.clock import set_to
from evaluation.actions import advance_stage, create_evaluation, name_group
from evaluation.models import Evaluation, EvaluationKind, StageState
from organisations.models import User
from overview.demonstration.script import Script, at_hour
from plans.models import Plan
from reports.actions import prepare_report, quote_self_report, save_section
from reports.models import Section
from submissions.actions import OutlineLine, set_outline
from submissions.models import ProgressNote


def set_up(plan: Plan, script: Script) -> Evaluation:
    """Set the case up and name its working group, on the day the script says."""
    told: dict[str, Any] = script.case["evaluation"]
    people = {user.username: user for user in User.objects.all()}
    by = people[script.case["reviewers"][0]]
    with set_to(at_hour(date.fromisoformat(told["created_on"]), 9)):
        evaluation = create_evaluation(
            plan,
            by=by,
            code=told["code"],
            name=told["name"],
            kind=EvaluationKind(told["kind"]),
            cut_off=date.fromisoformat(told["cut_off"]),
            outlook_until=date.fromisoformat(told["outlook_until"]),
            round=plan.periods.get(code=told["round"]),
            dates=told["stages"],
        )
        name_group(
            evaluation, by=by, members=[(people[name], part, task) for name, part, task in script.case["group"]]
        )
        set_outline(plan, by=by, sections=_outline(script), reason="按评估方案确定自评报告提纲（演示假定）")
    return evaluation


def _outline(script: Script) -> list[OutlineLine]:
    return [
        OutlineLine(int(line["序号"]), line["标题"], line["填写要求"], line["必填"] == "是") for line in script.outline
    ]


def advance(evaluation: Evaluation, script: Script, turn: int) -> None:
    """Finish the current stage on the script's day; its conditions are met by then."""
    by = User.objects.get(username=script.case["reviewers"][0])
    with set_to(at_hour(date.fromisoformat(script.case["advances"][turn]), 17)):
        advance_stage(evaluation.stages.get(state=StageState.CURRENT), by=by)


def begin_report(evaluation: Evaluation, script: Script) -> None:
    """Make the report's sections and write some of them."""
    told = script.case["report"]
    by = User.objects.get(username=script.case["reviewers"][0])
    with set_to(at_hour(date.fromisoformat(told["prepared_on"]), 10)):
        prepare_report(evaluation, by=by)
        for title, body in told["sections"]:
            section = Section.objects.get(evaluation=evaluation, title=title)
            save_section(section, by=by, body=body, revision=section.revision)
        for title, organisation, number in told["quotations"]:
            section = Section.objects.get(evaluation=evaluation, title=title)
            note = ProgressNote.objects.get(
                submission__period=evaluation.round,
                submission__organisation__code=organisation,
                section__number=number,
            )
            quote_self_report(section, note, by=by, body=section.body, revision=section.revision)
