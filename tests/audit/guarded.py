"""The guards of the database, switched by the owner of the tables."""

import psycopg
from django.db import connections

from audit.rules import MARK


def switch_guards(how: str) -> None:
    """``DISABLE`` or ``ENABLE`` every guard of the test database; the application's role could not."""
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
        found = owner.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE %s", [f"{MARK}%"]
        )
        for table, trigger in found.fetchall():
            owner.execute(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
