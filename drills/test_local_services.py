"""What befalls the local servers: each recovers, or says in one line what to do."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.local_services.folder import APART
from drills.conftest import PROJECT, processes_of
from tests.running import until

pytestmark = pytest.mark.timeout(180)
Manage = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]

USING = """
import os, sys
from config.local_services import services
with services():
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    sys.stdin.read()
"""
ASK = """
import os
import psycopg, redis
from config.local_services import services
with services():
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (id serial)")
        owner.execute("INSERT INTO kept DEFAULT VALUES")
        print(owner.execute("SELECT count(*) FROM kept").fetchone()[0], end=" ")
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        print(broker.incr("kept"))
"""


def ask(environment: dict[str, str], **more: str) -> str:
    """Use both servers once; the answer counts the times that this folder was asked."""
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=PROJECT, env=environment | more, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def servers(environment: dict[str, str]) -> dict[str, int]:
    """Return the process numbers of the two servers."""
    found = {}
    for pid, command in processes_of(environment["DATA_DIR"]).items():
        if "bin/postgres -D" in command:
            found["postgresql"] = pid
        if "valkey-server" in command:
            found["valkey"] = pid
    return found


def test_a_command_starts_what_it_needs_and_leaves_nothing_running(
    manage: Manage, environment: dict[str, str]
) -> None:
    assert manage("migrate").returncode == 0
    assert processes_of(environment["DATA_DIR"]) == {}
    assert ask(environment) == "1 1\n"


def test_the_last_user_stops_the_servers(start: Start, environment: dict[str, str]) -> None:
    first, second = start("-c", USING), start("-c", USING)
    assert first.stdout.readline() == second.stdout.readline()
    first.communicate()
    assert set(servers(environment)) == {"postgresql", "valkey"}
    second.communicate()
    assert servers(environment) == {}


def test_the_keeper_stops_the_servers_of_a_killed_user(start: Start, environment: dict[str, str]) -> None:
    user = start("-c", USING)
    user.stdout.readline()
    user.kill()
    until(lambda: servers(environment) == {}, seconds=15)


@pytest.mark.parametrize("killed", ["postgresql", "valkey"])
def test_a_killed_server_is_started_again_by_the_next_command(
    start: Start, environment: dict[str, str], killed: str
) -> None:
    ask(environment)
    user = start("-c", USING)
    user.stdout.readline()
    os.kill(servers(environment)[killed], signal.SIGKILL)
    assert ask(environment) == "2 2\n"


@pytest.mark.parametrize("file", ["postgresql-18/postmaster.pid", "valkey/server.pid"])
def test_a_stale_pid_file_that_names_another_process_is_passed_over(environment: dict[str, str], file: str) -> None:
    ask(environment)
    stale = Path(environment["DATA_DIR"]) / file
    as_servers = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], cwd="/", **as_servers)
    stale.write_text(f"{other.pid}\n{stale.parent}\n1\n5432\n\n127.0.0.1\n\nready\n")
    try:
        assert ask(environment) == "2 2\n"
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_taken_port_means_another_port(environment: dict[str, str]) -> None:
    ask(environment)
    ports = [int((Path(environment["DATA_DIR"]) / f"{name}.port").read_text()) for name in ("postgresql", "valkey")]
    with socket.create_server(("127.0.0.1", ports[0])), socket.create_server(("127.0.0.1", ports[1])):
        assert ask(environment) == "2 2\n"


def test_another_server_at_our_port_is_never_taken_for_ours(
    start: Start, environment: dict[str, str], place: Path
) -> None:
    """The pid file says that ours runs at a port where in truth another checkout's server answers."""
    ask(environment)
    other = start("-c", USING, DATA_DIR=str(place / "other"))
    other_port = other.stdout.readline().split()[0].rsplit(":", 1)[1].split("/")[0]
    user = start("-c", USING)
    user.stdout.readline()
    file = Path(environment["DATA_DIR"]) / "postgresql-18/postmaster.pid"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:3], other_port, *lines[4:]]) + "\n")
    assert ask(environment) == "2 2\n"


def test_two_checkouts_dont_disturb_each_other(start: Start, environment: dict[str, str], place: Path) -> None:
    ask(environment)
    other = start("-c", USING, DATA_DIR=str(place / "other"))
    other.stdout.readline()
    assert ask(environment) == "2 2\n"
    assert set(servers({"DATA_DIR": str(place / "other")})) == {"postgresql", "valkey"}


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_a_folder_that_cannot_be_written_is_told_in_one_line(manage: Manage) -> None:
    assert "不可写" in one_line(manage("migrate", DATA_DIR="/proc/nowhere"))


def test_data_of_another_major_version_are_told_in_one_line(manage: Manage, environment: dict[str, str]) -> None:
    ask(environment)
    data = Path(environment["DATA_DIR"])
    (data / "postgresql-18").rename(data / "postgresql-17")
    assert "PostgreSQL 17 的数据" in one_line(manage("migrate"))


def test_a_lost_password_is_told_in_one_line(manage: Manage, environment: dict[str, str]) -> None:
    ask(environment)
    (Path(environment["DATA_DIR"]) / "secrets/postgresql_superuser").write_text("another")
    assert "密码不符" in one_line(manage("migrate"))


def test_a_given_database_that_does_not_answer_is_told_in_one_line(manage: Manage) -> None:
    assert "连接不上 DATABASE_URL" in one_line(manage("migrate", DATABASE_URL="postgresql://a:b@127.0.0.1:1/c"))


def test_secrets_can_be_read_by_their_owner_only(environment: dict[str, str]) -> None:
    ask(environment)
    folder = Path(environment["DATA_DIR"]) / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders are closed to the servers' user")
def test_data_under_a_folder_that_the_servers_cannot_enter_are_kept_apart(
    environment: dict[str, str], place: Path
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    assert ask(environment, DATA_DIR=str(closed / "data")) == "1 1\n"
    assert ask(environment, DATA_DIR=str(closed / "data")) == "2 2\n"
    assert closed.stat().st_mode & 0o777 == 0o700
    apart = Path((closed / "data/servers_folder").read_text().strip())
    assert apart.parent == APART
    shutil.rmtree(apart)


def test_somebody_who_is_not_root_can_run_everything(environment: dict[str, str], place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("the other drills run so")
    home = place / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    command = [sys.executable, str(PROJECT / "manage.py"), "migrate", "--check"]
    own = environment | {"DATA_DIR": str(home / "data"), "HOME": str(home)}
    try:
        subprocess.run(["true"], cwd=PROJECT, user="nobody", check=True)
        done = subprocess.run(
            command, cwd=PROJECT, env=own, user="nobody", group="nogroup", capture_output=True, text=True
        )
    except PermissionError:
        pytest.skip("the checkout or Python is closed to others")
    assert "Traceback" not in done.stderr, done.stderr
