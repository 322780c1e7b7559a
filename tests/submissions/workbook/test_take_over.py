"""What is saved of a file: the ticked cells, by the verb that saves them when they are typed."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Door, Entry
from audit.moves import StaleState
from files.models import StoredFile
from organisations.models import Role, User
from submissions.actions import submit
from submissions.actions.workbook import CHANGED_MEANWHILE, hand_out, keep_upload, take_over
from submissions.models import Answer, Figure, ProgressNote, Submission, UploadedWorkbook
from submissions.workbook.sheets import NOTES
from tests.factories.organisations import person, reporter
from tests.factories.submissions import note_in, saved
from tests.submissions.workbook.books import (
    again,
    difference,
    form_of,
    handed_out,
    keys_of,
    parts_of,
    taken,
    typed,
    uploaded,
)
from workbooks.cells import Unusable

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


def values(form: Submission) -> list[str]:
    return [figure.shown for figure in Figure.objects.filter(submission=form).order_by("indicator__number")]


class TestTaking:
    def test_the_ticked_cells_are_saved_and_no_others(self, form: Submission, book: Path, writer: User) -> None:
        typed(typed(book, keys_of(form)[0], 9.43), keys_of(form)[1], "约7")
        assert len(taken(form, book, writer).saved) == 1
        assert values(form) == ["9.43", "待填", "待填"]

    def test_the_same_file_twice_changes_nothing(self, form: Submission, book: Path, writer: User) -> None:
        typed(book, keys_of(form)[0], 9.43)
        taken(form, book, writer)
        before = Figure.history.count()
        assert (difference(form, book).lines, taken(form, book, writer).saved) == ([], [])
        assert Figure.history.count() == before

    def test_a_warning_is_saved_only_where_it_is_ticked(self, form: Submission, book: Path, writer: User) -> None:
        typed(book, keys_of(form)[0], "5 亿元")
        assert taken(form, book, writer).saved == []
        assert len(taken(form, book, writer, all_of_it=True).saved) == 1

    def test_zero_and_no_data_are_two_answers(self, form: Submission, book: Path, writer: User) -> None:
        typed(typed(book, keys_of(form)[0], 0), keys_of(form)[1], "无数据：尚未公布")
        taken(form, book, writer)
        assert [figure.answer for figure in form.figures.order_by("indicator__number")] == [
            Answer.ZERO,
            Answer.NO_DATA,
            Answer.BLANK,
        ]

    def test_parts_are_saved_with_their_total(self, writer: User, tmp_path: Path) -> None:
        form = form_of(writer, {"unit": "家"})
        number = form.figures.get().indicator.number
        parts_of(form.figures.get().indicator, "示范企业", "工厂")
        book = typed(handed_out(form, tmp_path, writer), f"指标-{number}", 8)
        typed(typed(book, f"分项-{number}-1", 5), f"分项-{number}-2", 3)
        taken(form, book, writer)
        assert form.figures.get().parts_shown == "5＋3"

    def test_notes_are_taken_over_too(self, form: Submission, writer: User, tmp_path: Path) -> None:
        key = f"任务-{note_in(form).task.chapter.number}.1"  # type: ignore[union-attr]
        book = typed(handed_out(form, tmp_path, writer), key, "按计划推进", "进展状态", NOTES)
        taken(form, typed(book, key, "-主体结构封顶", "进展", NOTES), writer)
        note = ProgressNote.objects.get()
        assert (note.state, note.progress) == ("on_course", "-主体结构封顶")

    def test_history_tells_that_it_came_from_a_workbook(self, form: Submission, book: Path, writer: User) -> None:
        taken(form, typed(book, keys_of(form)[0], 9), writer)
        entry = Entry.objects.get(event="submission.take_over_workbook")
        assert (entry.change.door, entry.detail["cells"]) == (Door.WORKBOOK, 1)

    def test_what_somebody_saved_meanwhile_is_left_alone(self, form: Submission, book: Path, writer: User) -> None:
        kept = keep_upload(again(form), uploaded(typed(book, keys_of(form)[0], 9)), by=writer)
        (line,) = difference(form, book).lines
        saved(form.figures.first(), "5", by=writer)
        found = take_over(kept, by=writer, ticked={line.id: line.row.owner.revision})
        assert ([words for _, words in found.refused], values(form)[0]) == ([CHANGED_MEANWHILE], "5")


class TestRefusals:
    def test_a_stranger_keeps_no_file_with_the_form(self, form: Submission, book: Path) -> None:
        with pytest.raises(PermissionDenied):
            keep_upload(form, uploaded(book), by=reporter())

    def test_the_head_takes_nothing_over(self, form: Submission, book: Path, writer: User) -> None:
        kept = keep_upload(again(form), uploaded(typed(book, keys_of(form)[0], 9)), by=writer)
        with pytest.raises(PermissionDenied):
            take_over(kept, by=person(Role.HEAD, at=writer.organisation), ticked={f"{keys_of(form)[0]}/value_text": 0})

    def test_a_stranger_gets_no_file(self, form: Submission) -> None:
        with pytest.raises(PermissionDenied):
            hand_out(form, by=reporter())

    def test_a_submitted_form_takes_no_file(self, form: Submission, book: Path, writer: User) -> None:
        for cell in form.figures.all():
            saved(cell, "5", by=writer)
        submit(form, by=writer)
        with pytest.raises(StaleState):
            keep_upload(again(form), uploaded(book), by=writer)

    def test_what_is_no_workbook_is_not_kept(self, form: Submission, writer: User) -> None:
        with pytest.raises(Unusable, match="这是文本"):
            keep_upload(form, SimpleUploadedFile("填报表.xlsx", b"a,b"), by=writer)
        assert (UploadedWorkbook.objects.count(), StoredFile.objects.count()) == (0, 0)


class TestHandingOut:
    def test_who_took_it_out_is_on_record(self, form: Submission, writer: User) -> None:
        hand_out(form, by=writer)
        assert Entry.objects.get(event="submission.download_workbook").change.actor == writer
