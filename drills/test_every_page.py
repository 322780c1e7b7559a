"""Every page that each role can reach by links on what ``make run`` starts: it answers, fits its window, breaks no rule
of accessibility, and its punctuation is Chinese."""

import re
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page

from drills.way import Manage, way_on_a_new_system
from tests.browser.whole_way import Way, signed_in

pytestmark = pytest.mark.timeout(1200)

PASSWORD = "Drill-2024-pages"
WIDTHS = (1440, 390)
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"
TEXT = "() => document.querySelector('main').innerText"
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
SAMPLES = 1  # pages of one address pattern
REACHED = {
    "overview:overview",
    "overview:trace",
    "submissions:form",
    "submissions:review",
    "evaluation:case",
    "reports:report",
}


class Crawl:
    """What one role finds by following links, a page of each address pattern."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page, self.way = page, way
        self.seen: dict[str, int] = {}
        self.wrong: list[str] = []

    def new(self, links: list[str]) -> list[str]:
        """The pages among the links whose pattern has not been seen; files that are handed out are no pages."""
        found = []
        for link in dict.fromkeys(links):
            address = urlsplit(link)
            if f"{address.scheme}://{address.netloc}" != self.way.site or address.path.startswith("/static/"):
                continue
            name = resolve(address.path).view_name
            if self.seen.get(name, 0) < SAMPLES and self.is_page(link):
                self.seen[name] = self.seen.get(name, 0) + 1
                found.append(link)
        return found

    def is_page(self, link: str) -> bool:
        answer = self.page.request.head(link)
        if answer.status != 200:
            self.wrong.append(f"{link}: {answer.status}")
            return False
        return answer.headers["content-type"].startswith("text/html") and "content-disposition" not in answer.headers

    def look(self, link: str, accessible: Callable[[Page], list[str]]) -> None:
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.goto(link)
            if (over := self.page.evaluate(OVERFLOW)) > 0:
                self.wrong.append(f"{link} at {width}: {over} px too wide")
            self.wrong += [f"{link} at {width}: {each}" for each in accessible(self.page)]
        if "/admin/" not in link:
            self.wrong += [f"{link}: half-width {each!r}" for each in HALF_WIDTH.findall(self.page.evaluate(TEXT))]

    def follow(self, start: str, accessible: Callable[[Page], list[str]]) -> None:
        waiting = self.new([start])
        while waiting:
            self.look(waiting.pop(0), accessible)
            waiting += self.new(self.page.evaluate(LINKS))


@pytest.fixture
def way(start: Callable[..., subprocess.Popen[str]], manage: Manage) -> Way:
    return way_on_a_new_system(start, manage, PASSWORD)


def test_every_page_that_a_role_reaches(
    way: Way,
    open_context: Callable[..., BrowserContext],
    axe: Callable[[Page], list[str]],
) -> None:
    wrong, seen = [], set()
    for role in way.people:
        crawl = Crawl(signed_in(open_context().new_page(), way, role, PASSWORD), way)
        crawl.follow(crawl.page.url, axe)
        print(role, len(crawl.seen), "kinds of pages", *crawl.wrong, sep="\n  ", flush=True)
        assert len(crawl.seen) > 2
        seen |= crawl.seen.keys()
        wrong += [f"{role}: {each}" for each in crawl.wrong]
    assert seen >= REACHED
    assert wrong == [], "\n".join(wrong)
