"""The end of a job is told to whoever asked for it; proposed values to the reporters who decide on them."""

from datetime import timedelta

import pytest

from audit.clock import today
from background.actions import cancel_job
from background.kinds import Outcome
from organisations.models import User
from plans.models import Plan
from reminders.actions import write_notices
from reminders.job_news import DAYS, job_notices
from reminders.models import Notice
from reminders.news import news_notices
from submissions.actions import propose_values
from submissions.actions.proposals import Asked
from tests.factories.background import asked, run
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened

pytestmark = pytest.mark.django_db


def break_down(*_: object) -> Outcome:
    raise RuntimeError


@pytest.fixture
def by() -> User:
    return reviewer()


@pytest.fixture
def of() -> Plan:
    return plan()


def ended(by: User, of: Plan) -> None:
    run(asked(by, title="汇总", plan=of.pk), lambda job, progress: Outcome("共 3 行。"))


class TestJobs:
    def test_whoever_asked_is_told_once_how_it_ended(self, by: User, of: Plan) -> None:
        ended(by, of)
        write_notices(today())
        write_notices(today())
        (notice,) = Notice.objects.filter(rule="job", channel="application")
        assert (notice.recipient, notice.subject, notice.text) == (by, "已办完：汇总", "汇总：共 3 行。")

    def test_a_failure_is_told_too(self, by: User, of: Plan) -> None:
        run(asked(by, title="汇总", plan=of.pk), break_down)
        assert [draft.subject for draft in job_notices(today())] == ["没有办成：汇总"]

    def test_a_job_of_no_plan_has_no_notice(self, by: User) -> None:
        run(asked(by), break_down)
        run(asked(by, plan="x"), break_down)
        assert list(job_notices(today())) == []

    def test_who_cancelled_knows(self, by: User, of: Plan) -> None:
        cancel_job(asked(by, plan=of.pk), by=by)
        assert list(job_notices(today())) == []

    def test_an_old_end_is_no_news(self, by: User, of: Plan) -> None:
        ended(by, of)
        assert list(job_notices(today() + timedelta(days=DAYS + 1))) == []


def test_reporters_are_told_of_proposed_values_once() -> None:
    writer, by = reporter(), reviewer()
    form = opened(indicator(of=plan(), lead=writer.organisation), by=by)
    for value in ("5", "6"):
        propose_values(form.period, [Asked(form.figures.get().pk, "value", value)], by=by)
    told = [draft.subject for draft in news_notices(today()) if draft.recipient == writer and "汇总" in draft.subject]
    assert len(told) == 1
