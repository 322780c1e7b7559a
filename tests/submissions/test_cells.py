"""Saving one cell: what is read, who may, what two writers meet."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.moves import StaleState
from audit.recording import entries_of, recorded
from indicators.models import Indicator, IndicatorPart
from organisations.models import Role, User
from submissions.actions import (
    CellConflict,
    NeedsConfirmation,
    approve,
    return_for_correction,
    save_figure,
    submit,
)
from submissions.models import Figure
from tests.factories.indicators import indicator
from tests.factories.organisations import person, reporter, reviewer
from tests.factories.submissions import opened, saved, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def cell(writer: User) -> Figure:
    return cell_of(writer)


def cell_of(writer: User, **fields: object) -> Figure:
    return opened(indicator(lead=writer.organisation, **fields)).figures.get()


def save(cell: Figure, by: User, **words: object) -> Figure:
    return save_figure(cell, **({"by": by, "revision": cell.revision, "answer": "value"} | words))


class TestAnswer:
    def test_a_number_is_kept_exactly(self, cell: Figure, writer: User) -> None:
        kept = save(cell, writer, value_text="9,741.43")
        assert (kept.answer, kept.value, kept.value_printed, kept.state) == (
            "value",
            Decimal("9741.43"),
            "9741.43",
            "filled",
        )

    @pytest.mark.parametrize(("word", "value"), [("是", 1), ("否", 0)])
    def test_whether_something_is_done_is_answered_with_a_word(self, writer: User, word: str, value: int) -> None:
        kept = save(cell_of(writer, target_form="yes_no", unit=""), writer, value_text=word)
        assert (kept.answer, kept.value, kept.value_printed, kept.shown) == ("value", value, word, word)

    @pytest.mark.parametrize("typed", [{"value_text": "1"}, {"value_text": "大体完成"}, {"answer": "zero"}])
    def test_and_with_nothing_else(self, writer: User, typed: dict[str, str]) -> None:
        with pytest.raises(ValidationError, match="请填“是”或“否”"):
            save(cell_of(writer, target_form="yes_no", unit=""), writer, **typed)

    def test_blank_zero_and_no_data_are_three_things(self, cell: Figure, writer: User) -> None:
        blank = save(cell, writer, answer="")
        assert (blank.answer, blank.value, blank.state) == ("", None, "to_fill")
        zero = save(blank, writer, answer="zero")
        assert (zero.answer, zero.value, zero.state) == ("zero", 0, "filled")
        none = save(zero, writer, answer="no_data", no_data_reason="尚未统计")
        assert (none.answer, none.value, none.state) == ("no_data", None, "filled")

    def test_no_data_needs_its_reason(self, cell: Figure, writer: User) -> None:
        with pytest.raises(ValidationError) as refused:
            save(cell, writer, answer="no_data", no_data_reason=" ")
        assert refused.value.message_dict == {"no_data_reason": ["请说明没有数据的原因。"]}

    def test_a_typed_zero_is_a_confirmed_zero(self, cell: Figure, writer: User) -> None:
        assert save(cell, writer, value_text="0").answer == "zero"

    def test_an_emptied_cell_is_owed_again(self, cell: Figure, writer: User) -> None:
        kept = save(cell, writer, value_text="5")
        assert save(kept, writer, value_text="").state == "to_fill"

    @pytest.mark.parametrize("text", ["约1298", "-", "/", "＞60", "1e3", "1.2.3", "十二"])
    def test_what_is_no_number_is_refused_in_words(self, cell: Figure, writer: User, text: str) -> None:
        with pytest.raises(ValidationError) as refused:
            save(cell, writer, value_text=text)
        assert text in refused.value.message_dict["value_text"][0]
        assert Figure.objects.get().revision == 0

    @pytest.mark.parametrize(("text", "why"), [("0.1234567", "小数最多 6 位"), ("9" * 19, "数值过大")])
    def test_what_a_column_cannot_hold_is_refused(self, cell: Figure, writer: User, text: str, why: str) -> None:
        with pytest.raises(ValidationError, match=why):
            save(cell, writer, value_text=text)

    def test_a_character_that_cannot_be_kept_is_refused(self, cell: Figure, writer: User) -> None:
        with pytest.raises(ValidationError, match="无法保存的字符"):
            save(cell, writer, value_text="5", explanation="a\x00b")


class TestConfirmation:
    @pytest.mark.parametrize(("text", "unit", "value"), [("1.2万", "家", "12000"), ("0.469", "%", "0.469")])
    def test_an_ambiguous_number_is_shown_back_first(self, writer: User, text: str, unit: str, value: str) -> None:
        cell = cell_of(writer, unit=unit)
        with pytest.raises(NeedsConfirmation) as asked:
            save(cell, writer, value_text=text)
        assert text in asked.value.understood
        assert save(cell, writer, value_text=text, confirmed=True).value == Decimal(value)

    def test_what_was_agreed_to_needs_no_second_agreement(self, writer: User) -> None:
        kept = save(cell_of(writer, unit="%"), writer, value_text="0.469", confirmed=True)
        assert save(kept, writer, value_text="0.469", explanation="首次").explanation == "首次"

    def test_full_width_digits_are_plain_numbers(self, cell: Figure, writer: User) -> None:
        assert save(cell, writer, value_text="１２３").value == 123

    def test_history_keeps_what_was_typed(self, writer: User) -> None:
        kept = save(cell_of(writer, unit="家"), writer, value_text="1.2万", confirmed=True)
        assert entries_of(kept).first().detail == {"before": "", "after": "12000", "typed": "1.2万"}


class TestParts:
    @pytest.fixture
    def row(self, writer: User) -> Indicator:
        row = indicator(lead=writer.organisation, unit="家")
        with recorded(by=None, reason="测试"):
            for number, name in enumerate(["甲类", "乙类"], 1):
                IndicatorPart.objects.create(indicator=row, number=number, name=name, unit="家")
        return row

    def test_a_total_is_reported_beside_its_parts(self, row: Indicator, writer: User) -> None:
        parts = [{"name": "甲类", "unit": "家", "value": "47"}, {"name": "乙类", "unit": "家", "value": "3"}]
        kept = save(opened(row).figures.get(), writer, value_text="51", parts=parts)
        assert (kept.value, [part["value"] for part in kept.parts]) == (51, ["47", "3"])

    def test_a_written_sum_is_agreed_to_and_keeps_its_form(self, row: Indicator, writer: User) -> None:
        kept = save(opened(row).figures.get(), writer, value_text="47＋3", confirmed=True)
        assert (kept.value, kept.value_printed) == (50, "47 + 3")
        assert kept.parts[1] == {"name": "乙类", "unit": "家", "value": "3"}


class TestBeside:
    def test_the_other_words_of_the_cell_are_read_and_kept(self, cell: Figure, writer: User) -> None:
        kept = save(
            cell,
            writer,
            value_text="50",
            as_of_text="2018年3月底",
            last_year_text="45",
            growth_text="+1.7%",
            expectation="yes",
        )
        assert (kept.as_of, kept.as_of_precision, kept.as_of_printed) == (
            date(2018, 3, 31),
            "month_end",
            "2018年3月底",
        )
        assert (kept.last_year_value, kept.reported_growth, kept.expectation) == (45, Decimal("1.7"), "yes")

    @pytest.mark.parametrize(
        "words", [{"as_of_text": "上月"}, {"last_year_text": "约5"}, {"growth_text": "x"}, {"expectation": "maybe"}]
    )
    def test_what_cannot_be_read_is_named_by_its_field(self, cell: Figure, writer: User, words: dict) -> None:
        with pytest.raises(ValidationError) as refused:
            save(cell, writer, value_text="50", **words)
        assert list(refused.value.message_dict) == list(words)


class TestTwoWriters:
    def test_the_later_save_is_told_and_overwrites_nothing(self, cell: Figure, writer: User) -> None:
        colleague = reporter(at=writer.organisation)
        save(cell, writer, value_text="78")
        with pytest.raises(CellConflict, match=writer.name) as conflict:
            save(cell, colleague, value_text="80")
        assert (conflict.value.current.value, Figure.objects.get().value) == (78, 78)

    def test_the_same_content_is_no_conflict_and_no_version(self, cell: Figure, writer: User) -> None:
        save(cell, writer, value_text="78")
        kept = save(cell, reporter(at=writer.organisation), value_text="78")
        assert (kept.revision, kept.saved_by) == (1, writer)
        assert Figure.history.filter(id=cell.pk).count() == 2  # made, saved


class TestRefusals:
    def test_only_the_organisations_own_reporters_save(self, cell: Figure) -> None:
        for stranger in (
            reporter(),
            reviewer(),
            reviewer(at=cell.organisation),
            person(Role.HEAD, at=cell.organisation),
        ):
            with pytest.raises(PermissionDenied):
                save(cell, stranger, value_text="5")

    def test_a_submitted_form_is_shut(self, writer: User) -> None:
        form = submitted(writer)
        with pytest.raises(StaleState, match="填报表当前为“已提交”"):
            saved(form.figures.get(), "60", by=writer)

    def test_an_approved_form_is_shut(self, writer: User) -> None:
        form = submitted(writer)
        approve(form, by=reviewer(), round=1)
        with pytest.raises(StaleState, match="已通过"):
            saved(form.figures.get(), "60", by=writer)

    def test_who_reviewed_a_form_does_not_fill_it_in(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        form = submitted(reporter(at=both.organisation))
        review_and_return(form, both)
        with pytest.raises(PermissionDenied):
            saved(form.figures.get(), "60", by=both)
        with pytest.raises(PermissionDenied):
            submit(form, by=both)


def review_and_return(form, by: User) -> None:
    return_for_correction(form, by=by, round=1, remarks={form.figures.get(): ["请核实"]})
