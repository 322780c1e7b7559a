"""Opening a period makes a form for each organisation that owes something in it; closing it, and its deadline."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from audit.clock import today
from audit.freezing import anchor_when_done
from audit.recording import record, recorded
from organisations.models import Organisation, User
from plans import actions as plans_actions
from plans.models import ReportingPeriod
from responsibilities.models import Responsibility
from submissions.actions.self_reports import ask_for_self_reports
from submissions.models import Extension, ExtensionState, Figure, ProgressNote, Submission
from submissions.queries.owed import owed_by_organisation
from submissions.queries.periods import still_owed


def open_period(period: ReportingPeriod, *, by: User, reason: str = "") -> list[Submission]:
    """Open a period and make its forms, from the responsibilities and the names that are valid today.

    A form asks only what is due by its frequency; a special round asks everything.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: the deadline is near and no reason is given; nobody owes anything.
        StaleState: the period is open already.
    """
    with recorded(by=by, reason=reason.strip() or "开放填报"):
        opened = plans_actions.open_for_reporting(period, by=by, reason=reason)
        owed = owed_by_organisation(opened, today())
        if not owed:
            raise ValidationError("没有单位在这个报告期有应填的内容。请先完成责任分解，并核对各指标的统计周期。")
        forms = Submission.objects.bulk_create(
            Submission(period=opened, organisation=each, organisation_name=each.name, deadline=opened.deadline)
            for each in sorted(owed, key=lambda each: (each.position, each.code))
        )
        Figure.objects.bulk_create(_cells(forms, owed))
        ProgressNote.objects.bulk_create(_notes(forms, owed))
        ask_for_self_reports(forms)
        for form in forms:
            record("submission.open", form)
    return forms


def change_deadline(period: ReportingPeriod, *, by: User, deadline: datetime, reason: str) -> ReportingPeriod:
    """Give an open period and all its forms another deadline; whoever still owes one is told.

    A form that came in after the old deadline is late no longer where the new one lies after it.

    Raises:
        PermissionDenied, ValidationError, StaleState: as ``plans.actions.change_deadline``.
    """
    with recorded(by=by, reason=reason):
        changed = plans_actions.change_deadline(period, by=by, deadline=deadline, reason=reason)
        _pass_on_deadline(changed)
    return changed


def close_period(period: ReportingPeriod, *, by: User, reason: str) -> ReportingPeriod:
    """Close a period: a form that never came in can't be filled in any more, and nobody is reminded of it.

    Forms that came in go on being reviewed, returned and corrected. What is still owed, by whom, is kept in the entry.
    What history says by then is anchored.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason.
        StaleState: the period isn't open.
    """
    with recorded(by=by, reason=reason):
        plans_actions.locked_period(period)
        owed = [f"{each.organisation_name}：{each.get_state_display()}" for each in still_owed(period)]
        closed = plans_actions.close_for_reporting(period, by=by, reason=reason, owed=owed)
        anchor_when_done(f"关闭报告期：{closed.plan} {closed.name}")
    return closed


def reopen_period(period: ReportingPeriod, *, by: User, deadline: datetime, reason: str) -> ReportingPeriod:
    """Open a closed period again, with a new deadline for what is still owed.

    Raises:
        PermissionDenied, ValidationError, StaleState: as ``plans.actions.reopen_for_reporting``.
    """
    with recorded(by=by, reason=reason):
        opened = plans_actions.reopen_for_reporting(period, by=by, deadline=deadline, reason=reason)
        _pass_on_deadline(opened)
    return opened


def _pass_on_deadline(period: ReportingPeriod) -> None:
    """Give the period's deadline to its forms; each that is still with its organisation gets an entry to be told by.

    What was granted to one of them and lies later stays.
    """
    forms = Submission.objects.filter(period=period)
    list(forms.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    later = Extension.objects.filter(
        submission=OuterRef("pk"), state=ExtensionState.GRANTED, deadline__gt=period.deadline
    )
    forms.exclude(Exists(later)).update(deadline=period.deadline)
    for form in still_owed(period):
        if form.has_deadline and form.deadline == period.deadline:
            record("submission.change_deadline", form, deadline=period.deadline.isoformat())


def _cells(forms: Iterable[Submission], owed: dict[Organisation, list[Responsibility]]) -> Iterable[Figure]:
    for form in forms:
        asked = {row.indicator: None for row in owed[form.organisation] if row.indicator is not None}
        for indicator in asked:
            yield Figure(submission=form, indicator=indicator, organisation=form.organisation, period=form.period)


def _notes(forms: Iterable[Submission], owed: dict[Organisation, list[Responsibility]]) -> Iterable[ProgressNote]:
    for form in forms:
        asked = {(row.task_id, row.project_id): None for row in owed[form.organisation] if row.indicator is None}
        for task, project in asked:
            yield ProgressNote(submission=form, task_id=task, project_id=project)
