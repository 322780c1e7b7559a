"""One of everything, and what each address and each form needs to reach it.

The rows belong to one organisation (``home``); each role is tried by somebody of ``home`` and by a stranger of
another organisation.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evaluation.actions import decide_assessment, name_group
from evaluation.conditions import Condition, Finding, Missing, register_condition
from evaluation.models import Evaluation, Stage, Verdict
from evaluation.stages import StageOutline
from indicators.models import Indicator
from organisations.models import Organisation, Role, User
from plans.models import Plan
from reports.actions import prepare_report
from reports.models import Section
from submissions.actions import approve, ask_for_correction, submit
from submissions.models import Evidence, ProgressNote, Submission
from tests.factories.background import asked, run, with_result
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person
from tests.factories.plans import plan
from tests.factories.reviews import assigned
from tests.factories.submissions import (
    asked_to_extend,
    evidence_of,
    note_in,
    opened,
    published,
    saved,
    scan_in,
    template_in,
    workbook_in,
)

UNMET = Condition("never_met_here", "永不满足", lambda evaluation: Finding("缺一项", (Missing("甲", state="缺"),)))


@dataclass
class Rows:
    plan: Plan
    home: Organisation
    members: dict[str, User]
    strangers: dict[str, User]
    indicator: Indicator
    case: Evaluation
    stage: Stage
    section: Section
    form: Submission
    note: ProgressNote
    evidence: Evidence
    more: dict[str, Any] = field(default_factory=dict)


def one_of_everything() -> Rows:
    of, home, elsewhere = plan(), organisation(), organisation()
    members = {role: person(role, at=home) for role in Role}
    strangers = {role: person(role, at=elsewhere) for role in Role}
    row = indicator(of=of, lead=home)
    published(row, "40", by=home)
    register_condition(UNMET)
    stages = (StageOutline("准备", (UNMET.name,)), StageOutline("起草"))
    evaluation = case(of=of, by=members[Role.REVIEWER], stages=stages)
    decide_assessment(evaluation, row, by=members[Role.LEADER], reason="理由", verdict=Verdict.LAGGING)
    prepare_report(evaluation, by=members[Role.REVIEWER])
    name_group(evaluation, by=members[Role.REVIEWER], members=[(members[Role.REVIEWER], "head", "")])
    written = Section.objects.filter(evaluation=evaluation, is_written_by_people=True).first()
    form, note, evidence = approved_form(row, members)
    stage = evaluation.stages.get(number=1)
    more = {
        "assignment": assigned(members[Role.REVIEWER], elsewhere, of=of)[0],
        "job": asked(members[Role.REVIEWER]),
        "ended_job": run(asked(members[Role.REVIEWER]), with_result),
    }
    return Rows(of, home, members, strangers, row, evaluation, stage, written, form, note, evidence, more)


def approved_form(row: Indicator, members: dict[str, User]) -> tuple[Submission, ProgressNote, Evidence]:
    """A form with a correction asked for, approved by the reviewer of home."""
    reporter = members[Role.REPORTER]
    form = opened(row)
    evidence = evidence_of(form.figures.get(), by=reporter)
    saved(form.figures.get(), "45", by=reporter)
    submit(form, by=reporter)
    approve(form, by=members[Role.REVIEWER], round=1)
    ask_for_correction(form, by=reporter, whole=True, reason="笔误")
    asked_to_extend(form, by=reporter)
    return form, note_in(form), evidence


# the parts of addresses, by their names in urls.py; a "namespace:name part" is for one URL only
PARTS: dict[str, Callable[[Rows], Any]] = {
    "person pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "reset_password pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "deactivate pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "reactivate pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "hand_over pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "reveal_contact pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "erase_contact pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "organisation_contact pk": lambda rows: rows.home.pk,
    "erase_organisation_contact pk": lambda rows: rows.home.pk,
    "person_roles pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "grant_role pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "withdraw_role pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "unlock pk": lambda rows: rows.strangers[Role.REPORTER].pk,
    "background:job pk": lambda rows: rows.more["job"].pk,
    "background:cancel pk": lambda rows: rows.more["job"].pk,
    "background:result pk": lambda rows: rows.more["ended_job"].pk,
    "plan": lambda rows: rows.plan.code,
    "code": lambda rows: rows.case.code,
    "number": lambda rows: rows.indicator.number,
    "member": lambda rows: rows.case.members.get().pk,
    "position": lambda rows: rows.section.position,
    "organisation": lambda rows: rows.home.code,
    "period": lambda rows: rows.form.period.code,
    "figure": lambda rows: rows.evidence.figure_id,
    "note": lambda rows: rows.note.pk,
    "submissions:end_assignment pk": lambda rows: rows.more["assignment"].pk,
    "rule": lambda rows: "unusual_change",
    "workbook": lambda rows: workbook_in(rows.form, rows.evidence).pk,
    "submissions:stamped_scan pk": lambda rows: scan_in(rows.form, rows.evidence).pk,
    "submissions:summary pk": lambda rows: template_in(rows.plan, rows.evidence).pk,
    "submissions:export_summary pk": lambda rows: template_in(rows.plan, rows.evidence).pk,
    "submissions:evidence pk": lambda rows: rows.evidence.pk,
    "submissions:preview_evidence pk": lambda rows: rows.evidence.pk,
    "submissions:remove_evidence pk": lambda rows: rows.evidence.pk,
}

# what a form sends, so that a POST reaches its verb; a form that is not here is sent empty
SENT: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "add_person": lambda rows: {"username": "newcomer", "name": "新人", "organisation": rows.home.pk},
    "reset_password": lambda rows: {"reason": "理由"},
    "deactivate": lambda rows: {"reason": "理由"},
    "reactivate": lambda rows: {"reason": "理由"},
    "erase_contact": lambda rows: {"reason": "理由"},
    "erase_organisation_contact": lambda rows: {"reason": "理由"},
    "hand_over": lambda rows: {"to": rows.strangers[Role.HEAD].pk, "reason": "理由"},
    "grant_role": lambda rows: {"role": Role.HEAD, "reason": "理由"},
    "withdraw_role": lambda rows: {"grant": rows.strangers[Role.REPORTER].grants.get().pk, "reason": "理由"},
    "unlock": lambda rows: {"reason": "理由"},
    "evaluation:advance": lambda rows: {"stage": rows.stage.pk},
    "evaluation:pass_over": lambda rows: {"stage": rows.stage.pk, "condition": UNMET.name, "reason": "理由"},
    "evaluation:advance_despite": lambda rows: {"stage": rows.stage.pk, "reason": "理由"},
    "evaluation:send_back": lambda rows: {"stage": rows.stage.pk, "reason": "理由"},
    "evaluation:judgement": lambda rows: {"verdict": Verdict.FASTER, "reason": "理由"},
    "evaluation:withdraw": lambda rows: {"reason": "理由"},
    "evaluation:leave": lambda rows: {"reason": "理由"},
    "submissions:withdraw": lambda rows: {"reason": "理由"},
    "submissions:send_back": lambda rows: {"reason": "理由"},
    "submissions:ask_for_correction": lambda rows: {"whole": "1", "reason": "理由"},
    "submissions:assignments": lambda rows: {
        "to": rows.members[Role.REVIEWER].pk,
        "organisation": [rows.home.pk],
    },
    "submissions:hand_over_reviews": lambda rows: {
        "from": rows.members[Role.REVIEWER].pk,
        "to": rows.strangers[Role.REVIEWER].pk,
        "reason": "理由",
    },
    "submissions:review": lambda rows: {"decision": "approve", "round": 1},
    "submissions:withdraw_approval": lambda rows: {"reason": "理由"},
    "submissions:tune_check": lambda rows: {"severity": "hint", "reason": "理由"},
    "submissions:ask_for_extension": lambda rows: {"until": "2099-01-01", "reason": "理由"},
    "submissions:answer_extension": lambda rows: {"decision": "grant"},
    "submissions:allow_late": lambda rows: {"reason": "理由", "allowed": "no"},
    "submissions:call_for_corrections": lambda rows: {"reason": "理由", "due_on": "2099-01-01"},
    "submissions:answer_correction": lambda rows: {"decision": "agree"},
    "submissions:self_report_outline": lambda rows: {"title-0": "进展", "number-0": "1", "reason": "理由"},
    "reports:quote": lambda rows: {"body": "文字", "revision": rows.section.revision, "note": rows.note.pk},
    "reports:section": lambda rows: {"body": "文字", "revision": rows.section.revision},
    "overview:export_trace": lambda rows: {"organisation": rows.home.code},
}
