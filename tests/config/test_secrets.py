"""The secrets that an installation makes for itself are for its own user's eyes."""

from pathlib import Path

import pytest

from config.local_services import ServiceError, kept_secret


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_secret_is_made_once_and_read_by_its_owner_only(data: Path) -> None:
    made = kept_secret("one")
    assert kept_secret("one") == made
    assert (data / "secrets" / "one").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_one_that_others_can_read_or_write_is_refused_in_words(data: Path, mode: int) -> None:
    kept_secret("one")
    (data / "secrets" / "one").chmod(mode)
    with pytest.raises(ServiceError, match="chmod 600"):
        kept_secret("one")
