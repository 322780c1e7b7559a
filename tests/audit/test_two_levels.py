"""Nobody takes two of the working group's two levels, and neither is skipped, by rows that the application's role writes."""

from typing import Any

import pytest

from audit.clock import now
from audit.recording import Refused, record, recorded
from organisations.models import User
from submissions.actions import approve, return_for_correction, submit
from submissions.models import Decision, LevelSetting, Review, ReviewStep, State, Submission
from tests.audit.test_unreviewed import end, publish
from tests.factories.indicators import indicator
from tests.factories.levels import first_reviewed, levels_set, submitted_to_two
from tests.factories.organisations import organisation, reporter, reviewer
from tests.factories.submissions import opened, saved, submitted

pytestmark = pytest.mark.django_db


def refuse(words: str) -> Any:
    return pytest.raises(Refused, match=words)


def move(form: Submission, by: User | None, state: str, **columns: Any) -> None:
    Submission.objects.filter(pk=form.pk).update(state=state, **columns)


def write(form: Submission, by: User | None, state: str, **columns: Any) -> None:
    with recorded(by=by, reason="绕过"):
        move(form, by, state, **columns)
        end()


def reviewed(form: Submission, by: User, decision: str, step: str, round: int = 1) -> Review:
    entry = record("submission.approve", form)
    given = {"round": round, "decision": decision, "step": step, "by": by, "at": now(), "entry": entry}
    return Review.objects.create(submission=form, **given)


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def first() -> User:
    return reviewer()


@pytest.fixture
def form(by: User, first: User) -> Submission:
    return first_reviewed(by, "50", first=first)


@pytest.fixture
def fresh(by: User) -> Submission:
    return submitted_to_two(by, "50")


class TestSkipping:
    def test_the_first_review(self, fresh: Submission) -> None:
        final = reviewer()
        with refuse("须经初审、终审两级"):
            write(fresh, final, State.APPROVED, decided_by=final)

    def test_it_in_one_change_by_one_person(self, fresh: Submission) -> None:
        one = reviewer()
        with refuse("初审过这份表的人不能终审"), recorded(by=one, reason="绕过"):
            move(fresh, one, State.FIRST_REVIEWED, first_reviewed_by=one, first_reviewed_at=now())
            reviewed(fresh, one, Decision.PASSED, ReviewStep.FIRST)
            move(fresh, one, State.APPROVED, first_reviewed_by=None, first_reviewed_at=None, decided_by=one)

    def test_it_without_a_review(self, fresh: Submission, first: User) -> None:
        with refuse("每个决定都须有审核记录"):
            write(fresh, first, State.FIRST_REVIEWED, first_reviewed_by=first, first_reviewed_at=now())

    def test_it_by_forgetting_who_took_it(self, form: Submission) -> None:
        final = reviewer()
        with refuse("每个决定都须有审核记录"), recorded(by=final, reason="绕过"):
            move(form, final, State.APPROVED, decided_by=final, first_reviewed_by=None)
            reviewed(form, final, Decision.APPROVED, ReviewStep.FINAL)
            end()

    def test_a_level_by_writing_one_into_the_form(self, fresh: Submission) -> None:
        final = reviewer()
        with refuse("层级在提交时确定"):
            write(fresh, final, State.APPROVED, decided_by=final, steps_in_group=1)

    def test_a_level_when_it_is_handed_in(self, by: User, fresh: Submission, first: User) -> None:
        return_for_correction(fresh, by=first, round=1, remarks={fresh.figures.get(): ["口径不符"]})
        with refuse("层级与规划的设置不一致"):
            write(fresh, by, State.SUBMITTED, submitted_by=by, round=2, steps_in_group=1)

    def test_the_head(self) -> None:
        home = organisation(needs_confirmation=True)
        by = reporter(at=home)
        form = opened(indicator(lead=home))
        saved(form.figures.get(), "50", by=by)
        with refuse("须先经单位负责人确认"):
            write(form, by, State.SUBMITTED, submitted_by=by, submitted_at=now(), steps_in_unit=2)

    def test_a_first_review_where_there_is_none(self, by: User, first: User) -> None:
        with refuse("只须一级审核"):
            write(submitted(by), first, State.FIRST_REVIEWED, first_reviewed_by=first, first_reviewed_at=now())


