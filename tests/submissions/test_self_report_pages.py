"""The pages of self-reports: on the form, a unit's whole, all units', the outline."""

import pytest
from django.urls import reverse

from organisations.models import User
from submissions.models import SelfReportSection, Submission
from submissions.queries.self_reports import report_of, reports_of
from tests.factories.organisations import auditor, leader, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.self_reports import approved, asked_form, handed_in, section_of, with_outline, write
from tests.submissions.pages import client_of, of, page, queries, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


def of_plan(form: Submission, name: str, query: str = "") -> str:
    return reverse(f"submissions:{name}", kwargs={"plan": form.period.plan.code}) + query


class TestForm:
    def test_it_asks_by_the_outline(self, by: User) -> None:
        shown = text(by, of(asked_form(by), "form"))
        assert 'id="self-report"' in shown
        assert "写明原因。" in shown
        assert "选填" in shown

    def test_a_form_without_one_says_nothing(self, by: User) -> None:
        form = asked_form(by, of=plan())
        assert 'id="self-report"' not in text(by, of(form, "form"))

    def test_it_is_saved_as_notes_are(self, by: User) -> None:
        form = asked_form(by)
        url = f"{of(form, 'form')}notes/{section_of(form).pk}/"
        sent = {"revision": 0, "progress": "总体顺利。"}
        answer = client_of(by).post(url, sent, headers={"X-Requested-With": "fetch"})
        assert (answer.json()["revision"], section_of(form).progress) == (1, "总体顺利。")

    def test_a_clash_shows_the_other_text(self, by: User) -> None:
        form = asked_form(by)
        write(section_of(form), "甲的文字。", by=by)
        url = f"{of(form, 'form')}notes/{section_of(form).pk}/"
        sent = {"revision": 0, "progress": "乙的文字。"}
        answer = client_of(by).post(url, sent, headers={"X-Requested-With": "fetch"})
        assert answer.status_code == 409
        assert "甲的文字。" in answer.json()["told"]

    def test_the_sections_cost_no_query_each(self, by: User) -> None:
        form = asked_form(by)
        first = queries(by, of(form, "form"))
        assert first == queries(by, of(asked_form(by, of=with_outline()), "form"))

    def test_the_reviewer_reads_and_returns_them(self, by: User) -> None:
        assert "自评报告：进展" in text(reviewer(), of(handed_in(by), "review"))


class TestOneReport:
    def test_the_unit_reads_it_whole(self, by: User) -> None:
        shown = text(by, of(approved(by), "self_report"))
        assert "第2部分的文字。" in shown
        assert "已通过" in shown

    def test_another_unit_does_not(self, by: User) -> None:
        assert page(reporter(), of(approved(by), "self_report")).status_code == 404


class TestAllReports:
    def test_units_stand_by_sections(self, by: User) -> None:
        form = handed_in(by)
        shown = text(reviewer(), of_plan(form, "self_reports"))
        assert form.organisation_name in shown
        assert "1 个单位，0 份已通过" in shown

    def test_a_filter_shows_the_texts(self, by: User) -> None:
        form = handed_in(by)
        assert "第2部分的文字。" in text(auditor(), of_plan(form, "self_reports", "?section=2"))

    def test_drafts_are_not_shown_there(self, by: User) -> None:
        form = asked_form(by)
        write(section_of(form), "还没提交。", by=by)
        assert "还没提交。" not in text(leader(), of_plan(form, "self_reports", "?section=1"))

    def test_a_state_filters(self, by: User) -> None:
        form = handed_in(by)
        assert "没有符合条件的单位" in text(reviewer(), of_plan(form, "self_reports", "?state=ok"))

    def test_states_are_told(self, by: User) -> None:
        form = asked_form(by)
        write(section_of(form), "文字。", by=by)
        assert [each.kind for each in report_of(form).parts] == ["saved", "todo", "none"]
        assert reports_of(form.period)[0].lacking_count == 1

    def test_a_reporter_has_no_such_page(self, by: User) -> None:
        assert page(by, of_plan(asked_form(by), "self_reports")).status_code == 404


class TestOutlinePage:
    def test_it_offers_the_usual_sections(self) -> None:
        shown = text(reviewer(), reverse("submissions:self_report_outline", kwargs={"plan": plan().code}))
        assert "目标任务进展" in shown
        assert "下面是通用提纲" in shown

    def test_a_press_keeps_them(self) -> None:
        found = plan()
        sent = {"number-0": "1", "title-0": "进展", "required-0": "on", "reason": "设置"}
        client_of(reviewer()).post(reverse("submissions:self_report_outline", kwargs={"plan": found.code}), sent)
        row = SelfReportSection.objects.get(plan=found)
        assert (row.number, row.title, row.is_required) == (1, "进展", True)

    def test_a_refusal_leaves_what_was_typed(self) -> None:
        sent = {"number-0": "x", "title-0": "进展", "reason": "设置"}
        url = reverse("submissions:self_report_outline", kwargs={"plan": plan().code})
        answer = client_of(reviewer()).post(url, sent)
        assert answer.status_code == 422
        assert 'value="进展"' in answer.content.decode()

    def test_it_is_only_read_once_one_came_in(self, by: User) -> None:
        form = handed_in(by)
        assert "不能再改" in text(reviewer(), of_plan(form, "self_report_outline"))
