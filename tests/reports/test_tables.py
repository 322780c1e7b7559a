"""What stands in the report's tables: published values in their own forms, and nothing made up."""

from datetime import date
from decimal import Decimal

import pytest

from audit.recording import recorded
from evaluation.actions import decide_assessment
from evaluation.models import Evaluation, EvaluationKind
from indicators.models import DocumentedValue, Indicator, IndicatorCategory
from reports.queries import tables_for
from reports.tables import Table
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation
from tests.factories.plans import period
from tests.factories.submissions import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return case(outlook_until=date(2018, 12, 31))


def add(evaluation: Evaluation, **fields: object) -> Indicator:
    return indicator(of=evaluation.plan, lead=organisation(), **fields)


def cells(table: Table, row: int = 0) -> list[str]:
    return [str(cell) for cell in [row for row in table.rows if not row.is_group][row].cells]


def only_row(evaluation: Evaluation) -> list[str]:
    return cells(tables_for(evaluation)["category:1"])


class TestCategoryTable:
    def test_base_target_and_value_stand_as_they_were_printed(self, evaluation: Evaluation) -> None:
        row = add(evaluation, name="规模", unit="户", base=None, base_printed="——", target_printed="＞60")
        published(row, "62.49", value_printed="62.49", explanation="第一句。\n第二句。")
        assert only_row(evaluation) == ["1", "规模（户）", "——", "＞60", "预期性", "62.49\n第一句。\n第二句。"]

    def test_numbers_without_a_printed_form_have_no_separators(self, evaluation: Evaluation) -> None:
        published(add(evaluation, base=Decimal("11304.35"), target=Decimal(14000)), "9741.430")
        assert only_row(evaluation)[2:] == ["11304.35", "14000", "预期性", "9741.43"]

    def test_nothing_published_is_said_and_is_no_zero(self, evaluation: Evaluation) -> None:
        add(evaluation)
        assert only_row(evaluation)[-1] == "暂无已发布值"

    def test_what_was_published_after_the_cut_off_is_not_in_it(self, evaluation: Evaluation) -> None:
        published(add(evaluation), "40", as_of=date(2018, 7, 1))
        assert only_row(evaluation)[-1] == "暂无已发布值"

    def test_an_indicator_not_counted_any_more_has_a_stroke(self, evaluation: Evaluation) -> None:
        add(evaluation, is_counted=False, dropped_reason="统计制度调整")
        table = tables_for(evaluation)["category:1"]
        assert (cells(table)[-1], table.note) == ("/", "备注：“/”为不再纳入统计。")

    def test_no_data_is_a_stroke_too(self, evaluation: Evaluation) -> None:
        published(add(evaluation), None)
        assert only_row(evaluation)[-1] == "/"

    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({"target_form": "at_least"}, "≥100"),
            ({"target_form": "at_most"}, "≤100"),
            ({"target_form": "range", "target_upper": Decimal(120)}, "100–120"),
            ({"target_form": "yes_no", "target": None}, "完成"),
            ({"target": None}, "—"),
        ],
    )
    def test_a_target_is_told_by_its_form(self, evaluation: Evaluation, fields: dict, shown: str) -> None:
        add(evaluation, **fields)
        assert only_row(evaluation)[3] == shown

    def test_the_note_tells_what_a_missing_base_means(self, evaluation: Evaluation) -> None:
        add(evaluation, base=None, base_printed="-", base_missing="from_zero")
        add(evaluation, base=None, base_printed="——", base_missing="not_obtained")
        assert tables_for(evaluation)["category:1"].note == "备注：“-”为基数从零起算；“——”为基数未取得。"

    def test_rows_are_numbered_anew_in_each_category(self, evaluation: Evaluation) -> None:
        with recorded(by=None, reason="测试"):
            second = IndicatorCategory.objects.create(plan=evaluation.plan, number=2, title="第二类")
        for number, fields in ((7, {}), (8, {}), (9, {"category": second})):
            add(evaluation, number=number, **fields)
        tables = tables_for(evaluation)
        assert [cells(tables["category:1"], row)[0] for row in (0, 1)] == ["1", "2"]
        assert cells(tables["category:2"])[0] == "1"
        assert [cells(tables["appendix"], row)[0] for row in (0, 1, 2)] == ["7", "8", "9"]

    def test_a_figure_leads_to_its_origin(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        published(row, "40")
        assert tables_for(evaluation)["category:1"].rows[0].cells[-1].indicator == row.number

    def test_another_kind_of_evaluation_has_no_mid_term_in_its_heads(self) -> None:
        final = case(kind=EvaluationKind.FINAL)
        add(final)
        heads = [column.head for table in tables_for(final).values() for column in table.columns]
        assert "中期" not in "".join(heads)

    @pytest.mark.parametrize(
        ("fields", "value", "more", "shown"),
        [
            ({"unit": "%"}, "46.9", {}, "46.9%"),
            ({"unit": "%"}, "46.9", {"value_printed": "46.9%"}, "46.9%"),
            (
                {},
                "51",
                {"value_printed": "47+1+3", "parts": [{"name": "甲", "unit": "家", "value": "47"}]},
                "51（47+1+3）",
            ),
        ],
    )
    def test_a_percentage_and_a_sum_of_parts_are_shown_as_such(
        self, evaluation: Evaluation, fields: dict, value: str, more: dict, shown: str
    ) -> None:
        published(add(evaluation, **fields), value, **more)
        assert only_row(evaluation)[-1] == shown


class TestAnnualTable:
    def test_full_years_are_rows_and_growth_stands_beside_its_total(self, evaluation: Evaluation) -> None:
        first = add(
            evaluation, name="总量甲", kind="year_to_date", unit="亿元", base_printed="90", target_printed="150"
        )
        add(evaluation, name="总量乙", kind="annual", base=Decimal(7))
        published(first, "95", as_of=date(2016, 12, 31), reported_growth=Decimal("-1.9"))
        published(first, "60", as_of=date(2018, 6, 30))
        published(first, "120", as_of=date(2018, 12, 31))
        table = tables_for(evaluation)["annual"]
        assert [column.head for column in table.columns] == ["年度", "总量甲（亿元）", "增速（可比价，%）", "总量乙"]
        assert [cells(table, row) for row in range(4)] == [
            ["2015年基数", "90", "", "7"],
            ["2020年目标", "150", "", "100"],
            ["2016年", "95", "-1.9", "—"],
            ["2018年", "120", "", "—"],
        ]

    def test_a_value_repeated_without_its_growth_keeps_it(self, evaluation: Evaluation) -> None:
        row, by, day = add(evaluation, kind="annual"), organisation(), date(2017, 12, 31)
        published(row, "95", as_of=day, by=by, reported_growth=Decimal(3), of=period(of=evaluation.plan, ends_on=day))
        published(row, "95.0", as_of=day, by=by)
        assert cells(tables_for(evaluation)["annual"], 2)[1:] == ["95", "3"]

    def test_a_growth_told_with_another_value_is_not_this_ones(self, evaluation: Evaluation) -> None:
        row, by, day = add(evaluation, kind="annual"), organisation(), date(2017, 12, 31)
        published(row, "95", as_of=day, by=by, reported_growth=Decimal(3), of=period(of=evaluation.plan, ends_on=day))
        published(row, "96", as_of=day, by=by, of=period(of=evaluation.plan, ends_on=date(2018, 6, 30)))
        assert cells(tables_for(evaluation)["annual"], 2)[1:] == ["96"]

    def test_a_growth_of_another_year_is_not_this_ones(self, evaluation: Evaluation) -> None:
        row, by = add(evaluation, kind="annual"), organisation()
        for year, growth in [(2016, 3), (2017, 5)]:
            of = period(of=evaluation.plan, ends_on=date(year, 12, 31))
            published(row, "95", as_of=None, by=by, of=of, reported_growth=Decimal(growth))
        table = tables_for(evaluation)["annual"]
        assert [cells(table, line)[2] for line in (2, 3)] == ["3", "5"]

    def test_a_streets_part_never_stands_for_the_whole(self, evaluation: Evaluation) -> None:
        row = add(evaluation, kind="annual")
        of = period(of=evaluation.plan, ends_on=date(2017, 12, 31))
        published(row, "95", as_of=date(2017, 12, 31), of=of)
        published(row, "3", as_of=date(2017, 12, 31), of=of, by=organisation(kind="street"))
        assert cells(tables_for(evaluation)["annual"], 2)[1] == "95"

    def test_without_annual_totals_there_is_no_such_table(self, evaluation: Evaluation) -> None:
        add(evaluation, kind="annual", is_counted=False, dropped_reason="调整")
        assert "annual" not in tables_for(evaluation)


class TestAppendix:
    def test_the_two_judgements_stand_apart(self, evaluation: Evaluation) -> None:
        published(add(evaluation), "10", expectation="yes")
        table = tables_for(evaluation)["appendix"]
        assert [column.head for column in table.columns][-3:] == ["是否达到\n中期进度", "预计能否\n如期完成", "说明"]
        assert cells(table)[-3:] == ["滞后", "预计能完成", ""]

    def test_what_the_source_marks_is_an_explanation(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        published(row, "10")
        with recorded(by=None, reason="测试"):
            DocumentedValue.objects.create(
                indicator=row, occasion="mid_term", year=2018, printed="10", completion_mark="是"
            )
        table = tables_for(evaluation)["appendix"]
        assert cells(table)[-3:] == ["滞后", "预计难完成", "原表是否完成：是"]
        assert "仅作说明" in table.note

    def test_a_persons_judgement_stands_with_its_reason_and_the_rules(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        published(row, "10")
        decide_assessment(evaluation, row, by=leader(), verdict="lagging", reason="口径有变")
        assert cells(tables_for(evaluation)["appendix"])[-3:] == [
            "滞后",
            "预计难完成",
            "人工判定：口径有变（按规则：滞后、预计难完成）",
        ]

    def test_a_dropped_indicator_gives_its_reason(self, evaluation: Evaluation) -> None:
        add(evaluation, is_counted=False, dropped_reason="统计制度调整")
        assert cells(tables_for(evaluation)["appendix"])[-3:] == ["不再纳入统计", "不评价", "统计制度调整"]

    def test_a_plan_without_indicators_has_no_empty_table(self) -> None:
        assert tables_for(case()) == {}
