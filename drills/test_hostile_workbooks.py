"""Three hundred workbooks from a seed, malformed, hostile or changed by people: none crashes or hangs the reading,
exceeds its limits, or saves a wrong number; each is answered in words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories.organisations import reporter
from tests.submissions.workbook.hostile_reading import good_book, wrong_about
from tests.workbooks.hostile import KINDS, hostile
from workbooks.parser import MEMORY

pytestmark = [pytest.mark.timeout(1800), pytest.mark.django_db]

SEED, NUMBER = 20230630, 300
HUNGRY = ("bomb", "lying sizes", "many cells", "one text everywhere", "nested", "endless dimension", "number far away")


def test_three_hundred_files_save_no_wrong_number(tmp_path: Path) -> None:
    writer = reporter()
    form, good = good_book(writer, tmp_path)
    wrong = {}
    for file in hostile(SEED, NUMBER, good):
        found = wrong_about(file, form, writer, tmp_path)
        if found:
            wrong[file.name] = found
    assert wrong == {}


def peak_of(path: Path) -> int:
    """The most memory that the reading of a file took, in bytes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workbooks.parser", str(path)], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_maxrss * 1024


def test_the_hungriest_files_stay_within_the_memory(tmp_path: Path) -> None:
    _, good = good_book(reporter(), tmp_path)
    for file in hostile(SEED, len(KINDS), good):
        if file.name[4:] in HUNGRY:
            (tmp_path / "hungry.xlsx").write_bytes(file.content)
            assert peak_of(tmp_path / "hungry.xlsx") < MEMORY, file.name
