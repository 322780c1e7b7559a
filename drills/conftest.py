"""Drills run whole commands of the project as other processes, each with a data folder of its own, and look from outside."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import axe, browser, errors, open_context  # noqa: F401  (one browser for all drills)
from tests.conftest import django_db_setup  # noqa: F401  (the database as tests have it)

PROJECT = Path(__file__).resolve().parents[1]
UNSET = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "DEBUG", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PORT")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the servers' user can enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def environment(place: Path) -> dict[str, str]:
    """The variables of somebody who has configured nothing."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return kept | {"DATA_DIR": str(place / "data"), "STATIC_ROOT": str(place / "static")}


@pytest.fixture
def manage(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``manage("migrate")``: run a management command to its end."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=environment | more, capture_output=True, text=True, timeout=300
        )

    return run


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """``start("-m", "config.run", PORT="8100")``: start Python with these arguments; interrupted at the end of the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=environment | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.fixture(autouse=True)
def nothing_left_running(place: Path) -> Iterator[None]:
    """Whatever the drill did, its processes are gone at the end."""
    yield
    until_nobody_works_on(str(place))


def processes_of(data: str) -> dict[int, str]:
    """Return the living processes that have the data folder in their command, environment or place of work."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            told += os.readlink(folder / "cwd").encode()
        except OSError:
            continue
        if data.encode() in told and int(folder.name) != os.getpid():
            found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def until_nobody_works_on(data: str) -> None:
    """Wait as long as the watchdog and the servers' own stop may take, and name who is left then."""
    end = time.monotonic() + 100
    while left := processes_of(data):
        assert time.monotonic() < end, f"still running: {left}"
        time.sleep(0.05)
