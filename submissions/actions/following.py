"""The forms of an open period follow the responsibilities that changed after it was opened."""

from django.core.exceptions import ValidationError

from audit.clock import today
from audit.moves import StaleState, move
from audit.recording import record, recorded
from indicators.models import Indicator
from organisations.models import User
from organisations.permissions import is_reviewer, require
from plans.actions import locked_period
from plans.models import PeriodState, ReportingPeriod
from submissions.actions.self_reports import ask_for_self_reports
from submissions.models import Figure, ProgressNote, State, Submission
from submissions.permissions import can_review
from submissions.queries.following import Difference, differences
from tasks.models import KeyTask


def follow_responsibilities(period: ReportingPeriod, *, by: User, reason: str = "") -> list[Difference]:
    """Add what the responsibilities of today ask and the forms don't, retire what was never answered; tell what was done.

    Nothing that was typed is deleted or retired. A form that is approved goes back to its organisation for what is
    new; one that is with its head or under review gets it another time, once it is back or decided.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        StaleState: the period isn't open.
        ValidationError: there is nothing to change.
    """
    with recorded(by=by, reason=reason.strip() or "按责任分解更新填报表"):
        locked = locked_period(period)
        require(is_reviewer, by)
        if locked.state != PeriodState.OPEN:
            raise StaleState(f"报告期当前为“{locked.get_state_display()}”，只有填报中的才能按责任分解更新。")
        list(Submission.objects.filter(period=locked).select_for_update(no_key=True).order_by("pk").values_list("pk"))
        done = [each for each in differences(locked, today()) if each.changes and not is_own(each, by)]
        if not done:
            raise ValidationError("填报表与今天的责任分解一致，没有可以更新的内容。")
        for each in done:
            _follow(each, locked)
        added = sum(len(each.added) for each in done if not each.waits)
        record("period.follow_responsibilities", locked, added=added, retired=sum(len(each.retired) for each in done))
    return done


def is_own(found: Difference, by: User) -> bool:
    """Whether the person filled in or confirmed the approved form that would go back: somebody else sends it back."""
    form = found.form
    return form is not None and form.state == State.APPROVED and bool(found.added) and not can_review(by, form)


def _follow(found: Difference, period: ReportingPeriod) -> None:
    form = found.form or Submission.objects.create(
        period=period,
        organisation=found.organisation,
        organisation_name=found.organisation.name,
        deadline=period.deadline,
    )
    if found.form is None:
        ask_for_self_reports([form])
        record("submission.open", form)
    added = [] if found.waits else found.added_names
    if added:
        if form.state == State.RETIRED:
            move(form, "take_up")
        if form.state == State.APPROVED:
            move(form, "ask_for_more")
        _add(form, found)
    for row in found.retired:
        type(row)._default_manager.filter(pk=row.pk).update(is_owed=False)
    record("submission.follow_responsibilities", form, added=added, retired=found.retired_names, kept=found.kept_names)
    if found.retires_form:
        move(form, "retire")


def _add(form: Submission, found: Difference) -> None:
    for row in found.asked_again:
        type(row)._default_manager.filter(pk=row.pk).update(is_owed=True)
    for subject in found.missing:
        if isinstance(subject, Indicator):
            Figure.objects.create(
                submission=form, indicator=subject, organisation=form.organisation, period=form.period
            )
        elif isinstance(subject, KeyTask):
            ProgressNote.objects.create(submission=form, task=subject)
        else:
            ProgressNote.objects.create(submission=form, project=subject)
