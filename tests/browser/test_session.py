"""The end of a session as the person sees it: warned, told, led back; what was typed stays in the page."""

from importlib import import_module

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from audit.clock import now
from organisations.models import User
from tests.organisations.signing_in import ELSEWHERE, PASSWORD, signed_in, someone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def typing(page: Page, live_server) -> Page:
    """A person who has signed in and types into a form."""
    user = someone()
    page.goto(f"{live_server.url}/sign-in/?next=/password/")
    page.get_by_label("账号").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("原密码").fill("typed")
    return page


def sit_idle(page: Page, minutes: int) -> None:
    """Let the person's last action be so long ago, and come back to the window."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(User.objects.get().session_key)
    session["acted_at"] = int(now().timestamp()) - minutes * 60
    session.save()
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def note(page: Page):
    return page.get_by_label("登录状态")


def test_nothing_is_said_while_there_is_time(typing: Page) -> None:
    sit_idle(typing, 24)
    typing.wait_for_timeout(300)
    expect(note(typing)).to_be_hidden()


def test_five_minutes_before_the_end_there_is_a_warning_and_a_button(typing: Page) -> None:
    sit_idle(typing, 26)
    expect(note(typing)).to_contain_text("即将退出：")
    expect(note(typing)).to_contain_text("4 分钟内将自动退出")
    typing.get_by_role("button", name="继续使用").click()
    expect(note(typing)).to_be_hidden()


def test_going_on_typing_extends_the_session_by_itself(typing: Page) -> None:
    sit_idle(typing, 26)
    expect(note(typing)).to_be_visible()
    typing.wait_for_timeout(1100)
    typing.get_by_label("新密码", exact=True).press("a")
    expect(note(typing)).to_be_hidden()


def test_the_end_is_told_on_the_page_and_the_text_stays(typing: Page) -> None:
    sit_idle(typing, 31)
    expect(note(typing)).to_contain_text("30 分钟没有操作，已自动退出")
    expect(typing.get_by_label("原密码")).to_have_value("typed")
    typing.get_by_role("link", name="重新登录").click()
    typing.wait_for_url("**/sign-in/?next=%2Fpassword%2F")


def test_a_second_sign_in_is_told_on_the_first_ones_page(typing: Page) -> None:
    signed_in(User.objects.get(), ELSEWHERE)
    typing.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(note(typing)).to_contain_text(ELSEWHERE)


def test_a_page_that_was_open_before_signing_in_again_still_sends_its_form(typing: Page, live_server) -> None:
    other = typing.context.new_page()
    typing.context.clear_cookies(name="sessionid")
    other.goto(f"{live_server.url}/sign-in/?next=/password/")
    other.get_by_label("账号").fill(User.objects.get().username)
    other.get_by_label("密码").fill(PASSWORD)
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("修改密码")
    typing.get_by_label("原密码").fill(PASSWORD)
    typing.get_by_label("新密码", exact=True).fill("Another-99-word")
    typing.get_by_label("再输一遍新密码").fill("Another-99-word")
    typing.get_by_role("button", name="保存新密码").click()
    expect(typing.get_by_role("status").first).to_contain_text("密码已修改")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_gates_are_accessible(page_as, page: Page, axe, live_server, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/sign-in/")
    page.expected_errors.append("422")
    page.get_by_label("账号").fill("somebody")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("还可以再试")
    expect(page.get_by_label("密码")).to_be_focused()
    assert axe(page) == []
    page = page_as(someone(), viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}/password/")
    assert axe(page) == []
