"""What a whole form is asked: read from the database once, however many cells there are."""

from copy import copy
from datetime import date
from decimal import Decimal

import pytest

from audit.recording import recorded
from submissions.checks import findings_of, missing_in, oddities_in
from submissions.queries.previous import figures_of
from tests.factories.evaluation import case
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


@pytest.mark.django_db
class TestProposedValues:
    """Values that aren't saved are held against the same as saved ones; nothing is written."""

    def test_a_proposed_value_is_checked_in_the_place_of_the_saved_one(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None, base=None)
        published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "12", by=by)
        (figure,) = figures_of(form)
        proposed = copy(figure)
        proposed.value = Decimal(50)
        assert findings_of([figure]) == []
        assert [each.kind for each in findings_of([proposed])] == ["unusual_change"]
        assert form.figures.get().value == 12

    def test_its_explanation_answers_it(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None, base=None)
        published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        (figure,) = figures_of(opened(row))
        figure.value, figure.answer, figure.explanation = Decimal(50), "value", "新建园区投产。"
        assert [each.is_explained for each in findings_of([figure])] == [True]

    def test_blanks_are_asked_for_on_demand(self) -> None:
        (figure,) = figures_of(opened(indicator(lead=organisation())))
        assert findings_of([figure]) == []
        assert [(each.kind, each.blocks) for each in findings_of([figure], with_blanks=True)] == [("required", True)]


@pytest.mark.django_db
class TestBesideTheCell:
    def test_a_definition_that_changed_breaks_the_series(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None, base=None, definition="规上企业")
        published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "11", by=by)
        assert oddities_in(form) == []
        with recorded(by=None, reason="口径调整"):
            row.definition = "规上企业和新增纳统企业"
            row.save()
        assert [each.kind for each in oddities_in(form)] == ["definition_changed"]

    def test_a_definition_written_down_for_the_first_time_is_no_change(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None, base=None)
        published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "11", by=by)
        with recorded(by=None, reason="补写口径"):
            row.definition = "规上企业"
            row.save()
        assert oddities_in(form) == []

    def test_the_cases_cut_off_reaches_the_form_of_its_round(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation, target=None, base=None))
        case(of=form.period.plan, cut_off=date(2018, 3, 31), outlook_until=date(2018, 12, 31), round=form.period)
        saved(form.figures.get(), "11", by=by, as_of_text="2018年5月")
        assert [each.kind for each in oddities_in(form)] == ["after_cut_off"]
