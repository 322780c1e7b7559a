"""How cells would be read: for the preview of a paste, and for the change as one types. Nothing is saved."""

import pytest

from indicators.models import QuantityKind
from organisations.models import User
from submissions.actions import Sent
from submissions.models import Figure
from submissions.readings import Reading, readings_of
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.submissions import opened, published, saved, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def cell(by: User) -> Figure:
    return opened(indicator(lead=by.organisation, unit="家", kind=QuantityKind.STOCK)).figures.get()


def reading(cell: Figure, **words: str) -> Reading:
    (found,) = readings_of(cell.submission, [Sent(cell.pk, cell.revision, words)])
    return found


class TestFields:
    @pytest.mark.parametrize(
        ("text", "kind", "read"),
        [
            ("1,234.5", "ok", "1234.5"),
            ("１２３４", "ok", "1234"),
            ("0", "ok", "0"),
            ("1.2万", "confirm", "12000"),
            ("约5", "error", ""),
            ("无", "error", ""),
            ("12%", "error", ""),
        ],
    )
    def test_a_number_is_read_or_refused(self, cell: Figure, text: str, kind: str, read: str) -> None:
        found = reading(cell, value_text=text).fields["value_text"]
        assert (found.kind, found.text) == (kind, read)
        assert bool(found.told) == (kind in ("confirm", "error"))

    def test_one_field_that_cannot_be_read_does_not_hinder_the_others(self, cell: Figure) -> None:
        found = reading(cell, value_text="5", as_of_text="下周", explanation="首次").fields
        assert {name: each.kind for name, each in found.items()} == {
            "value_text": "ok",
            "as_of_text": "error",
            "explanation": "ok",
        }

    def test_what_is_saved_already_is_the_same(self, cell: Figure, by: User) -> None:
        saved(cell, "1234", by=by)
        cell.refresh_from_db()
        found = reading(cell, value_text="1,234").fields["value_text"]
        assert (found.kind, found.old) == ("same", "1234")

    def test_a_cell_that_was_handed_in_is_shut(self, by: User) -> None:
        form = submitted(by)
        assert reading(form.figures.get(), value_text="5").fields["value_text"].kind == "shut"


def test_the_changes_are_those_that_saving_would_show(cell: Figure, by: User) -> None:
    ends_on = cell.period.ends_on
    published(cell.indicator, "100", as_of=ends_on.replace(year=ends_on.year - 1), by=by.organisation)
    assert reading(cell, value_text="125").row.changes == ["+25", "+25.0%", "同比+25.0%"]


def test_nothing_is_saved(cell: Figure) -> None:
    reading(cell, value_text="5", explanation="首次")
    cell.refresh_from_db()
    assert (cell.answer, cell.revision, cell.explanation) == ("", 0, "")


def test_a_cell_of_another_form_is_not_there(cell: Figure, by: User) -> None:
    other = opened(indicator(lead=by.organisation)).figures.get()
    with pytest.raises(Figure.DoesNotExist):
        readings_of(cell.submission, [Sent(other.pk, 0, {"value_text": "5"})])
