"""A copy and the way back: what is refused, and one small round trip into a database of its own."""

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from psycopg import sql

from audit import signing
from audit.anchors import SIGNATURE_SUFFIX
from config import backup
from tests.factories.plans import plan
from tests.running import until


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "proof.pdf").write_bytes(b"%PDF-1.4")
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"
    return settings.MEDIA_ROOT


@pytest.fixture
def signed(settings, media: Path) -> None:
    """A key that signs, and an anchor."""
    signing.keep(signing.generate())
    settings.ANCHOR_DIR.mkdir()
    for suffix in ("", SIGNATURE_SUFFIX):
        (settings.ANCHOR_DIR / f"1.anchor{suffix}").write_text(f"anchor{suffix}")
    (settings.ANCHOR_DIR / "last-check.json").write_text("{}")


def packed(file: Path, **sums: str) -> Path:
    """A file in the form of a copy, with one part and whichever checksum."""
    part, contents = file.with_name("part"), file.with_name("contents")
    part.write_text("rows")
    contents.write_text(json.dumps({"form": backup.FORM, "at": "", "sha256": sums or {"part": backup.checksum(part)}}))
    with tarfile.open(file, "w") as archive:
        archive.add(contents, backup.CONTENTS)
        archive.add(part, "part")
    return file


class TestBackup:
    def test_an_existing_file_is_not_overwritten(self, tmp_path: Path) -> None:
        file = tmp_path / "copy.tar"
        file.write_text("kept")
        with pytest.raises(CommandError, match="已存在，请换一个文件名"):
            call_command("backup", "--to", str(file))
        assert file.read_text() == "kept"

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="nowhere 不存在"):
            call_command("backup", "--to", str(tmp_path / "nowhere" / "copy.tar"))

    def test_a_folder_that_cannot_be_written_is_said_in_one_line(self) -> None:
        with pytest.raises(CommandError, match="不能写入"):
            call_command("backup", "--to", "/proc/copy.tar")


class TestMediaFiles:
    def test_an_upload_on_its_way_is_not_copied(self, media: Path) -> None:
        """It is moved or gone by the time that its checksum is made."""
        (media / "incoming-x1").write_bytes(b"%PDF-")
        assert backup.media_files() == [media / "proof.pdf"]


class TestUnpack:
    def test_a_whole_copy_is_unpacked(self, tmp_path: Path) -> None:
        backup.unpack(packed(tmp_path / "copy.tar"), tmp_path / "out")
        assert (tmp_path / "out" / "part").read_text() == "rows"

    def test_another_kind_of_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "copy.tar").write_text("not a tar")
        with pytest.raises(CommandError, match="不是本系统的备份"):
            backup.unpack(tmp_path / "copy.tar", tmp_path / "out")

    def test_a_changed_part_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="没有恢复任何内容：part。"):
            backup.unpack(packed(tmp_path / "copy.tar", part="0" * 64), tmp_path / "out")

    def test_so_is_a_missing_one(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"没有恢复任何内容：media/a\.pdf。"):
            backup.unpack(packed(tmp_path / "copy.tar", **{"media/a.pdf": "0" * 64}), tmp_path / "out")

    @pytest.mark.parametrize(("name", "kind"), [("../out.txt", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)])
    def test_what_leads_out_of_the_folder_is_refused(self, tmp_path: Path, name: str, kind: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc"
        with tarfile.open(tmp_path / "copy.tar", "w") as archive:
            archive.addfile(member)
        (tmp_path / "into").mkdir()
        with pytest.raises(CommandError, match="不是本系统的备份"):
            backup.unpack(tmp_path / "copy.tar", tmp_path / "into")
        assert not (tmp_path / "out.txt").exists()

    def test_an_archive_without_a_list_of_contents_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "contents").write_text("[]")
        with tarfile.open(tmp_path / "copy.tar", "w") as archive:
            archive.add(tmp_path / "contents", backup.CONTENTS)
        with pytest.raises(CommandError, match="不是本系统的备份"):
            backup.unpack(tmp_path / "copy.tar", tmp_path / "out")


