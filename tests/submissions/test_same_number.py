"""One number, one source: what an organisation reported already is offered, not asked again."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import Entry
from audit.moves import StaleState
from indicators.models import QuantityKind
from organisations.models import User
from plans.models import PeriodKind
from submissions import actions
from submissions.actions import take_same_number
from submissions.models import Figure, Submission
from submissions.queries.same_number import SameNumber, same_numbers
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import opened, saved
from tests.submissions.pages import client_of, of, queries, text

pytestmark = pytest.mark.django_db
SAME = {
    "name": "工业总产值",
    "unit": "亿元",
    "definition": "规模以上工业企业",
    "kind": QuantityKind.YEAR_TO_DATE,
    "target": Decimal(10000),
}
HALF = {"kind": PeriodKind.HALF_YEAR, "ends_on": date(2018, 6, 30), "state": "planned"}


def one_in(by: User, **fields: object) -> Submission:
    """A form of another plan with this one indicator, open to the person."""
    of_period = fields.pop("of", None)
    return opened(indicator(lead=by.organisation, **(SAME | fields)), of=of_period)


def both(
    by: User, *, value: str = "9758.1", here: dict | None = None, there: dict | None = None
) -> tuple[Figure, Figure]:
    """A cell with a number in a form of one plan, and the cell of the same quantity in a form of another."""
    origin = one_in(by, **(there or {})).figures.get()
    saved(origin, value, by=by)
    return Figure.objects.get(pk=origin.pk), one_in(by, **(here or {})).figures.get()


def offer_for(figure: Figure) -> SameNumber | None:
    return same_numbers(figure.submission, [figure]).get(figure.pk)


def take(figure: Figure, origin: Figure, by: User) -> Figure:
    return take_same_number(figure, by=by, origin=origin.pk, revision=figure.revision)


class TestOffers:
    def test_what_another_plan_asked_for_already_is_offered_with_its_source(self) -> None:
        origin, figure = both(reporter())
        offer = offer_for(figure)
        assert offer is not None
        assert (offer.origin, offer.shown, offer.state) == (origin, "9,758.1", "已填，未提交")
        assert offer.where == f"《{origin.period.plan}》{origin.period}"

    @pytest.mark.parametrize(
        "different",
        [
            {"definition": "全部工业企业"},
            {"unit": "万元"},
            {"name": "工业增加值"},
            {"kind": QuantityKind.ANNUAL},
        ],
        ids=["definition", "unit", "name", "kind"],
    )
    def test_another_quantity_is_not_offered(self, different: dict) -> None:
        _, figure = both(reporter(), here=different)
        assert offer_for(figure) is None

    def test_spaces_in_a_definition_do_not_matter(self) -> None:
        _, figure = both(reporter(), here={"definition": "规模以上 工业企业\n"})
        assert offer_for(figure) is not None

    def test_another_day_is_not_offered(self) -> None:
        by = reporter()
        saved(one_in(by).figures.get(), "9758.1", by=by, as_of_text="2018年5月")
        assert offer_for(one_in(by).figures.get()) is None

    def test_another_organisations_number_is_not_offered(self) -> None:
        both(reporter())
        assert offer_for(one_in(reporter()).figures.get()) is None

    def test_the_same_indicator_in_another_round_is_offered(self) -> None:
        by, asked_in = reporter(), plan()
        row = indicator(of=asked_in, lead=by.organisation, **SAME)
        first, second = (opened(row, of=period(of=asked_in, state="planned")) for _ in range(2))
        saved(first.figures.get(), "9758.1", by=by)
        assert offer_for(second.figures.get()) is not None

    @pytest.mark.parametrize(("kind", "is_same"), [(QuantityKind.YEAR_TO_DATE, True), (QuantityKind.PERIOD, False)])
    def test_a_flow_over_another_stretch_is_another_quantity(self, kind: str, *, is_same: bool) -> None:
        by, asked_in = reporter(), plan()
        row = indicator(of=asked_in, lead=by.organisation, **(SAME | {"kind": kind, "frequency": "quarter"}))
        half = period(of=asked_in, starts_on=date(2018, 1, 1), **HALF)
        quarter = period(of=asked_in, starts_on=date(2018, 4, 1), **(HALF | {"kind": PeriodKind.QUARTER}))
        saved(opened(row, of=half).figures.get(), "9758.1", by=by)
        assert (offer_for(opened(row, of=quarter).figures.get()) is not None) is is_same

    def test_what_stands_in_the_cell_already_is_not_offered(self) -> None:
        by = reporter()
        _, figure = both(by)
        saved(figure, "9758.10", by=by)
        assert offer_for(Figure.objects.get(pk=figure.pk)) is None

    def test_a_cell_that_says_something_else_is_told(self) -> None:
        by = reporter()
        _, figure = both(by)
        saved(figure, "9700", by=by)
        assert offer_for(Figure.objects.get(pk=figure.pk)) is not None

    def test_what_was_returned_there_is_in_doubt(self) -> None:
        by = reporter()
        origin, figure = both(by)
        actions.submit(origin.submission, by=by)
        actions.return_for_correction(origin.submission, by=reviewer(), round=1, remarks={origin: ["请核实"]})
        assert offer_for(figure) is None

    def test_the_approved_one_comes_before_a_newer_draft(self) -> None:
        by = reporter()
        origin, figure = both(by)
        actions.submit(origin.submission, by=by)
        actions.approve(origin.submission, by=reviewer(), round=1)
        saved(one_in(by).figures.get(), "9999", by=by)
        offer = offer_for(figure)
        assert offer is not None
        assert (offer.shown, offer.state) == ("9,758.1", "已通过")


class TestTake:
    def test_the_number_is_saved_with_its_source(self) -> None:
        by = reporter()
        origin, figure = both(by)
        taken = take(figure, origin, by)
        assert (taken.value, taken.saved_by) == (origin.value, by)
        assert taken.data_source == f"《{origin.period.plan}》{origin.period}填报表"

    def test_what_was_said_beside_it_need_not_be_said_twice(self) -> None:
        by = reporter()
        origin = one_in(by).figures.get()
        saved(origin, "9758.1", by=by, explanation="新增两家企业", growth_text="1.7", data_source="统计局")
        taken = take(one_in(by).figures.get(), origin, by)
        assert (taken.explanation, taken.data_source, str(taken.reported_growth.normalize())) == (
            "新增两家企业",
            "统计局",
            "1.7",
        )

    def test_history_leads_to_where_it_came_from(self) -> None:
        by = reporter()
        origin, figure = both(by)
        take(figure, origin, by)
        told = Entry.objects.get(event="figure.take_same").detail
        assert (told["origin"], told["plan"]) == (origin.pk, origin.period.plan.code)

    def test_a_number_that_changed_meanwhile_is_not_taken(self) -> None:
        by = reporter()
        origin, figure = both(by)
        other = saved(one_in(by).figures.get(), "9999", by=by)
        with pytest.raises(StaleState, match="刚刚有变动"):
            take(figure, origin, by)
        assert other.value == 9999

    def test_a_colleagues_save_is_not_overwritten(self) -> None:
        by = reporter()
        origin, figure = both(by)
        saved(figure, "9700", by=by)
        with pytest.raises(actions.CellConflict):
            take(figure, origin, by)

    def test_it_is_the_organisations_reporters_to_do(self) -> None:
        by = reporter()
        origin, figure = both(by)
        for stranger in (reporter(), reviewer()):
            with pytest.raises(PermissionDenied):
                take(figure, origin, stranger)


class TestPage:
    def test_the_offer_stands_under_its_row(self) -> None:
        by = reporter()
        origin, figure = both(by)
        shown = text(by, of(figure.submission, "form"))
        assert "该数已报过：" in shown
        assert str(origin.period) in shown

    def test_without_definitions_it_says_so(self) -> None:
        by = reporter()
        _, figure = both(by, here={"definition": ""}, there={"definition": ""})
        assert "两处都没有写口径" in text(by, of(figure.submission, "form"))

    def test_one_press_takes_it_over(self) -> None:
        by = reporter()
        origin, figure = both(by)
        sent = {"origin": origin.pk, "revision": figure.revision}
        client_of(by).post(f"{of(figure.submission, 'form')}cells/{figure.pk}/same/", sent)
        assert Figure.objects.get(pk=figure.pk).value == origin.value
        assert "该数已报过" not in text(by, of(figure.submission, "form"))

    def test_the_trace_leads_to_the_origin(self) -> None:
        by = reporter()
        origin, figure = both(by)
        take(figure, origin, by)
        here, there = (
            reverse("overview:trace", args=[each.period.plan.code, each.indicator.number]) for each in (figure, origin)
        )
        shown = text(by, here)
        assert f"取自《{origin.period.plan}》" in shown
        assert there in shown

    def test_it_asks_one_query_however_many_cells(self) -> None:
        by, asked_in = reporter(), plan()
        few = opened(indicator(of=asked_in, lead=by.organisation, **SAME))
        many_in = plan()
        many = opened(*[indicator(of=many_in, lead=by.organisation, **(SAME | {"name": f"数{n}"})) for n in range(9)])
        assert queries(by, of(few, "form")) == queries(by, of(many, "form"))
