"""How the workbook that is handed out is laid out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from organisations.models import User
from submissions.actions import return_for_correction, submit
from submissions.models import Submission
from submissions.workbook.sheets import FIGURES, IDENTITY, INSTRUCTIONS
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import saved
from tests.submissions.workbook.books import again, cell_of, form_of, handed_out, keys_of, taken, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def form(writer: User) -> Submission:
    asked = {"definition": "=规模以上", "kind": "year_to_date"}, {"unit": "", "target_form": "yes_no"}, {}
    return form_of(writer, *asked)


@pytest.fixture
def path(form: Submission, tmp_path: Path, writer: User) -> Path:
    return handed_out(form, tmp_path, writer)


@pytest.fixture
def book(path: Path) -> Iterator[Workbook]:
    file = load_workbook(path)
    yield file
    file.close()


class TestProtection:
    def test_every_sheet_is_protected_without_a_password(self, book: Workbook) -> None:
        assert [(page.protection.sheet, page.protection.password) for page in book.worksheets] == [(True, None)] * 3

    def test_only_what_may_be_filled_in_is_open(self, form: Submission, path: Path, book: Workbook) -> None:
        page, key = book[FIGURES], keys_of(form)[0]
        heads = ("本期", "说明", "规划指标", "上期", "行标识（请勿改动）")
        locked = {head: page[cell_of(path, key, head)].protection.locked for head in heads}
        assert locked == dict(zip(heads, (False, False, True, True, True), strict=True))

    def test_growth_is_asked_only_where_there_is_one(self, form: Submission, path: Path, book: Workbook) -> None:
        cells = [book[FIGURES][cell_of(path, key, "同比增速（可比价，%）")] for key in keys_of(form)]
        assert [cell.protection.locked for cell in cells] == [False, True, True]

    def test_the_identity_is_hidden(self, book: Workbook) -> None:
        assert (book.sheetnames, book[IDENTITY].sheet_state) == ([FIGURES, INSTRUCTIONS, IDENTITY], "hidden")

    def test_what_was_sent_is_shown_and_closed(self, form: Submission, tmp_path: Path, writer: User) -> None:
        for cell, value in zip(form.figures.order_by("indicator__number"), ("5", "是", "0"), strict=True):
            saved(cell, value, by=writer)
        submit(form, by=writer)
        path = handed_out(again(form), tmp_path, writer)
        page = load_workbook(path)[FIGURES]
        shown = [page[cell_of(path, key)] for key in keys_of(form)]
        assert [(cell.value, cell.protection.locked) for cell in shown] == [(5, True), ("是", True), (0, True)]


class TestHelp:
    def test_lists_offer_the_words_that_are_understood(self, form: Submission, path: Path, book: Workbook) -> None:
        rules = {str(rule.sqref): rule.formula1 for rule in book[FIGURES].data_validations.dataValidation}
        asked = cell_of(path, keys_of(form)[1])
        assert next(listed for cells, listed in rules.items() if asked in cells.split()) == '"是,否,无数据"'

    def test_the_definition_stands_in_a_comment(self, form: Submission, path: Path, book: Workbook) -> None:
        comment = book[FIGURES][cell_of(path, keys_of(form)[0], "规划指标")].comment
        assert comment is not None
        assert comment.text == "口径：=规模以上"

    def test_no_text_can_run_as_a_formula(self, form: Submission, tmp_path: Path, writer: User) -> None:
        saved(form.figures.order_by("indicator__number")[2], "5", by=writer, explanation='=HYPERLINK("x")')
        page = load_workbook(handed_out(form, tmp_path, writer))[FIGURES]
        assert not [cell for row in page for cell in row if cell.data_type == "f"]


class TestReturned:
    def test_the_reasons_stand_at_the_cell_and_the_answer_comes_back(
        self, form: Submission, tmp_path: Path, writer: User
    ) -> None:
        cells = list(form.figures.order_by("indicator__number"))
        for cell, value in zip(cells, ("5", "是", "3"), strict=True):
            saved(cell, value, by=writer)
        submit(form, by=writer)
        return_for_correction(form, by=reviewer(), remarks={cells[2]: ["请核实口径"]}, round=1)
        path, key = handed_out(again(form), tmp_path, writer), keys_of(form)[2]
        comment = load_workbook(path)[FIGURES][cell_of(path, key)].comment
        assert comment is not None
        assert "请核实口径" in comment.text
        taken(form, typed(path, key, "已核实，无误", "对退回理由的答复"), writer)
        assert form.figures.get(pk=cells[2].pk).reply == "已核实，无误"
