"""The test database: made by the owner of the tables, used by the application's own role."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Create the test database as its owner; the tests then run as the role that owns nothing."""
    owner, default = connections["owner"], connections["default"]
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    original = owner.settings_dict["NAME"]
    if worker:
        owner.settings_dict["TEST"]["NAME"] = f"test_{original}_{worker}"
    with django_db_blocker.unblock():
        default.close()
        owner.creation.create_test_db(verbosity=0, autoclobber=True)
        default.settings_dict["NAME"] = owner.settings_dict["NAME"]
        yield
        default.close()
        owner.creation.destroy_test_db(original, verbosity=0)


def empty_all_tables(_case: TransactionTestCase) -> None:
    """Truncate as the owner: the application's role may not."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        tables = sorted(set(owner.introspection.table_names(cursor)) - KEPT)
        names = ", ".join(f'"{table}"' for table in tables)
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    owner.close()


TransactionTestCase._fixture_teardown = empty_all_tables  # type: ignore[method-assign]
