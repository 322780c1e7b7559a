"""The research stage asks that every unit's self-report is approved."""

import pytest

from evaluation.stages import RESEARCH
from evaluation.standing_conditions import every_self_report_is_approved
from submissions.actions import set_outline
from tests.factories.evaluation import case
from tests.factories.organisations import reporter, reviewer
from tests.factories.self_reports import LINES, approved, asked_form, handed_in
from tests.factories.submissions import submitted

pytestmark = pytest.mark.django_db


def test_the_research_stage_has_the_condition() -> None:
    assert "self_reports_approved" in RESEARCH.conditions


class TestSelfReports:
    def test_without_an_outline_none_is_asked(self) -> None:
        found = every_self_report_is_approved(case())
        assert found.is_met
        assert "不要求自评报告" in found.summary

    def test_one_that_is_not_approved_is_missing(self) -> None:
        form = handed_in(reporter())
        found = every_self_report_is_approved(case(of=form.period.plan, round=form.period))
        assert [(each.label, each.state) for each in found.missing] == [(form.organisation_name, "已提交")]

    def test_what_is_not_written_is_counted(self) -> None:
        form = asked_form(reporter())
        found = every_self_report_is_approved(case(of=form.period.plan, round=form.period))
        assert [each.state for each in found.missing] == ["2 个部分未写"]

    def test_all_approved_it_is_met(self) -> None:
        form = approved(reporter())
        found = every_self_report_is_approved(case(of=form.period.plan, round=form.period))
        assert found.is_met
        assert "已通过 1 份" in found.summary

    def test_a_form_from_before_the_outline_is_told(self) -> None:
        form = submitted(reporter())
        set_outline(form.period.plan, by=reviewer(), sections=LINES, reason="后设")
        found = every_self_report_is_approved(case(of=form.period.plan, round=form.period))
        assert [each.state for each in found.missing] == ["填报表中没有自评报告"]
