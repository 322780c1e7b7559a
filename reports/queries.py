"""The tables of the report, filled from published values only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from arithmetic.goal import Verdict
from arithmetic.shown import number_in_document, numeral
from evaluation.models import Evaluation, EvaluationKind
from evaluation.queries import Assessed, Basis, basis_of
from evaluation.queries.series import as_of_of
from indicators.models import DocumentedValue, Indicator, TargetForm
from plans.models import Plan
from reports.models import Section
from reports.tables import Cell, Column, Row, Table
from submissions.models import Answer, PublishedValue

DROPPED = "“/”为不再纳入统计"
TWO_JUDGEMENTS = "进度是否达到与预计能否如期完成是两项判断，分别作出"
MARKS = "“原表是否完成”摘自原执行情况表，仅作说明"


def tables_for(evaluation: Evaluation) -> dict[str, Table]:
    """Return the report's tables by name, ``category:1`` …, ``annual``, ``appendix``; none of them is empty."""
    return tables_from(evaluation, basis_of(evaluation), completion_marks(evaluation.plan))


def tables_from(evaluation: Evaluation, basis: Basis, marks: Mapping[int, str]) -> dict[str, Table]:
    """The same from what was read before; ``marks`` are what the source document says of completion."""
    rows = basis.on(evaluation.cut_off)
    annual = annual_table(evaluation, basis.on(evaluation.outlook_until), basis)
    tables = [*category_tables(evaluation, rows), annual, appendix(evaluation, rows, marks)]
    return {table.name: table for table in tables if table.rows}


def values_in(evaluation: Evaluation) -> set[int]:
    """Return the keys of the published values that the report's tables print now."""
    basis = basis_of(evaluation)
    rows = basis.on(evaluation.cut_off)
    annual = year_end_values(basis.on(evaluation.outlook_until))
    printed = {row.published.pk for row in rows if row.published is not None}
    return printed | {value.pk for years in annual.values() for value in years.values()}


def by_category(rows: Sequence[Assessed]) -> dict[int, list[Assessed]]:
    """Group assessed indicators by the number of their category, in order."""
    found: dict[int, list[Assessed]] = defaultdict(list)
    for row in rows:
        assert row.indicator.category is not None
        found[row.indicator.category.number].append(row)
    return dict(found)


def middle(evaluation: Evaluation) -> str:
    """中期 in the words of a mid-term evaluation, nothing in those of another."""
    return "中期" if evaluation.kind == EvaluationKind.MID_TERM else ""


def indicator_columns(evaluation: Evaluation) -> list[Column]:
    plan = evaluation.plan
    return [
        Column("序号", 10, is_figure=True),
        Column("指标名称", 36),
        Column(f"{plan.base_year}年\n基数", 22, is_figure=True),
        Column(f"{plan.last_year}年\n目标", 18, is_figure=True),
        Column("属性", 15, is_figure=True),
        Column(f"{middle(evaluation)}完成\n情况", 55, is_figure=True),
    ]


def note_of(rows: Sequence[Assessed], *more: str) -> str:
    """The note under a table: what its signs mean, as far as it has them."""
    without_base = [row.indicator for row in rows if row.indicator.base is None]
    signs = dict.fromkeys((base_in_document(i), i.get_base_missing_display() or "空缺") for i in without_base)
    notes = [f"“{sign}”为基数{meaning}" for sign, meaning in signs]
    notes += [DROPPED] if any(not row.indicator.is_counted for row in rows) else []
    notes += more
    return f"备注：{'；'.join(notes)}。" if notes else ""


