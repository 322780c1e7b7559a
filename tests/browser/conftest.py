"""Pages in a real browser: Debian's Chromium, by the fixtures ``page`` and ``page_as``.

    def test_the_desk_says_what_is_owed(page_as, live_server):
        page = page_as(reporter)
        page.goto(f"{live_server.url}/plan/")
        expect(page.get_by_role("heading", level=1)).to_have_text("我的工作台")

A page that breaks the content security policy, writes an error to the console or throws fails its test. Where a test
wants an answer that the browser reports as an error (a 404 page), it names it: ``page.expected_errors.append("404")``.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from organisations.models import User

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.effectiveDirective + " " + event.blockedURI + " " + event.sourceFile));
"""
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
RUN_AXE = """async () => (await axe.run({preload: false})).violations.map(
  (found) => found.id + ": " + found.nodes.map((node) => node.target.join(" ")).join(", "))"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # The driver keeps an event loop in this thread, in which Django would refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def errors() -> list[str]:
    """What the pages of this test complained about so far."""
    return []


@pytest.fixture
def open_context(browser: Browser, errors: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a window with cookies of its own: ``open_context(viewport={"width": 390, "height": 844})``.

    Fails the test at its end when one of its pages complained.
    """
    opened: list[BrowserContext] = []
    expected: list[str] = []

    def watched(page: Page) -> None:
        page.expected_errors = expected
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda line: errors.append(f"{page.url}: {line.text}") if line.type == "error" else None)

    def open_one(**options: object) -> BrowserContext:
        given = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1440, "height": 900}}
        context = browser.new_context(**(given | options))
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH_POLICY)
        context.on("page", watched)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    unexpected = [error for error in errors if not any(part in error for part in expected)]
    assert not unexpected, "\n".join(unexpected)


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], live_server: LiveServer) -> Page:
    """A page of nobody who is signed in, 1440 × 900."""
    return open_context().new_page()


@pytest.fixture
def page_as(open_context: Callable[..., BrowserContext], live_server: LiveServer) -> Callable[..., Page]:
    """Open a page of somebody who is signed in: ``page_as(user)``, ``page_as(user, viewport=…)``."""

    def signed_in(user: User, **options: object) -> Page:
        client = Client()
        client.force_login(user, backend="organisations.backends.RoleBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context = open_context(**options)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    return signed_in


def accessibility_violations(page: Page) -> list[str]:
    """Run axe-core on the page as it is now; each finding is one line, with the elements that it concerns."""
    page.evaluate(AXE.read_text())
    return page.evaluate(RUN_AXE)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """``assert axe(page) == []``"""
    return accessibility_violations
