"""Anchors are signed outside of the database, by a key that is made and rotated by a command."""

import hashlib
import io
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit import signing
from audit.anchors import AnchorError, bytes_of, kept, read, signature_of, sm3, take
from audit.jobs import take_anchor
from audit.models import Epoch, Seal
from audit.recording import recorded
from audit.verification import verify
from tests.conftest import truncate

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"


@pytest.fixture
def key() -> Iterator[signing.SigningKey]:
    call_command("signing_key", stdout=io.StringIO())
    return signing.current()


def change_something() -> None:
    with recorded(by=None, reason="变更"):
        pass


class TestSigningKey:
    def test_is_made_once_and_opens_an_epoch_that_names_it(self, key: signing.SigningKey) -> None:
        call_command("signing_key", stdout=io.StringIO())
        first, second = Epoch.objects.all()
        assert (first.signature_name, first.key) == ("", "")
        assert (second.format, second.hash_name, second.signature_name, second.key) == (
            1,
            "sha256",
            "ed25519",
            key.public,
        )
        assert [(seal.epoch_id, seal.change_id) for seal in Seal.objects.all()] == [(1, None), (2, None)]
        change_something()
        assert Seal.objects.last().epoch == second

    def test_that_a_restored_history_does_not_know_opens_an_epoch_in_it(self, key: signing.SigningKey) -> None:
        truncate()  # the history is another now, of a time before the key
        call_command("signing_key", stdout=io.StringIO())
        assert [epoch.key for epoch in Epoch.objects.all()] == ["", key.public]
        assert not verify(anchors=[take("daily")]).findings

    def test_lies_in_a_file_that_only_its_owner_reads(self, key: signing.SigningKey) -> None:
        (private,) = signing.folder().glob(f"*{signing.PRIVATE}")
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
        assert stat.S_IMODE(signing.folder().stat().st_mode) == 0o700

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
    def test_that_others_can_read_signs_nothing(self, key: signing.SigningKey, mode: int) -> None:
        (private,) = signing.folder().glob(f"*{signing.PRIVATE}")
        private.chmod(mode)
        with pytest.raises(signing.NoKey, match="chmod 600"):
            take("daily")

    def test_that_is_damaged_is_told(self, key: signing.SigningKey) -> None:
        (private,) = signing.folder().glob(f"*{signing.PRIVATE}")
        private.write_text("-----BEGIN")
        with pytest.raises(signing.NoKey, match="读不了签名密钥"):
            take("daily")

    def test_that_is_rotated_signs_once_more_and_is_destroyed(self, key: signing.SigningKey) -> None:
        call_command("signing_key", "--rotate", stdout=io.StringIO())
        assert signing.current().public != key.public
        assert len(list(signing.folder().glob(f"*{signing.PUBLIC}"))) == 2
        (last,) = kept()
        assert read(last).key == key.public
        assert [epoch.key for epoch in Epoch.objects.all()][1:] == [key.public, signing.current().public]

    def test_that_is_missing_is_told(self) -> None:
        with pytest.raises(signing.NoKey, match="没有签名密钥"):
            take("daily")
        with pytest.raises(CommandError, match=r"manage\.py signing_key"):
            call_command("take_anchor")

    def test_no_key_is_left_where_the_epoch_could_not_be_opened(self, settings: Any) -> None:
        Path(settings.SIGNING_KEY_DIR).write_text("a file in the folder's place")
        with pytest.raises(CommandError, match="没有变动"):
            call_command("signing_key")
        assert Epoch.objects.count() == 1


class TestAnchor:
    def test_says_how_far_the_chain_had_come(self, key: signing.SigningKey) -> None:
        change_something()
        anchor, last = take("定稿"), Seal.objects.last()
        assert (anchor.count, anchor.digest, anchor.key) == (3, bytes(last.digest).hex(), key.public)
        assert hashlib.sha256(bytes_of(last)).hexdigest() == anchor.digest
        assert anchor.values["occasion"] == "定稿"
        assert anchor.values["sm3"] == sm3(bytes_of(last))

    def test_is_kept_each_day_and_read_again(self, key: signing.SigningKey) -> None:
        take_anchor()
        (file,) = kept()
        assert read(file).count == 2
        assert read(file).values["occasion"] == "daily"
        assert len(signature_of(file).read_bytes()) == 64

    def test_is_one_line_that_can_be_pasted(self, key: signing.SigningKey, tmp_path: Path) -> None:
        out = io.StringIO()
        call_command("take_anchor", stdout=out, stderr=io.StringIO())
        pasted = tmp_path / "record.txt"
        pasted.write_text(out.getvalue())
        assert out.getvalue().count("\n") == 1
        assert read(pasted) == read(kept()[0])

    @pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
    def test_is_checked_by_openssl_alone(self, key: signing.SigningKey) -> None:
        take("daily")
        (file,) = kept()
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", signing.public_file(key.public)]
        command += ["-in", file, "-sigfile", signature_of(file)]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
        file.write_bytes(file.read_bytes().replace(b"daily", b"Daily"))
        assert subprocess.run(command, check=False, capture_output=True).returncode != 0

    def test_of_which_a_byte_was_changed_is_refused(self, key: signing.SigningKey) -> None:
        take("daily")
        (file,) = kept()
        file.write_bytes(file.read_bytes().replace(b'"count":2', b'"count":1'))
        with pytest.raises(AnchorError, match="签名不对"):
            read(file)

    @pytest.mark.parametrize("content", ["", "nonsense", "{} AAAA", '{"anchor":2} AAAA', "\x00"])
    def test_another_file_is_refused_in_words(self, content: str, tmp_path: Path) -> None:
        file = tmp_path / "x"
        file.write_text(content)
        with pytest.raises(AnchorError, match="锚点"):
            read(file)

    def test_a_file_that_is_not_there_is_refused_in_words(self, tmp_path: Path) -> None:
        with pytest.raises(AnchorError, match="读不了"):
            read(tmp_path / "nowhere")


def test_sm3_is_the_known_one_where_the_machine_offers_it() -> None:
    assert sm3(b"abc") in {"", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"}
