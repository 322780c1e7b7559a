"""The pages of those who fill in: the check, the head's confirmation, withdrawal, corrections, the list of forms."""

from datetime import date

import pytest
from django.urls import reverse

from audit.recording import recorded
from organisations.models import Role
from plans.models import PeriodState
from projects.models import MajorProject
from submissions import actions
from submissions.models import Correction, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, organisation, person, reporter, reviewer, system_administrator
from tests.factories.plans import period, plan
from tests.factories.submissions import opened, published, saved, submitted
from tests.submissions.pages import client_of, of, page, queries, text

pytestmark = pytest.mark.django_db


def state(form: Submission) -> str:
    return Submission.objects.get(pk=form.pk).state


class TestCheck:
    def test_it_names_what_is_missing_and_links_to_the_cell(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        shown = text(by, of(form, "check"))
        assert "还缺 1 项，不能提交" in shown
        assert f"#cell-{form.figures.get().pk}" in shown
        assert "disabled" in shown

    def test_an_oddity_waits_for_its_explanation(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation, target=5))
        saved(form.figures.get(), "50", by=by)
        assert "有 1 处疑点待说明" in text(by, of(form, "check"))
        saved(form.figures.get(), "50", by=by, explanation="口径不同。")
        assert "可以提交" in text(by, of(form, "check"))

    def test_what_is_said_beside_a_number_is_shown(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation, unit="家"))
        saved(form.figures.get(), "50", by=by, data_source="统计月报", last_year_text="1200")
        shown = text(by, of(form, "check"))
        assert "上年同期数（可比口径）：1,200 家" in shown
        assert "数据来源：统计月报" in shown

    def test_a_year_to_date_value_is_not_compared_with_last_years(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, kind="year_to_date", target=None)
        published(row, "900", as_of=date(2017, 12, 31), by=by.organisation)
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert "−850" not in text(by, of(form, "check"))

    def test_a_number_of_a_project_says_which_project(self) -> None:
        by, base = reporter(), plan()
        with recorded(by=None, reason="测试"):
            base_project = MajorProject.objects.create(plan=base, number=1, name="研发基地")
        form = opened(indicator(of=base, lead=by.organisation, project=base_project))
        assert "研发基地" in text(by, of(form, "check"))

    def test_a_press_submits(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "50", by=by)
        answered = client_of(by).post(of(form, "check"))
        assert answered["Location"] == of(form, "form")
        assert state(form) == "submitted"

    def test_a_refusal_leads_back_with_its_words(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        shown = client_of(by).post(of(form, "check"), follow=True).content.decode()
        assert "还有 1 项没有填好，不能提交" in shown

    def test_somebody_elses_form_is_not_there(self) -> None:
        form = submitted(reporter())
        assert page(reporter(), of(form, "check")).status_code == 404

    def test_before_the_decision_it_can_be_withdrawn(self) -> None:
        by = reporter()
        form = submitted(by)
        assert "撤回，继续修改" in text(by, of(form, "check"))
        client_of(by).post(of(form, "withdraw"), {"reason": "补充"})
        assert state(form) == "draft"

    def test_more_figures_ask_no_more_queries(self) -> None:
        by = reporter()
        few, lots = submitted(by, "50", "50"), submitted(by, *["50"] * 12)
        assert queries(by, of(few, "check")) == queries(by, of(lots, "check")) < 40


class TestHead:
    def test_the_head_confirms_on_the_same_page(self) -> None:
        home = organisation(needs_confirmation=True)
        form = submitted(reporter(at=home))
        head = person(Role.HEAD, at=home)
        assert "确认并提交给专项小组" in text(head, of(form, "check"))
        client_of(head).post(of(form, "confirm"))
        assert state(form) == "submitted"

    def test_or_sends_it_back(self) -> None:
        home = organisation(needs_confirmation=True)
        form = submitted(reporter(at=home))
        client_of(person(Role.HEAD, at=home)).post(of(form, "send_back"), {"reason": "与台账不符"})
        assert state(form) == "draft"


class TestCorrection:
    def test_a_reporter_asks_with_new_values_and_a_reason(self) -> None:
        by = reporter()
        form = submitted(by)
        actions.approve(form, by=reviewer(), round=1)
        key = form.figures.get().pk
        client_of(by).post(of(form, "ask_for_correction"), {f"value-{key}": "44", "reason": "笔误"})
        assert Correction.objects.get().figures == [key]
        assert "已有一份更正申请在办理" in text(by, of(form, "ask_for_correction"))

    def test_a_refusal_keeps_what_was_typed(self) -> None:
        by = reporter()
        form = submitted(by)
        actions.approve(form, by=reviewer(), round=1)
        answered = client_of(by).post(of(form, "ask_for_correction"), {"reason": "某处笔误"})
        assert answered.status_code == 422
        assert "某处笔误" in answered.content.decode()

    def test_before_approval_there_is_nothing_to_correct(self) -> None:
        by = reporter()
        assert "只有已通过的填报表才能申请更正" in text(by, of(submitted(by), "ask_for_correction"))


class TestForms:
    def test_reporters_see_their_own(self) -> None:
        by = reporter()
        form, other = submitted(by), submitted(reporter())
        shown = text(by, reverse("submissions:forms", args=[form.period.plan.code]))
        assert of(form, "form") in shown
        assert other.organisation_name not in shown

    def test_reviewers_filter_by_the_address(self) -> None:
        form = submitted(reporter())
        url = reverse("submissions:forms", args=[form.period.plan.code])
        assert form.organisation_name in text(auditor(), f"{url}?state=submitted")
        assert "没有符合这些条件的填报表" in text(auditor(), f"{url}?state=draft")
        assert form.organisation_name in text(auditor(), f"{url}?state=nonsense")

    def test_administrators_see_none(self) -> None:
        url = reverse("submissions:forms", args=[plan().code])
        assert page(system_administrator(), url).status_code == 404

    def test_more_forms_ask_no_more_queries(self) -> None:
        assert queries(reviewer(), listed(2)) == queries(reviewer(), listed(8)) < 20


def listed(count: int) -> str:
    """The list of a plan with as many forms."""
    base = plan()
    for _ in range(count):
        indicator(of=base, lead=organisation())
    actions.open_period(period(of=base, state=PeriodState.PLANNED), by=reviewer(), reason="急")
    return reverse("submissions:forms", args=[base.code])


class TestOpening:
    def test_the_page_lists_what_it_makes(self) -> None:
        row = indicator(lead=organisation(name="某某局"))
        due = period(of=row.plan, state=PeriodState.PLANNED)
        url = reverse("submissions:open_period", args=[row.plan.code, due.code])
        by = reviewer()
        assert "某某局" in text(by, url)
        assert client_of(by).post(url).status_code == 422
        client_of(by).post(url, {"reason": "上级要求"})
        assert Submission.objects.get().organisation_name == "某某局"


class TestNextStep:
    def test_a_head_is_led_from_the_form_to_its_confirmation(self) -> None:
        home = organisation(needs_confirmation=True)
        by, head = reporter(at=home), person(Role.HEAD, at=home)
        form = submitted(by)
        link = f'href="{of(form, "check")}"'
        assert link in text(head, of(form, "form"))
        assert link not in text(by, of(form, "form"))

    def test_a_reporter_is_led_to_withdrawing_and_to_correcting(self) -> None:
        by = reporter()
        form = submitted(by)
        lists = reverse("submissions:forms", args=[form.period.plan.code])
        for shown in (text(by, of(form, "form")), text(by, lists)):
            assert "查看所报内容或撤回" in shown
        actions.approve(form, by=reviewer(), round=1)
        for shown in (text(by, of(form, "form")), text(by, lists)):
            assert of(form, "ask_for_correction") in shown

    def test_others_are_led_nowhere(self) -> None:
        form = submitted(reporter())
        assert "查看所报内容或撤回" not in text(auditor(), of(form, "form"))
