"""PostgreSQL and a broker for a machine that has none: from wheels, under .data/, shared by all who need them.

Users are counted by the kernel: each holds a shared lock on one file as long as it lives. Who leaves as the last stops
the servers; where the last was killed, the keeper does.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import psycopg

from config.local_services import postgresql, valkey
from config.local_services.folder import (
    BASE_DIR,
    ServiceError,
    data_dir,
    kept_secret,
    locked,
    one_at_a_time,
    own_folder,
    replace_secret,
)

__all__ = [
    "ServiceError",
    "check_given_database",
    "data_dir",
    "kept_secret",
    "replace_secret",
    "revive",
    "services",
    "stop_if_unused",
]

OLDEST = 15
SERVERS = {"DATABASE_URL": postgresql, "REDIS_URL": valkey}


def check_given_database() -> None:
    """Refuse a database of the installation's own choice that can't be reached or is too old."""
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            found = connection.info.server_version // 10000
    except psycopg.Error as error:
        reason = postgresql.last_line(str(error))
        raise ServiceError(f"连接不上 DATABASE_URL 指定的数据库，请检查地址、用户和密码：{reason}") from error
    if found < OLDEST:
        raise ServiceError(f"DATABASE_URL 指定的 PostgreSQL 是 {found} 版，需要 {OLDEST} 版或以上。")


@contextmanager
def services() -> Iterator[list[str]]:
    """Give the block a database and a broker, named by the variables of the environment: the installation's own where
    they are set, else those under .data/, started if need be. Yields the names of the latter.

    Raises:
        ServiceError: they can't be had.
    """
    wanted = [name for name in SERVERS if not os.environ.get(name)]
    if "DATABASE_URL" not in wanted:
        check_given_database()
    if not wanted:
        yield []
        return
    with one_at_a_time():
        users = locked("users", fcntl.LOCK_SH)
        if users is None:
            raise ServiceError(f"{data_dir() / 'users'} 被其他程序占用，请稍后再试。")
        idle = not any(server.running() for server in SERVERS.values())
        addresses: dict[str, str] = {}
        try:
            for name in wanted:
                addresses |= SERVERS[name].ensure()
        except OSError as error:
            leave(users)
            raise ServiceError(f"本地服务启动失败：{error}。请检查 {data_dir()} 的权限和磁盘空间。") from error
        except BaseException:
            leave(users)
            raise
        if idle:
            start_keeper()
    os.environ |= addresses
    try:
        yield wanted
    finally:
        for name in addresses:
            os.environ.pop(name, None)
        with one_at_a_time():
            leave(users)


def revive(ours: list[str]) -> bool:
    """Start again what was killed of the servers that ``services`` named; tell whether an address changed."""
    killed = [name for name in ours if not SERVERS[name].running()]
    before = dict(os.environ)
    for name in killed:
        with one_at_a_time():
            os.environ |= SERVERS[name].ensure()
    if killed:
        start_keeper()
    return dict(os.environ) != before


def leave(users: IO[str]) -> None:
    """Be no user any more. Called under the lock."""
    users.close()
    stop_if_unused()


def stop_if_unused() -> bool:
    """Stop the servers if nobody uses them. Called under the lock."""
    everybody = locked("users", fcntl.LOCK_EX)
    if everybody is None:
        return False
    for server in SERVERS.values():
        server.stop()
    end_keeper()
    everybody.close()
    return True


def end_keeper() -> None:
    """End the keeper, which has nothing left to keep; it has written its number into the file that it locks."""
    alone = locked("keeper", fcntl.LOCK_EX)
    if alone is not None:
        alone.close()
        return
    number = (own_folder() / "keeper").read_text().strip()
    if number.isdigit() and int(number) != os.getpid():
        os.kill(int(number), signal.SIGTERM)


def start_keeper() -> None:
    """Leave a process behind that stops the servers once nobody uses them."""
    with open(own_folder() / "keeper.log", "w") as log:
        subprocess.Popen(
            [sys.executable, "-m", "config.local_services.keeper"],
            cwd=BASE_DIR,
            env={**os.environ, "DATA_DIR": str(data_dir().resolve())},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
