"""The settings of the tests: the real ones, after the services that the tests need are up.

Where DATABASE_URL and REDIS_URL are unset, they are started, and stopped at the end. Under xdist the first process does
that; its workers inherit the variables. Jobs that a test leaves go under a key of its own in the broker, so that no
worker outside runs them.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack

from config.local_services import ServiceError, services

os.environ.setdefault("DEBUG", "1")
os.environ["BROKER_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'only')}-{os.getpid()}:"
_running = ExitStack()
try:
    _running.enter_context(services())
except ServiceError as error:
    raise SystemExit(str(error)) from error
atexit.register(_running.close)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

SIGNING_KEY_DIR = _running.enter_context(tempfile.TemporaryDirectory(prefix="signing-"))
ANCHOR_DIR = _running.enter_context(tempfile.TemporaryDirectory(prefix="anchors-"))
MEDIA_ROOT = _running.enter_context(tempfile.TemporaryDirectory(prefix="media-"))

for _database in DATABASES.values():
    # Nobody misses the last half second of a test after a power cut.
    _database["OPTIONS"]["options"] = "-c synchronous_commit=off"
    _database["CONN_MAX_AGE"] = 0  # a thread of the live server gives its connection back at once
