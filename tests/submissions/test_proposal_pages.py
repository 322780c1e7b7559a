"""The pages of the consolidated workbook: loading it, and deciding on the form what it proposed."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from background.models import BackgroundJob
from organisations.models import Role, User
from submissions.actions import close_period, propose_values, submit
from submissions.actions.proposals import Asked
from submissions.models import Figure, ProposalState, ProposedValue, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved
from tests.submissions.pages import client_of, of, page, queries, text
from tests.submissions.workbook.test_consolidated import book, row_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def writer() -> User:
    return reporter()


def form_with(writer: User, count: int = 2) -> Submission:
    of = plan()
    form = opened(*[indicator(of=of, lead=writer.organisation, unit="亿元") for _ in range(count)])
    rows = [Asked(each.pk, "value", "9741.43") for each in form.figures.all()]
    propose_values(form.period, rows, by=reviewer())
    return form


@pytest.fixture
def form(writer: User) -> Submission:
    return form_with(writer)


def url(form: Submission, name: str) -> str:
    return reverse(f"submissions:{name}", args=[form.period.plan.code, form.period.code])


def proposals(form: Submission) -> list[ProposedValue]:
    rows = ProposedValue.objects.filter(figure__submission=form)
    return list(rows.select_related("figure").order_by("figure__indicator__number"))


def answers(form: Submission) -> list[str]:
    return [figure.shown for figure in Figure.objects.filter(submission=form).order_by("indicator__number")]


class TestLoading:
    def test_a_file_leads_to_the_page_of_its_progress(self, form: Submission, tmp_path: Path) -> None:
        figure = form.figures.select_related("indicator", "organisation", "period").first()
        file = SimpleUploadedFile("汇总.xlsx", book(tmp_path, row_of(figure, 5)).read_bytes())
        answered = client_of(reviewer()).post(url(form, "load_consolidated"), {"file": file})
        job = BackgroundJob.objects.get()
        assert answered.url == reverse("background:job", args=[job.pk])  # type: ignore[attr-defined]
        assert job.back == url(form, "load_consolidated")

    def test_what_is_no_workbook_is_told_in_words(self, form: Submission) -> None:
        file = SimpleUploadedFile("x.xlsx", b"%PDF-1.4\n%%EOF\n")
        answered = client_of(reviewer()).post(url(form, "load_consolidated"), {"file": file})
        assert (answered.status_code, "另存为 .xlsx" in answered.content.decode()) == (422, True)

    def test_no_file_at_all_is_told(self, form: Submission) -> None:
        assert "请先选择" in client_of(reviewer()).post(url(form, "load_consolidated")).content.decode()

    def test_the_list_of_periods_leads_here_and_here_stands_what_became_of_it(self, form: Submission) -> None:
        by = reviewer()
        listed = text(by, reverse("submissions:periods", args=[form.period.plan.code]))
        assert url(form, "load_consolidated") in listed
        shown = text(by, url(form, "load_consolidated"))
        assert "待单位采用 2 项" in shown
        assert url(form, "download_consolidated") in shown

    def test_a_closed_period_has_no_field(self, form: Submission) -> None:
        close_period(form.period, by=reviewer(), reason="到期")
        assert 'type="file"' not in text(reviewer(), url(form, "load_consolidated"))

    def test_the_file_to_fill_in_is_a_workbook(self, form: Submission) -> None:
        answered = page(reviewer(), url(form, "download_consolidated"))
        assert b"".join(answered).startswith(b"PK")  # type: ignore[call-overload]


class TestDeciding:
    def sent(self, form: Submission, by: User, name: str, data: dict[str, object]) -> str:
        answered = client_of(by).post(of(form, name), data, follow=True)
        return answered.content.decode()

    def test_the_form_shows_what_is_proposed(self, form: Submission, writer: User) -> None:
        shown = text(writer, of(form, "form"))
        assert "专项小组汇总表中有 2 项" in shown
        assert "采用待填的 2 项" in shown

    def test_pressed_it_is_in_the_form(self, form: Submission, writer: User) -> None:
        (first, _) = proposals(form)
        assert "已采用 1 项" in self.sent(form, writer, "take_proposals", {"take": f"{first.pk}@0"})
        assert answers(form) == ["9,741.43", "待填"]

    def test_all_that_wait_are_taken_at_once(self, form: Submission, writer: User) -> None:
        self.sent(form, writer, "take_proposals", {"take": [f"{each.pk}@0" for each in proposals(form)]})
        assert answers(form) == ["9,741.43"] * 2
        assert "专项小组汇总表" not in text(writer, of(form, "form"))

    def test_declined_it_is_gone(self, form: Submission, writer: User) -> None:
        (first, _) = proposals(form)
        assert "没有采用" in self.sent(form, writer, "decline_proposals", {"decline": first.pk})
        assert "专项小组汇总表中有 1 项" in text(writer, of(form, "form"))

    def test_ones_own_value_stays_until_one_says_otherwise(self, form: Submission, writer: User) -> None:
        (first, _) = proposals(form)
        saved(first.figure, "8", by=writer)
        assert "改用 9,741.43" in text(writer, of(form, "form"))
        assert "刚刚修改过" in self.sent(form, writer, "take_proposals", {"take": f"{first.pk}@0"})
        assert answers(form)[0] == "8"
        self.sent(form, writer, "take_proposals", {"take": f"{first.pk}@1"})
        assert answers(form)[0] == "9,741.43"

    def test_typed_alike_there_is_nothing_to_decide(self, form: Submission, writer: User) -> None:
        for each in proposals(form):
            saved(each.figure, "9741.43", by=writer)
        assert "专项小组汇总表" not in text(writer, of(form, "form"))

    def test_a_form_that_is_handed_in_asks_nothing(self, form: Submission, writer: User) -> None:
        for each in proposals(form):
            saved(each.figure, "8", by=writer)
        submit(form, by=writer)
        assert "专项小组汇总表" not in text(writer, of(form, "form"))
        (first, _) = proposals(form)
        assert "不能修改" in self.sent(form, writer, "take_proposals", {"take": f"{first.pk}@1"})

    def test_nonsense_is_answered(self, form: Submission, writer: User) -> None:
        client = client_of(writer)
        for name in ("take_proposals", "decline_proposals"):
            for said in ("", "x@y", "99999999@0", "9" * 30):
                assert client.post(of(form, name), {"take": said, "decline": said}).status_code == 302
        assert {each.state for each in proposals(form)} == {ProposalState.PROPOSED}

    def test_others_read_the_form_without_it(self, form: Submission, writer: User) -> None:
        for who in (person(Role.HEAD, at=writer.organisation), reviewer(), auditor()):
            assert "专项小组汇总表" not in text(who, of(form, "form"))

    def test_more_of_them_ask_no_more_queries(self, writer: User) -> None:
        few, lots = form_with(writer, 2), form_with(writer, 12)
        assert queries(writer, of(few, "form")) == queries(writer, of(lots, "form"))
