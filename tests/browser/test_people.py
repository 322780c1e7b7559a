"""The three administrators' pages in a real browser: accessible, and never wider than the window."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organisations.models import Role
from tests.factories.organisations import organisation, person
from tests.organisations.signing_in import someone, type_wrong

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    (Role.SYSTEM_ADMINISTRATOR, "/people/"),
    (Role.SYSTEM_ADMINISTRATOR, "/people/{pk}/"),
    (Role.SYSTEM_ADMINISTRATOR, "/people/add/"),
    (Role.SYSTEM_ADMINISTRATOR, "/people/load/"),
    (Role.SECURITY_ADMINISTRATOR, "/roles/"),
    (Role.SECURITY_ADMINISTRATOR, "/roles/{pk}/"),
    (Role.SECURITY_AUDITOR, "/security/"),
]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("role", "way"), PAGES)
def test_the_page_is_accessible_and_fits(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    live_server: LiveServer,
    role: str,
    way: str,
    width: int,
) -> None:
    who = someone(Role.REPORTER, at=organisation(name="经济发展和科技创新综合服务办公室" * 3))
    person(Role.HEAD, at=who.organisation)
    type_wrong(who, 5)
    page = page_as(person(role), viewport={"width": width, "height": 900})
    page.goto(live_server.url + way.format(pk=who.pk))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_one_time_passwords_are_shown_and_downloaded(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    organisation(name="统计单位")
    page = page_as(person(Role.SYSTEM_ADMINISTRATOR))
    page.goto(f"{live_server.url}/people/load/")
    sheet = "登录名,姓名,单位\nu1,甲,统计单位\n".encode()
    page.set_input_files("#id_sheet", {"name": "people.csv", "mimeType": "text/csv", "buffer": sheet})
    page.get_by_role("button", name="检查名单并建立账号").click()
    password = page.locator("kbd").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载（.csv）").click()
    assert password in download.value.path().read_text(encoding="utf-8-sig")
    expect(page.get_by_role("heading", level=1)).to_have_text("一次性密码（1 人）")
