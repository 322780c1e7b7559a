"""Kill -9 of the database at random points of the product's import of ten thousand rows: afterwards each of its portions is
there whole or not at all, the history verifies, and loading the same workbook again brings the rest."""

import contextlib
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from drills.conftest import processes_of

pytestmark = pytest.mark.timeout(2700)

ROWS, TIMES, PORTION = 10_000, 20, 500  # the portion is submissions.actions.consolidated.BATCH
RUN = """
import os, sys
from config.local_services import services
with services():
    os.environ["DJANGO_SETTINGS_MODULE"], os.environ["DEBUG"] = "config.settings", "1"
    import django
    django.setup()
    from drills import loading
    getattr(loading, sys.argv[1])(*map(int, sys.argv[2:]))
"""
Start = Callable[..., subprocess.Popen[str]]


def kill_the_database(data: str) -> None:
    found = [
        pid for pid, command in processes_of(data).items() if "bin/postgres -D" in command or "postgres:" in command
    ]
    for pid in found:
        with contextlib.suppress(ProcessLookupError):  # gone with the server that was killed before it
            os.kill(pid, signal.SIGKILL)


def loaded(start: Start, value: int) -> tuple[dict[str, int], int]:
    """Load a workbook to its end; return what there is then, and how many statements it took."""
    out = start("-c", RUN, "load", str(value), "0").communicate(timeout=300)[0]
    ended = re.search(r"^ended done (\d+)$", out, re.MULTILINE)
    assert ended, out
    return looked_at(start), int(ended[1])


def killed(start: Start, value: int, *, at: int, after: float, data: str) -> str:
    """Load a workbook, and kill the database so many seconds after a statement was sent; return what the import said."""
    process = start("-c", RUN, "load", str(value), str(at))
    assert process.stdout is not None
    assert "now" in process.stdout.readline()
    time.sleep(after)
    kill_the_database(data)
    return process.communicate(timeout=120)[0]


def looked_at(start: Start, *, whole: bool = True) -> dict[str, int]:
    """Start the database again; return what is there, once the history has verified: all of it, or of the last import."""
    out = start("-c", RUN, "look", str(int(whole))).communicate(timeout=300)[0]
    assert "verified" in out, out
    line = next(line for line in out.splitlines() if line.startswith("told"))
    told = {name: int(count) for name, count in (each.split("=") for each in line.split()[1:])}
    assert told["rows"] == told["versions"] == told["entries"]
    assert told["written"] % PORTION == 0
    assert told["standing"] == told["figures"]
    assert told["under_way"] == 0
    return told


def test_each_portion_of_an_import_is_there_whole_or_not_at_all(
    start: Start, manage: Callable[..., subprocess.CompletedProcess[str]], environment: dict[str, str]
) -> None:
    assert manage("migrate", "--verbosity=0").returncode == 0
    out = start("-c", RUN, "prepare").communicate(timeout=300)[0]
    assert not out, out
    loaded(start, 1)
    whole, statements = loaded(start, 2)  # from here on each takes the place of the one before
    assert (whole["standing"], whole["written"]) == (ROWS, ROWS)
    points, short = random.Random(20231231), 0
    for value in range(3, 3 + TIMES):
        point = {"at": points.randint(1, statements * 9 // 10), "after": points.uniform(0, 0.1)}
        out = killed(start, value, **point, data=environment["DATA_DIR"])
        told = looked_at(start, whole=value % 5 == 0)
        assert (told["standing"], told["written"]) == (ROWS, told["batches"] * PORTION)
        assert told["written"] == ROWS or "ended done" not in out
        short += told["written"] < ROWS
    assert short >= TIMES * 3 // 4, f"only {short} kills came before the end of the import"
    again, _ = loaded(start, 2 + TIMES)
    assert again["written"] == ROWS - told["written"]
    assert (again["standing"], again["figures"]) == (ROWS, ROWS)
