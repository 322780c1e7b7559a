"""The whole way on what ``make run`` starts on an empty data folder: a reminder through a real mail server, then each
role in a real browser, to the Word report."""

import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext

from drills.way import Manage, way_on_a_new_system
from tests.browser.whole_way import Way, signed_in, walk
from tests.running import MailSink

pytestmark = pytest.mark.timeout(900)

PASSWORD = "Drill-2024-way"
ADDRESS = "reporter@example.org"
GIVE_ADDRESS = """
from audit.recording import recorded
from organisations.models import User
with recorded(by=None, reason="登记邮箱"):
    User.objects.filter(username={username!r}).update(email={address!r})
"""


@pytest.fixture
def mail() -> Iterator[MailSink]:
    sink = MailSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


@pytest.fixture
def way(start: Callable[..., subprocess.Popen[str]], manage: Manage) -> Way:
    return way_on_a_new_system(start, manage, PASSWORD)


def test_from_the_reminder_to_the_report(
    way: Way,
    manage: Manage,
    mail: MailSink,
    open_context: Callable[..., BrowserContext],
) -> None:
    manage(
        "shell", "--no-imports", "-c", GIVE_ADDRESS.format(username=way.people["reporter"].username, address=ADDRESS)
    )
    told = manage("send_reminders", "--on", way.five_days_before, EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(mail.port))
    assert told.returncode == 0, told.stderr
    assert any(each["To"] == ADDRESS and way.period_name in each["Subject"] for each in mail.messages)
    walk(way, lambda role: signed_in(open_context(accept_downloads=True).new_page(), way, role, PASSWORD))
