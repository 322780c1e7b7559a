"""What a copy of an installation holds."""

from pathlib import Path

from config.backup import media_files


def test_an_upload_on_its_way_is_not_copied(settings, tmp_path: Path) -> None:
    """It is moved or gone by the time that its checksum is made."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "ab").mkdir()
    kept = tmp_path / "ab" / ("ab" * 32)
    for file in (kept, tmp_path / "incoming-x1"):
        file.write_bytes(b"%PDF-")
    assert media_files() == [kept]
