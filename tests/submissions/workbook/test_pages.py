"""The pages of a form's workbook."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from organisations.models import User
from submissions.models import Figure, Submission, UploadedWorkbook
from submissions.views.workbook import address_of
from tests.factories.organisations import reporter, reviewer
from tests.submissions.pages import client_of, of, page, text
from tests.submissions.workbook.books import form_of, handed_out, keys_of, typed, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def form(writer: User) -> Submission:
    return form_of(writer)


@pytest.fixture
def book(form: Submission, tmp_path: Path, writer: User) -> Path:
    path = typed(handed_out(form, tmp_path, writer), keys_of(form)[0], 9.43)
    return typed(typed(path, keys_of(form)[1], "约7"), keys_of(form)[2], "5 亿元")


def sent(form: Submission, path: Path, by: User, **headers: str) -> HttpResponse:
    return client_of(by).post(of(form, "workbook"), {"file": uploaded(path)}, headers=headers)


class TestUpload:
    def test_a_file_leads_to_its_differences(self, form: Submission, book: Path, writer: User) -> None:
        answered = sent(form, book, writer)
        assert answered.url == address_of(UploadedWorkbook.objects.get())  # type: ignore[attr-defined]
        assert not Figure.objects.exclude(answer="").exists()

    def test_a_script_is_told_where_to_go(self, form: Submission, book: Path, writer: User) -> None:
        answered = sent(form, book, writer, X_Requested_With="fetch")
        assert answered.json()["address"] == address_of(UploadedWorkbook.objects.get())  # type: ignore[attr-defined]

    @pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "fetch"}])
    def test_what_is_no_workbook_is_told_in_words(
        self, form: Submission, writer: User, headers: dict[str, str]
    ) -> None:
        file = SimpleUploadedFile("x.xlsx", "序号,值".encode("gbk") * 20)
        answered = client_of(writer).post(of(form, "workbook"), {"file": file}, headers=headers)
        words = str(answered.json()) if headers else answered.content.decode()
        assert (answered.status_code, "GBK" in words) == (422, True)

    def test_no_file_at_all_is_told(self, form: Submission, writer: User) -> None:
        answered = client_of(writer).post(of(form, "workbook"))
        assert "请先选择" in answered.content.decode()

    def test_the_form_leads_here(self, form: Submission, writer: User) -> None:
        assert of(form, "workbook") in text(writer, of(form, "form"))
        assert of(form, "download_workbook") in text(writer, of(form, "workbook"))


class TestDownload:
    def test_the_file_has_a_name_that_tells_what_it_is(self, form: Submission, writer: User) -> None:
        answered = page(writer, of(form, "download_workbook"))
        assert answered["Content-Disposition"].endswith(".xlsx")
        assert b"".join(answered).startswith(b"PK")  # type: ignore[call-overload]

    def test_a_reviewer_may_take_it_and_may_not_give_it_back(self, form: Submission) -> None:
        assert page(reviewer(), of(form, "download_workbook")).status_code == 200
        assert page(reviewer(), of(form, "workbook")).status_code == 404


class TestDifference:
    def shown(self, form: Submission, book: Path, writer: User) -> str:
        sent(form, book, writer)
        return text(writer, address_of(UploadedWorkbook.objects.get()))

    def test_errors_come_first_and_warnings_start_unticked(self, form: Submission, book: Path, writer: User) -> None:
        shown = " ".join(self.shown(form, book, writer).split())
        assert shown.index("错误，不能采用") < shown.index("可采用，需核对") < shown.index(">将修改<")
        assert (shown.count('name="take"'), shown.count(" checked")) == (2, 1)

    def test_the_ticked_cells_are_taken_over(self, form: Submission, book: Path, writer: User) -> None:
        sent(form, book, writer)
        there = address_of(UploadedWorkbook.objects.get())
        answered = client_of(writer).post(there, {"take": [f"{keys_of(form)[0]}/value_text@0"]}, follow=True)
        assert "已采用 1 项" in answered.content.decode()
        assert [figure.shown for figure in Figure.objects.exclude(answer="")] == ["9.43"]

    def test_an_error_is_not_taken_over_whoever_ticks_it(self, form: Submission, book: Path, writer: User) -> None:
        sent(form, book, writer)
        there = address_of(UploadedWorkbook.objects.get())
        client_of(writer).post(there, {"take": [f"{keys_of(form)[1]}/value_text@0", "指标-9/x@y", ""]})
        assert not Figure.objects.exclude(answer="").exists()

    def test_another_forms_file_is_not_shown(self, form: Submission, book: Path, writer: User) -> None:
        sent(form, book, writer)
        other = form_of(writer)
        there = address_of(UploadedWorkbook.objects.get()).replace(of(form, "workbook"), of(other, "workbook"))
        assert page(writer, there).status_code == 404
