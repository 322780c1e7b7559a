"""A person's own notices."""

import pytest
from django.test import Client
from django.urls import reverse

from reminders.actions import write_notices
from reminders.models import Notice
from submissions.models import Submission
from tests.factories.organisations import reporter
from tests.factories.reminders import FRIDAY, due

pytestmark = pytest.mark.django_db


def page_of(client: Client, found: Submission, user: object) -> str:
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client.get(reverse("reminders:notices", kwargs={"plan": found.period.plan.code})).content.decode()


def test_an_unread_notice_leads_to_its_form(client: Client) -> None:
    found = due(FRIDAY)
    (notice,) = write_notices(FRIDAY)
    page = page_of(client, found, found.reporter)
    assert "你有 1 条未读通知" in page
    assert f'href="{notice.link}"' in page


def test_nobody_reads_somebody_elses(client: Client) -> None:
    found = due(FRIDAY)
    write_notices(FRIDAY)
    assert "还没有通知" in page_of(client, found, reporter(at=found.organisation))


def test_another_plans_notices_stand_on_its_own_page(client: Client) -> None:
    found, other = due(FRIDAY), due(FRIDAY)
    write_notices(FRIDAY)
    assert "还没有通知" in page_of(client, other, found.reporter)


def test_read_they_are_unread_no_more(client: Client) -> None:
    found = due(FRIDAY)
    write_notices(FRIDAY)
    page_of(client, found, found.reporter)
    client.post(reverse("reminders:read", kwargs={"plan": found.period.plan.code}))
    assert not Notice.objects.filter(read_at=None).exists()
