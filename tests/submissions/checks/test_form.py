"""What a whole form is asked: read from the database once, however many cells there are."""

from datetime import date

import pytest

from submissions.checks import missing_in, oddities_in
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reporter
from tests.factories.plans import period
from tests.factories.submissions import opened, published, saved


@pytest.mark.django_db
class TestForm:
    def test_the_last_published_value_is_compared(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None)
        published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert [(odd.kind, odd.anchor) for odd in oddities_in(form)] == [
            ("unusual_change", f"cell-{form.figures.get().pk}")
        ]

    def test_a_withdrawn_value_is_not(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None)
        early = period(of=row.plan, ends_on=date(2018, 3, 31))
        published(row, "10", of=early, withdrawn_at="2018-07-01T00:00+08:00")
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert oddities_in(form) == []

    def test_another_organisations_value_is_not(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None)
        published(row, "10", by=organisation(), of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert oddities_in(form) == []

    def test_a_blank_cell_is_missing_and_not_odd(self) -> None:
        form = opened(indicator(lead=organisation()))
        assert [(found.kind, found.title) for found in missing_in(form)] == [("missing", "待填")]
        assert oddities_in(form) == []

    def test_more_cells_ask_no_more_queries(self, django_assert_max_num_queries) -> None:
        by = reporter()
        first = indicator(lead=by.organisation)
        form = opened(first, *[indicator(of=first.plan, lead=by.organisation) for _ in range(9)])
        for each in form.figures.all():
            saved(each, "50", by=by)
        with django_assert_max_num_queries(6):
            oddities_in(form)
