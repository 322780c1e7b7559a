"""Kill -9 of the database at random points of an import of ten thousand rows: afterwards there is all of it or nothing, and
the history verifies."""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from drills.conftest import processes_of

pytestmark = pytest.mark.timeout(1800)

ROWS, TIMES = 10_000, 20
BEGIN = """
import os, sys
from config.local_services import services
with services():
    os.environ["DJANGO_SETTINGS_MODULE"], os.environ["DEBUG"] = "config.settings", "1"
    import django
    django.setup()
    from django.core.management import call_command
    from audit.models import Change
    from audit.recording import record, recorded
    from organisations.models import Organisation
"""
IMPORT = (
    BEGIN
    + f"""
    print("ready", flush=True)
    sys.stdin.readline()
    with recorded(by=None, reason="载入"):
        rows = Organisation.objects.bulk_create(
            (Organisation(code=f"{{sys.argv[1]}}-{{n}}", name=f"单位{{n}}", kind="department", position=n) for n in range({ROWS})),
            batch_size=1000,
        )
        record("organisation.import", rows[0], rows=len(rows))
    print("done", flush=True)
"""
)
LOOK = (
    BEGIN
    + """
    changes = Change.objects.filter(reason="载入").count()
    print("counted", Organisation.objects.count(), Organisation.history.count(), changes, flush=True)
    call_command("verify_history")
    print("verified", flush=True)
"""
)
Start = Callable[..., subprocess.Popen[str]]


def kill_the_database(data: str) -> None:
    found = [
        pid for pid, command in processes_of(data).items() if "bin/postgres -D" in command or "postgres:" in command
    ]
    for pid in found:
        with contextlib.suppress(ProcessLookupError):  # gone with the server that was killed before it
            os.kill(pid, signal.SIGKILL)


def import_begun(start: Start, name: str) -> subprocess.Popen[str]:
    process = start("-c", IMPORT, name)
    assert process.stdout is not None
    assert process.stdin is not None
    assert "ready" in process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()
    return process


def counted_and_verified(start: Start) -> tuple[int, int, int]:
    """Start the database again; return how many rows, versions and imports there are."""
    out = start("-c", LOOK).communicate(timeout=120)[0]
    assert "verified" in out, out
    line = next(line for line in out.splitlines() if line.startswith("counted"))
    rows, versions, changes = map(int, line.split()[1:])
    return rows, versions, changes


def test_there_is_all_of_an_import_or_nothing(
    start: Start, manage: Callable[..., subprocess.CompletedProcess[str]], environment: dict[str, str]
) -> None:
    assert manage("migrate", "--verbosity=0").returncode == 0
    whole = import_begun(start, "whole")
    began = time.monotonic()
    assert whole.stdout is not None
    assert "done" in whole.stdout.readline()
    taken = time.monotonic() - began
    whole.communicate(timeout=120)
    assert counted_and_verified(start) == (ROWS, ROWS, 1)
    points, in_time = random.Random(20231231), 0
    for number in range(TIMES):
        process = import_begun(start, f"r{number}")
        time.sleep(taken * points.uniform(0, 0.8))  # spread over the import, short of its end
        kill_the_database(environment["DATA_DIR"])
        in_time += "done" not in process.communicate(timeout=120)[0]
        rows, versions, changes = counted_and_verified(start)
        assert rows == versions == changes * ROWS
    assert in_time >= TIMES * 3 // 4, f"only {in_time} kills came before the end of the import"
