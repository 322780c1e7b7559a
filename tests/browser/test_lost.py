"""When the database is away, or the session over: what was typed is listed, and saved to a file without a server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from config.errors import lost_database
from tests.browser.test_form import NAMES, Desk, cell, leave, state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return Desk()


@pytest.fixture
def lost(page_as: Callable[..., Page], desk: Desk, live_server: LiveServer) -> Page:
    """A reporter who typed a number while the database was away, and then turned to the desk."""
    page = page_as(desk.by)
    page.expected_errors.append("503")
    page.goto(live_server.url + desk.address)
    page.route("**/cells/**", lambda route: route.fulfill(status=503, body=""))
    cell(page).fill("118")
    leave(page)
    expect(state(page)).to_have_text("未保存")

    def away(route: Route) -> None:
        policy = {"Content-Security-Policy": "script-src 'self'; style-src 'self'"}
        body = lost_database(RequestFactory().get("/")).content
        route.fulfill(status=503, body=body, content_type="text/html; charset=utf-8", headers=policy)

    page.on("dialog", lambda dialog: dialog.accept())
    page.route(f"{live_server.url}/", away)
    page.goto(f"{live_server.url}/")
    return page


def test_what_is_kept_is_listed(lost: Page) -> None:
    expect(lost.get_by_text("有 1 项未保存的内容留在本机浏览器")).to_be_visible()
    expect(lost.get_by_role("row").nth(1)).to_contain_text(NAMES[0])
    expect(lost.get_by_role("row").nth(1)).to_contain_text("118")


def test_it_is_saved_as_a_file_without_a_server(lost: Page, tmp_path: Path) -> None:
    lost.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    lost.context.set_offline(True)
    with lost.expect_download() as coming:
        lost.get_by_role("button", name="保存为文件").click()
    coming.value.save_as(tmp_path / "kept.txt")
    assert coming.value.suggested_filename.endswith(".txt")
    assert f"{NAMES[0]}：118" in (tmp_path / "kept.txt").read_text(encoding="utf-8-sig")


def test_the_way_back_leads_on_once_the_database_is_there(lost: Page, live_server: LiveServer) -> None:
    lost.unroute(f"{live_server.url}/")
    lost.get_by_role("link", name="重新连接").click()
    expect(lost.get_by_role("heading", level=1)).not_to_have_text("数据库暂时连接不上")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible(lost: Page, axe: Callable[[Page], list[str]], width: int) -> None:
    lost.set_viewport_size({"width": width, "height": 900})
    assert axe(lost) == []


def test_nobody_elses_page_keeps_the_key(lost: Page, live_server: LiveServer) -> None:
    assert lost.evaluate("sessionStorage.getItem('keeping')") is not None
    lost.context.clear_cookies()
    lost.unroute(f"{live_server.url}/")
    lost.goto(f"{live_server.url}/sign-in/")
    assert lost.evaluate("sessionStorage.getItem('keeping')") is None
