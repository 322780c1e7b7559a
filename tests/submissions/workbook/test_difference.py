"""What a file would change, cell by cell, before anything is saved."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from audit.recording import recorded
from organisations.models import User
from submissions.actions import save_figure, submit
from submissions.models import Figure, Submission
from submissions.workbook.difference import Severity, Standing
from submissions.workbook.notices import notices_of
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.plans import period
from tests.factories.submissions import opened, published, saved
from tests.submissions.workbook.books import (
    cell_of,
    difference,
    edited,
    form_of,
    handed_out,
    keys_of,
    only,
    parts_of,
    typed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def form(writer: User) -> Submission:
    return form_of(writer)


@pytest.fixture
def book(form: Submission, tmp_path: Path, writer: User) -> Path:
    return handed_out(form, tmp_path, writer)


class TestNothingTyped:
    def test_a_file_as_it_was_handed_out_changes_nothing(self, form: Submission, book: Path) -> None:
        found = difference(form, book)
        assert (found.lines, len(found.same), found.standing, notices_of(found)) == ([], 3, Standing.OWN, [])

    def test_every_kind_of_answer_comes_back_as_it_was(self, writer: User, tmp_path: Path) -> None:
        form = form_of(writer, *[{}] * 5, {"unit": "", "target_form": "yes_no"}, {"unit": "%", "kind": "ratio"})
        cells = list(form.figures.order_by("indicator__number"))
        for cell, value in zip(
            cells, ("9,741.43", "0", "-3.5", "47 + 1 + 3", "12345678901234567", "是", "46.9%"), strict=True
        ):
            saved(cell, value, by=writer, confirmed=True, explanation="=说明\n－第二行", as_of_text="2023年5月")
        assert difference(form, handed_out(form, tmp_path, writer)).lines == []

    def test_no_data_with_a_reason_comes_back(self, form: Submission, writer: User, tmp_path: Path) -> None:
        save_figure(form.figures.first(), by=writer, revision=0, answer="no_data", no_data_reason="见附件（一）")
        assert difference(form, handed_out(form, tmp_path, writer)).lines == []

    def test_a_blank_is_not_a_zero(self, form: Submission, book: Path) -> None:
        assert all(row.texts["value_text"] == "" for row in difference(form, book).same)


class TestOneCell:
    def test_a_number_is_a_change_with_its_address(self, form: Submission, book: Path) -> None:
        key = keys_of(form)[1]
        line = only(form, typed(book, key, 97.43))
        assert (line.cell, line.old, line.new, line.severity) == (cell_of(book, key), "", "97.43", Severity.CHANGE)

    @pytest.mark.parametrize(
        ("value", "new"),
        [
            (0.1 + 0.2, "0.3"),
            ("１１８", "１１８"),
            (0, "0"),
            ("确认为零", "0"),
            (" 5 ", "5"),
        ],
    )
    def test_what_is_understood_at_once(self, form: Submission, book: Path, value: object, new: str) -> None:
        line = only(form, typed(book, keys_of(form)[0], value))
        assert (line.new, line.severity) == (new, Severity.CHANGE)

    @pytest.mark.parametrize(
        "value", ["约1298", "10-20", "-", "#N/A", "12.3%", "＞60", "无数据", date(2023, 5, 1), True]
    )
    def test_what_is_no_value_is_an_error(self, form: Submission, book: Path, value: object) -> None:
        line = only(form, typed(book, keys_of(form)[0], value))
        assert (line.severity, bool(line.messages)) == (Severity.ERROR, True)

    @pytest.mark.parametrize("value", ["7+2+1", "5 亿元", "9,741"])
    def test_what_may_mean_something_else_is_asked(self, form: Submission, book: Path, value: str) -> None:
        assert only(form, typed(book, keys_of(form)[0], value)).severity is Severity.WARNING

    def test_a_percentage_of_the_sheet_is_the_percentage_that_is_seen(self, writer: User, tmp_path: Path) -> None:
        form = form_of(writer, {"unit": "%", "kind": "ratio"})
        book, key = handed_out(form, tmp_path, writer), keys_of(form)[0]
        address = cell_of(book, key)

        def write(file: Workbook) -> None:
            cell = file["填报表"][address]
            cell.value, cell.number_format = 0.469, "0.0%"

        line = only(form, edited(book, write))
        assert (line.new, line.severity) == ("46.9%", Severity.CHANGE)

    def test_a_formula_without_its_result_is_an_error(self, form: Submission, book: Path) -> None:
        line = only(form, typed(book, keys_of(form)[0], "=1+1"))
        assert (line.severity, "公式" in line.messages[0]) == (Severity.ERROR, True)

    def test_no_data_takes_its_reason_from_the_explanation(self, form: Submission, book: Path) -> None:
        typed(book, keys_of(form)[0], "无数据")
        lines = difference(form, typed(book, keys_of(form)[0], "尚未公布", "说明")).lines
        assert [line.new for line in lines] == ["无数据：尚未公布", "尚未公布"]

    def test_a_word_that_is_not_in_the_list_is_an_error(self, form: Submission, book: Path) -> None:
        line = only(form, typed(book, keys_of(form)[0], "也许", "预计能否如期完成"))
        assert "不在列表中" in line.messages[0]

    def test_a_cell_that_was_emptied_is_asked_about(self, form: Submission, tmp_path: Path, writer: User) -> None:
        saved(form.figures.first(), "5", by=writer)
        line = only(form, typed(handed_out(form, tmp_path, writer), keys_of(form)[0], None))
        assert (line.severity, line.new) == (Severity.WARNING, "")

    def test_a_place_less_is_asked_about(self, form: Submission, tmp_path: Path, writer: User) -> None:
        saved(form.figures.first(), "2162.72", by=writer)
        line = only(form, typed(handed_out(form, tmp_path, writer), keys_of(form)[0], 2162.7))
        assert "少 1 位小数" in line.messages[0]

    def test_a_slip_of_unit_is_asked_about(self, writer: User, tmp_path: Path) -> None:
        of = indicator(lead=writer.organisation, unit="亿元")
        published(of, "9458.29", by=writer.organisation, as_of=date(2018, 3, 31))
        form = opened(of, of=period(of=of.plan, state="planned", ends_on=date(2018, 6, 30)))
        line = only(form, typed(handed_out(form, tmp_path, writer), keys_of(form)[0], 94582900))
        assert (line.severity, "单位" in line.messages[0]) == (Severity.WARNING, True)

    def test_a_part_is_a_cell_of_its_own(self, writer: User, tmp_path: Path) -> None:
        form = form_of(writer, {"unit": "家"})
        of = form.figures.get().indicator
        parts_of(of, "示范企业", "工厂")
        book = handed_out(form, tmp_path, writer)
        typed(book, f"指标-{of.number}", 8)
        typed(book, f"分项-{of.number}-1", 5)
        assert [line.new for line in difference(form, typed(book, f"分项-{of.number}-2", 3)).lines] == ["8", "5", "3"]

    def test_a_part_without_a_total_is_an_error(self, writer: User, tmp_path: Path) -> None:
        form = form_of(writer, {"unit": "家"})
        of = form.figures.get().indicator
        parts_of(of, "示范企业", "工厂")
        line = only(form, typed(handed_out(form, tmp_path, writer), f"分项-{of.number}-1", 5))
        assert line.severity is Severity.ERROR


class TestMeanwhile:
    def test_what_nobody_touched_in_the_file_leaves_newer_words_be(
        self, form: Submission, book: Path, writer: User
    ) -> None:
        saved(form.figures.first(), "5", by=writer)
        found = difference(form, book)
        assert (found.lines, [line.old for line in found.newer]) == ([], ["5"])

    def test_what_both_changed_is_asked(self, form: Submission, book: Path, writer: User) -> None:
        saved(form.figures.first(), "5", by=writer)
        line = only(form, typed(book, keys_of(form)[0], 6))
        assert (line.severity, writer.name in line.messages[0]) == (Severity.WARNING, True)

    def test_a_unit_that_changed_is_an_error(self, form: Submission, book: Path) -> None:
        of = form.figures.first().indicator
        with recorded(by=None, reason="测试"):
            of.unit = "万元"
            of.save()
        line = only(form, typed(book, keys_of(form)[0], 6))
        assert (line.severity, "“亿元”" in line.messages[0]) == (Severity.ERROR, True)

    def test_a_form_that_was_sent_takes_nothing(self, form: Submission, book: Path, writer: User) -> None:
        for cell in Figure.objects.filter(submission=form):
            saved(cell, "5", by=writer)
        submit(form, by=writer)
        assert only(form, typed(book, keys_of(form)[0], 6)).severity is Severity.ERROR


class TestWhoseFile:
    def test_another_organisations_file_is_named_and_not_taken(self, book: Path) -> None:
        other = form_of(reporter())
        found = difference(other, book)
        assert (found.is_foreign, found.lines) == (True, [])
        assert "另一个" in notices_of(found)[0]

    def test_another_periods_file_is_understood_with_nothing_ticked(
        self, form: Submission, book: Path, writer: User
    ) -> None:
        of = form.period.plan
        later = opened(of=period(of=of, state="planned", code="later", ends_on=date(2018, 9, 30)))
        found = difference(later, typed(book, keys_of(form)[0], 7))
        assert (found.standing, [line.severity for line in found.lines]) == (Standing.OTHER_PERIOD, [Severity.WARNING])

    def test_a_file_without_its_hidden_sheet_goes_by_names(self, form: Submission, book: Path) -> None:
        edited(typed(book, keys_of(form)[0], 7), lambda file: file.remove(file["系统标识"]))
        found = difference(form, book)
        assert ([line.new for line in found.lines], found.standing) == (["7"], Standing.UNNAMED)

    def test_a_changed_identity_is_told(self, form: Submission, book: Path) -> None:
        def write(file: Workbook) -> None:
            file["系统标识"]["B9"].value = 99

        assert any("被改动过" in words for words in notices_of(difference(form, edited(book, write))))


class TestMovedAbout:
    def test_columns_that_moved_are_found_by_their_heads(self, form: Submission, book: Path) -> None:
        typed(book, keys_of(form)[0], 7)
        edited(book, lambda file: file["填报表"].insert_cols(1, 2))
        assert Decimal(only(form, book).new) == 7

    def test_rows_that_were_sorted_are_found_by_their_keys(self, form: Submission, book: Path) -> None:
        key = keys_of(form)[0]
        line = int(cell_of(typed(book, key, 7), key)[1:])

        def swap(file: Workbook) -> None:
            page = file["填报表"]
            for column in range(1, page.max_column + 1):
                one, other = page.cell(line, column), page.cell(line + 2, column)
                one.value, other.value = other.value, one.value

        assert only(form, edited(book, swap)).row.key == key

    def test_what_is_seen_wins_over_the_hidden_key(self, form: Submission, book: Path) -> None:
        """The hidden column stayed where it was when the rows were sorted."""
        first = keys_of(form)[0]
        one = int(cell_of(typed(book, first, 7), first)[1:])

        def swap(file: Workbook) -> None:
            page = file["填报表"]
            for column in range(1, 8):
                upper, lower = page.cell(one, column), page.cell(one + 1, column)
                upper.value, lower.value = lower.value, upper.value

        line = only(form, edited(book, swap))
        assert (line.row.key, line.severity) == (first, Severity.WARNING)

    def test_a_row_that_was_removed_is_told(self, form: Submission, book: Path) -> None:
        edited(book, lambda file: file["填报表"].delete_rows(int(cell_of(book, keys_of(form)[0])[1:])))
        assert "缺少 1 行" in notices_of(difference(form, book))[0]

    def test_a_row_that_is_asked_no_more_is_told(self, form: Submission, book: Path) -> None:
        def write(file: Workbook) -> None:
            file["填报表"].append([99, "别的指标", "亿元", None, None, None, 5])

        found = difference(form, edited(book, write))
        assert (found.lines, "别的指标" in notices_of(found)[0]) == ([], True)

    def test_two_rows_for_one_are_a_question(self, form: Submission, book: Path) -> None:
        name = form.figures.first().indicator.name

        def write(file: Workbook) -> None:
            file["填报表"].append([None, name, "亿元", None, None, None, 5])

        found = difference(form, edited(book, write))
        assert (found.lines, "各有一份" in notices_of(found)[0]) == ([], True)

    def test_the_sheet_may_have_another_title(self, form: Submission, book: Path) -> None:
        typed(book, keys_of(form)[0], 7)

        def write(file: Workbook) -> None:
            file["填报表"].title = "Sheet1"

        assert only(form, edited(book, write)).new == "7"
