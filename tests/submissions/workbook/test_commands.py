"""The workbook for automation."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from organisations.models import User
from submissions.models import Figure, Submission, UploadedWorkbook
from tests.factories.organisations import reporter
from tests.submissions.workbook.books import cell_of, form_of, keys_of, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def form(writer: User) -> Submission:
    return form_of(writer)


@pytest.fixture
def book(form: Submission, tmp_path: Path) -> Path:
    path = tmp_path / "form.xlsx"
    call_command(
        "form_workbook", organisation=form.organisation.code, period=form.period.code, to=path, stdout=StringIO()
    )
    return path


def load(path: Path, by: User, *flags: str) -> str:
    out = StringIO()
    call_command("load_form", str(path), "--as", by.username, *flags, stdout=out)
    return out.getvalue()


def told(path: Path, by: User, *flags: str) -> Any:
    return json.loads(load(path, by, "--json", *flags))


class TestLoadForm:
    def test_each_cell_is_told_with_its_address(self, form: Submission, book: Path, writer: User) -> None:
        typed(typed(book, keys_of(form)[0], 9.43), keys_of(form)[1], "约7")
        cells = told(book, writer, "--dry-run")["cells"]
        assert [(cell["address"], cell["old"], cell["new"], cell["severity"]) for cell in cells] == [
            (f"填报表!{cell_of(book, keys_of(form)[1])}", "", "约7", "error"),
            (f"填报表!{cell_of(book, keys_of(form)[0])}", "", "9.43", "change"),
        ]

    def test_a_dry_run_saves_nothing(self, form: Submission, book: Path, writer: User) -> None:
        assert "没有保存" in load(typed(book, keys_of(form)[0], 9.43), writer, "--dry-run")
        assert not Figure.objects.exclude(answer="").exists()
        assert not UploadedWorkbook.objects.exists()

    def test_what_is_clear_is_saved(self, form: Submission, book: Path, writer: User) -> None:
        typed(typed(book, keys_of(form)[0], 9.43), keys_of(form)[1], "5 亿元")
        assert told(book, writer)["saved"] == 1
        assert told(book, writer, "--with-warnings")["saved"] == 1
        assert told(book, writer)["cells"] == []

    @pytest.mark.parametrize("flags", [[], ["--dry-run"]])
    def test_a_stranger_loads_nothing(self, book: Path, flags: list[str]) -> None:
        with pytest.raises(CommandError, match="填报人"):
            load(book, reporter(), *flags)

    def test_what_is_no_workbook_says_so(self, tmp_path: Path, writer: User) -> None:
        path = tmp_path / "x.xlsx"
        path.write_bytes("序号".encode("gbk") * 50)
        with pytest.raises(CommandError, match="GBK"):
            load(path, writer)

    def test_an_unknown_person_is_named(self, book: Path) -> None:
        with pytest.raises(CommandError, match="没有用户“nobody”"):
            call_command("load_form", str(book), "--as", "nobody")


class TestFormWorkbook:
    def test_an_unknown_form_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="没有报告期"):
            call_command("form_workbook", organisation="no", period="no", to=tmp_path / "x.xlsx")
