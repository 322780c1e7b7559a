"""The main pages of the demonstration, as the README shows them.

PICTURES=1 python -m pytest tests/browser/test_pictures.py     # writes docs/pictures/ anew
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from audit.clock import today
from organisations.models import Role, User
from overview.demonstration import build, read_script
from plans.models import Plan
from submissions.models import State, Submission
from tests.way.conftest import PLAN
from workbooks.actions import load_plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

SIZE = {"width": 1440, "height": 900}


def somebody(role: Role, **which: object) -> User:
    return User.objects.filter(grants__role=role, grants__withdrawn_at=None, **which).order_by("pk")[0]


def form_page(form: Submission, kind: str = "periods") -> str:
    unit, period = form.organisation.code, form.period.code
    return f"reviews/{period}/{unit}/" if kind == "reviews" else f"periods/{period}/forms/{unit}/"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = settings.BASE_DIR / "docs" / "pictures" if os.environ.get("PICTURES") else tmp_path
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def plan(settings: object, tmp_path: Path) -> Plan:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    load_plan(PLAN, by=None)
    return build(read_script(PLAN / "demonstration", today()), password="Demonstration-2023").plan


def test_the_main_pages_fit_their_window(
    plan: Plan, pictures: Path, page_as: Callable[..., Page], live_server: LiveServer
) -> None:
    owed = Submission.objects.filter(state__in=[State.DRAFT, State.RETURNED]).order_by("-deadline", "pk")[0]
    waiting = Submission.objects.filter(state=State.SUBMITTED).order_by("-deadline", "pk")[0]
    number = plan.indicators.filter(published_values__isnull=False).order_by("number")[0].number
    reporter = somebody(Role.REPORTER, organisation=owed.organisation)
    reviewer, leader = somebody(Role.REVIEWER), somebody(Role.LEADER)
    shown = {
        "desk": (reporter, ""),
        "form": (reporter, form_page(owed)),
        "review": (reviewer, form_page(waiting, "reviews")),
        "overview": (leader, "overview/"),
        "trace": (leader, f"indicators/{number}/trace/"),
    }
    for name, (who, address) in shown.items():
        page = page_as(who, viewport=SIZE)
        page.goto(f"{live_server.url}/{plan.code}/{address}", wait_until="networkidle")
        page.screenshot(path=pictures / f"{name}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
