"""Opening a period makes the forms that are owed in it."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.clock import set_to
from audit.moves import StaleState
from audit.recording import recorded
from indicators.models import Frequency
from organisations.models import Organisation
from plans.models import PeriodKind, PeriodState, Plan, ReportingPeriod
from responsibilities.models import Part, Responsibility
from submissions.actions import open_period
from submissions.models import Submission
from tasks.models import KeyTask, TaskChapter
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, reviewer
from tests.factories.plans import period, plan

pytestmark = pytest.mark.django_db


def planned(of: Plan, **fields: object) -> ReportingPeriod:
    return period(of=of, state=PeriodState.PLANNED, **fields)


def asked(forms: list[Submission]) -> list[str]:
    return [cell.indicator.name for form in forms for cell in form.figures.all()]


@pytest.fixture
def of() -> Plan:
    return plan()


class TestForms:
    def test_each_organisation_that_reports_gets_one(self, of: Plan) -> None:
        first, second = organisation(), organisation()
        indicator(of=of, lead=first), indicator(of=of, lead=first), indicator(of=of, lead=second)
        forms = open_period(planned(of), by=reviewer(), reason="急")
        assert [(form.organisation_name, form.figures.count()) for form in forms] == [
            (first.name, 2),
            (second.name, 1),
        ]

    def test_a_lead_that_does_not_report_the_figure_is_not_asked(self, of: Plan) -> None:
        row = indicator(of=of, lead=organisation())
        with recorded(by=None, reason="测试"):
            Responsibility.objects.create(plan=of, organisation=organisation(), part=Part.SUPPORT, indicator=row)
        assert len(open_period(planned(of), by=reviewer(), reason="急")) == 1

    def test_a_task_is_asked_of_its_lead(self, of: Plan) -> None:
        lead = organisation()
        with recorded(by=None, reason="测试"):
            chapter = TaskChapter.objects.create(plan=of, number=1, title="章")
            task = KeyTask.objects.create(chapter=chapter, number=1, title="任务")
            Responsibility.objects.create(plan=of, organisation=lead, part=Part.LEAD, task=task)
        (form,) = open_period(planned(of), by=reviewer(), reason="急")
        assert (form.organisation, form.notes.get().task) == (lead, task)

    def test_a_responsibility_that_is_over_asks_nothing(self, of: Plan) -> None:
        indicator(of=of, lead=organisation(name="乙"))
        over = indicator(of=of, lead=organisation(name="甲"))
        with recorded(by=None, reason="测试"):
            over.responsibilities.update(valid_to=date(2017, 12, 31))
        assert [form.organisation_name for form in open_period(planned(of), by=reviewer(), reason="急")] == ["乙"]

    def test_a_successor_stands_for_an_organisation_that_is_gone(self, of: Plan) -> None:
        heir = organisation()
        indicator(of=of, lead=organisation(successor=heir, valid_to=date(2017, 12, 31)))
        (form,) = open_period(planned(of), by=reviewer(), reason="急")
        assert form.organisation == heir

    def test_the_deadline_is_the_periods(self, of: Plan) -> None:
        indicator(of=of, lead=organisation())
        due = planned(of)
        assert open_period(due, by=reviewer(), reason="急")[0].deadline == due.deadline


class TestFrequency:
    @pytest.fixture
    def lead(self, of: Plan) -> Organisation:
        lead = organisation()
        for frequency in Frequency:
            indicator(of=of, lead=lead, frequency=frequency, name=frequency.label)
        return lead

    @pytest.mark.parametrize(
        ("ends_on", "due"),
        [
            (date(2018, 2, 28), ["月"]),
            (date(2018, 3, 31), ["月", "季"]),
            (date(2018, 6, 30), ["月", "季", "半年"]),
            (date(2018, 12, 31), ["月", "季", "半年", "年"]),
        ],
    )
    def test_a_form_asks_what_is_due(self, of: Plan, lead: Organisation, ends_on: date, due: list[str]) -> None:
        quarter = planned(of, ends_on=ends_on, kind=PeriodKind.QUARTER)
        assert asked(open_period(quarter, by=reviewer(), reason="急")) == due

    def test_a_special_round_asks_everything(self, of: Plan, lead: Organisation) -> None:
        assert len(asked(open_period(planned(of), by=reviewer(), reason="急"))) == 4

    def test_what_is_not_counted_any_more_is_not_due(self, of: Plan) -> None:
        indicator(of=of, lead=organisation(), frequency="month", is_counted=False, dropped_reason="调整")
        with pytest.raises(ValidationError, match="没有单位在这个报告期有应填的内容"):
            open_period(planned(of, kind=PeriodKind.MONTH), by=reviewer(), reason="急")


class TestNotice:
    def ready(self, of: Plan) -> ReportingPeriod:
        indicator(of=of, lead=organisation())
        return planned(of)

    def at(self, due: ReportingPeriod, days: int) -> datetime:
        return due.deadline - timedelta(days=days)

    def test_five_working_days_are_enough(self, of: Plan) -> None:
        due, by = self.ready(of), reviewer()  # a Saturday; eight days before it are a Friday, five working days
        with set_to(self.at(due, 8)):
            open_period(due, by=by)
        due.refresh_from_db()
        assert (due.state, due.short_notice_reason) == ("open", "")

    def test_fewer_need_a_reason_that_is_kept(self, of: Plan) -> None:
        due, by = self.ready(of), reviewer()
        with set_to(self.at(due, 3)):
            with pytest.raises(ValidationError, match="不足 5 个工作日"):
                open_period(due, by=by)
            open_period(due, by=by, reason="上级要求提前")
        due.refresh_from_db()
        assert due.short_notice_reason == "上级要求提前"

    def test_a_refusal_leaves_no_form(self, of: Plan) -> None:
        with pytest.raises(ValidationError):
            open_period(self.ready(of), by=reviewer())
        assert Submission.objects.count() == 0


class TestRefusals:
    def test_it_is_a_reviewers_to_do(self, of: Plan) -> None:
        indicator(of=of, lead=organisation())
        with pytest.raises(PermissionDenied):
            open_period(planned(of), by=leader(), reason="急")

    def test_pressed_twice_the_second_is_told(self, of: Plan) -> None:
        indicator(of=of, lead=organisation())
        due = planned(of)
        open_period(due, by=reviewer(), reason="急")
        with pytest.raises(StaleState, match="填报中"):
            open_period(due, by=reviewer(), reason="急")
        assert Submission.objects.count() == 1
        assert timezone.is_aware(Submission.objects.get().deadline)
