"""What another deadline, closing and opening again do to the forms of a period."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.clock import now
from audit.jobs import take_anchor
from audit.models import Entry
from audit.moves import StaleState
from audit.recording import Refused, recorded
from organisations.models import Role
from plans.calendar import end_of_day
from submissions.actions import (
    approve,
    change_deadline,
    close_period,
    confirm,
    reopen_period,
    return_for_correction,
    submit,
    withdraw,
)
from submissions.models import Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, person, reporter, reviewer
from tests.factories.submissions import opened, saved, submitted

pytestmark = pytest.mark.django_db


def in_days(number: int) -> datetime:
    return end_of_day(timezone.localdate() + timedelta(days=number))


def draft_of(by: object, **fields: object) -> Submission:
    return opened(indicator(lead=by.organisation, **fields))


class TestDeadline:
    def test_every_form_gets_it(self) -> None:
        form = draft_of(reporter())
        change_deadline(form.period, by=reviewer(), deadline=in_days(9), reason="台风")
        form.refresh_from_db()
        assert form.deadline == in_days(9)

    def test_a_form_that_is_still_owed_has_an_entry_to_be_told_by(self) -> None:
        form = draft_of(reporter())
        change_deadline(form.period, by=reviewer(), deadline=in_days(9), reason="台风")
        assert Entry.objects.get(event="submission.change_deadline").subject_id == form.pk

    def test_one_that_came_in_late_is_late_no_longer_and_needs_no_word(self) -> None:
        form = submitted(reporter())
        assert form.is_late
        change_deadline(form.period, by=reviewer(), deadline=in_days(9), reason="台风")
        form.refresh_from_db()
        assert not form.is_late
        assert not Entry.objects.filter(event="submission.change_deadline").exists()

    def test_a_refusal_leaves_the_forms_alone(self) -> None:
        form = draft_of(reporter())
        with pytest.raises(PermissionDenied):
            change_deadline(form.period, by=leader(), deadline=in_days(9), reason="台风")
        assert Submission.objects.get().deadline == form.deadline


class TestClosing:
    def test_history_is_anchored_when_it_is_done(
        self, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
    ) -> None:
        """By a job that is woken after the commit."""
        sent: list[tuple[str]] = []
        monkeypatch.setattr(take_anchor, "apply_async", lambda *, args, **how: sent.append(args))
        form = draft_of(reporter())
        with django_capture_on_commit_callbacks(execute=True):
            close_period(form.period, by=reviewer(), reason="不再等候")
        assert sent == [(f"关闭报告期：{form.period.plan} {form.period.name}",)]

    def test_what_is_still_owed_by_whom_is_kept(self) -> None:
        form = draft_of(reporter())
        close_period(form.period, by=reviewer(), reason="不再等候")
        owed = Entry.objects.get(event="reportingperiod.close_period").detail["owed"]
        assert owed == [f"{form.organisation_name}：草稿"]

    def test_a_form_that_never_came_in_can_not_be_filled_in_or_handed_in(self) -> None:
        by = reporter()
        form = draft_of(by)
        saved(form.figures.get(), "50", by=by)
        close_period(form.period, by=reviewer(), reason="不再等候")
        with pytest.raises(StaleState, match="已关闭填报"):
            saved(form.figures.get(), "51", by=by)
        with pytest.raises(StaleState, match="已关闭填报"):
            submit(form, by=by)

    def test_nor_confirmed(self) -> None:
        at = organisation(needs_confirmation=True)
        by, head = reporter(at=at), person(Role.HEAD, at=at)
        form = submitted(by)
        close_period(form.period, by=reviewer(), reason="不再等候")
        with pytest.raises(StaleState, match="已关闭填报"):
            confirm(form, by=head)

    def test_it_is_no_work_of_its_reporter_any_more(self) -> None:
        by = reporter()
        form = draft_of(by)
        assert form in Submission.objects.waiting_for_reporter(by)
        close_period(form.period, by=reviewer(), reason="不再等候")
        assert form not in Submission.objects.waiting_for_reporter(by)

    def test_a_form_that_came_in_goes_on_its_way(self) -> None:
        by, who = reporter(), reviewer()
        form = submitted(by)
        close_period(form.period, by=who, reason="已收齐")
        cell = form.figures.get()
        return_for_correction(form, by=who, round=1, remarks={cell: ["请核实"]})
        saved(cell, "52", by=by)
        submit(form, by=by)
        approve(form, by=who, round=2)
        form.refresh_from_db()
        assert form.state == "approved"

    def test_one_that_was_withdrawn_may_come_in_again(self) -> None:
        by = reporter()
        form = submitted(by)
        close_period(form.period, by=reviewer(), reason="已收齐")
        withdraw(form, by=by, reason="笔误")
        assert submit(form, by=by).round == 2

    def test_a_reason_is_asked_for(self) -> None:
        with pytest.raises(ValidationError, match="理由"):
            close_period(draft_of(reporter()).period, by=reviewer(), reason="")

    def test_pressed_twice_the_second_is_told(self) -> None:
        form = draft_of(reporter())
        close_period(form.period, by=reviewer(), reason="不再等候")
        with pytest.raises(StaleState):
            close_period(form.period, by=reviewer(), reason="不再等候")

    def test_opened_again_the_form_is_filled_in_until_the_new_deadline(self) -> None:
        by = reporter()
        form = draft_of(by)
        close_period(form.period, by=reviewer(), reason="不再等候")
        reopen_period(form.period, by=reviewer(), deadline=in_days(5), reason="补报")
        saved(form.figures.get(), "50", by=by)
        sent = submit(form, by=by)
        assert (sent.deadline, sent.is_late) == (in_days(5), False)

    def test_the_database_refuses_a_form_that_comes_in_after_all(self) -> None:
        by = reporter()
        form = draft_of(by)
        close_period(form.period, by=reviewer(), reason="不再等候")
        written = {"state": "submitted", "submitted_by": by, "submitted_at": now(), "round": 1}
        with pytest.raises(Refused, match="没有报送过的填报表不能再报"), recorded(by=by, reason="测试"):
            Submission.objects.filter(pk=form.pk).update(**written)
