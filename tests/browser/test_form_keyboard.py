"""A whole form by keyboard alone; and nothing that was typed is lost when the network, the server or the browser goes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from submissions.models import Submission
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.plans import plan
from tests.factories.submissions import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CELLS = 40
PDF = {"name": "统计月报.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


class Desk:
    """A form of some cells, and its reporter."""

    def __init__(self, count: int) -> None:
        of, self.by = plan(), reporter()
        rows = [indicator(of=of, lead=self.by.organisation, name=f"企业数{n}", unit="家") for n in range(1, count + 1)]
        self.form: Submission = opened(*rows)
        self.address = f"/{of.code}/periods/{self.form.period.code}/forms/{self.form.organisation.code}/"

    def values(self) -> list[object]:
        return [figure.value for figure in self.form.figures.order_by("indicator__number")]


def cell(page: Page, number: int) -> object:
    return page.get_by_label(f"企业数{number} 本期", exact=True)


def state(page: Page, number: int) -> object:
    return page.locator("tbody.one").nth(number - 1).locator("[data-state]")


def test_forty_cells_with_evidence_are_filled_in_checked_and_submitted_by_keyboard(
    page_as: Callable[..., Page], live_server: LiveServer, transactional_db: None, settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    desk = Desk(CELLS)
    page = page_as(desk.by)
    page.goto(live_server.url + desk.address)
    tab_to(page, "企业数1 本期")
    for number in range(1, CELLS + 1):
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
    all_saved = "都填好了，可以检查并提交。"  # nothing moves any more
    expect(page.locator("#to-do")).to_have_text(all_saved, timeout=20_000)
    cell(page, 7).focus()
    tab_to(page, "企业数7 添加附件")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(PDF)
    expect(page.get_by_role("link", name="统计月报.pdf")).to_be_visible()
    expect(page.locator("#to-do")).to_have_text("都填好了，可以检查并提交。")
    tab_to(page, "检查并提交")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    tab_to(page, "提交")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/check/$"))
    desk.form.refresh_from_db()
    assert desk.form.state == "submitted"
    assert desk.values() == list(range(1, CELLS + 1))
    assert desk.form.figures.filter(evidence__isnull=False).count() == 1


def tab_to(page: Page, label: str, most: int = 400) -> None:
    """Press Tab until the focus stands on what is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"
        )
        if name.strip().startswith(label):
            return
    raise AssertionError(f"Tab never comes to {label}")


class TestTheNetworkIsCut:
    def test_what_was_typed_meanwhile_is_sent_when_it_is_back(
        self, page_as: Callable[..., Page], live_server: LiveServer, transactional_db: None
    ) -> None:
        desk = Desk(6)
        page = page_as(desk.by)
        page.expected_errors.append("ERR_INTERNET_DISCONNECTED")
        page.goto(live_server.url + desk.address)
        fill(page, 1, 2)
        expect(state(page, 2)).to_contain_text("已保存")
        page.context.set_offline(True)
        fill(page, 3, 4, 5)
        expect(state(page, 5)).to_have_text("未保存")
        expect(page.locator("#unsaved")).to_have_text("3 项未保存")
        assert desk.values()[:3] == [1, 2, None]
        page.context.set_offline(False)
        expect(state(page, 5)).to_contain_text("已保存")
        expect(page.locator("#unsaved")).to_be_hidden()
        assert desk.values() == [1, 2, 3, 4, 5, None]


def fill(page: Page, *numbers: int) -> None:
    """Type a number into each cell, by keyboard."""
    cell(page, numbers[0]).focus()
    for number in numbers:
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")


class TestTheBrowserIsRestarted:
    @pytest.fixture
    def start(self, browser: Browser, tmp_path: Path) -> Iterator[Callable[[], BrowserContext]]:
        """Start a browser of its own, with what it kept of the time before."""
        running: list[BrowserContext] = []

        def started() -> BrowserContext:
            context = browser.browser_type.launch_persistent_context(
                str(tmp_path / "profile"), executable_path=CHROMIUM, args=ARGUMENTS, timezone_id="Asia/Shanghai"
            )
            running.append(context)
            return context

        yield started
        for context in running:
            context.close()

    def test_what_was_not_saved_when_the_server_went_is_still_there_and_is_saved_then(
        self, start: Callable[[], BrowserContext], live_server: LiveServer, transactional_db: None
    ) -> None:
        desk = Desk(4)
        before = start()
        page = open_form(before, desk, live_server)
        fill(page, 1)
        expect(state(page, 1)).to_contain_text("已保存")
        # the server refuses every connection from here on
        before.route("**/*", lambda route: route.abort("connectionrefused"))
        fill(page, 2, 3)
        expect(state(page, 3)).to_have_text("未保存")
        cell(page, 4).press_sequentially("4")
        before.close()
        assert desk.values() == [1, None, None, None]
        page = open_form(start(), desk, live_server)
        expect(page.get_by_text("已恢复上次没有保存的 3 项内容")).to_be_visible()
        expect(state(page, 4)).to_contain_text("已保存")
        assert desk.values() == [1, 2, 3, 4]
        page.get_by_role("button", name="不恢复，改回原来的").click()
        expect(state(page, 4)).to_have_text("待填")
        assert desk.values() == [1, None, None, None]


def open_form(context: BrowserContext, desk: Desk, live_server: LiveServer) -> Page:
    client = Client()
    client.force_login(desk.by, backend="organisations.backends.RoleBackend")
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + desk.address)
    return page
