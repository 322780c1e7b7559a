"""Another format or hash: a new epoch hangs on the old one, and each is verified by its own."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connections

from audit.anchors import AnchorError, kept, read, take
from audit.canonical import FORMATS, SHA256, Format, Hash
from audit.generator import install
from audit.models import Epoch, Seal
from audit.recording import record, recorded
from audit.rights import narrow_rights
from audit.security_rights import install_security
from audit.signing import SIGNATURE, has_key
from audit.verification import Kind, verify
from plans.models import Plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SHA512 = Hash("sha512", "sha512", 64)


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"


@pytest.fixture
def second(request: pytest.FixtureRequest) -> Iterator[Format]:
    """The program learns a second format; afterwards the database seals by the first again."""
    form = FORMATS[2] = Format(2, getattr(request, "param", SHA256))
    yield form
    del FORMATS[2]
    migrated()


def migrated() -> None:
    """What ``migrate`` does at its end: rights to all tables are given, and narrowed again."""
    owner, role = connections["owner"], connections["default"].settings_dict["USER"]
    install(owner, role)
    install_security(owner, role, django_settings.SECURITY_TRAIL_MONTHS)
    narrow_rights(owner, role)


def written(code: str) -> None:
    with recorded(by=None, reason="新建"):
        plan = Plan.objects.create(code=code, name="规划", base_year=2020, first_year=2021, last_year=2025)
        record("plan.create", plan, note=code)


def epochs() -> list[tuple[int, int, str]]:
    return list(Epoch.objects.order_by("number").values_list("number", "format", "hash_name"))


def found() -> list[str]:
    return [str(finding) for finding in verify().findings.listed]


def test_the_same_format_opens_no_epoch() -> None:
    migrated()
    assert epochs() == [(1, 1, "sha256")]


@pytest.mark.parametrize("second", [SHA256, SHA512], ids=["head", "hash"], indirect=True)
def test_a_new_format_opens_an_epoch_that_hangs_on_the_old_one(second: Format) -> None:
    written("a")
    last = Seal.objects.latest("sequence")
    migrated()
    opening = Seal.objects.get(epoch=2, change=None)
    assert bytes(opening.previous) == bytes(last.digest)
    assert len(opening.digest) == second.hash.size
    written("b")
    assert epochs() == [(1, 1, "sha256"), (2, 2, second.hash.name)]
    assert Seal.objects.latest("sequence").epoch_id == 2
    assert found() == []
    migrated()
    assert len(epochs()) == 2


@pytest.mark.parametrize("second", [SHA512], indirect=True)
def test_what_is_altered_in_either_epoch_is_found(second: Format) -> None:
    written("a")
    migrated()
    written("b")
    with connections["owner"].cursor() as owner:
        owner.execute("UPDATE plans_historicalplan SET name = '别的'")
    assert [finding.kind for finding in verify().findings.listed].count(Kind.ALTERED) == 2


def test_the_key_goes_on_signing_in_the_new_epoch(second: Format, tmp_path: Path) -> None:
    del FORMATS[2]
    call_command("signing_key", stdout=io.StringIO())
    old = take("daily")
    FORMATS[2] = second
    migrated()
    new = take("daily")
    assert Epoch.objects.latest("number").key == old.key == new.key
    assert (old.values["format"], new.values["format"]) == (1, 2)
    assert found() == []
    assert [read(file).count for file in kept()] == [old.count, new.count]
    assert verify(anchors=[old, new]).findings.listed == []


def test_a_key_waits_until_the_database_seals_by_the_new_format(second: Format) -> None:
    with pytest.raises(CommandError, match="请先运行"):
        call_command("signing_key", stdout=io.StringIO())
    assert (epochs(), has_key()) == ([(1, 1, "sha256")], False)


def test_a_format_that_the_program_does_not_know_is_named(second: Format) -> None:
    written("a")
    migrated()
    form = FORMATS.pop(2)
    try:
        assert "本程序不认识的封存规则，不能核对：第2期封存规则（格式 2，摘要算法 sha256）" in found()
    finally:
        FORMATS[2] = form


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("anchor", 9, "锚点格式“9”"),
        ("signature", "sm2", "签名算法“sm2”"),
        ("hash", "sm3", "封存格式“1”、摘要算法“sm3”"),
        ("format", 9, "封存格式“9”、摘要算法“sha256”"),
    ],
)
def test_an_anchor_by_what_is_not_known_is_named(name: str, value: object, words: str) -> None:
    call_command("signing_key", stdout=io.StringIO())
    values = take("daily").values | {name: value}
    kept()[0].write_text(f"{json.dumps(values)}\n")
    with pytest.raises(AnchorError, match=f"不认识{words}"):
        read(kept()[0])


def test_another_signature_opens_an_epoch_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("signing_key", stdout=io.StringIO())
    monkeypatch.setattr("audit.sealing.SIGNATURE", "another")
    migrated()
    newest = Epoch.objects.latest("number")
    assert (newest.signature_name, newest.key) == ("another", "")
    assert SIGNATURE == "ed25519"
    assert found() == []
