"""A database that the migrations made, kept on the server: copying it is quicker than migrating an empty one."""

import hashlib
from pathlib import Path

import psycopg
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

MADE_OF = ("*/migrations/*.py", "*/migrations/*.sql", "audit/*.py", "audit/*.sql")
LOCK = 7_301_200_451  # any number of our own


def template_database(owner: BaseDatabaseWrapper) -> str:
    """Return the name of the template that these migrations make; it is made where it isn't there, and takes the place of
    the one before. What is written anew at the end of every ``migrate`` is still to be written in a copy of it."""
    original = owner.settings_dict["NAME"]
    beginning = f"template_{original}_"
    name = beginning + fingerprint()
    where = owner.get_connection_params() | {"dbname": "postgres"}
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until this connection ends: another process waits
        rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning]).fetchall()
        if (name,) in rows:
            return name
        for (older,) in rows:
            server.execute(f'DROP DATABASE "{older}"')
        half_made = f"test_{name}"
        owner.settings_dict["TEST"]["NAME"] = half_made
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        owner.close()
        owner.settings_dict["NAME"] = settings.DATABASES[owner.alias]["NAME"] = original
        server.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{name}"')
    return name


def fingerprint() -> str:
    """Tell one state of the migrations, and of what they call, from another."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in MADE_OF for path in Path(settings.BASE_DIR).glob(pattern)):
        found.update(f"{path.relative_to(settings.BASE_DIR)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:12]
