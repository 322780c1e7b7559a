"""What comes in again: when it is late, until when it is owed, what a withdrawal opens."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from audit.clock import now, set_to, today
from organisations.models import User
from plans.calendar import end_of_day, local_day, working_day_after
from reminders.rules import due_notices
from submissions import actions
from submissions.models import Correction, ProgressNote, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import note_in, opened, saved, submitted
from tests.submissions.pages import of, text

pytestmark = pytest.mark.django_db


def fresh(form: Submission) -> Submission:
    return Submission.objects.select_related("period__plan", "organisation").get(pk=form.pk)


def in_time(by: User, *values: str) -> Submission:
    """A form whose first round came in on the last second of its deadline."""
    form = opened(*[indicator(lead=by.organisation)])
    saved(form.figures.get(), *values, by=by)
    with set_to(form.deadline):
        return actions.submit(form, by=by)


def corrected(by: User) -> tuple[Submission, User]:
    """A form that came in in time, was approved, corrected and sent again; and its reviewer."""
    form, decider = in_time(by, "40"), reviewer()
    actions.approve(form, by=decider, round=1)
    asked = actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
    actions.agree_to_correction(asked, by=decider)
    saved(form.figures.get(), "44", by=by)
    return actions.submit(form, by=by), decider


def states(form: Submission) -> list[str]:
    return [cell.state for cell in form.figures.order_by("indicator__number")]


class TestLateness:
    def test_a_second_round_is_not_late_where_the_first_was_not(self) -> None:
        by = reporter()
        form = in_time(by, "40")
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={form.figures.get(): ["请核实"]})
        saved(form.figures.get(), "41", by=by)
        assert not actions.submit(form, by=by).is_late

    def test_nor_is_it_in_time_where_the_first_was_late(self) -> None:
        by = reporter()
        form = submitted(by)  # the factory's periods lie in the past
        actions.withdraw(form, by=by, reason="补充")
        with set_to(form.deadline):
            assert actions.submit(form, by=by).is_late


class TestCorrection:
    def test_withdrawn_it_is_not_overdue(self) -> None:
        by = reporter()
        form, _ = corrected(by)
        actions.withdraw(form, by=by, reason="补充")
        assert "已逾期" not in text(by, of(form, "check"))
        assert not [draft for draft in due_notices(today()) if draft.rule == "deadline" and draft.step < 0]

    def test_it_is_due_by_its_own_deadline_and_reminded_of_it(self) -> None:
        by = reporter()
        form = in_time(by, "40")
        actions.approve(form, by=reviewer(), round=1)
        asked = actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
        due = end_of_day(working_day_after(today(), 20))
        actions.agree_to_correction(asked, by=reviewer(), deadline=due)
        assert (fresh(form).due_at, fresh(form).is_late) == (due, False)
        assert fresh(form).deadline != due
        (draft,) = [draft for draft in due_notices(local_day(due)) if draft.rule == "deadline"]
        assert "更正时限为" in draft.text

    def test_a_deadline_that_has_passed_is_refused(self) -> None:
        by = reporter()
        form = in_time(by, "40")
        actions.approve(form, by=reviewer(), round=1)
        asked = actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
        with pytest.raises(ValidationError, match="已经过去"):
            actions.agree_to_correction(asked, by=reviewer(), deadline=now() - timedelta(seconds=1))

    def test_a_withdrawn_approval_takes_it_up_again(self) -> None:
        form, decider = corrected(reporter())
        due = fresh(form).correct_by
        actions.approve(form, by=decider, round=2)
        assert (Correction.objects.get().state, fresh(form).correct_by) == ("done", None)
        actions.withdraw_approval(form, by=decider, reason="有误")
        assert (Correction.objects.get().state, fresh(form).correct_by) == ("agreed", due)
        actions.approve(form, by=decider, round=2)
        assert Correction.objects.get().state == "done"

    def test_while_one_is_asked_for_an_approval_is_not_withdrawn(self) -> None:
        by, decider = reporter(), reviewer()
        form = in_time(by, "40")
        actions.approve(form, by=decider, round=1)
        actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
        with pytest.raises(ValidationError, match="先答复更正申请"):
            actions.withdraw_approval(form, by=decider, reason="有误")


class TestWithdrawal:
    def test_after_a_withdrawn_approval_it_opens_what_the_round_sent(self) -> None:
        by, decider = reporter(), reviewer()
        form = submitted(by, "40", "50")
        first = form.figures.order_by("indicator__number")[0]
        actions.return_for_correction(form, by=decider, round=1, remarks={first: ["请核实"]})
        saved(first, "41", by=by)
        actions.submit(form, by=by)
        actions.approve(form, by=decider, round=2)
        actions.withdraw_approval(form, by=decider, reason="有误")
        assert states(form) == ["submitted", "submitted"]
        actions.withdraw(form, by=by, reason="补充")
        assert states(form) == ["filled", "submitted"]

    def test_after_a_withdrawn_revision_it_opens_the_corrected_cell_only(self) -> None:
        by = reporter()
        form, decider = corrected(by)
        actions.approve(form, by=decider, round=2)
        actions.withdraw_approval(form, by=decider, reason="有误")
        actions.withdraw(form, by=by, reason="补充")
        assert states(form) == ["filled"]
        assert fresh(form).correct_by is not None


class TestReasonOfANote:
    def test_returned_by_the_comment_alone_it_shows_the_comment(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "50", by=by)
        note = note_in(form)
        actions.save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
        actions.submit(form, by=by)
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={}, comment="进展都请写明节点。")
        assert [remark.text for remark in ProgressNote.objects.get().remarks.all()] == ["进展都请写明节点。"]
        with pytest.raises(ValidationError, match="退回后未修改也未答复"):
            actions.submit(form, by=by)