class TestRestore:
    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"没有备份文件 .*copy\.tar"):
            call_command("restore", str(tmp_path / "copy.tar"))

    @pytest.mark.django_db(transaction=True, databases=["default", "owner"])
    def test_a_database_in_use_is_not_replaced_unasked(self, tmp_path: Path) -> None:
        plan()
        with pytest.raises(CommandError, match="请加 --replace"):
            call_command("restore", str(packed(tmp_path / "copy.tar")))

    @pytest.mark.parametrize("text", ["", "{}", "not json", '{"SECRET_KEY": 1}', '{"SECRET_KEY": "x", "signing": []}'])
    def test_keys_that_cannot_be_read_are_refused_before_anything_is_replaced(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "keys").write_text(text)
        with pytest.raises(CommandError, match="不是密钥文件"):
            call_command("restore", str(packed(tmp_path / "copy.tar")), "--replace", "--keys", str(tmp_path / "keys"))


@pytest.mark.usefixtures("signed")
class TestTheKeysThatSign:
    def test_go_with_the_keys_and_not_with_the_data(self) -> None:
        names = set(backup.all_keys()["signing"])
        assert {name.partition(".")[2] for name in names} == {"private.pem", "public.pem"}
        assert {file.name for file in backup.anchor_files()} == {"1.anchor", f"1.anchor{SIGNATURE_SUFFIX}"}

    def test_come_back_for_their_owners_eyes_only(self, settings, tmp_path: Path) -> None:
        keys, key = backup.all_keys()["signing"], signing.current().public
        settings.SIGNING_KEY_DIR = tmp_path / "elsewhere"
        assert signing.put_back(keys)
        assert signing.current().public == key
        assert {file.stat().st_mode & 0o777 for file in signing.folder().glob("*.private.pem")} == {0o600}
        assert signing.put_back(keys)  # a second time changes nothing

    def test_do_not_come_beside_another_key(self, settings, tmp_path: Path) -> None:
        keys, former = backup.all_keys()["signing"], signing.current().public
        settings.SIGNING_KEY_DIR = tmp_path / "elsewhere"
        signing.keep(own := signing.generate())
        assert not signing.put_back(keys)
        assert signing.current().public == own.public
        assert signing.public_file(former).is_file()

    def test_lead_to_no_other_folder(self, settings, tmp_path: Path) -> None:
        signing.put_back({"../out.public.pem": "x"})
        assert not (tmp_path / "out.public.pem").exists()


@pytest.fixture
def another_database(transactional_db: None) -> Iterator[str]:
    """An empty database, of the same owner, in which to restore."""
    owner = connections["owner"].settings_dict
    name, before = f"{owner['NAME']}_restored", owner["NAME"]
    parameters = connections["owner"].get_connection_params()

    def run(statement: str) -> None:
        with psycopg.connect(**parameters, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    run("DROP DATABASE IF EXISTS {}")
    run("CREATE DATABASE {}")
    yield name
    connections["owner"].close()
    owner["NAME"] = before
    run("DROP DATABASE {} WITH (FORCE)")


def nobody_else_is_connected() -> bool:
    """The server takes a moment to see that a connection was closed."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0] == 0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestTheWayBack:
    def test_rows_and_files_come_back_in_an_empty_database(
        self, another_database: str, tmp_path: Path, media: Path, signed: None
    ) -> None:
        plan(code="a-plan-that-was-kept")
        contents = backup.write(tmp_path / "copy.tar")
        assert backup.uploads_in(contents) == 1
        for file in (media / "proof.pdf", tmp_path / "anchors" / "1.anchor"):
            file.unlink()
        owner = connections["owner"]
        owner.close()
        owner.settings_dict["NAME"] = another_database
        assert backup.is_empty()
        with psycopg.connect(**owner.get_connection_params()), pytest.raises(CommandError, match="还有 1 个连接"):
            backup.read(tmp_path / "copy.tar")
        until(nobody_else_is_connected)
        backup.read(tmp_path / "copy.tar")
        with owner.cursor() as cursor:
            cursor.execute("SELECT code FROM plans_plan")
            assert cursor.fetchall() == [("a-plan-that-was-kept",)]
        assert not backup.is_empty()
        assert (media / "proof.pdf").read_bytes() == b"%PDF-1.4"
        assert (tmp_path / "anchors" / "1.anchor").read_text() == "anchor"
        assert json.loads((tmp_path / "copy.tar.keys").read_text())["signing"] == backup.all_keys()["signing"]
