"""A bundle of records is checked by its own verifier, in another process; one byte changed, and it refuses."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from audit.bundle import make
from audit.models import Entry
from overview.actions import export_trail
from submissions.actions import return_for_correction
from tests.factories.organisations import auditor, reporter, reviewer
from tests.factories.security import records
from tests.factories.submissions import submitted

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"


@pytest.fixture
def key() -> None:
    call_command("signing_key", stdout=io.StringIO())


@pytest.fixture
def returned():
    form = submitted(reporter(), "51", "7")
    return_for_correction(form, by=reviewer(), round=1, remarks={form.figures.first(): ["=1+1，请核实。"]})
    return form


@pytest.fixture
def folder(key: None, returned, tmp_path: Path) -> Path:
    """An unpacked bundle about one of the two indicators."""
    number = returned.figures.first().indicator.number
    with export_trail(returned.period.plan, f"指标{number}", by=auditor()) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def verified(place: Path, *arguments: str) -> tuple[int, str]:
    """Run the verifier that is in the bundle, with nothing but the standard library."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(place / "verify.py"), *arguments], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.returncode, done.stdout


def listed_anew(place: Path) -> None:
    """Write the list of digests as a forger would."""
    names = [line.split("  ")[1] for line in (place / "SHA256SUMS").read_text().splitlines()]
    lines = [f"{hashlib.sha256((place / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (place / "SHA256SUMS").write_text("".join(lines))


def openssl(place: Path, name: str) -> bool:
    line = f"openssl pkeyutl -verify -rawin -pubin -inkey key.public.pem -in {name} -sigfile {name}.sig"
    assert name != "SHA256SUMS" or line in (place / "README.txt").read_text()
    return subprocess.run(line.split(), cwd=place, capture_output=True, check=False).returncode == 0


class TestTheVerifier:
    def test_accepts_what_was_taken_out(self, folder: Path) -> None:
        code, told = verified(folder)
        assert (code, "与封印一致" in told) == (0, True), told

    def test_accepts_the_zip_as_it_came(self, folder: Path, tmp_path: Path) -> None:
        archive = shutil.make_archive(str(tmp_path / "again"), "zip", folder)
        assert verified(folder, archive)[0] == 0

    @pytest.mark.parametrize("name", ["trail.csv", "trail.jsonl", "chain.anchor", "key.public.pem", "README.txt"])
    def test_refuses_one_byte_in_any_file(self, folder: Path, name: str) -> None:
        content = bytearray((folder / name).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        code, told = verified(folder)
        assert (code, "不符" in told) == (1, True)

    def test_refuses_one_digit_of_a_value_though_the_list_was_written_anew(self, folder: Path) -> None:
        text = (folder / "trail.jsonl").read_text()
        assert "51.000000" in text
        (folder / "trail.jsonl").write_text(text.replace("51.000000", "52.000000"))
        listed_anew(folder)
        code, told = verified(folder)
        assert (code, "与摘要不符" in told) == (1, True), told

    def test_refuses_a_digest_that_was_made_to_fit(self, folder: Path) -> None:
        lines = (folder / "trail.jsonl").read_text().splitlines()
        at, seal = next((at, json.loads(line)) for at, line in enumerate(lines) if "51.000000" in line)
        for part in seal["written"]:
            for row, text in part["rows"].items():
                part["rows"][row] = text.replace("51.000000", "52.000000")
                part["digests"][list(map(str, part["ids"])).index(row)] = hashlib.sha256(
                    part["rows"][row].encode()
                ).hexdigest()
        lines[at] = json.dumps(seal, ensure_ascii=False)
        (folder / "trail.jsonl").write_text("\n".join(lines) + "\n")
        listed_anew(folder)
        assert "内容与封印不符" in verified(folder)[1]

    def test_refuses_a_seal_that_is_missing(self, folder: Path) -> None:
        lines = (folder / "trail.jsonl").read_text().splitlines()
        (folder / "trail.jsonl").write_text("\n".join([*lines[:2], *lines[3:]]) + "\n")
        listed_anew(folder)
        assert "缺第" in verified(folder)[1]

    @pytest.mark.parametrize("change", ["drop", "rename"])
    def test_refuses_a_sheet_of_other_changes_than_the_chain(self, folder: Path, change: str) -> None:
        lines = (folder / "trail.csv").read_text(encoding="utf-8-sig").splitlines()
        number = lines[1].split(",")[1]
        kept = [line for line in lines if line.split(",")[1] != number]
        wrong = [",".join([*line.split(",")[:1], "99999999", *line.split(",")[2:]]) for line in lines[1:2]]
        told = kept if change == "drop" else [lines[0], *wrong, *lines[2:]]
        (folder / "trail.csv").write_text("\n".join(told) + "\n", encoding="utf-8-sig")
        listed_anew(folder)
        code, told = verified(folder)
        assert (code, "trail.csv" in told) == (1, True), told

    @pytest.mark.parametrize(
        ("file", "before", "after", "words"),
        [
            ("trail.jsonl", '[1,"sha256"]', '[7,"sm3"]', "不认识封存格式“7”、摘要算法“sm3”"),
            ("chain.anchor", '"sha256"', '"sm3"', "不认识封存格式“1”、摘要算法“sm3”"),
            ("chain.anchor", '"ed25519"', '"sm2"', "不认识签名算法“sm2”"),
            ("trail.jsonl", '"bundle":1', '"bundle":2', "不认识线索包格式“2”"),
        ],
    )
    def test_names_what_it_does_not_know(self, folder: Path, file: str, before: str, after: str, words: str) -> None:
        text = (folder / file).read_text()
        assert before in text
        (folder / file).write_text(text.replace(before, after))
        listed_anew(folder)
        assert words in verified(folder)[1]

    def test_refuses_another_anchor(self, folder: Path) -> None:
        anchor = json.loads((folder / "chain.anchor").read_text())
        (folder / "chain.anchor").write_text(json.dumps(anchor | {"digest": "00" * 32}))
        listed_anew(folder)
        assert "与锚点" in verified(folder)[1]

    def test_is_shorter_than_150_lines(self, folder: Path) -> None:
        assert len((folder / "verify.py").read_text().splitlines()) < 150


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
class TestTheSignature:
    def test_is_checked_by_one_line_of_openssl(self, folder: Path) -> None:
        assert openssl(folder, "SHA256SUMS")
        assert openssl(folder, "chain.anchor")

    def test_does_not_fit_a_list_that_was_written_anew(self, folder: Path) -> None:
        sheet = (folder / "trail.csv").read_text()
        (folder / "trail.csv").write_text(sheet.replace("请核实", "不必核实"))
        listed_anew(folder)
        assert verified(folder)[0] == 0
        assert not openssl(folder, "SHA256SUMS")


class TestWhatIsInIt:
    def test_the_sheet_holds_no_formulas(self, folder: Path) -> None:
        sheet = (folder / "trail.csv").read_text("utf-8-sig")
        assert "'=1+1，请核实。" in sheet
        assert "填报数值" in sheet

    def test_nothing_of_other_figures_is_disclosed(self, folder: Path) -> None:
        text = (folder / "trail.jsonl").read_text()
        assert '\\"7.000000\\"' not in text
        assert '\\"51.000000\\"' in text

    def test_is_on_record_in_both_trails(self, key: None, returned) -> None:
        reader = auditor()
        export_trail(returned.period.plan, "退回", by=reader).close()
        entry = Entry.objects.get(event="trail.export")
        assert (entry.change.actor, entry.detail["query"]) == (reader, "退回")
        assert [record.person_id for record in records("trail.export")] == [reader.pk]


class TestRefused:
    def test_to_others_than_auditors(self, returned) -> None:
        with pytest.raises(PermissionDenied):
            export_trail(returned.period.plan, "退回", by=reviewer())

    def test_without_a_key(self, returned) -> None:
        with pytest.raises(ValidationError, match="没有签名密钥"):
            export_trail(returned.period.plan, "退回", by=auditor())

    def test_when_nothing_answers(self, key: None, returned) -> None:
        with pytest.raises(ValidationError, match="没有可以导出的记录"):
            export_trail(returned.period.plan, "鲸鱼", by=auditor())

    def test_when_nothing_is_sealed(self) -> None:
        with pytest.raises(ValidationError, match="没有可以导出的封存记录"):
            make({}, [])
