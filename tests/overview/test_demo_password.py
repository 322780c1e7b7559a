"""The one password of the demonstration accounts."""

import pytest

from overview.demo_password import demo_password, keep_password, password_file


@pytest.fixture(autouse=True)
def _nothing_kept(settings, tmp_path, monkeypatch) -> None:
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


def test_there_is_none_before_the_demonstration_is_built() -> None:
    assert demo_password() == ""


def test_one_that_was_made_up_is_kept_for_its_owner_only() -> None:
    keep_password("Lantern-42-hill")
    assert demo_password() == "Lantern-42-hill"
    assert password_file().stat().st_mode & 0o777 == 0o600


def test_the_environments_goes_before_it(monkeypatch) -> None:
    keep_password("Lantern-42-hill")
    monkeypatch.setenv("DEMO_PASSWORD", "Harbour-77-gate")
    assert demo_password() == "Harbour-77-gate"
