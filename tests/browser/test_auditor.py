"""The auditor finds who changed an indicator between two dates in three clicks, sees why, and takes the proof along."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.checking import check
from submissions.actions import agree_to_correction, approve, ask_for_correction, submit
from tests.factories.organisations import auditor, reporter, reviewer
from tests.factories.submissions import saved, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"
    call_command("signing_key", stdout=io.StringIO())


@pytest.fixture
def corrected():
    """51 is approved, and corrected to 52 by anna; indicator 1 of two."""
    anna = reporter()
    form = submitted(anna, "51", "7")
    figure = form.figures.order_by("indicator__number").first()
    approve(form, by=reviewer(), round=1)
    form.refresh_from_db()
    agree_to_correction(ask_for_correction(form, by=anna, whole=True, reason="口径更正"), by=reviewer())
    saved(figure, "52", by=anna, explanation="已核对。")
    form.refresh_from_db()
    approve(submit(form, by=anna), by=reviewer(), round=2)
    return figure, anna


def verified(place: Path) -> int:
    return subprocess.run([sys.executable, "-I", str(place / "verify.py")], check=False).returncode


def test_who_changed_an_indicator_is_found_in_three_clicks_and_proved(
    page_as: Callable[..., Page], live_server: LiveServer, corrected, tmp_path: Path
) -> None:
    figure, anna = corrected
    day = timezone.localdate()
    page = page_as(auditor(), accept_downloads=True)
    page.goto(f"{live_server.url}/{figure.period.plan.code}/")
    page.get_by_role("searchbox").fill(f"指标{figure.indicator.number} {day:%Y-%m-%d}至{day:%Y-%m-%d}")
    page.get_by_role("button", name="查记录").click()  # one
    page.get_by_role("link", name="只看改动数值的").click()  # two
    expect(page.get_by_role("heading", name="2 条记录")).to_be_visible()
    changed = page.locator(".trail > li").first
    expect(changed).to_contain_text(f"由 {anna.name}·{anna.organisation.name}")
    expect(changed).to_contain_text("因 口径更正")
    expect(changed).to_contain_text("经 审核第 2 次通过")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出为签名线索包").click()  # three
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path / "bundle")
    assert verified(tmp_path / "bundle") == 0
    content = bytearray((tmp_path / "bundle/trail.jsonl").read_bytes())
    content[-20] ^= 1
    (tmp_path / "bundle/trail.jsonl").write_bytes(content)
    assert verified(tmp_path / "bundle") == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible_and_nothing_runs_off_them(
    width: int, page_as: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], list[str]], corrected
) -> None:
    figure, _ = corrected
    check()
    page = page_as(auditor(), viewport={"width": width, "height": 900})
    form = f"periods/{figure.period.code}/forms/{figure.organisation.code}/"
    for path in (
        f"audit/?q=指标{figure.indicator.number}&first=2001-01-01&second=2999-01-01",
        f"indicators/{figure.indicator.number}/trace/",
        "overview/?as_of=2999-01-01",
        f"{form}?as_of=2999-01-01",
    ):
        page.goto(f"{live_server.url}/{figure.period.plan.code}/{path}")
        assert (path, axe(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
