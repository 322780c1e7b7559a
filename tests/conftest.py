"""The test database, made by the owner of the tables and used by the application's own role; a real broker with a real
worker, a real mail server.

The services that all this needs are started in tests/settings.py where none are configured. Fixtures for pages in a
real browser stand in tests/browser/conftest.py.
"""

from collections.abc import Iterator

import psycopg
import pytest
import redis
from django.conf import settings as django_settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from audit.sealing import begin
from tests.running import MailSink, Worker
from tests.template_database import template_database

KEPT = {"django_migrations", "django_content_type", "auth_permission", "audit_shape"}


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Create the test database as its owner; the tests then run as the role that owns nothing."""
    owner, default = connections["owner"], connections["default"]
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    original = owner.settings_dict["NAME"]
    with django_db_blocker.unblock():
        default.close()
        owner.settings_dict["TEST"]["TEMPLATE"] = template_database(owner)
        owner.settings_dict["TEST"]["NAME"] = f"test_{original}_{worker}" if worker else None
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        default.settings_dict["NAME"] = owner.settings_dict["NAME"]
        yield
        cut_off_others(default)
        cut_off_others(owner)
        owner.creation.destroy_test_db(original, verbosity=0)


def cut_off_others(connection: BaseDatabaseWrapper) -> None:
    """End what this role still has open in the database, a thread of a test or a late request: it can't be dropped
    before. A role may do so with its own connections only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    connection.close()


TRIES = 5


def empty_all_tables(_case: TransactionTestCase) -> None:
    """Truncate as the owner, on a connection apart: the application's role may not, and the test can't use the owner's.
    The chain of seals begins anew.

    A page's last request may still be at work when its test is over, and meet the truncation in a deadlock: again then.
    """
    for left in reversed(range(TRIES)):
        try:
            return truncate()
        except psycopg.errors.DeadlockDetected:
            if not left:
                raise
    return None


def truncate() -> None:
    with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        names = ", ".join(f'"{table}"' for (table,) in rows if table not in KEPT)
        owner.execute("ALTER TABLE audit_securityrecord DISABLE TRIGGER audit_keep_whole")
        owner.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        owner.execute("ALTER TABLE audit_securityrecord ENABLE TRIGGER audit_keep_whole")
        with owner.cursor() as cursor:
            begin(cursor)


TransactionTestCase._fixture_teardown = empty_all_tables  # type: ignore[method-assign]


def empty_broker() -> None:
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        prefix = django_settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


@pytest.fixture(scope="session")
def broker() -> Iterator[None]:
    """The real broker; what the tests leave in it is taken out at the end. Mark the test ``broker``."""
    yield
    empty_broker()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailSink]:
    sink = MailSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


@pytest.fixture
def mail_sink(mail_server: MailSink, settings: object) -> Iterator[MailSink]:
    """A real SMTP server, empty at first; mail that the test or the worker sends arrives in ``mail_sink.messages``."""
    mail_server.messages.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    yield mail_server
    mail_server.messages.clear()


@pytest.fixture
def worker(transactional_db: None, broker: None, mail_server: MailSink) -> Iterator[Worker]:
    """A real worker behind the real broker: ``job.delay()`` in a test is carried out by another process, which sees the
    rows that the test committed and mails to the ``mail_sink``. Wait with ``tests.running.until``. Mark the test
    ``broker``. It ends with the test: a worker left over would take the jobs of the next one, with other folders.
    """
    started = Worker(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(mail_server.port))
    yield started
    started.stop()
