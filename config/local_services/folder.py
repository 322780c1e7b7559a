"""Where the local services live: the data folder, its secrets and locks, and the user that the servers run as."""

import fcntl
import hashlib
import os
import pwd
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

BASE_DIR = Path(__file__).resolve().parents[2]
APART = Path("/var/lib/mid-term-evaluation")
SERVERS_USER = "nobody"
LOCK_SECONDS = 180


class ServiceError(Exception):
    """Says in one line, in Chinese, what is wrong and what to do."""


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR", BASE_DIR / ".data"))


def made(folder: Path, mode: int = 0o700) -> Path:
    """Make a folder of ours. Parent folders keep their rights.

    Raises:
        ServiceError: it can't be made, or can't be written to.
    """
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError
    except OSError as error:
        reason = error.strerror or "没有写权限"
        raise ServiceError(
            f"数据目录 {folder} 不可写（{reason}）。请修改其权限，或用 DATA_DIR 指定另一目录。"
        ) from error
    return folder


def own_folder() -> Path:
    # Root's servers run as another user, who passes through this folder to his own; nothing else in it is open.
    return made(data_dir(), 0o711 if os.geteuid() == 0 else 0o700)


def random_secret() -> str:
    return secrets.token_urlsafe(32)


def kept_secret(name: str, make: Callable[[], str] = random_secret) -> str:
    """Return the secret of this name, kept in a 0600 file under the data folder; made at random the first time."""
    own_folder()
    file = made(data_dir() / "secrets") / name
    if not file.exists():
        draft = file.with_name(f".{name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(make())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # somebody was faster: theirs counts
        finally:
            draft.unlink()
    if file.stat().st_mode & 0o077:
        raise ServiceError(
            f"密钥文件 {file} 别的用户也能读。请运行 chmod 600 {file}；如已有人读过，请更换其中的密钥。"
        )
    return file.read_text().strip()


def replace_secret(name: str, value: str) -> None:
    own_folder()
    file = made(data_dir() / "secrets") / name
    file.unlink(missing_ok=True)
    kept_secret(name, lambda: value)


# ---------------------------------------------------------------- the user of the servers
def servers_identity() -> dict[str, Any]:
    """Return the arguments of ``subprocess`` that start a server: as a user without rights where we are root, since
    PostgreSQL refuses root."""
    arguments: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
    if os.geteuid() == 0:
        account = pwd.getpwnam(SERVERS_USER)
        arguments |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return arguments


def given_to_servers(path: Path) -> Path:
    """Hand a file or folder, with all that is in it, to the user of the servers."""
    if os.geteuid() == 0:
        account = pwd.getpwnam(SERVERS_USER)
        for part in (path, *path.rglob("*")):
            os.chown(part, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return path


def servers_folder() -> Path:
    """Return the folder of the servers' files: the data folder; or one under /var/lib, named by the data folder,
    where the servers' user can't pass the folders above (a checkout in root's home)."""
    return _servers_folder(own_folder().resolve())


@cache
def _servers_folder(folder: Path) -> Path:
    if os.geteuid() == 0:
        entered = subprocess.run(
            ["/bin/sh", "-c", 'cd "$0"', str(folder)], stderr=subprocess.DEVNULL, **servers_identity()
        )
        if entered.returncode:
            folder = APART / hashlib.sha256(str(folder).encode()).hexdigest()[:12]
            made(APART, 0o755)
            made(folder, 0o711)
            (data_dir() / "servers_folder").write_text(f"{folder}\n")
    return folder


def runs_in(pid_file: Path, folder: Path) -> int | None:
    """Return the process that a pid file names if it lives and works in the folder, else nothing: the number may be
    another process's by now."""
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        return pid if os.path.realpath(f"/proc/{pid}/cwd") == str(folder.resolve()) else None
    except (OSError, ValueError):
        return None


# ---------------------------------------------------------------- locks
def locked(name: str, operation: int) -> IO[str] | None:
    """Lock a file of the data folder; nothing where somebody else has it. The kernel frees it with its process."""
    handle = open(own_folder() / name, "a+")  # noqa: SIM115
    try:
        fcntl.flock(handle, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock under which servers are started and stopped."""
    until = time.monotonic() + LOCK_SECONDS
    while (handle := locked("lock", fcntl.LOCK_EX)) is None:
        if time.monotonic() > until:
            raise ServiceError(
                f"另一进程一直在启动或停止本地服务，请稍后再试；仍不行，请结束占用 {data_dir() / 'lock'} 的进程。"
            )
        time.sleep(0.05)
    try:
        yield
    finally:
        handle.close()
