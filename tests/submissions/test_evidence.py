"""Files beside a figure or a note."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.moves import StaleState
from organisations.models import User
from submissions.actions import add_evidence, remove_evidence, submit
from submissions.models import Figure
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reporter, reviewer
from tests.factories.security import records
from tests.factories.submissions import evidence_of, note_in, opened, saved, submitted
from tests.files.test_actions import TAKEN
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def cell(by: User) -> Figure:
    return opened(indicator(lead=by.organisation)).figures.get()


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.pdf", b"%PDF-1.4\n%%EOF\n")


class TestAdd:
    def test_a_file_stands_beside_a_figure(self, cell: Figure, by: User) -> None:
        evidence = add_evidence(cell, by=by, upload=pdf())
        assert (evidence.figure, evidence.file.name, evidence.added_by) == (cell, "名单.pdf", by)

    def test_and_beside_a_note(self, cell: Figure, by: User) -> None:
        note = note_in(cell.submission)
        assert add_evidence(note, by=by, upload=pdf()).note == note

    def test_strangers_add_nothing(self, cell: Figure) -> None:
        for stranger in (reporter(), reviewer()):
            with pytest.raises(PermissionDenied):
                add_evidence(cell, by=stranger, upload=pdf())

    def test_a_submitted_form_takes_none(self, cell: Figure, by: User) -> None:
        saved(cell, "5", by=by)
        submit(cell.submission, by=by)
        with pytest.raises(StaleState):
            add_evidence(cell, by=by, upload=pdf())


class TestRemove:
    def test_a_removed_file_stays_in_history(self, cell: Figure, by: User) -> None:
        evidence = remove_evidence(add_evidence(cell, by=by, upload=pdf()), by=by)
        assert evidence.removed_at is not None
        assert cell.evidence.count() == 1

    def test_pressed_twice_the_second_is_told(self, cell: Figure, by: User) -> None:
        evidence = add_evidence(cell, by=by, upload=pdf())
        remove_evidence(evidence, by=by)
        with pytest.raises(StaleState, match="已经移除"):
            remove_evidence(evidence, by=by)

    def test_strangers_remove_nothing(self, cell: Figure, by: User) -> None:
        evidence = add_evidence(cell, by=by, upload=pdf())
        with pytest.raises(PermissionDenied):
            remove_evidence(evidence, by=reporter(at=organisation()))


class TestPreview:
    def test_a_pdf_is_shown_to_whoever_reads_the_form_and_to_nobody_else(self) -> None:
        by = reporter()
        form = submitted(by)
        kept = evidence_of(form.figures.get(), by=by)
        url = f"{of(form, 'form')}evidence/{kept.pk}/preview/"
        assert [client_of(user).get(url).status_code for user in (by, reviewer(), reporter())] == [200, 200, 404]

    def test_whoever_looked_is_recorded(self) -> None:
        by = reporter()
        form = submitted(by)
        kept = evidence_of(form.figures.get(), by=by)
        client_of(by).get(f"{of(form, 'form')}evidence/{kept.pk}/preview/")
        assert [each.about for each in records("file.preview")] == [kept.file.name]

    def test_what_cannot_be_shown_says_so(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        book = SimpleUploadedFile("名单.xlsx", TAKEN["xlsx"])
        kept = add_evidence(form.figures.get(), by=by, upload=book)
        answered = client_of(by).get(f"{of(form, 'form')}evidence/{kept.pk}/preview/")
        assert (answered.status_code, answered.content.decode()) == (415, "这个文件不能在页面中预览，请下载后查看。")

    def test_a_file_that_was_not_scanned_is_marked_for_everybody(self, settings) -> None:
        settings.CLAMAV_SOCKET = "127.0.0.1:1"
        by = reporter()
        form = submitted(by)
        evidence_of(form.figures.get(), by=by)
        for user, page in ((by, "form"), (reviewer(), "review")):
            assert "未扫描：扫描服务不可用" in text(user, of(form, page))
