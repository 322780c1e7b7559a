"""The browser's fixtures see what they are there to see."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BROKEN = {
    "an inline script": "<script>window.ran = true</script>",
    "a script of another host": '<script src="http://127.0.0.2:9/x.js"></script>',
    "an inline style element": "<style>body { color: red }</style>",
}


@pytest.mark.parametrize("markup", BROKEN.values(), ids=BROKEN)
def test_a_page_that_breaks_the_policy_is_noticed(
    page: Page, live_server: LiveServer, errors: list[str], markup: str
) -> None:
    page.goto(f"{live_server.url}/nowhere/")
    page.evaluate("markup => document.body.append(document.createRange().createContextualFragment(markup))", markup)
    page.wait_for_timeout(100)
    assert any("policy: " in error for error in errors)
    errors.clear()


def test_a_script_that_throws_is_noticed(page: Page, live_server: LiveServer, errors: list[str]) -> None:
    page.goto(f"{live_server.url}/nowhere/")
    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.wait_for_timeout(100)
    assert any("planted" in error for error in errors)
    errors.clear()
