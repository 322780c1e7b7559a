"""The published plan as loaded: every printed form read back, beside what it means."""

import csv
from decimal import Decimal

import pytest

from indicators.models import DocumentedValue, Indicator, IndicatorPart, MissingBase
from organisations.models import Organisation, OrganisationKind
from plans.models import Plan
from responsibilities.models import Responsibility
from tasks.models import KeyTask
from tests.way.conftest import PLAN
from tests.way.test_published_judgements import MISSING, ROWS
from workbooks.actions import load_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_plan")]

# number: base, target, mid-term value, as they are printed
PRINTED = {
    1: ("11304.35", "14000", "9741.43"),
    2: ("2784.59", "4080", "2162.72"),
    3: ("9431.79", "12000", "/"),
    4: ("1864", "2600", "2410"),
    5: ("1", "1", "1"),
    6: ("0", "1", "1"),
    7: ("3", "8", "5"),
    8: ("56.14", "58.5", "46.9%"),
    9: ("25", "92", "47 + 1 + 3"),
    10: ("29", "135", "118"),
    11: ("39000", "50000", "58070"),
    12: ("2502", "4400", "3151"),
    13: ("24", "44", "36"),
    14: ("220", "300", "284"),
    15: ("-", "20", "1"),
    16: ("6", "160", "1298"),
    17: ("——", "＞60", "62.49"),
    18: ("——", "＞25", "25.14"),
    19: ("——", "200", "78"),
}
MID_TERM = DocumentedValue.Occasion.MID_TERM


def of_the_categories() -> list[Indicator]:
    return list(Indicator.objects.filter(category__isnull=False).order_by("category__number", "number"))


def mid_term(number: int) -> DocumentedValue:
    return DocumentedValue.objects.get(indicator__number=number, occasion=MID_TERM)


def test_nineteen_indicators_in_five_categories_in_order() -> None:
    rows = of_the_categories()
    assert [row.number for row in rows] == list(range(1, 20))
    assert [sum(row.category.number == n for row in rows) for n in range(1, 6)] == [4, 6, 4, 2, 3]


@pytest.mark.parametrize("number", PRINTED)
def test_every_value_is_kept_as_it_is_printed(number: int) -> None:
    row = Indicator.objects.get(number=number)
    assert (row.base_printed, row.target_printed, mid_term(number).printed) == PRINTED[number]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_what_is_printed_means_what_the_judgement_takes(row: tuple) -> None:
    number, _, base, target, value, as_of, expectation, *_ = row
    found, documented = Indicator.objects.get(number=number), mid_term(number)
    assert found.base == (None if base in MISSING else Decimal(base))
    assert found.base_missing == MISSING.get(base, "")
    assert found.target == Decimal(target.removeprefix("＞"))
    assert (documented.value, documented.as_of) == (Decimal(value), as_of.day)
    assert documented.as_of_precision == as_of.precision
    assert documented.expectation == (expectation or "")


def test_the_dropped_indicator_has_no_value_and_its_reason() -> None:
    row = Indicator.objects.get(number=3)
    assert (row.is_counted, mid_term(3).value) == (False, None)
    assert "不再纳入统计范畴" in row.dropped_reason


def test_two_meanings_of_a_missing_base() -> None:
    meanings = {number: Indicator.objects.get(number=number).base_missing for number in (15, 17, 18, 19)}
    assert meanings == {15: MissingBase.FROM_ZERO, **dict.fromkeys((17, 18, 19), MissingBase.NOT_OBTAINED)}


def test_a_value_of_three_parts_keeps_them_with_their_units() -> None:
    assert [(part["value"], part["unit"]) for part in mid_term(9).parts] == [("47", "家"), ("1", "家"), ("3", "个")]
    assert IndicatorPart.objects.count() == 3


@pytest.mark.parametrize("number", [9, 10, 11, 12, 13, 14, 17, 18])
def test_the_sentences_of_the_source_are_explanations(number: int) -> None:
    assert mid_term(number).explanation


def test_both_texts_are_kept_where_body_and_appendix_differ() -> None:
    names = [row.number for row in of_the_categories() if row.body_name]
    texts = list(DocumentedValue.objects.exclude(body_explanation="").values_list("indicator__number", flat=True))
    assert (names, texts) == ([9], [18])
    assert Plan.objects.get().body_note


def test_annual_values_and_reported_growth() -> None:
    rows = DocumentedValue.objects.filter(indicator__number=2, occasion=DocumentedValue.Occasion.YEAR)
    assert [(row.year, row.printed, row.reported_growth) for row in rows.order_by("year")] == [
        (2020, "2784.59", None),
        (2021, "2198.28", -19),
        (2022, "2162.72", Decimal("1.7")),
        (2023, "2279.1", Decimal("5.5")),
    ]


def test_eleven_streets_five_chapters_four_projects() -> None:
    plan = Plan.objects.get()
    assert Organisation.objects.filter(kind=OrganisationKind.STREET).count() == 11
    assert (plan.chapters.count(), plan.projects.count()) == (5, 4)


def test_every_indicator_task_and_project_has_one_lead() -> None:
    leads = Responsibility.objects.filter(part="lead")
    subjects = {
        "indicator": Indicator.objects.count(),
        "task": KeyTask.objects.count(),
        "project": Plan.objects.get().projects.count(),
    }
    for field, count in subjects.items():
        assert leads.filter(**{f"{field}__isnull": False}).values(field).distinct().count() == count


def test_every_row_says_where_it_comes_from() -> None:
    for file in PLAN.glob("*.csv"):
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()):
            assert row["来源"] in ("报告", "演示假定"), (file.name, row)


def test_a_second_load_changes_nothing() -> None:
    assert load_plan(PLAN, by=None).touched == 0
