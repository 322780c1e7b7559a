"""A few of the hostile files that the drill tries by the hundred."""

from pathlib import Path

import pytest

from tests.factories.organisations import reporter
from tests.submissions.workbook.hostile_reading import good_book, wrong_about
from tests.workbooks.hostile import KINDS, Hostile, hostile

pytestmark = pytest.mark.django_db

SAMPLE = ("NaN", "as Excel prints a double", "formula without result", "percentage", "rows swapped without keys")


def test_a_sample_saves_no_wrong_number(tmp_path: Path) -> None:
    writer = reporter()
    form, good = good_book(writer, tmp_path)
    files = [each for each in hostile(1, len(KINDS), good) if each.name[4:] in SAMPLE]
    wrong = {each.name: found for each in files if (found := wrong_about(each, form, writer, tmp_path))}
    assert (len(files), wrong) == (len(SAMPLE), {})


def test_a_wrong_number_would_be_found(tmp_path: Path) -> None:
    writer = reporter()
    form, good = good_book(writer, tmp_path)
    lie = Hostile("a lie", good.content, {**good.truth, next(iter(good.truth)): None})
    assert "was saved" in wrong_about(lie, form, writer, tmp_path)[0]
