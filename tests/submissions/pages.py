"""Asking for a page as a person, and its address."""

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from submissions.addresses import address
from submissions.models import Submission


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client


def page(user: User, url: str) -> HttpResponse:
    return client_of(user).get(url)


def text(user: User, url: str) -> str:
    answered = page(user, url)
    assert answered.status_code == 200
    return answered.content.decode()


def of(form: Submission, name: str) -> str:
    return address(Submission.objects.select_related("period__plan", "organisation").get(pk=form.pk), name)


def queries(user: User, url: str) -> int:
    """How many queries a page asks, once everything that is kept in memory is there."""
    client = client_of(user)
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
