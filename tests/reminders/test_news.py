"""News of forms: reporters hear what became of theirs, reviewers what came in, heads what waits for them; once each."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.clock import today
from evaluation.actions import name_group
from organisations.models import Role, User
from plans.calendar import end_of_day
from reminders.actions import write_notices
from reminders.drafts import Draft
from reminders.models import Notice
from reminders.news import news_notices
from submissions.actions import (
    approve,
    ask_for_correction,
    change_deadline,
    close_period,
    follow_responsibilities,
    refuse_correction,
    return_for_correction,
    submit,
    withdraw,
)
from submissions.models import Submission
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.submissions import opened, saved, submitted

pytestmark = pytest.mark.django_db


def told(to: User) -> list[Draft]:
    return [draft for draft in news_notices(today()) if draft.recipient == to]


def words(to: User) -> list[str]:
    return [draft.subject for draft in told(to)]


def asked() -> int:
    """How many queries the news ask, but for those of each plan."""
    with CaptureQueriesContext(connection) as queries:
        list(news_notices(today()))
    return len([each for each in queries if "groupmember" not in each["sql"]])


def in_days(number: int) -> datetime:
    return end_of_day(timezone.localdate() + timedelta(days=number))


class TestReviewers:
    def test_each_is_told_of_a_form_that_came_in_with_its_unit_and_the_way_to_it(self) -> None:
        first, second = reviewer(), reviewer()
        form = submitted(reporter(), "50")
        for who in (first, second):
            (draft,) = told(who)
            assert draft.subject == f"{form.organisation_name} {form.period.name}填报表已提交，请审核"
            assert draft.link.endswith(f"/reviews/{form.period.code}/{form.organisation.code}/")

    def test_one_who_filled_it_in_is_not(self) -> None:
        by = person(Role.REPORTER, Role.REVIEWER)
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "50", by=by)
        submit(form, by=reporter(at=by.organisation))
        assert [subject for subject in words(by) if "请审核" in subject] == []

    def test_of_a_named_working_group_only_its_own_reviewers(self) -> None:
        inside, outside = reviewer(), reviewer()
        form = submitted(reporter())
        name_group(case(of=form.period.plan, by=inside), by=inside, members=[(inside, "member", "")])
        assert (len(told(inside)), told(outside)) == (1, [])

    def test_the_queries_do_not_grow_with_reviewers_and_forms(self) -> None:
        for _ in range(2):
            reviewer()
        submitted(reporter(), "50")
        few = asked()
        for _ in range(3):
            reviewer()
            submitted(reporter(), "50")
        assert asked() <= few

    def test_what_is_decided_already_is_no_news(self) -> None:
        who, other = reviewer(), reviewer()
        approve(submitted(reporter()), by=who, round=1)
        assert told(other) == []

    def test_withdrawn_and_sent_again_within_a_beat_it_is_told_once(self) -> None:
        by, who = reporter(), reviewer()
        form = submitted(by)
        withdraw(form, by=by, reason="笔误")
        submit(form, by=by)
        assert len(told(who)) == 1

    def test_written_twice_it_stands_once_and_a_second_round_is_told_anew(self) -> None:
        by, who = reporter(), reviewer()
        form = submitted(by)
        write_notices(today())
        write_notices(today())
        assert Notice.objects.filter(recipient=who).count() == 1
        return_for_correction(form, by=who, round=1, remarks={form.figures.get(): ["请核实"]})
        saved(form.figures.get(), "51", by=by, reply="已核实")
        submit(form, by=by)
        write_notices(today())
        assert Notice.objects.filter(recipient=who).count() == 2

    def test_a_correction_that_is_asked_for_waits_for_an_answer(self) -> None:
        by, who = reporter(), reviewer()
        form = submitted(by)
        approve(form, by=who, round=1)
        correction = ask_for_correction(form, by=by, whole=True, reason="笔误")
        assert "申请更正，请答复" in words(who)[0]
        refuse_correction(correction, by=who, answer="无误")
        assert words(who) == []


class TestReporters:
    def approved(self, by: User, who: User) -> Submission:
        form = submitted(by)
        approve(form, by=who, round=1)
        return form

    def test_they_hear_that_a_form_was_opened_and_its_deadline(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        (draft,) = told(by)
        day = timezone.localtime(form.deadline)
        assert "已开放填报" in draft.subject
        assert f"报送时限为{day.year}年{day.month}月{day.day}日" in draft.text

    def test_not_any_more_once_it_is_sent(self) -> None:
        by = reporter()
        submitted(by)
        assert words(by) == []

    def test_they_hear_that_it_is_approved(self) -> None:
        by = reporter()
        self.approved(by, reviewer())
        assert "已通过审核" in words(by)[0]

    def test_they_hear_of_another_deadline(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        change_deadline(form.period, by=reviewer(), deadline=in_days(9), reason="台风")
        assert any("报送时限已变更" in subject for subject in words(by))

    def test_they_hear_what_the_responsibilities_changed(self) -> None:
        by = reporter()
        form = opened(row := indicator(lead=by.organisation))
        indicator(of=row.plan, lead=by.organisation)
        follow_responsibilities(form.period, by=reviewer())
        assert any("随责任分解有增减" in subject for subject in words(by))

    def test_they_hear_that_a_correction_was_refused(self) -> None:
        by, who = reporter(), reviewer()
        form = self.approved(by, who)
        correction = ask_for_correction(form, by=by, whole=True, reason="笔误")
        refuse_correction(correction, by=who, answer="无误")
        assert any("更正申请未同意" in subject for subject in words(by))

    def test_of_a_closed_period_they_hear_nothing_more(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        close_period(form.period, by=reviewer(), reason="不再等候")
        assert words(by) == []


class TestHeads:
    def test_they_hear_of_what_waits_for_them(self) -> None:
        at = organisation(needs_confirmation=True)
        head = person(Role.HEAD, at=at)
        submitted(reporter(at=at))
        assert "等你确认" in words(head)[0]

    def test_nobody_is_told_of_what_they_did_themselves(self) -> None:
        at = organisation(needs_confirmation=True)
        both = person(Role.HEAD, Role.REPORTER, at=at)
        submitted(both)
        assert words(both) == []
