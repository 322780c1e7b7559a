"""Who is reminded of what, on which day."""

from datetime import date, timedelta

import pytest

from audit.clock import now, today
from audit.recording import recorded
from organisations.models import Role, User
from plans.calendar import end_of_day
from plans.models import PeriodState
from reminders.drafts import Draft
from reminders.rules import due_notices, forms_without_people
from submissions.actions import return_for_correction
from submissions.models import Submission
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.plans import period
from tests.factories.reminders import FRIDAY, due
from tests.factories.submissions import form, submitted

pytestmark = pytest.mark.django_db


def deadlines(on: date) -> list[Draft]:
    return [draft for draft in due_notices(on) if draft.rule == "deadline"]


def steps(first: date, last: date) -> dict[int, int]:
    """Day of the month → working days left, for the days on which somebody is reminded."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day.day: draft.step for day in days for draft in deadlines(day)}


def set_to(row: Submission | User, **fields: object) -> None:
    with recorded(by=None, reason="测试"):
        type(row).objects.filter(pk=row.pk).update(**fields)


class TestDays:
    def test_five_two_and_one_before_on_the_day_and_each_working_day_after(self) -> None:
        due(FRIDAY)
        assert steps(date(2026, 10, 12), date(2026, 10, 28)) == {
            16: 5,
            21: 2,
            22: 1,
            23: 0,
            26: -1,
            27: -2,
            28: -3,
        }

    def test_a_holiday_is_silent_and_a_shifted_saturday_is_not(self) -> None:
        due(date(2026, 10, 12))  # the Monday after the National Day; Saturday the 10th is worked
        assert steps(date(2026, 9, 28), date(2026, 10, 12)) == {29: 5, 9: 2, 10: 1, 12: 0}

    def test_a_deadline_on_a_sunday_reminds_on_friday_of_the_one_working_day_left(self) -> None:
        due(date(2026, 10, 25))
        assert steps(date(2026, 10, 22), date(2026, 10, 26)) == {22: 1, 23: 1, 26: -1}

    def test_a_deadline_that_moves_is_counted_anew(self) -> None:
        found = due(FRIDAY)
        set_to(found, deadline=end_of_day(date(2026, 10, 28)))
        assert [(draft.due_on, draft.step) for draft in deadlines(date(2026, 10, 26))] == [(date(2026, 10, 28), 2)]


class TestWho:
    def test_the_reporters_of_the_organisation_each_get_one_for_each_form(self) -> None:
        first = due(FRIDAY)
        second = reporter(at=first.organisation)
        form(of=period(deadline=end_of_day(FRIDAY)), by=first.organisation, state="draft")
        reporter()
        found = [(draft.recipient, draft.submission) for draft in deadlines(FRIDAY)]
        assert len(found) == len(set(found)) == 4
        assert {recipient for recipient, _ in found} == {first.reporter, second}

    def test_the_head_is_asked_to_confirm_and_the_reporter_is_left_alone(self) -> None:
        found = due(FRIDAY, state="awaiting_head")
        head = person(Role.HEAD, at=found.organisation)
        (draft,) = deadlines(FRIDAY)
        assert draft.recipient == head
        assert draft.text.endswith("请确认后提交给专项小组。")

    @pytest.mark.parametrize("state", ["submitted", "approved", "reopened"])
    def test_who_owes_nothing_by_the_deadline_is_not_reminded(self, state: str) -> None:
        due(FRIDAY, state=state)
        assert deadlines(FRIDAY) == []

    def test_a_closed_period_reminds_nobody(self) -> None:
        found = due(FRIDAY)
        with recorded(by=None, reason="测试"):
            found.period.state, found.period.closed_at = PeriodState.CLOSED, now()
            found.period.save()
        assert deadlines(FRIDAY) == []

    @pytest.mark.parametrize("gone", [{"is_active": False}, {"left_on": FRIDAY}])
    def test_a_leaver_gets_nothing_and_the_form_is_told_as_nobodys(self, gone: dict) -> None:
        found = due(FRIDAY)
        set_to(found.reporter, **gone)
        assert (deadlines(FRIDAY), forms_without_people(FRIDAY)) == ([], [found])

    def test_somebody_who_leaves_later_still_gets_it(self) -> None:
        found = due(FRIDAY)
        set_to(found.reporter, left_on=FRIDAY + timedelta(days=1))
        assert len(deadlines(FRIDAY)) == 1

    def test_a_withdrawn_role_gets_nothing(self) -> None:
        found = due(FRIDAY)
        with recorded(by=None, reason="测试"):
            found.reporter.grants.update(withdrawn_at=now())
        assert deadlines(FRIDAY) == []


class TestWords:
    def test_they_name_the_form_its_state_the_day_and_what_to_do(self) -> None:
        found = due(FRIDAY, state="returned")
        (draft,) = deadlines(date(2026, 10, 21))
        assert draft.subject == "三季度填报表还剩 2 个工作日"
        assert draft.text == (
            f"{found.organisation_name}的三季度填报表（已退回）报送时限为2026年10月23日，还剩 2 个工作日。"
            "请按退回理由核实、修改后重新提交。"
        )

    def test_the_link_leads_to_the_form(self) -> None:
        found = due(FRIDAY)
        (draft,) = deadlines(FRIDAY)
        assert draft.link.startswith(f"/{found.period.plan.code}/")
        assert found.organisation.code in draft.link


class TestNews:
    def test_a_return_is_told_to_the_reporters_with_who_did_it(self) -> None:
        by, of = reporter(), reviewer(name="审核人甲")
        found = submitted(by)
        figure = found.figures.get()
        return_for_correction(found, by=of, round=found.round, remarks={figure: ["请核实"]})
        (draft,) = [draft for draft in due_notices(today()) if draft.rule == "news"]
        assert draft.recipient == by
        assert "已退回，请查看理由" in draft.subject
        assert draft.text.endswith("经办：审核人甲。")

    def test_after_a_week_it_is_no_news_and_before_it_happened_neither(self) -> None:
        by = reporter()
        found = submitted(by)
        return_for_correction(found, by=reviewer(), round=found.round, remarks={found.figures.get(): ["请核实"]})
        for day in (today() + timedelta(days=8), today() - timedelta(days=1)):
            assert [draft for draft in due_notices(day) if draft.rule == "news"] == []

    def test_another_organisation_hears_nothing(self) -> None:
        reporter(at=organisation())
        found = submitted(reporter())
        return_for_correction(found, by=reviewer(), round=found.round, remarks={found.figures.get(): ["请核实"]})
        assert len([draft for draft in due_notices(today()) if draft.rule == "news"]) == 1
