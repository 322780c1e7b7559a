"""Saving many cells of a form at once: what came of each, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.moves import StaleState
from audit.recording import recorded
from indicators.models import IndicatorPart
from organisations.models import User
from submissions.actions import CellConflict, NeedsConfirmation, Sent, save_figures, submit
from submissions.models import Figure, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved

pytestmark = pytest.mark.django_db
STATEMENTS = 6
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@pytest.fixture
def by() -> User:
    return reporter()


def form_of(by: User, count: int) -> Submission:
    of = plan()
    return opened(*[indicator(of=of, lead=by.organisation, unit="家") for _ in range(count)])


@pytest.fixture
def form(by: User) -> Submission:
    return form_of(by, 3)


def cells(form: Submission) -> list[Figure]:
    return list(form.figures.order_by("indicator__number"))


def sent(figure: Figure, text: str, **more: object) -> Sent:
    return Sent(figure.pk, **({"revision": figure.revision, "words": {"value_text": text}} | more))


def send(form: Submission, by: User, *texts: str) -> list[object]:
    """Send a text for each cell; what came of each."""
    return save_figures(form, by=by, cells=[sent(c, t) for c, t in zip(cells(form), texts, strict=False)])


class TestEach:
    def test_those_that_can_be_read_are_saved_and_the_others_told(self, form: Submission, by: User) -> None:
        first, second, third = send(form, by, "1,234", "约5", "1.2万")
        assert (first.refusal, first.figure.value, first.figure.revision) == (None, 1234, 1)
        assert "不是一个确定的数" in second.refusal.message_dict["value_text"][0]
        assert isinstance(third.refusal, NeedsConfirmation)
        assert [cell.revision for cell in cells(form)] == [1, 0, 0]

    def test_a_conflict_names_the_one_cell_and_saves_the_rest(self, form: Submission, by: User) -> None:
        seen = cells(form)
        saved(seen[0], "78", by=reporter(at=by.organisation, name="填报人乙"))
        told = save_figures(form, by=by, cells=[sent(seen[0], "76"), sent(seen[1], "5")])
        assert isinstance(told[0].refusal, CellConflict)
        assert (told[0].refusal.current.saved_by.name, told[0].refusal.current.value) == ("填报人乙", 78)
        assert [cell.value for cell in cells(form)] == [78, 5, None]

    def test_what_is_saved_already_is_no_change(self, form: Submission, by: User) -> None:
        send(form, by, "5", "6")
        told = send(form, by, "5", "7")
        assert [each.figure.revision for each in told] == [1, 2]
        assert Entry.objects.filter(event="figure.save").count() == 3

    def test_a_field_that_is_not_sent_keeps_what_is_saved(self, form: Submission, by: User) -> None:
        cell = cells(form)[0]
        saved(cell, "5", by=by, data_source="统计月报", explanation="首次")
        cell.refresh_from_db()
        save_figures(form, by=by, cells=[sent(cell, "6")])
        cell.refresh_from_db()
        assert (cell.value, cell.data_source, cell.explanation) == (6, "统计月报", "首次")

    def test_parts_take_the_names_of_the_indicator(self, form: Submission, by: User) -> None:
        cell = cells(form)[0]
        with recorded(by=None, reason="测试"):
            for number, name in enumerate(["甲类", "乙类"], 1):
                IndicatorPart.objects.create(indicator=cell.indicator, number=number, name=name, unit="家")
        (told,) = save_figures(form, by=by, cells=[sent(cell, "9", parts=[{"value": "7"}, {"value": "２"}])])
        cell.refresh_from_db()
        assert told.refusal is None
        assert cell.parts == [
            {"name": "甲类", "unit": "家", "value": "7"},
            {"name": "乙类", "unit": "家", "value": "2"},
        ]

    def test_each_changed_cell_has_a_version_and_an_entry_in_one_change(self, form: Submission, by: User) -> None:
        send(form, by, "5", "6", "7")
        versions = Figure.history.filter(submission_id=form.pk, revision=1)
        assert versions.count() == 3
        entries = Entry.objects.filter(event="figure.save")
        assert len({entry.change_id for entry in entries}) == 1
        assert sorted(entry.detail["after"] for entry in entries) == ["5", "6", "7"]


class TestRefused:
    def test_a_stranger(self, form: Submission) -> None:
        with pytest.raises(PermissionDenied):
            send(form, reporter(), "5")

    def test_a_form_that_was_handed_in(self, form: Submission, by: User) -> None:
        send(form, by, "5", "6", "7")
        submit(form, by=by)
        with pytest.raises(StaleState):
            send(form, by, "8")

    def test_a_cell_of_another_form(self, form: Submission, by: User) -> None:
        with pytest.raises(Figure.DoesNotExist):
            save_figures(form, by=by, cells=[sent(cells(form_of(by, 1))[0], "5")])
        assert not form.figures.exclude(answer="").exists()

    def test_who_reviews_forms(self, form: Submission) -> None:
        with pytest.raises(PermissionDenied):
            send(form, reviewer(), "5")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that were sent meanwhile, without the marks of transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if not query["sql"].startswith(CONTROL)]


class TestCost:
    @pytest.mark.parametrize("count", [1, 40])
    def test_the_number_of_statements_does_not_grow(self, by: User, count: int) -> None:
        form = form_of(by, count)
        send(form, by, *["5"] * count)
        given, _ = [sent(cell, "6") for cell in cells(form)], by.roles
        with statements() as asked:
            told = save_figures(form, by=by, cells=given)
        assert all(each.figure.revision == 2 for each in told)
        assert len([sql for sql in asked if sql.startswith("UPDATE")]) == 1
        assert len(asked) <= STATEMENTS

    def test_what_is_sent_unchanged_is_not_written(self, form: Submission, by: User) -> None:
        send(form, by, "5", "6", "7")
        with statements() as asked:
            send(form, by, "5", "6", "7")
        assert not [sql for sql in asked if sql.startswith(("UPDATE", "INSERT"))]
