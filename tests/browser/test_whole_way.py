"""The whole way in a real browser: reminded, filled in, submitted, two figures returned, corrected, approved, a stage
passed, a number traced, the overview read, the report exported; each by its own role, signed in with a password."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from audit.recording import recorded
from organisations.models import Role, User
from submissions.models import PublishedValue, Submission
from tests.browser.whole_way import Way, found_way, signed_in, walk, way_at
from tests.running import MailSink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PASSWORD = "Whole-way-2024"


@pytest.fixture
def way(transactional_db: None, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Way:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    call_command("load_plan", next(Path(django_settings.BASE_DIR, "data").glob("*/demonstration")).parent)
    django_settings.DEBUG, was = True, django_settings.DEBUG
    call_command("demo")
    django_settings.DEBUG = was
    return way_at(live_server.url, found_way())


@pytest.fixture
def sign_in(way: Way, open_context: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    return lambda role: signed_in(open_context(accept_downloads=True).new_page(), way, role, PASSWORD)


def reminded(way: Way, mail_sink: MailSink) -> None:
    with recorded(by=None, reason="登记邮箱"):
        User.objects.filter(username=way.people["reporter"].username).update(email="reporter@example.org")
    call_command("send_reminders", "--on", way.five_days_before)
    mine = [each for each in mail_sink.messages if each["To"] == "reporter@example.org"]
    assert any(way.period_name in each["Subject"] for each in mine)


def test_from_the_reminder_to_the_report(way: Way, sign_in: Callable[[str], Page], mail_sink: MailSink) -> None:
    reminded(way, mail_sink)
    walk(way, sign_in)
    form = Submission.objects.get(period__code=way.period, organisation__code=way.organisation)
    published = PublishedValue.objects.filter(figure__submission=form)
    assert published.count() == form.figures.filter(is_owed=True).count()


def test_the_administrators_sign_in_and_find_their_own_desk(sign_in: Callable[[str], Page]) -> None:
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR, Role.HEAD):
        sign_in(role)
