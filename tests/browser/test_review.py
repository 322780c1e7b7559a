"""The page of a form under review: reasons open under what is ticked, the foot counts, keys work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from submissions import actions
from submissions.models import Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import note_in, opened, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(transactional_db: None) -> Submission:
    by = reporter()
    found = opened(indicator(lead=by.organisation, name="企业数"))
    saved(found.figures.get(), "50", by=by)
    actions.save_note(note_in(found), by=by, revision=0, state="on_course", progress="按计划推进。")
    return actions.submit(found, by=by)


@pytest.fixture
def page(form: Submission, page_as: Callable[..., Page], live_server: LiveServer) -> Page:
    found = page_as(reviewer())
    plan, period, organisation = form.period.plan.code, form.period.code, form.organisation.code
    found.goto(f"{live_server.url}/{plan}/reviews/{period}/{organisation}/")
    return found


def test_a_ticked_note_opens_its_reasons_and_is_counted(page: Page) -> None:
    reason = page.get_by_label("内容不具体，请补充")
    expect(reason).to_be_hidden()
    page.get_by_label("退回此份").check()
    expect(reason).to_be_visible()
    expect(page.locator("#count")).to_have_text("已勾选退回 1 项，未勾选 1 项")
    expect(page.get_by_role("button", name="退回 1 项，其余 1 项通过并发布")).to_be_visible()


def test_a_key_ticks_the_note_that_one_stands_in(page: Page) -> None:
    tick = page.get_by_label("退回此份")
    tick.focus()
    page.keyboard.press("x")
    expect(tick).to_be_checked()
    expect(page.get_by_label("进展与数据不一致，请核实")).to_be_focused()


def test_a_returned_note_leads_back_to_the_queue(page: Page, form: Submission) -> None:
    page.get_by_label("退回此份").check()
    page.get_by_label("缺少佐证材料").locator("visible=true").check()
    page.get_by_role("button", name="只退回 1 项，其余暂不发布").click()
    page.wait_for_url("**/reviews/")
    form.refresh_from_db()
    assert form.state == "returned"


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(page: Page, axe: Callable[[Page], list[str]], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_label("退回此份").check()
    assert axe(page) == []
