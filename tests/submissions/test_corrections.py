"""Correcting what is published."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.moves import StaleState, move
from audit.recording import Refused, recorded
from organisations.models import Role, User
from submissions import actions
from submissions.models import Correction, PublishedValue, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, person, reporter, reviewer
from tests.factories.submissions import note_in, opened, saved, submitted
from tests.submissions.pages import of, text

pytestmark = pytest.mark.django_db


def approved(by: User, *values: str) -> Submission:
    form = submitted(by, *values)
    actions.approve(form, by=reviewer(), round=1)
    return Submission.objects.get(pk=form.pk)


def ask(form: Submission, by: User, **words: object) -> Correction:
    first = form.figures.order_by("indicator__number")[0]
    values = [] if words.get("whole") else [actions.Wanted(first.pk, "44")]
    return actions.ask_for_correction(form, **({"by": by, "values": values, "reason": "笔误"} | words))


def standing(form: Submission) -> list[Decimal]:
    values = PublishedValue.objects.filter(figure__submission=form, withdrawn_at=None).order_by("figure", "sequence")
    return [value.value for value in values]


class TestAsk:
    def test_only_the_organisations_reporters_ask(self) -> None:
        form = approved(reporter())
        for stranger in (reporter(), reviewer()):
            with pytest.raises(PermissionDenied):
                ask(form, stranger)

    def test_only_an_approved_form_is_corrected(self) -> None:
        by = reporter()
        with pytest.raises(StaleState, match="只有已通过的填报表"):
            ask(submitted(by), by)

    @pytest.mark.parametrize("words", [{"reason": " "}, {"values": []}])
    def test_it_names_figures_and_a_reason(self, words: dict) -> None:
        by = reporter()
        with pytest.raises(ValidationError):
            ask(approved(by), by, **words)

    def test_pressed_twice_there_is_one_request(self) -> None:
        by = reporter()
        form = approved(by)
        ask(form, by)
        with pytest.raises(ValidationError, match="已有一份更正申请"):
            ask(form, by)


class TestAnswer:
    def test_agreed_it_opens_the_named_cells_only(self) -> None:
        by = reporter()
        form = approved(by, "40", "50")
        actions.agree_to_correction(ask(form, by), by=reviewer())
        assert [cell.state for cell in form.figures.all()] == ["correcting", "approved"]
        with pytest.raises(StaleState, match="已通过"):
            saved(form.figures.all()[1], "55", by=by)

    def test_refused_it_changes_nothing(self) -> None:
        by = reporter()
        form = approved(by)
        actions.refuse_correction(ask(form, by), by=reviewer(), answer="已定稿")
        assert Submission.objects.get().state == "approved"

    def test_a_refusal_says_why(self) -> None:
        by = reporter()
        with pytest.raises(ValidationError):
            actions.refuse_correction(ask(approved(by), by), by=reviewer(), answer="")

    def test_it_is_a_reviewers_to_answer(self) -> None:
        by = reporter()
        with pytest.raises(PermissionDenied):
            actions.agree_to_correction(ask(approved(by), by), by=leader())

    def test_who_asked_does_not_answer(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        correction = ask(approved(both), both)
        with pytest.raises(PermissionDenied):
            actions.agree_to_correction(correction, by=both)

    def test_who_answered_fills_nothing_in(self) -> None:
        by = reporter()
        form, both = approved(by), person(Role.REPORTER, Role.REVIEWER, at=by.organisation)
        actions.agree_to_correction(ask(form, by), by=both)
        with pytest.raises(PermissionDenied):
            saved(form.figures.get(), "44", by=both)

    def test_the_database_holds_it_too(self) -> None:
        by = reporter()
        form, both = approved(by), person(Role.REPORTER, Role.REVIEWER, at=by.organisation)
        actions.agree_to_correction(ask(form, by), by=both)
        with pytest.raises(Refused, match="审核过这份表"), recorded(by=both, reason="测试"):
            move(Submission.objects.get(pk=form.pk), "submit", stamp={"submitted_by": both, "round": 2})

    def test_pressed_twice_the_second_is_told(self) -> None:
        by = reporter()
        correction = ask(approved(by), by)
        actions.agree_to_correction(correction, by=reviewer())
        with pytest.raises(StaleState):
            actions.refuse_correction(correction, by=reviewer(), answer="不")


class TestPublishedMeanwhile:
    def test_the_published_value_stays_until_the_correction_is_approved(self) -> None:
        by = reporter()
        form = approved(by, "40")
        actions.agree_to_correction(ask(form, by), by=reviewer())
        saved(form.figures.get(), "44", by=by)
        assert standing(form) == [40]
        actions.submit(form, by=by)
        assert standing(form) == [40]
        actions.approve(form, by=reviewer(), round=2)
        revision = PublishedValue.objects.get(sequence=2)
        assert (revision.value, revision.stage) == (44, "revised")
        assert Correction.objects.get().state == "done"

    def test_an_unchanged_figure_is_not_published_twice(self) -> None:
        by = reporter()
        form = approved(by, "40")
        actions.agree_to_correction(ask(form, by), by=reviewer())
        actions.submit(form, by=by)
        actions.approve(form, by=reviewer(), round=2)
        assert standing(form) == [40]

    def test_a_withdrawn_revision_lets_the_first_count_again(self) -> None:
        by, second = reporter(), reviewer()
        form = approved(by, "40")
        actions.agree_to_correction(ask(form, by), by=reviewer())
        saved(form.figures.get(), "44", by=by)
        actions.submit(form, by=by)
        actions.approve(form, by=second, round=2)
        actions.withdraw_approval(form, by=second, reason="有误")
        assert standing(form) == [40]

    def test_a_withdrawn_revision_leaves_the_words_that_were_published_before(self) -> None:
        by, second = reporter(), reviewer()
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "40", by=by)
        note = note_in(form)
        actions.save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
        actions.approve(actions.submit(form, by=by), by=reviewer(), round=1)
        actions.agree_to_correction(ask(form, by), by=reviewer())
        saved(form.figures.get(), "44", by=by)
        actions.approve(actions.submit(form, by=by), by=second, round=2)
        actions.withdraw_approval(form, by=second, reason="有误")
        note.refresh_from_db()
        assert note.is_published


class TestDeadline:
    """The factory's periods lie in the past: every form of theirs is overdue, but not one that is corrected."""

    def test_a_correction_has_none(self) -> None:
        by, decider = reporter(), reviewer()
        form = approved(by)
        actions.agree_to_correction(ask(form, by), by=decider)
        for who, name in [(by, "form"), (by, "check")]:
            assert "已逾期" not in text(who, of(form, name))
        assert "已逾期" not in text(decider, reverse("submissions:forms", args=[form.period.plan.code]))
