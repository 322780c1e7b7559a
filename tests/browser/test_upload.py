"""A filled-in workbook sent from its page: how far it is, where it leads, and what is said where it isn't taken."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, Route, expect

from organisations.models import User
from submissions.actions.workbook import hand_out
from submissions.models import Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.submissions import opened
from tests.submissions.pages import of

pytestmark = pytest.mark.django_db(transaction=True)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def form(writer: User) -> Submission:
    return opened(indicator(lead=writer.organisation))


@pytest.fixture
def page(page_as: Any, live_server: Any, writer: User, form: Submission) -> Page:
    found: Page = page_as(writer)
    found.goto(live_server.url + of(form, "workbook"))
    return found


def press(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("#file", {"name": name, "mimeType": EXCEL, "buffer": content})
    page.get_by_role("button", name="上传并核对差异").click()


def test_the_file_is_on_its_way_and_leads_to_its_differences(page: Page, form: Submission, writer: User) -> None:
    held: list[Route] = []
    page.route("**/workbook/", lambda route: held.append(route), times=1)
    press(page, "填报表.xlsx", hand_out(form, by=writer))
    expect(page.locator("#progress")).to_be_visible()
    expect(page.get_by_role("button", name="上传并核对差异")).to_be_disabled()
    held[0].continue_()
    page.wait_for_url("**/workbook/*/")


def test_a_file_that_is_no_form_is_refused_on_the_page(page: Page) -> None:
    page.expected_errors.append("422")  # type: ignore[attr-defined]
    content = BytesIO()
    Workbook().save(content)
    press(page, "别的.xlsx", content.getvalue())
    expect(page.locator("#refused")).to_contain_text("没有采用这份文件")
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.get_by_role("button", name="上传并核对差异")).to_be_enabled()


def test_without_an_answer_it_says_that_nothing_arrived(page: Page) -> None:
    page.expected_errors.append("ERR_FAILED")  # type: ignore[attr-defined]
    page.route("**/workbook/", lambda route: route.abort(), times=1)
    press(page, "填报表.xlsx", b"PK")
    expect(page.locator("#refused")).to_contain_text("文件没有上传")