class TestTakingBoth:
    @pytest.mark.parametrize("state", [State.APPROVED, State.RETURNED, State.SUBMITTED])
    def test_after_the_first_the_final(self, form: Submission, first: User, state: str) -> None:
        with refuse("初审过这份表的人不能"):
            write(form, first, state, decided_by=first, first_reviewed_by=None, first_reviewed_at=None)

    def test_after_the_final_the_first(self, form: Submission, by: User) -> None:
        final = reviewer()
        self.returned(form, by, final)
        with refuse("终审过这份表的人不能办理“初审通过”"):
            write(form, final, State.FIRST_REVIEWED, first_reviewed_by=final, first_reviewed_at=now(), decided_by=None)

    def test_after_the_final_a_return_at_the_first(self, form: Submission, by: User) -> None:
        final = reviewer()
        self.returned(form, by, final)
        with refuse("终审过这份表的人不能初审"):
            write(form, final, State.RETURNED, decided_by=final)

    def returned(self, form: Submission, by: User, final: User) -> None:
        return_for_correction(form, by=final, round=1, remarks={form.figures.get(): ["口径不符"]})
        saved(form.figures.get(), "51", by=by, reply="已核实")
        submit(form, by=by)

    def test_after_filling_in_the_first(self, by: User, fresh: Submission) -> None:
        with refuse("填报过这份表的人不能办理“初审通过”"):
            write(fresh, by, State.FIRST_REVIEWED, first_reviewed_by=by, first_reviewed_at=now(), submitted_by=None)

    def test_after_the_first_filling_in(self, by: User, fresh: Submission, first: User) -> None:
        return_for_correction(fresh, by=first, round=1, remarks={fresh.figures.get(): ["口径不符"]})
        with refuse("审核过这份表的人不能办理“提交”"):
            write(fresh, first, State.SUBMITTED, submitted_by=first, round=2, decided_by=None)

    def test_in_another_name(self, fresh: Submission, first: User) -> None:
        with refuse("办理人与本次变更的操作人不一致"):
            write(fresh, reviewer(), State.FIRST_REVIEWED, first_reviewed_by=first, first_reviewed_at=now())

    def test_as_the_system(self, fresh: Submission, first: User) -> None:
        with refuse("须由人办理"):
            write(fresh, None, State.FIRST_REVIEWED, first_reviewed_by=first, first_reviewed_at=now())


class TestReviews:
    @pytest.mark.parametrize("step", [ReviewStep.ONLY, ReviewStep.FIRST])
    def test_say_the_level_that_the_form_stood_at(self, form: Submission, step: str) -> None:
        final = reviewer()
        with refuse("审核记录与填报表的状态不一致"), recorded(by=final, reason="绕过"):
            move(form, final, State.APPROVED, decided_by=final)
            reviewed(form, final, Decision.APPROVED, step)

    def test_that_pass_publish_nothing(self, fresh: Submission, first: User) -> None:
        with refuse("不是由对这一次提交的审核"), recorded(by=first, reason="绕过"):
            move(fresh, first, State.FIRST_REVIEWED, first_reviewed_by=first, first_reviewed_at=now())
            review = reviewed(fresh, first, Decision.PASSED, ReviewStep.FIRST)
            publish(fresh.figures.get(), review, sequence=1)

    def test_that_return_at_the_first_level_publish_nothing(self, fresh: Submission, first: User) -> None:
        with refuse("不是由对这一次提交的审核"), recorded(by=first, reason="绕过"):
            move(fresh, first, State.RETURNED, decided_by=first)
            review = reviewed(fresh, first, Decision.RETURNED, ReviewStep.FIRST)
            publish(fresh.figures.get(), review, sequence=1)

    def test_that_send_back_withdraw_nothing(self, form: Submission) -> None:
        final = reviewer()
        with refuse("审核记录与填报表的状态不一致"), recorded(by=final, reason="绕过"):
            move(form, final, State.SUBMITTED, first_reviewed_by=None, first_reviewed_at=None)
            reviewed(form, final, Decision.WITHDRAWN, ReviewStep.FINAL)

    def test_and_who_reviewed_first_stays(self, form: Submission) -> None:
        approve(form, by=reviewer(), round=1)
        with refuse("只能随填报表的状态改变"), recorded(by=None, reason="绕过"):
            Submission.objects.filter(pk=form.pk).update(first_reviewed_by=reviewer())


class TestSettings:
    def test_are_not_deleted(self, by: User) -> None:
        setting = levels_set(submitted(by).period.plan, in_group=2)
        with refuse("不能删除"), recorded(by=None, reason="绕过"):
            LevelSetting.objects.filter(pk=setting.pk).delete()

    def test_keep_whose_they_are(self, by: User) -> None:
        setting = levels_set(submitted(by).period.plan, in_group=2)
        with refuse("不能改变"), recorded(by=None, reason="绕过"):
            LevelSetting.objects.filter(pk=setting.pk).update(organisation=by.organisation)
