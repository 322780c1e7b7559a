"""A copy of everything in one file, and the way back: the database, the uploaded files, the anchors of history, and, in a
file apart, the keys: the one of the sessions, and those that sign the anchors.

The file is a tar: ``contents.json`` (what is in it, with checksums), ``database.dump`` (pg_dump's custom format),
``media/`` and ``anchors/``. Anchors are looked up before the database is read (none says more than was read), uploaded
files afterwards (they are only ever added, so each row that was read finds its file).
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import connections

from audit import anchors, signing
from audit.clock import now
from config.local_services.postgresql import last_line, package_binaries
from files.actions import INCOMING

FORM = 1
DATABASE, CONTENTS, MEDIA, ANCHORS = "database.dump", "contents.json", "media", "anchors"


def keys_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.keys")


def client(program: str, *arguments: str) -> None:
    """Run a client of PostgreSQL on the owner's database. The password goes by the environment, which others can't read.

    Raises:
        CommandError: it failed; the last line of what it said.
    """
    owner = connections["owner"].settings_dict
    variables = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(owner[name]) for variable, name in variables.items() if owner[name]}
    command = [str(package_binaries() / program), "--no-password", *arguments]
    done = subprocess.run(command, env={**os.environ, **given, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"{program} 失败：{last_line(done.stderr)}")


def checksum(file: Path) -> str:
    with open(file, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def media_files() -> list[Path]:
    """Return the files that are kept; an upload on its way may be gone before it is copied."""
    found = (path for path in Path(settings.MEDIA_ROOT).rglob("*") if not path.name.startswith(INCOMING))
    return sorted(path for path in found if path.is_file())


def anchor_files() -> list[Path]:
    """Return the anchors that are kept, each with its signature."""
    return [part for file in anchors.kept() for part in (file, anchors.signature_of(file)) if part.is_file()]


def all_keys() -> dict[str, Any]:
    """What the file of keys holds: the key of the sessions, and the keys that sign, by the names of their files."""
    pem = {file.name: file.read_text() for file in sorted(signing.folder().glob("*.pem"))}
    return {"SECRET_KEY": settings.SECRET_KEY, "signing": pem}


def uploads_in(contents: dict[str, Any]) -> int:
    """How many uploaded files a copy has."""
    return sum(name.startswith(f"{MEDIA}/") for name in contents["sha256"])


def write(file: Path) -> dict[str, Any]:
    """Write the copy and, beside it, the keys, both readable by their owner only; return what is in it.

    Raises:
        CommandError: the folder can't be written, or PostgreSQL refused.
    """
    umask = os.umask(0o077)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            return _write(file, Path(folder))
    except OSError as error:
        raise CommandError(
            f"不能写入 {file.parent}：{error.strerror}。请换一个目录，或检查权限和剩余空间。"
        ) from error
    finally:
        os.umask(umask)


def _write(file: Path, folder: Path) -> dict[str, Any]:
    dump, draft = folder / DATABASE, folder / "draft.tar"
    signed = {f"{ANCHORS}/{path.name}": path for path in anchor_files()}
    client("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
    sums = {DATABASE: checksum(dump)}
    paths = {f"{MEDIA}/{path.relative_to(settings.MEDIA_ROOT)}": path for path in media_files()} | signed
    sums |= {name: checksum(path) for name, path in paths.items()}
    contents = {"form": FORM, "at": now().isoformat(), "sha256": sums}
    told = folder / CONTENTS
    told.write_text(json.dumps(contents, ensure_ascii=False, indent=1))
    with tarfile.open(draft, "w") as archive:
        archive.add(told, CONTENTS)
        archive.add(dump, DATABASE)
        for name, path in paths.items():
            archive.add(path, name)
    draft.rename(file)
    keys_file(file).write_text(json.dumps(all_keys()))
    return contents


def put(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one plain file of the archive under the folder; nothing else belongs into a copy, nor a way out of it.
    (The library's own filter for this is younger than the oldest Python that we run on.)"""
    path = folder / member.name
    source = archive.extractfile(member) if member.isfile() else None
    if source is None or not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(member.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with source, path.open("wb") as target:
        shutil.copyfileobj(source, target)


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack a copy and compare its checksums.

    Raises:
        CommandError: it is no copy of ours, or damaged.
    """
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                put(archive, member, folder)
        contents: dict[str, Any] = json.loads((folder / CONTENTS).read_text())
        sums = dict(contents["sha256"])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} 不是本系统的备份，或已损坏。") from error
    damaged = [
        name for name, sum_then in sums.items() if not (folder / name).is_file() or checksum(folder / name) != sum_then
    ]
    if damaged:
        raise CommandError(f"备份已损坏，没有恢复任何内容：{'、'.join(damaged[:5])}。")
    return contents


def is_empty() -> bool:
    owner = connections["owner"]
    with owner.cursor() as cursor:
        if "plans_plan" not in owner.introspection.table_names(cursor):
            return True
        cursor.execute("SELECT EXISTS (SELECT 1 FROM plans_plan) OR EXISTS (SELECT 1 FROM organisations_user)")
        return not cursor.fetchone()[0]


def empty_database() -> None:
    """Take everything out of the database; refuse while somebody works in it.

    Raises:
        CommandError: the tables are in use.
    """
    owner = connections["owner"]
    role = owner.ops.quote_name(owner.settings_dict["USER"])
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if others := cursor.fetchone()[0]:
            raise CommandError(f"数据库还有 {others} 个连接：请先停止系统（网页、后台任务、定时任务），再恢复。")
        cursor.execute(f"DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {role}")
    owner.close()


def put_back_files(folder: Path) -> None:
    """Put uploaded files and anchors where they were; what is there already stays."""
    put_back(folder / MEDIA, Path(settings.MEDIA_ROOT), settings.FILE_UPLOAD_PERMISSIONS)
    put_back(folder / ANCHORS, anchors.folder(), 0o644)


def put_back(folder: Path, to: Path, mode: int) -> None:
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        target = to / path.relative_to(folder)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.rename(target) if same_disk(path, target.parent) else target.write_bytes(path.read_bytes())
            target.chmod(mode)


def same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def read(file: Path) -> dict[str, Any]:
    """Put a copy in the place of what is there; the tables are brought up to date by ``migrate`` afterwards."""
    with tempfile.TemporaryDirectory(prefix="restore-") as name:
        folder = Path(name)
        contents = unpack(file, folder)
        empty_database()
        client(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={connections['owner'].settings_dict['NAME']}",
            str(folder / DATABASE),
        )
        put_back_files(folder)
    return contents
