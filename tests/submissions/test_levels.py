"""One or two steps in the unit and in the working group, as data; nobody takes two of them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import today
from audit.models import Entry
from audit.moves import StaleState
from organisations.models import Role, User
from overview.desks.reviewing import reviewers_part
from reminders.news import news_notices
from submissions.actions import (
    agree_to_correction,
    approve,
    approve_clean,
    ask_for_correction,
    confirm,
    pass_first_review,
    return_for_correction,
    send_to_first_review,
    set_levels,
    submit,
    withdraw,
    withdraw_approval,
)
from submissions.models import CellState, Decision, LevelSetting, PublishedValue, Review, State, Submission
from submissions.queries.levels import way_of
from submissions.queries.periods import standings, still_owed, under_decision
from tests.factories.indicators import indicator
from tests.factories.levels import first_reviewed, levels_set, submitted_to_two
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def first() -> User:
    return reviewer()


@pytest.fixture
def final() -> User:
    return reviewer()


@pytest.fixture
def form(by: User, first: User) -> Submission:
    """A form of 50 that has passed its first review."""
    return first_reviewed(by, "50", first=first)


def waits_for(user: User, form: Submission) -> bool:
    return form in Submission.objects.waiting_for_review(user, form.period.plan)


def back(form: Submission, by: User, round: int = 1, **more: object) -> Review:
    return return_for_correction(form, by=by, round=round, remarks={form.figures.all()[0]: ["口径不符"]}, **more)


def again(form: Submission, by: User, value: str = "51") -> Submission:
    saved(form.figures.all()[0], value, by=by, reply="已核实")
    return submit(form, by=by)


class TestSettingLevels:
    def test_a_plan_without_one_has_one_level_each(self, by: User) -> None:
        form = submitted(by)
        assert (form.state, form.steps_in_unit, form.steps_in_group) == (State.SUBMITTED, 1, 1)

    def test_the_plans_holds_for_every_organisation(self, by: User) -> None:
        form = submitted_to_two(by, in_unit=2)
        assert (form.state, form.steps_in_unit, form.steps_in_group) == (State.AWAITING_HEAD, 2, 2)

    def test_an_organisations_own_goes_before(self, by: User) -> None:
        form = opened(indicator(lead=by.organisation))
        levels_set(form.period.plan, in_unit=2, in_group=2)
        levels_set(form.period.plan, at=by.organisation, in_group=1)
        saved(form.figures.get(), "50", by=by)
        form = submit(form, by=by)
        assert (form.steps_in_unit, form.steps_in_group) == (2, 1)

    def test_what_the_organisation_itself_wants_goes_before_the_plans_but_not_before_its_own_setting(self) -> None:
        home = organisation(needs_confirmation=True)
        by = reporter(at=home)
        form = opened(indicator(lead=home))
        levels_set(form.period.plan, in_unit=1)
        assert way_of(Submission.objects.get()).asks_head
        levels_set(form.period.plan, at=home, in_unit=1)
        saved(form.figures.get(), "50", by=by)
        assert submit(form, by=by).state == State.SUBMITTED

    def test_it_is_recorded_with_its_reason_and_history(self) -> None:
        of = plan()
        levels_set(of, in_group=2)
        setting = set_levels(of, by=reviewer(), reason="人手不足，暂改一级", in_group=1)
        assert LevelSetting.objects.get() == setting
        assert [row.in_group for row in setting.history.order_by("history_id")] == [2, 1]
        entry = Entry.objects.filter(event="levels.set").latest("id")
        assert entry.change.reason == "人手不足，暂改一级"

    def test_only_a_reviewer_sets_it(self, by: User) -> None:
        with pytest.raises(PermissionDenied):
            set_levels(plan(), by=by, reason="试", in_group=2)

    def test_without_a_reason_it_stays(self) -> None:
        with pytest.raises(ValidationError):
            set_levels(plan(), by=reviewer(), reason=" ", in_group=2)

    def test_three_levels_are_none(self) -> None:
        with pytest.raises(ValidationError, match="一级或两级"):
            set_levels(plan(), by=reviewer(), reason="试", in_group=3)


class TestAFormOnItsWay:
    def test_keeps_the_levels_that_it_had_when_it_was_handed_in(self, by: User, final: User) -> None:
        form = submitted(by)
        levels_set(form.period.plan, in_group=2)
        approve(form, by=final, round=1)
        form.refresh_from_db()
        assert form.state == State.APPROVED

    def test_takes_the_new_ones_when_it_is_handed_in_again(self, by: User, final: User) -> None:
        form = submitted(by)
        back(form, final)
        levels_set(form.period.plan, in_group=2)
        assert again(form, by).steps_in_group == 2
        with pytest.raises(ValidationError, match="须先初审"):
            approve(form, by=final, round=2)

    def test_goes_on_at_two_after_the_plan_has_one(self, form: Submission, final: User) -> None:
        levels_set(form.period.plan, in_group=1)
        approve(form, by=final, round=1)
        assert PublishedValue.objects.get().value == 50


class TestFirstReview:
    def test_passes_it_on_and_publishes_nothing(self, form: Submission, first: User) -> None:
        assert (form.state, form.first_reviewed_by) == (State.FIRST_REVIEWED, first)
        assert form.figures.get().state == CellState.SUBMITTED
        assert not PublishedValue.objects.exists()
        review = Review.objects.get()
        assert (review.decision, review.step, review.title) == (Decision.PASSED, "first", "初审通过")

    def test_cannot_be_left_out(self, by: User, final: User) -> None:
        with pytest.raises(ValidationError, match="须先初审"):
            approve(submitted_to_two(by), by=final, round=1)

    def test_is_none_where_there_is_one_level(self, by: User, first: User) -> None:
        with pytest.raises(ValidationError, match="只须一级"):
            pass_first_review(submitted(by), by=first, round=1)

    def test_is_not_taken_twice(self, form: Submission) -> None:
        with pytest.raises(StaleState):
            pass_first_review(form, by=reviewer(), round=1)

    def test_is_of_the_round_that_was_seen(self, by: User, first: User) -> None:
        form = submitted_to_two(by)
        withdraw(form, by=by, reason="补充")
        submit(form, by=by)
        with pytest.raises(StaleState, match="重新提交"):
            pass_first_review(form, by=first, round=1)

    def test_may_return_it(self, by: User, first: User) -> None:
        form = submitted_to_two(by)
        review = back(form, first)
        form.refresh_from_db()
        assert (form.state, review.title) == (State.RETURNED, "初审退回")

    def test_publishes_nothing_of_the_rest(self, by: User, first: User) -> None:
        with pytest.raises(ValidationError, match="初审不能发布"):
            back(submitted_to_two(by, "50", "60"), first, publish_rest=True)

    def test_is_taken_by_a_reviewer_without_another_hand_in_it(self, by: User) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        for form, who in ((submitted_to_two(by), by), (submitted_to_two(both), both)):
            with pytest.raises(PermissionDenied):
                pass_first_review(form, by=who, round=1)

    def test_the_organisation_can_no_longer_withdraw(self, form: Submission, by: User) -> None:
        with pytest.raises(StaleState):
            withdraw(form, by=by, reason="补充")


class TestFinalReview:
    def test_approves_and_publishes(self, form: Submission, final: User) -> None:
        review = approve(form, by=final, round=1)
        form.refresh_from_db()
        assert (form.state, form.decided_by, review.title) == (State.APPROVED, final, "终审通过")
        assert PublishedValue.objects.get().value == 50

    def test_returns_to_the_reporter_with_reasons(self, form: Submission, by: User, final: User) -> None:
        assert back(form, final).title == "终审退回"
        form = again(form, by)
        assert (form.state, form.round, form.first_reviewed_by) == (State.SUBMITTED, 2, None)

    def test_may_publish_the_rest_of_what_it_returns(self, by: User, final: User) -> None:
        back(first_reviewed(by, "50", "60"), final, publish_rest=True)
        assert [value.value for value in PublishedValue.objects.all()] == [60]

    def test_sends_it_to_its_first_review_with_a_reason(self, form: Submission, first: User, final: User) -> None:
        review = send_to_first_review(form, by=final, round=1, reason="佐证没有核对")
        form.refresh_from_db()
        assert (form.state, form.first_reviewed_by, review.title) == (State.SUBMITTED, None, "退回初审")
        pass_first_review(form, by=first, round=1)
        approve(form, by=final, round=1)
        assert PublishedValue.objects.get().value == 50

    def test_sends_nothing_back_without_a_reason(self, form: Submission, final: User) -> None:
        with pytest.raises(ValidationError):
            send_to_first_review(form, by=final, round=1, reason="")

    def test_of_what_was_not_passed_is_none(self, by: User, final: User) -> None:
        with pytest.raises(StaleState):
            send_to_first_review(submitted_to_two(by), by=final, round=1, reason="重审")

    def test_two_at_once_decide_once(self, form: Submission, final: User) -> None:
        approve(form, by=final, round=1)
        with pytest.raises(StaleState):
            approve(form, by=reviewer(), round=1)

    def test_a_decision_at_the_level_that_was_seen_is_none_at_another(self, form: Submission, final: User) -> None:
        with pytest.raises(StaleState, match="另一位审核人"):
            back(form, final, step="first")
        send_to_first_review(form, by=final, round=1, reason="重审")
        with pytest.raises(StaleState, match="另一位审核人"):
            approve(form, by=reviewer(), round=1, step="final")

    def test_taken_back_it_is_reviewed_at_both_levels_anew(self, form: Submission, first: User, final: User) -> None:
        approve(form, by=final, round=1)
        withdraw_approval(form, by=final, reason="有误")
        form.refresh_from_db()
        assert (form.state, form.first_reviewed_by) == (State.SUBMITTED, None)
        pass_first_review(form, by=first, round=1)
        approve(form, by=final, round=1)
        assert PublishedValue.objects.filter(withdrawn_at=None).count() == 1

    def test_a_correction_goes_through_both_levels(self, form: Submission, by: User, first: User, final: User) -> None:
        approve(form, by=final, round=1)
        cell = form.figures.get()
        agree_to_correction(ask_for_correction(form, by=by, whole=True, reason="更正"), by=first)
        form.refresh_from_db()
        saved(cell, "52", by=by, explanation="更正", confirmed=True)
        submit(form, by=by)
        pass_first_review(form, by=first, round=2)
        approve(form, by=final, round=2)
        assert PublishedValue.objects.latest("sequence").value == 52


class TestNobodyTakesTwo:
    def test_who_passed_it_does_not_decide_finally(self, form: Submission, first: User) -> None:
        assert not waits_for(first, form)
        for verb in (
            lambda: approve(form, by=first, round=1),
            lambda: back(form, first),
            lambda: send_to_first_review(form, by=first, round=1, reason="重审"),
        ):
            with pytest.raises(PermissionDenied):
                verb()

    def test_nor_in_a_later_round(self, form: Submission, by: User, first: User, final: User) -> None:
        back(form, final)
        form = again(form, by)
        pass_first_review(form, by=reviewer(), round=2)
        with pytest.raises(PermissionDenied):
            approve(form, by=first, round=2)

    def test_who_returned_it_first_does_not_decide_finally(self, by: User, first: User) -> None:
        form = submitted_to_two(by)
        back(form, first)
        form = again(form, by)
        pass_first_review(form, by=reviewer(), round=2)
        with pytest.raises(PermissionDenied):
            approve(form, by=first, round=2)

    def test_who_decided_finally_does_not_review_first(self, form: Submission, by: User, final: User) -> None:
        back(form, final)
        form = again(form, by)
        assert not waits_for(final, form)
        with pytest.raises(PermissionDenied):
            pass_first_review(form, by=final, round=2)
        with pytest.raises(PermissionDenied):
            back(form, final, 2)

    def test_who_confirmed_reviews_at_neither(self, by: User) -> None:
        head = person(Role.HEAD, Role.REVIEWER, at=by.organisation)
        form = submitted_to_two(by, in_unit=2)
        confirm(form, by=head)
        with pytest.raises(PermissionDenied):
            pass_first_review(form, by=head, round=1)


class TestWhereItStands:
    def test_it_waits_for_those_who_may_decide(self, form: Submission, by: User, first: User, final: User) -> None:
        assert [waits_for(user, form) for user in (first, final, by)] == [False, True, False]

    def test_it_is_not_owed_but_with_the_group(self, form: Submission) -> None:
        (standing,) = standings(form.period.plan)
        assert (standing.owed, standing.by_state) == (0, [(State.FIRST_REVIEWED, 1)])
        assert (list(still_owed(form.period)), list(under_decision(form.period))) == ([], [form])

    def test_the_final_reviewer_is_told_and_not_the_first(self, form: Submission, first: User, final: User) -> None:
        told = {draft.recipient for draft in news_notices(today()) if "请终审" in draft.subject}
        assert final in told
        assert first not in told

    def test_it_is_on_the_final_reviewers_desk(self, form: Submission, first: User, final: User) -> None:
        (duty,) = reviewers_part(final, form.period.plan).duties
        assert (duty.state, duty.button) == ("初审通过", "终审")
        assert first.name in duty.lines[0]
        assert reviewers_part(first, form.period.plan).duties == ()


class TestSeveralAtOnce:
    def test_are_passed_on_or_approved_each_at_its_level(self, form: Submission, by: User, final: User) -> None:
        fresh = submitted_to_two(reporter())
        found = approve_clean([(form, 1, "final"), (fresh, 1, "first")], by=final)
        assert ([each.pk for each in found.done], [each.pk for each in found.passed]) == ([form.pk], [fresh.pk])
        assert PublishedValue.objects.count() == 1

    def test_one_seen_at_its_first_level_is_not_published(self, form: Submission, final: User) -> None:
        found = approve_clean([(form, 1, "first")], by=final)
        assert (found.done, len(found.left)) == ([], 1)
        assert not PublishedValue.objects.exists()


class TestWay:
    def told(self, form: Submission) -> list[tuple[str, str]]:
        return [(step.title, step.who) for step in way_of(Submission.objects.get(pk=form.pk)).steps]

    def test_names_every_step_and_who_took_it(self, by: User, first: User, final: User) -> None:
        head = person(Role.HEAD, at=by.organisation)
        form = submitted_to_two(by, in_unit=2)
        assert self.told(form) == [("填报人", by.name), ("确认", ""), ("初审", ""), ("终审", "")]
        confirm(form, by=head)
        pass_first_review(form, by=first, round=1)
        approve(form, by=final, round=1)
        named = [("填报人", by.name), ("确认", head.name), ("初审", first.name), ("终审", final.name)]
        assert self.told(form) == named

    def test_forgets_what_was_undone(self, form: Submission, by: User, final: User) -> None:
        send_to_first_review(form, by=final, round=1, reason="重审")
        assert self.told(form) == [("填报人", by.name), ("初审", ""), ("终审", "")]

    def test_says_where_it_was_returned(self, by: User, first: User) -> None:
        form = submitted_to_two(by)
        back(form, first)
        steps = way_of(Submission.objects.get(pk=form.pk)).steps
        assert [(step.title, step.is_return) for step in steps] == [("填报人", False), ("初审", True), ("终审", False)]

    def test_of_a_draft_is_still_to_go(self, by: User) -> None:
        form = opened(indicator(lead=by.organisation))
        assert self.told(form) == [("填报人", ""), ("审核", "")]
