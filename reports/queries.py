"""The tables of the report, filled from published values only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from arithmetic.shown import number_in_document, numeral
from evaluation.models import Evaluation
from evaluation.queries import Assessed, assess
from indicators.models import DocumentedValue, Indicator, QuantityKind
from plans.models import Plan
from reports.models import Section
from reports.tables import Cell, Column, Row, Table
from submissions.models import Answer, PublishedValue

PROGRESS_NOTE = "“-”“——”为规划未设定基数或未取得基数；“/”为不再纳入统计。完成情况取截至数据截止日的最后一次已发布值。"


def tables_for(evaluation: Evaluation) -> dict[str, Table]:
    """Return every table of the report by name: ``category:1`` …, ``annual``, ``appendix``."""
    rows = assess(evaluation)
    tables = {table.name: table for table in category_tables(evaluation.plan, rows)}
    tables["annual"] = annual_table(evaluation, rows)
    tables["appendix"] = appendix(evaluation, rows)
    return tables


def by_category(rows: Sequence[Assessed]) -> dict[int, list[Assessed]]:
    """Group assessed indicators by the number of their category, in order."""
    found: dict[int, list[Assessed]] = defaultdict(list)
    for row in rows:
        assert row.indicator.category is not None
        found[row.indicator.category.number].append(row)
    return dict(found)


def indicator_columns(plan: Plan) -> list[Column]:
    return [
        Column("序号", 12, is_figure=True),
        Column("指标名称", 44),
        Column(f"{plan.base_year}年\n基数", 22, is_figure=True),
        Column(f"{plan.last_year}年\n目标", 20, is_figure=True),
        Column("属性", 18, is_figure=True),
        Column("中期完成\n情况", 40, is_figure=True),
    ]


def category_tables(plan: Plan, rows: Sequence[Assessed]) -> list[Table]:
    """One table for each category of indicators, numbered within the category."""
    tables = []
    for number, members in by_category(rows).items():
        category = members[0].indicator.category
        assert category is not None
        tables.append(
            Table(
                name=f"category:{number}",
                title=f"表{number}　{category.title}",
                columns=indicator_columns(plan),
                rows=[Row(indicator_cells(row, order)) for order, row in enumerate(members, start=1)],
                note=f"备注：{PROGRESS_NOTE}" if any(row.indicator.base is None for row in members) else "",
            )
        )
    return tables


def indicator_cells(row: Assessed, order: int) -> list[Cell]:
    indicator = row.indicator
    return [
        Cell(str(order)),
        Cell(indicator.full_name),
        Cell(base_in_document(indicator)),
        Cell(target_in_document(indicator)),
        Cell(indicator.get_attribute_display()),
        value_cell(row),
    ]


def base_in_document(indicator: Indicator) -> str:
    """The base as the plan prints it; a dash where nothing is printed."""
    return indicator.base_printed or number_in_document(indicator.base)


def target_in_document(indicator: Indicator) -> str:
    return indicator.target_printed or number_in_document(indicator.target)


def value_cell(row: Assessed) -> Cell:
    """The published value in its own form, and its explanation under it."""
    published = row.published
    if published is None:
        return Cell("暂无已发布值", indicator=row.number)
    return Cell(value_in_document(published), paragraphs=_lines(published.explanation), indicator=row.number)


def value_in_document(published: PublishedValue) -> str:
    """The value as it was printed, else its number; a value that is missing for a reason says so."""
    if published.value_printed:
        return published.value_printed
    if published.answer == Answer.NO_DATA:
        return "/"
    return number_in_document(published.value)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def annual_table(evaluation: Evaluation, rows: Sequence[Assessed]) -> Table:
    """The annual series of the totals that start anew each year, up to the outlook's date; years are rows."""
    plan = evaluation.plan
    totals = [row.indicator for row in rows if row.indicator.kind == QuantityKind.YEAR_TO_DATE]
    values = year_end_values(plan, totals, until=evaluation.outlook_until)
    with_growth = {i.pk for i in totals if any(v.reported_growth is not None for v in values[i.pk].values())}
    columns = [Column("年度", 30)]
    for indicator in totals:
        columns.append(Column(indicator.full_name, 40, is_figure=True))
        if indicator.pk in with_growth:
            columns.append(Column("增速（可比价，%）", 30, is_figure=True))
    lines = [Row(_annual_cells(f"{plan.base_year}年基数", totals, with_growth, [i.base_printed for i in totals]))]
    lines.append(
        Row(_annual_cells(f"{plan.last_year}年目标", totals, with_growth, [i.target_printed for i in totals]))
    )
    for year in sorted({year for found in values.values() for year in found}):
        cells = [Cell(f"{year}年")]
        for indicator in totals:
            published = values[indicator.pk].get(year)
            shown = value_in_document(published) if published else "—"
            cells.append(Cell(shown, indicator=indicator.number))
            if indicator.pk in with_growth:
                growth = published.reported_growth if published else None
                cells.append(Cell("" if growth is None else number_in_document(growth)))
        lines.append(Row(cells))
    return Table(name="annual", title=f"{plan.first_year}年以来主要总量指标完成情况表", columns=columns, rows=lines)


