"""Deciding on a submitted form: approve, return, take an approval back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.moves import StaleState
from audit.recording import Refused, entries_of, recorded
from organisations.models import Role
from submissions import actions
from submissions.models import PublishedValue, Remark, Submission
from tests.factories.organisations import leader, person, reporter, reviewer
from tests.factories.submissions import evidence_of, saved, submitted

pytestmark = pytest.mark.django_db


def cells(form: Submission) -> list[str]:
    return list(form.figures.order_by("indicator__number").values_list("state", flat=True))


def returned(form: Submission, *, by=None, **more) -> Submission:
    """The form with its first figure returned."""
    first = form.figures.order_by("indicator__number")[0]
    actions.return_for_correction(
        form, by=by or reviewer(), round=form.round, remarks={first: ["口径不一致，请核实。"]}, **more
    )
    return Submission.objects.get(pk=form.pk)


class TestApprove:
    def test_every_submitted_figure_is_published(self) -> None:
        form = submitted(reporter(), "40", "50")
        review = actions.approve(form, by=reviewer(), round=1)
        values = PublishedValue.objects.filter(review=review)
        assert [(str(value.value.normalize()), value.sequence, value.stage) for value in values] == [
            ("4E+1", 1, "preliminary"),
            ("5E+1", 1, "preliminary"),
        ]
        assert cells(form) == ["approved", "approved"]

    def test_history_names_the_reviewer(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        entry = entries_of(form).first()
        assert (entry.event, entry.change.actor) == ("submission.approve", by)

    @pytest.mark.parametrize("who", [reporter, leader])
    def test_it_is_a_reviewers_to_do(self, who) -> None:
        with pytest.raises(PermissionDenied):
            actions.approve(submitted(reporter()), by=who(), round=1)

    def test_nobody_approves_what_they_submitted(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        with pytest.raises(PermissionDenied):
            actions.approve(submitted(both), by=both, round=1)

    def test_nobody_approves_a_form_that_they_ever_typed_in(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        colleague = reporter(at=both.organisation)
        form = submitted(colleague)
        form = actions.withdraw(form, by=colleague, reason="补充")
        saved(form.figures.get(), "60", by=both)
        saved(form.figures.get(), "61", by=colleague)
        actions.submit(form, by=colleague)
        with pytest.raises(PermissionDenied):
            actions.approve(form, by=both, round=2)

    def test_the_database_holds_it_too(self) -> None:
        form = submitted(reporter())
        with pytest.raises(Refused, match="填报或确认过这份表的人不能审核"), recorded(by=None, reason="测试"):
            Submission.objects.filter(pk=form.pk).update(decided_by=form.submitted_by)

    def test_pressed_twice_it_publishes_once(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        with pytest.raises(StaleState, match="已通过"):
            actions.approve(form, by=by, round=1)
        assert PublishedValue.objects.count() == 1

    def test_a_form_that_came_in_again_meanwhile_is_not_decided_on(self) -> None:
        by = reporter()
        form = submitted(by)
        form = actions.withdraw(form, by=by, reason="补充")
        saved(form.figures.get(), "60", by=by)
        actions.submit(form, by=by)
        with pytest.raises(StaleState, match="第 2 次提交"):
            actions.approve(form, by=reviewer(), round=1)


class TestReturn:
    def test_only_the_remarked_cells_go_back(self) -> None:
        form = returned(submitted(reporter(), "40", "50"))
        assert (form.state, cells(form)) == ("returned", ["returned", "submitted"])

    def test_the_rest_is_published_when_asked_for(self) -> None:
        form = returned(submitted(reporter(), "40", "50"), publish_rest=True)
        assert cells(form) == ["returned", "approved"]
        assert PublishedValue.objects.count() == 1

    def test_each_reason_is_kept_with_what_was_reported(self) -> None:
        form = submitted(reporter(), "40")
        actions.return_for_correction(
            form, by=reviewer(), round=1, remarks={form.figures.get(): ["缺少佐证材料", "请核实"]}
        )
        assert list(Remark.objects.values_list("text", "reported")) == [("缺少佐证材料", "40"), ("请核实", "40")]

    def test_it_needs_a_reason(self) -> None:
        with pytest.raises(ValidationError, match="至少说明一项"):
            actions.return_for_correction(submitted(reporter()), by=reviewer(), round=1, remarks={})

    def test_a_ticked_figure_needs_a_reason_of_its_own(self) -> None:
        form = submitted(reporter(), "40", "50")
        first, second = form.figures.all()
        with pytest.raises(ValidationError, match="有 1 项勾选了退回而没有理由"):
            actions.return_for_correction(form, by=reviewer(), round=1, remarks={first: ["请核实"], second: [" "]})

    def test_another_forms_figure_is_refused(self) -> None:
        other = submitted(reporter()).figures.get()
        with pytest.raises(ValidationError, match="不在这次审核范围内"):
            actions.return_for_correction(submitted(reporter()), by=reviewer(), round=1, remarks={other: ["请核实"]})

    def test_the_others_stay_shut(self) -> None:
        by = reporter()
        form = returned(submitted(by, "40", "50"))
        with pytest.raises(StaleState, match="已提交"):
            saved(form.figures.order_by("indicator__number")[1], "55", by=by)

    def test_it_needs_an_answer_before_it_is_submitted_again(self) -> None:
        by = reporter()
        form = returned(submitted(by, "40"))
        with pytest.raises(ValidationError, match="退回后未修改也未答复"):
            actions.submit(form, by=by)
        saved(form.figures.get(), "40", by=by, reply="已核实，无误。")
        assert actions.submit(form, by=by).round == 2

    def test_evidence_that_was_taken_away_again_is_no_answer(self) -> None:
        by = reporter()
        form = returned(submitted(by, "40"))
        added = evidence_of(form.figures.get(), by=by)
        actions.remove_evidence(added, by=by)
        with pytest.raises(ValidationError, match="退回后未修改也未答复"):
            actions.submit(form, by=by)

    def test_pressed_twice_the_second_is_told(self) -> None:
        form = submitted(reporter(), "40")
        returned(form)
        with pytest.raises(StaleState, match="已退回"):
            returned(form)


class TestWithdrawApproval:
    def test_what_it_published_counts_no_longer(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        actions.withdraw_approval(form, by=by, reason="发现口径问题")
        assert PublishedValue.objects.get().withdrawn_at is not None
        assert (Submission.objects.get().state, cells(form)) == ("submitted", ["submitted"])

    def test_only_its_own_reviewer_takes_it_back(self) -> None:
        form = submitted(reporter())
        actions.approve(form, by=reviewer(), round=1)
        with pytest.raises(PermissionDenied):
            actions.withdraw_approval(form, by=reviewer(), reason="理由")

    def test_it_needs_a_reason(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        with pytest.raises(ValidationError, match="理由"):
            actions.withdraw_approval(form, by=by, reason=" ")

    def test_pressed_twice_the_second_is_told(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        actions.withdraw_approval(form, by=by, reason="理由")
        with pytest.raises(StaleState):
            actions.withdraw_approval(form, by=by, reason="理由")

    def test_approved_again_it_is_published_again(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        actions.withdraw_approval(form, by=by, reason="理由")
        actions.approve(form, by=by, round=1)
        standing = PublishedValue.objects.get(withdrawn_at=None)
        assert (standing.sequence, standing.stage) == (2, "preliminary")