def category_tables(evaluation: Evaluation, rows: Sequence[Assessed]) -> list[Table]:
    """One table for each category of indicators, numbered within the category."""
    tables = []
    for number, members in by_category(rows).items():
        category = members[0].indicator.category
        assert category is not None
        tables.append(
            Table(
                name=f"category:{number}",
                title=f"表{number}　{category.title}",
                columns=indicator_columns(evaluation),
                rows=[Row(indicator_cells(row, order)) for order, row in enumerate(members, start=1)],
                note=note_of(members),
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
    """The target as the plan prints it, else by its form: ≥60, 10–20, 完成."""
    if indicator.target_printed:
        return indicator.target_printed
    number = number_in_document(indicator.target)
    match indicator.target_form:
        case TargetForm.YES_NO:
            return "完成"
        case TargetForm.RANGE if indicator.target_upper is not None:
            return f"{number}–{number_in_document(indicator.target_upper)}"
        case TargetForm.AT_LEAST | TargetForm.AT_MOST if indicator.target is not None:
            return f"{'≥' if indicator.target_form == TargetForm.AT_LEAST else '≤'}{number}"
    return number


def value_cell(row: Assessed) -> Cell:
    """The published value in its own form, and its explanation under it."""
    published = row.published
    if published is None:
        return Cell("暂无已发布值" if row.indicator.is_counted else "/", indicator=row.number)
    return Cell(
        value_in_document(published, row.indicator), paragraphs=_lines(published.explanation), indicator=row.number
    )


def value_in_document(published: PublishedValue, indicator: Indicator) -> str:
    """The value as it was printed, else its number: 46.9%, 51（47+1+3）; one missing for a reason is a stroke."""
    if published.answer == Answer.NO_DATA or published.value is None:
        return published.value_printed or "/"
    number = number_in_document(published.value)
    printed = published.value_printed or number
    if published.parts and printed != number:
        return f"{number}（{printed}）"
    return f"{printed}%" if indicator.unit == "%" and not printed.endswith("%") else printed


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def annual_table(evaluation: Evaluation, rows: Sequence[Assessed], basis: Basis) -> Table:
    """The annual series of the totals that start anew each year; years are rows. ``rows`` reach up to the outlook's date.

    Without rows where no such total is counted.
    """
    plan = evaluation.plan
    totals = annual_totals(rows)
    values = year_end_values(rows)
    growths = reported_growths(value for total in totals for value in basis.values[total.pk])
    with_growth = {i.pk for i in totals if any(key_of(v) in growths for v in values[i.pk].values())}
    columns = [Column("年度", 30)]
    for indicator in totals:
        columns.append(Column(indicator.full_name, 40, is_figure=True))
        if indicator.pk in with_growth:
            columns.append(Column("增速（可比价，%）", 30, is_figure=True))
    bases, targets = map(base_in_document, totals), map(target_in_document, totals)
    lines = [
        Row(_annual_cells(f"{plan.base_year}年基数", totals, with_growth, bases)),
        Row(_annual_cells(f"{plan.last_year}年目标", totals, with_growth, targets)),
    ]
    for year in sorted({year for found in values.values() for year in found}):
        cells = [Cell(f"{year}年")]
        for indicator in totals:
            published = values[indicator.pk].get(year)
            shown = value_in_document(published, indicator) if published else "—"
            cells.append(Cell(shown, indicator=indicator.number))
            if indicator.pk in with_growth:
                growth = growths.get(key_of(published)) if published else None
                cells.append(Cell("" if growth is None else number_in_document(growth)))
        lines.append(Row(cells))
    title = f"{plan.first_year}年以来主要总量指标完成情况表"
    return Table(name="annual", title=title, columns=columns, rows=lines if totals else [])


ReportedGrowths = dict[tuple[int, int, date, Decimal | None], Decimal | None]


def key_of(published: PublishedValue) -> tuple[int, int, date, Decimal | None]:
    """What a reported growth belongs to: indicator, organisation, day, value."""
    return published.indicator_id, published.organisation_id, as_of_of(published).last_day, published.value


def reported_growths(values: Iterable[PublishedValue]) -> ReportedGrowths:
    """Return the growths at comparable prices that were published with a value, also in another period than the
    value that is shown: a special round repeats a year's value without its growth."""
    told = [value for value in values if value.reported_growth is not None]
    told.sort(key=lambda value: (value.published_at, value.sequence))
    return {key_of(each): each.reported_growth for each in told}


def annual_totals(rows: Sequence[Assessed]) -> list[Indicator]:
    """The indicators that count a whole year's total and are still counted."""
    return [row.indicator for row in rows if row.goal.kind.is_annual_flow and row.indicator.is_counted]


def _annual_cells(head: str, totals: Sequence[Indicator], with_growth: set[int], printed: Iterable[str]) -> list[Cell]:
    cells = [Cell(head)]
    for indicator, text in zip(totals, printed, strict=True):
        cells.append(Cell(text))
        if indicator.pk in with_growth:
            cells.append(Cell(""))
    return cells


def year_end_values(rows: Sequence[Assessed]) -> dict[int, dict[int, PublishedValue]]:
    """Return, by indicator and year, the published value of each full year after the base year."""
    return {
        row.indicator.pk: {
            point.day.year: point.published
            for point in row.series
            if point.as_of.is_end_of_year and point.day.year > row.goal.base_year
        }
        for row in rows
    }


def appendix(evaluation: Evaluation, rows: Sequence[Assessed], marks: Mapping[int, str]) -> Table:
    """All indicators by category, the two judgements apart, and what else was said of completion."""
    plan = evaluation.plan
    columns = [
        Column("序号", 10, is_figure=True),
        Column("指标名称", 30),
        Column(f"{plan.base_year}年\n基数", 20, is_figure=True),
        Column(f"{plan.last_year}年\n目标", 16, is_figure=True),
        Column("属性", 14, is_figure=True),
        Column(f"{middle(evaluation)}完成情况", 68, is_figure=True),
        Column(f"是否达到\n{middle(evaluation) or '应有'}进度", 25, is_figure=True),
        Column("预计能否\n如期完成", 23, is_figure=True),
        Column("说明", 41),
    ]
    lines = []
    for number, members in by_category(rows).items():
        category = members[0].indicator.category
        assert category is not None
        lines.append(Row([Cell(f"{numeral(number)}、{category.title}")], is_group=True))
        for row in members:
            judged = [Cell(published_words(row.verdict)), Cell(row.outlook.words)]
            said = Cell("", paragraphs=list(_said_of_completion(row, marks.get(row.indicator.pk, ""))))
            lines.append(Row([*indicator_cells(row, row.number), *judged, said]))
    return Table(
        name="appendix",
        title=f"{plan.name}指标{middle(evaluation)}执行情况表",
        columns=columns,
        rows=lines,
        note=note_of(rows, TWO_JUDGEMENTS, *([MARKS] if marks else [])),
        is_wide=True,
    )


def published_words(verdict: Verdict) -> str:
    """A verdict in the words of a published document: 严重滞后 is an inner warning, and is printed as 滞后."""
    return (Verdict.LAGGING if verdict is Verdict.BADLY_LAGGING else verdict).words


def _said_of_completion(row: Assessed, mark: str) -> Iterator[str]:
    """Why an indicator isn't counted, what the source marks, and a person's own judgement with its reason."""
    if mark:
        yield f"原表是否完成：{mark}"
    elif not row.indicator.is_counted:
        yield row.indicator.dropped_reason
    if row.decided is not None:
        rule = "、".join((published_words(row.judgement.verdict), row.judgement.outlook.words))
        yield f"人工判定：{row.decided.reason}（按规则：{rule}）"


def completion_marks(plan: Plan) -> dict[int, str]:
    """What the source document says of completion, by indicator: an explanation, no judgement of ours."""
    documented = DocumentedValue.objects.filter(
        indicator__plan=plan, occasion=DocumentedValue.Occasion.MID_TERM
    ).exclude(completion_mark="")
    return dict(documented.values_list("indicator_id", "completion_mark"))


def unwritten_sections(evaluation: Evaluation) -> list[Section]:
    """Return the sections that still hold placeholder text."""
    return list(Section.objects.filter(evaluation=evaluation, is_written_by_people=True, is_placeholder=True))
