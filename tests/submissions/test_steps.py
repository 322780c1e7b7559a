"""The form's way out of its organisation."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import set_to
from audit.moves import StaleState
from audit.recording import entries_of
from organisations.models import Organisation, Role, User
from submissions import actions
from submissions.models import ProgressNote, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.submissions import note_in, opened, saved, submitted, taken_to

pytestmark = pytest.mark.django_db


def fresh(form: Submission) -> Submission:
    return Submission.objects.get(pk=form.pk)


class TestSubmit:
    def test_it_goes_to_the_working_group_with_its_real_time(self) -> None:
        by = reporter()
        form = submitted(by)
        assert (form.state, form.round, form.submitted_by) == ("submitted", 1, by)
        assert form.is_late  # the factory's periods lie in the past

    def test_the_deadlines_last_second_is_in_time(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "5", by=by)
        with set_to(form.deadline):
            assert not actions.submit(form, by=by).is_late
        assert not Submission(submitted_at=form.deadline + timedelta(microseconds=1), deadline=form.deadline).is_late
        assert Submission(submitted_at=form.deadline + timedelta(seconds=1), deadline=form.deadline).is_late

    def test_a_blank_cell_is_named_in_the_refusal(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation)
        with pytest.raises(ValidationError, match=f"还有 1 项没有填好，不能提交。{row.name}：待填。"):
            actions.submit(opened(row), by=by)

    def test_a_progress_note_is_owed_too(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "5", by=by)
        note = note_in(form)
        with pytest.raises(ValidationError, match="未填进展状态"):
            actions.submit(form, by=by)
        actions.save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
        assert actions.submit(form, by=by).state == "submitted"

    def test_an_oddity_needs_an_explanation(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation, target=10))
        cell = saved(form.figures.get(), "90", by=by)
        with pytest.raises(ValidationError, match="有 1 处疑点还没有说明"):
            actions.submit(form, by=by)
        saved(cell, "90", by=by, explanation="口径含规下企业。")
        assert actions.submit(form, by=by).state == "submitted"

    @pytest.mark.parametrize("who", [reporter, reviewer])
    def test_strangers_do_not_submit(self, who) -> None:
        form = opened(indicator(lead=organisation()))
        with pytest.raises(PermissionDenied):
            actions.submit(form, by=who())

    def test_pressed_twice_the_second_is_told(self) -> None:
        by = reporter()
        form = submitted(by)
        with pytest.raises(StaleState, match="不能提交"):
            actions.submit(form, by=by)
        assert fresh(form).round == 1


class TestWithdraw:
    def test_the_cells_are_open_again(self) -> None:
        by = reporter()
        form = actions.withdraw(submitted(by), by=by, reason="补充材料")
        assert (form.state, form.figures.get().state) == ("draft", "filled")
        assert entries_of(form).first().detail["reason"] == "补充材料"

    def test_after_a_return_only_the_remarked_cells_are(self) -> None:
        by = reporter()
        form = submitted(by, "40", "50")
        first, _second = form.figures.all()
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={first: ["请核实"]})
        saved(first, "41", by=by)
        actions.submit(form, by=by)
        actions.withdraw(form, by=by, reason="再核对")
        assert [cell.state for cell in form.figures.all()] == ["filled", "submitted"]

    def test_it_needs_a_reason(self) -> None:
        by = reporter()
        with pytest.raises(ValidationError, match="请填写理由"):
            actions.withdraw(submitted(by), by=by, reason="")

    def test_what_is_decided_is_not_withdrawn(self) -> None:
        by = reporter()
        form = submitted(by)
        actions.approve(form, by=reviewer(), round=1)
        with pytest.raises(StaleState, match="已通过"):
            actions.withdraw(form, by=by, reason="补充")

    def test_another_organisation_does_not_withdraw(self) -> None:
        with pytest.raises(PermissionDenied):
            actions.withdraw(submitted(reporter()), by=reporter(), reason="补充")


class TestHead:
    @pytest.fixture
    def home(self) -> Organisation:
        return organisation(needs_confirmation=True)

    @pytest.fixture
    def writer(self, home: Organisation) -> User:
        return reporter(at=home)

    @pytest.fixture
    def head(self, home: Organisation) -> User:
        return person(Role.HEAD, at=home)

    def test_a_form_waits_for_its_head(self, writer: User, head: User) -> None:
        form = submitted(writer)
        assert (form.state, form.round, form.submitted_at) == ("awaiting_head", 0, None)
        form = actions.confirm(form, by=head)
        assert (form.state, form.round, form.confirmed_by) == ("submitted", 1, head)

    def test_the_head_sends_it_back_with_a_reason(self, writer: User, head: User) -> None:
        form = actions.send_back(submitted(writer), by=head, reason="第二项与台账不符")
        assert (form.state, form.figures.get().state) == ("draft", "filled")

    def test_sending_back_needs_a_reason(self, writer: User, head: User) -> None:
        with pytest.raises(ValidationError, match="请填写理由"):
            actions.send_back(submitted(writer), by=head, reason="")

    def test_nobody_confirms_what_they_filled_in(self, home: Organisation) -> None:
        both = person(Role.REPORTER, Role.HEAD, at=home)
        with pytest.raises(PermissionDenied):
            actions.confirm(submitted(both), by=both)

    def test_nobody_reviews_what_they_confirmed(self, home: Organisation, writer: User) -> None:
        both = person(Role.HEAD, Role.REVIEWER, at=home)
        form = actions.confirm(submitted(writer), by=both)
        with pytest.raises(PermissionDenied):
            actions.approve(form, by=both, round=1)

    def test_another_organisations_head_does_not_confirm(self, writer: User) -> None:
        with pytest.raises(PermissionDenied):
            actions.confirm(submitted(writer), by=person(Role.HEAD))

    def test_pressed_twice_the_second_is_told(self, writer: User, head: User) -> None:
        form = submitted(writer)
        actions.confirm(form, by=head)
        with pytest.raises(StaleState):
            actions.confirm(form, by=head)


class TestNotes:
    def test_the_later_save_is_told(self) -> None:
        by = reporter()
        note = note_in(opened(indicator(lead=by.organisation)))
        actions.save_note(note, by=by, revision=0, state="done", progress="完成。")
        with pytest.raises(actions.NoteConflict):
            actions.save_note(note, by=by, revision=0, state="done", progress="另一句。")
        assert actions.save_note(note, by=by, revision=0, state="done", progress="完成。").revision == 1

    def test_published_words_stay(self) -> None:
        by = reporter()
        note = note_in(opened(indicator(lead=by.organisation)))
        taken_to(note.submission, "returned", then=lambda review: ProgressNote.objects.update(is_published=True))
        with pytest.raises(StaleState, match="已经发布"):
            actions.save_note(note, by=by, revision=0, state="done", progress="完成。")

    def test_strangers_do_not_write(self) -> None:
        note = note_in(opened(indicator(lead=organisation())))
        with pytest.raises(PermissionDenied):
            actions.save_note(note, by=reporter(), revision=0, state="done", progress="完成。")

    def test_an_unknown_state_is_refused(self) -> None:
        by = reporter()
        note = note_in(opened(indicator(lead=by.organisation)))
        with pytest.raises(ValidationError, match="请从列表中选择"):
            actions.save_note(note, by=by, revision=0, state="sleeping", progress="完成。")
