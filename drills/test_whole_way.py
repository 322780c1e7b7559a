"""The whole way on what ``make run`` starts on an empty data folder: a reminder through a real mail server, then each
role in a real browser, to the Word report."""

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext

from config.local_services.ports import free_port
from tests.browser.conftest import browser, errors, open_context  # noqa: F401
from tests.browser.whole_way import Way, signed_in, walk, way_at
from tests.running import MailSink

pytestmark = pytest.mark.timeout(900)

PASSWORD = "Drill-2024-way"
ADDRESS = "reporter@example.org"
FIND = "import json; from tests.browser.whole_way import found_way; print('found', json.dumps(found_way()))"
GIVE_ADDRESS = """
from audit.recording import recorded
from organisations.models import User
with recorded(by=None, reason="登记邮箱"):
    User.objects.filter(username={username!r}).update(email={address!r})
"""
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def mail() -> Iterator[MailSink]:
    sink = MailSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


@pytest.fixture
def way(start: Callable[..., subprocess.Popen[str]], manage: Manage) -> Way:
    port = free_port()
    run = start("-m", "config.run", PORT=str(port), DEMO_PASSWORD=PASSWORD)
    said = []
    for line in run.stdout:
        said.append(line)
        if line.startswith("就绪"):
            found = manage("shell", "--no-imports", "-c", FIND).stdout
            return way_at(line.split()[1], json.loads(found.split("found ", 1)[1]))
    raise AssertionError("".join(said))


def test_from_the_reminder_to_the_report(
    way: Way,
    manage: Manage,
    mail: MailSink,
    open_context: Callable[..., BrowserContext],  # noqa: F811
) -> None:
    manage(
        "shell", "--no-imports", "-c", GIVE_ADDRESS.format(username=way.people["reporter"].username, address=ADDRESS)
    )
    told = manage("send_reminders", "--on", way.five_days_before, EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(mail.port))
    assert told.returncode == 0, told.stderr
    assert any(each["To"] == ADDRESS and way.period_name in each["Subject"] for each in mail.messages)
    walk(way, lambda role: signed_in(open_context(accept_downloads=True).new_page(), way, role, PASSWORD))
