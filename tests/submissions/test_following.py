"""The forms of an open period follow responsibilities that changed after it was opened."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from audit.moves import StaleState
from audit.recording import recorded
from indicators.models import Indicator
from organisations.models import Organisation, Role
from plans.models import ReportingPeriod
from responsibilities.models import Part, Responsibility
from submissions.actions import approve, close_period, follow_responsibilities, submit
from submissions.models import State, Submission
from tasks.models import KeyTask, TaskChapter
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, person, reporter, reviewer
from tests.factories.submissions import evidence_of, opened, saved, submitted
from tests.submissions.pages import client_of, text

pytestmark = pytest.mark.django_db


def ends(row: Indicator, of: Organisation) -> None:
    """The organisation answers for the indicator no longer."""
    with recorded(by=None, reason="调整分工"):
        Responsibility.objects.filter(organisation=of, indicator=row).update(
            valid_to=timezone.localdate() - timedelta(days=1)
        )


def taken_over(row: Indicator, by: Organisation) -> None:
    with recorded(by=None, reason="调整分工"):
        Responsibility.objects.create(
            plan=row.plan, organisation=by, part=Part.LEAD, indicator=row, reports_figure=True
        )


def asked(form: Submission) -> list[str]:
    return [cell.indicator.name for cell in form.figures.filter(is_owed=True)]


def form_of(period: ReportingPeriod, organisation: Organisation) -> Submission:
    return Submission.objects.get(period=period, organisation=organisation)


class TestAdding:
    def test_a_figure_that_is_asked_now_joins_the_form(self) -> None:
        form = opened(row := indicator(lead=organisation()))
        more = indicator(of=row.plan, lead=form.organisation)
        follow_responsibilities(form.period, by=reviewer())
        assert asked(form) == [row.name, more.name]

    def test_a_task_too(self) -> None:
        form = opened(row := indicator(lead=organisation()))
        with recorded(by=None, reason="测试"):
            chapter = TaskChapter.objects.create(plan=row.plan, number=1, title="章")
            task = KeyTask.objects.create(chapter=chapter, number=1, title="任务")
            Responsibility.objects.create(plan=row.plan, organisation=form.organisation, part=Part.LEAD, task=task)
        follow_responsibilities(form.period, by=reviewer())
        assert form.notes.get().task == task

    def test_an_organisation_without_a_form_gets_one_with_the_periods_deadline(self) -> None:
        form = opened(row := indicator(lead=organisation()))
        newcomer = organisation()
        indicator(of=row.plan, lead=newcomer)
        follow_responsibilities(form.period, by=reviewer())
        made = form_of(form.period, newcomer)
        assert (made.deadline, made.state, made.figures.count()) == (form.deadline, State.DRAFT, 1)

    def test_an_approved_form_goes_back_for_what_is_new_and_stays_published(self) -> None:
        by, who = reporter(), reviewer()
        form = submitted(by)
        approve(form, by=who, round=1)
        more = indicator(of=form.period.plan, lead=by.organisation)
        follow_responsibilities(form.period, by=who)
        form.refresh_from_db()
        old, new = form.figures.all()
        assert (form.state, old.state, new.indicator) == (State.RETURNED, "approved", more)
        assert old.published_values.get().withdrawn_at is None
        saved(new, "7", by=by)
        approve(submit(form, by=by), by=who, round=2)
        assert new.published_values.count() == 1

    def test_a_form_under_review_waits(self) -> None:
        by = reporter()
        form = submitted(by)
        indicator(of=form.period.plan, lead=by.organisation)
        with pytest.raises(ValidationError, match="没有可以更新的内容"):
            follow_responsibilities(form.period, by=reviewer())
        assert form.figures.count() == 1


class TestRetiring:
    def test_what_was_never_answered_is_asked_no_more(self) -> None:
        lead = organisation()
        first = indicator(lead=lead)
        second = indicator(of=first.plan, lead=lead)
        form = opened(first, second)
        ends(second, lead)
        follow_responsibilities(form.period, by=reviewer())
        assert asked(form) == [first.name]
        assert form.figures.count() == 2

    def test_what_was_typed_stays_and_is_told(self) -> None:
        by = reporter()
        first = indicator(lead=by.organisation)
        form = opened(first, second := indicator(of=first.plan, lead=by.organisation))
        saved(form.figures.get(indicator=second), "50", by=by)
        ends(first, by.organisation)
        ends(second, by.organisation)
        (done,) = follow_responsibilities(form.period, by=reviewer())
        assert (done.retired_names, done.kept_names) == ([str(first)], [str(second)])
        assert asked(form) == [second.name]

    def test_a_figure_with_evidence_counts_as_answered(self) -> None:
        by = reporter()
        form = opened(row := indicator(lead=by.organisation))
        evidence_of(form.figures.get(), by=by)
        ends(row, by.organisation)
        with pytest.raises(ValidationError, match="没有可以更新的内容"):
            follow_responsibilities(form.period, by=reviewer())
        assert asked(form) == [row.name]

    def test_a_form_with_nothing_left_is_nobodys_work(self) -> None:
        by = reporter()
        form = opened(row := indicator(lead=by.organisation))
        taken_over(row, organisation())
        ends(row, by.organisation)
        follow_responsibilities(form.period, by=reviewer())
        form.refresh_from_db()
        assert form.state == State.RETIRED
        assert form not in Submission.objects.waiting_for_reporter(by)

    def test_asked_again_the_same_form_and_figure_come_back(self) -> None:
        lead, other = organisation(), organisation()
        form = opened(row := indicator(lead=lead))
        taken_over(row, other)
        ends(row, lead)
        follow_responsibilities(form.period, by=reviewer())
        with recorded(by=None, reason="恢复"):
            Responsibility.objects.filter(organisation=lead).update(valid_to=None)
        follow_responsibilities(form.period, by=reviewer())
        form.refresh_from_db()
        assert (form.state, asked(form)) == (State.DRAFT, [row.name])


class TestTold:
    def test_each_form_has_an_entry_that_names_what_changed(self) -> None:
        form = opened(row := indicator(lead=organisation()))
        more = indicator(of=row.plan, lead=form.organisation)
        follow_responsibilities(form.period, by=reviewer())
        entry = Entry.objects.get(event="submission.follow_responsibilities")
        assert (entry.subject_id, entry.detail["added"]) == (form.pk, [str(more)])

    def test_the_page_shows_first_what_would_change_and_a_press_changes_it(self) -> None:
        form = opened(row := indicator(lead=organisation()))
        more = indicator(of=row.plan, lead=form.organisation)
        url = reverse("submissions:follow_responsibilities", args=[row.plan.code, form.period.code])
        who = reviewer()
        assert str(more) in text(who, url)
        assert asked(form) == [row.name]
        shown = client_of(who).post(url, follow=True).content.decode()
        assert "新增 1 项，停填 0 项" in shown
        assert "一致" in shown


class TestRefusals:
    def changed(self) -> Submission:
        form = opened(row := indicator(lead=organisation()))
        indicator(of=row.plan, lead=form.organisation)
        return form

    @pytest.mark.parametrize("other", [reporter, leader])
    def test_it_is_a_reviewers_to_do(self, other: Any) -> None:
        with pytest.raises(PermissionDenied):
            follow_responsibilities(self.changed().period, by=other())

    def test_a_closed_period_stays_as_it_is(self) -> None:
        form = self.changed()
        close_period(form.period, by=reviewer(), reason="已收齐")
        with pytest.raises(StaleState, match="只有填报中的"):
            follow_responsibilities(form.period, by=reviewer())

    def test_pressed_twice_the_second_finds_nothing(self) -> None:
        form = self.changed()
        follow_responsibilities(form.period, by=reviewer())
        with pytest.raises(ValidationError, match="没有可以更新的内容"):
            follow_responsibilities(form.period, by=reviewer())

    def test_who_confirmed_or_filled_in_a_form_does_not_send_it_back(self) -> None:
        by = person(Role.REPORTER, Role.REVIEWER)
        form = submitted(by)
        approve(form, by=reviewer(), round=1)
        indicator(of=form.period.plan, lead=by.organisation)
        with pytest.raises(ValidationError, match="没有可以更新的内容"):
            follow_responsibilities(form.period, by=by)