def _annual_cells(head: str, totals: Sequence[Indicator], with_growth: set[int], printed: Sequence[str]) -> list[Cell]:
    cells = [Cell(head)]
    for indicator, text in zip(totals, printed, strict=True):
        cells.append(Cell(text))
        if indicator.pk in with_growth:
            cells.append(Cell(""))
    return cells


def year_end_values(
    plan: Plan, indicators: Sequence[Indicator], *, until: date
) -> dict[int, dict[int, PublishedValue]]:
    """Return, by indicator and year, the last published value of the full year, as of its end, up to a day."""
    found: dict[int, dict[int, PublishedValue]] = {indicator.pk: {} for indicator in indicators}
    published = PublishedValue.objects.filter(
        indicator__in=indicators,
        withdrawn_at=None,
        as_of__lte=until,
        as_of__month=12,
        as_of__day=31,
        value__isnull=False,
    ).order_by("as_of", "published_at", "sequence")
    for value in published:
        assert value.as_of is not None
        found[value.indicator_id][value.as_of.year] = value
    return found


def appendix(evaluation: Evaluation, rows: Sequence[Assessed]) -> Table:
    """All indicators by category, with the two judgements apart, and what the source says of completion."""
    plan = evaluation.plan
    marks = completion_marks(plan)
    columns = [
        Column("序号", 12, is_figure=True),
        Column("指标名称", 46),
        Column(f"{plan.base_year}年\n基数", 22, is_figure=True),
        Column(f"{plan.last_year}年\n目标", 20, is_figure=True),
        Column("属性", 18, is_figure=True),
        Column("中期完成情况", 58, is_figure=True),
        Column("是否达到\n中期进度", 22, is_figure=True),
        Column("预计能否\n如期完成", 22, is_figure=True),
        Column("完成情况说明", 34),
    ]
    lines = []
    for number, members in by_category(rows).items():
        category = members[0].indicator.category
        assert category is not None
        lines.append(Row([Cell(f"{numeral(number)}、{category.title}")], is_group=True))
        for row in members:
            judged = [Cell(row.verdict.words), Cell(row.outlook.words)]
            lines.append(Row([*indicator_cells(row, row.number), *judged, Cell(marks.get(row.indicator.pk, ""))]))
    return Table(
        name="appendix",
        title=f"{plan.name}指标中期执行情况表",
        columns=columns,
        rows=lines,
        note=f"备注：{PROGRESS_NOTE}“是否达到中期进度”与“预计能否如期完成”分别判断。",
        is_wide=True,
    )


def completion_marks(plan: Plan) -> dict[int, str]:
    """What the source document says of completion, by indicator: an explanation, no judgement of ours."""
    documented = DocumentedValue.objects.filter(
        indicator__plan=plan, occasion=DocumentedValue.Occasion.MID_TERM
    ).exclude(completion_mark="")
    return dict(documented.values_list("indicator_id", "completion_mark"))


def unwritten_sections(evaluation: Evaluation) -> list[Section]:
    """Return the sections that still hold placeholder text."""
    return list(Section.objects.filter(evaluation=evaluation, is_written_by_people=True, is_placeholder=True))
