"""The virus scanner: asked over its socket for every upload; out of order, it hinders nobody."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from files import scanning
from files.actions import Infected, download, scan_again, store
from files.jobs import scan_waiting
from files.models import Scan, StoredFile
from tests.factories.organisations import reporter
from tests.files.clamd import EICAR, clamd

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"
BAD = b"%PDF-1.7\n" + EICAR


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def kept(content: bytes = PDF) -> StoredFile:
    return store(SimpleUploadedFile("材料.pdf", content), by=reporter())


class TestStore:
    def test_without_a_scanner_the_state_says_so(self, settings) -> None:
        settings.CLAMAV_SOCKET = ""
        assert kept().get_scan_display() == "病毒扫描：未配置"

    def test_a_clean_file_is_marked_as_scanned(self, settings) -> None:
        with clamd() as (settings.CLAMAV_SOCKET, _):
            assert kept().scan == Scan.CLEAN

    def test_the_scanner_may_listen_on_a_path(self, settings, folder: Path) -> None:
        with clamd(folder / "s") as (settings.CLAMAV_SOCKET, daemon):
            assert kept().scan == Scan.CLEAN
            assert daemon.asked == 1

    def test_a_large_file_goes_in_pieces(self, settings) -> None:
        with clamd() as (settings.CLAMAV_SOCKET, _), pytest.raises(ValidationError):
            kept(b"%PDF-1.7\n" + b" " * (3 * scanning.PIECE) + EICAR)

    def test_a_virus_is_refused_with_its_name(self, settings, folder: Path) -> None:
        with (
            clamd() as (settings.CLAMAV_SOCKET, _),
            pytest.raises(ValidationError, match=r"“材料.pdf”查出病毒（Win.Test.EICAR_HDB-1），没有接收"),
        ):
            kept(BAD)
        assert not StoredFile.objects.exists()
        assert [each for each in (folder / "media").rglob("*") if each.is_file()] == []

    @pytest.mark.parametrize("where", ["127.0.0.1:1", "/nowhere/clamd.sock"])
    def test_nobody_there_it_is_taken_and_marked(self, settings, where: str) -> None:
        settings.CLAMAV_SOCKET = where
        assert kept().warns == "未扫描：扫描服务不可用"

    @pytest.mark.parametrize(
        "answer", [b"", b"INSTREAM size limit exceeded. ERROR", b"stream: ", b"OK", b"\xff\xfe", b"x" * 9000]
    )
    def test_an_answer_that_says_neither_is_no_clean_bill(self, settings, answer: bytes) -> None:
        with clamd(answer=answer) as (settings.CLAMAV_SOCKET, _):
            assert kept().scan == Scan.UNAVAILABLE

    def test_a_silent_scanner_is_not_waited_for_long(self, settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(scanning, "SECONDS", 0.2)
        with clamd(stays_silent=True) as (settings.CLAMAV_SOCKET, _):
            assert kept().scan == Scan.UNAVAILABLE


class TestScanAgain:
    def test_what_was_taken_meanwhile_is_scanned_later(self, settings) -> None:
        settings.CLAMAV_SOCKET = "127.0.0.1:1"
        clean, bad = kept(), kept(BAD)
        with clamd() as (settings.CLAMAV_SOCKET, _):
            assert scan_again() == (2, 1)
        assert StoredFile.objects.get(pk=clean.pk).scan == Scan.CLEAN
        assert StoredFile.objects.get(pk=bad.pk).warns == "发现病毒，已停用"
        assert Entry.objects.get(event="file.infected").detail == {"found": "Win.Test.EICAR_HDB-1"}

    def test_a_content_is_scanned_once_however_often_it_was_sent(self, settings) -> None:
        settings.CLAMAV_SOCKET = ""
        kept(), kept()
        with clamd() as (settings.CLAMAV_SOCKET, daemon):
            scan_again()
        assert daemon.asked == 1
        assert set(StoredFile.objects.values_list("scan", flat=True)) == {Scan.CLEAN}

    def test_it_waits_while_the_scanner_is_out_of_order(self, settings) -> None:
        settings.CLAMAV_SOCKET = "127.0.0.1:1"
        kept()
        assert scan_again() == (0, 0)

    def test_without_a_scanner_the_job_does_nothing(self, settings) -> None:
        settings.CLAMAV_SOCKET = ""
        kept()
        scan_waiting()
        assert StoredFile.objects.get().scan == Scan.NOT_CONFIGURED

    def test_a_file_with_a_virus_is_handed_out_to_nobody(self, settings) -> None:
        settings.CLAMAV_SOCKET = "127.0.0.1:1"
        bad = kept(BAD)
        with clamd() as (settings.CLAMAV_SOCKET, _):
            scan_again()
        bad.refresh_from_db()
        with pytest.raises(Infected):
            download(bad, by=reporter())
