"""A job: asked for, done once, cancelled, refused, lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import now
from audit.models import Change, Door
from audit.moves import StaleState
from audit.recording import recorded
from background.actions import SILENT, cancel_job, run_job, tend_jobs
from background.kinds import Outcome, Progress
from background.models import BackgroundJob, JobProgress, JobState
from organisations.models import Role, User
from plans.models import Plan
from tests.factories.background import asked, run, with_result
from tests.factories.organisations import person
from tests.factories.plans import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return person(Role.REVIEWER)


def test_a_job_is_done_in_the_worker_and_says_how_it_ended(reviewer: User) -> None:
    job = run(asked(reviewer), lambda job, progress: Outcome("办完了，共 3 项。"))
    assert (job.state, job.outcome) == (JobState.DONE, "办完了，共 3 项。")
    assert job.started_at is not None
    assert job.ended_at is not None


def test_its_file_is_kept_with_it(reviewer: User) -> None:
    job = run(asked(reviewer), with_result)
    assert job.result is not None
    assert job.result.name == "结果.pdf"


def test_a_job_delivered_twice_is_done_once(reviewer: User) -> None:
    job = run(asked(reviewer), lambda job, progress: Outcome("第一次"))
    job = run(job, lambda job, progress: Outcome("第二次"))
    assert job.outcome == "第一次"


def test_what_it_writes_is_on_record_as_the_asker_s_through_the_job(reviewer: User) -> None:
    plan()

    def work(job: BackgroundJob, progress: Progress) -> Outcome:
        with recorded(by=job.asked_by, reason="后台改名"):
            Plan.objects.update(name="新名")
        return Outcome("好")

    run(asked(reviewer), work)
    change = Change.objects.get(reason="后台改名")
    assert (change.door, change.actor_id) == (Door.JOB, reviewer.pk)


def test_a_refusal_is_told_in_its_own_words(reviewer: User) -> None:
    def refuse(job: BackgroundJob, progress: Progress) -> Outcome:
        raise ValidationError("第 3 行没有单位。")

    job = run(asked(reviewer), refuse)
    assert (job.state, job.outcome) == (JobState.FAILED, "第 3 行没有单位。")


def test_an_error_gives_a_number_to_name_and_no_inner_words(reviewer: User) -> None:
    def break_down(job: BackgroundJob, progress: Progress) -> Outcome:
        raise RuntimeError("secret inner words")

    job = run(asked(reviewer), break_down)
    assert job.state == JobState.FAILED
    assert str(job.pk) in job.outcome
    assert "secret" not in job.outcome


def test_progress_is_seen_and_leaves_no_versions(reviewer: User) -> None:
    seen = []

    def work(job: BackgroundJob, progress: Progress) -> Outcome:
        for done in (10, 20):
            progress(done, 40)
            seen.append(JobProgress.objects.values_list("done", "total").get(job=job))
        return Outcome("好")

    job = run(asked(reviewer), work)
    assert seen == [(10, 40), (20, 40)]
    assert BackgroundJob.history.filter(id=job.pk).count() == 3  # asked, started, finished


def test_a_cancelled_job_stops_at_its_next_step(reviewer: User) -> None:
    steps = []

    def work(job: BackgroundJob, progress: Progress) -> Outcome:
        for done in range(1, 5):
            progress(done, 4)
            steps.append(done)
            if done == 2:
                cancel_job(job, by=reviewer)
        return Outcome("好")

    job = run(asked(reviewer), work)
    assert steps == [1, 2]
    assert (job.state, job.outcome) == (JobState.CANCELLED, "取消时已处理 2 / 4。")


def test_a_job_cancelled_before_it_began_is_not_done(reviewer: User) -> None:
    job = asked(reviewer)
    cancel_job(job, by=reviewer)
    assert run(job, lambda job, progress: Outcome("好")).state == JobState.CANCELLED


def test_a_job_that_ended_cannot_be_cancelled(reviewer: User) -> None:
    job = run(asked(reviewer), lambda job, progress: Outcome("好"))
    with pytest.raises(StaleState):
        cancel_job(job, by=reviewer)


def test_only_who_asked_cancels(reviewer: User) -> None:
    with pytest.raises(PermissionDenied):
        cancel_job(asked(reviewer), by=person(Role.REVIEWER))


def test_a_job_whose_worker_is_gone_is_ended(reviewer: User) -> None:
    def lose(job: BackgroundJob, progress: Progress) -> Outcome:
        JobProgress.objects.filter(job=job).update(reported_at=now() - SILENT - timedelta(seconds=1))
        tend_jobs()
        return Outcome("晚了")

    job = run(asked(reviewer), lose)
    assert job.state == JobState.FAILED
    assert "中断" in job.outcome


def test_a_job_that_is_at_work_is_left_alone(reviewer: User) -> None:
    def work(job: BackgroundJob, progress: Progress) -> Outcome:
        tend_jobs()
        return Outcome("好")

    assert run(asked(reviewer), work).state == JobState.DONE


def test_a_job_that_is_not_there_is_left_alone() -> None:
    run_job(0)
