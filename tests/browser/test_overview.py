"""The pages that cross rooms, in a browser: reachable for everybody, nothing off the page, one sheet of paper."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organisations.models import Role
from submissions.actions import return_for_correction
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.submissions import published, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "应用工业互联网实施数字化转型的规模以上工业企业数和制造业单项冠军企业及其产品的总数"


@pytest.fixture
def lived_in():
    """A plan with a returned form, a value that lags and nineteen indicators."""
    anna = reporter()
    form = submitted(anna, "51", "7")
    of = form.period.plan
    return_for_correction(form, by=reviewer(), round=1, remarks={form.figures.first(): ["请核实。", "缺少名单。"]})
    case(of=of)
    for number in range(17):
        row = indicator(
            of=of,
            name=f"{LONG}{number}" if number % 6 == 0 else f"高新技术产业产值{number}",
            unit="个",
            lead=organisation(),
        )
        published(row, str(3 * number), as_of=date(2017, 12, 31), explanation="订单减少，新投产项目不足。")
    return of, anna, row


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_pages_are_accessible_and_nothing_runs_off_them(
    width: int, page_as: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], list[str]], lived_in
) -> None:
    of, anna, row = lived_in
    addresses = {
        anna: ["", "search/?q=企业", "search/?q=鲸鱼", "help/"],
        reviewer(): ["", f"indicators/{row.number}/trace/"],
        person(Role.LEADER): ["", "overview/", "overview/?verdict=badly_lagging"],
        person(Role.AUDITOR): ["", "audit/", "audit/?q=退回"],
    }
    for who, paths in addresses.items():
        page = page_as(who, viewport={"width": width, "height": 900})
        for path in paths:
            page.goto(f"{live_server.url}/{of.code}/{path}")
            assert (path, axe(page)) == (path, [])
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_overview_is_one_sheet_of_paper(page_as, live_server: LiveServer, lived_in) -> None:
    of, _, _ = lived_in
    page = page_as(person(Role.LEADER))
    page.goto(f"{live_server.url}/{of.code}/overview/")
    expect(page.get_by_role("button", name="打印（A4 一张）")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_trace_draws_its_line(page_as, live_server: LiveServer, lived_in) -> None:
    of, _, row = lived_in
    page = page_as(person(Role.LEADER))
    page.goto(f"{live_server.url}/{of.code}/indicators/{row.number}/trace/")
    expect(page.locator("#chart svg")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_contain_text("数据溯源")
