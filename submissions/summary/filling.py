"""What is written where: the mapped cells of a superior's workbook with today's published values, or why they stay blank."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arithmetic.progress import completion_rate
from arithmetic.shown import number_on_screen, rounded
from arithmetic.units import converted, unit_in
from arithmetic.written import Form, Unreadable, read_number
from indicators.models import Indicator
from submissions.models import Answer, PublishedValue
from submissions.models.figure import YES_OR_NO
from submissions.queries.summary import Known
from submissions.summary.mapping import Area, Holds, Mapped, Plan, address, cell_at, rows_in
from submissions.summary.words import OF_ROW, OWN, What
from workbooks.cells import FoundSheet


class Missing(Exception):
    """The cell stays blank; the words say why."""


@dataclass(frozen=True)
class Filled:
    """One cell: what is written there (``kind``: text, number, percent), or in ``why`` why it stays as it is."""

    sheet: str
    cell: str
    indicator: Indicator
    holds: Holds
    kind: str = ""
    text: str = ""
    why: str = ""
    over: bool = False
    published: int | None = None

    @property
    def label(self) -> str:
        return What(self.holds.what).label

    @property
    def shown(self) -> str:
        if self.kind in ("text", ""):
            return self.text
        return number_on_screen(Decimal(self.text)) + ("%" if self.kind == "percent" else "")


@dataclass(frozen=True)
class Fill:
    cells: Sequence[Filled]
    unknown: Sequence[str]
    """Rows of tables that are no indicator of the plan."""

    @property
    def written(self) -> list[Filled]:
        return [each for each in self.cells if each.kind]

    @property
    def blank(self) -> list[Filled]:
        return [each for each in self.cells if not each.kind]


def fill_of(mapped: Mapped, sheets: Sequence[FoundSheet], plan: Plan, known: Known) -> Fill:
    by_title = {sheet.title: sheet for sheet in sheets}
    cells: list[Filled] = []
    unknown: list[str] = []
    for each in mapped.named:
        if each.indicator in plan.indicators and each.holds.what:
            cells.append(_filled(each.sheet, each.cell, plan.indicators[each.indicator], each.holds, known, over=True))
    for area in mapped.areas:
        sheet = by_title.get(area.sheet)
        if sheet is None:
            unknown.append(f"模板中没有工作表“{area.sheet}”")
        elif area.is_matched:
            cells += _matched(area, sheet, plan, known)
            unknown += [f"第 {e.row} 行“{e.name[:30]}”" for e in rows_in(area, sheet, plan) if e.number is None]
        else:
            cells += _in_order(area, sheet, plan, known)
    return Fill(cells, unknown)


def _matched(area: Area, sheet: FoundSheet, plan: Plan, known: Known) -> Iterator[Filled]:
    units = area.column(What.UNIT)
    for found in rows_in(area, sheet, plan):
        if found.number is None:
            continue
        indicator = plan.indicators[found.number]
        told = cell_at(sheet, found.row, units).text or unit_in(found.name)
        for column, holds in area.columns.items():
            is_there = holds.what in (What.NAME, What.NUMBER) or (holds.what == What.UNIT and told)
            if not holds.what or is_there:
                continue
            yield _filled(area.sheet, address(found.row, column), indicator, holds, known, of_row=told)


def _in_order(area: Area, sheet: FoundSheet, plan: Plan, known: Known) -> Iterator[Filled]:
    for order, indicator in enumerate(plan.indicators.values(), start=1):
        row = area.head + order
        is_free = all(cell_at(sheet, row, column).is_blank for column, holds in area.columns.items() if holds.what)
        for column, holds in area.columns.items():
            if not holds.what:
                continue
            place = address(row, column)
            if not is_free:
                yield Filled(area.sheet, place, indicator, holds, why="这一行已有内容，模板留的空行不够")
            else:
                yield _filled(area.sheet, place, indicator, holds, known)


def _filled(
    sheet: str, cell: str, of: Indicator, holds: Holds, known: Known, *, of_row: str = "", over: bool = False
) -> Filled:
    published = known.value_of(of, holds.organisation)
    try:
        kind, text = _told(What(holds.what), of, holds, known, published, of_row)
    except Missing as missing:
        return Filled(sheet, cell, of, holds, why=str(missing))
    return Filled(sheet, cell, of, holds, kind, text, over=over, published=published.pk if published else None)


def _told(
    what: What, of: Indicator, holds: Holds, known: Known, published: PublishedValue | None, of_row: str
) -> tuple[str, str]:
    if what.has_unit:
        return _quantity(what, of, holds, known, published, of_row)
    if what in (What.NUMBER, What.NAME, What.UNIT, What.LEAD):
        told = {What.NUMBER: str(of.number), What.NAME: of.name, What.UNIT: of.unit, What.LEAD: known.lead_of(of)}
        if not told[what]:
            raise Missing("没有" + what.label)
        return ("number" if what is What.NUMBER else "text"), told[what]
    if published is None:
        raise Missing(known.why_missing(of, holds.organisation))
    if what is What.COMPLETION:
        value = _value_of(published)
        rate = completion_rate(value, of.target) if isinstance(value, Decimal) else None
        if rate is None:
            raise Missing("没有可以计算的目标")
        return "percent", f"{rounded(rate * 100, 2):f}"
    if what is What.GROWTH:
        if published.reported_growth is None:
            raise Missing("没有填报同比增速")
        return "percent", f"{published.reported_growth.normalize():f}"
    words = {
        What.AS_OF: published.as_of_shown or known.end_of(published),
        What.EXPLANATION: published.explanation,
        What.SOURCE: published.data_source or of.data_source,
    }[what]
    if not words:
        raise Missing("没有" + what.label)
    return "text", words


def _quantity(
    what: What, of: Indicator, holds: Holds, known: Known, published: PublishedValue | None, of_row: str
) -> tuple[str, str]:
    if what is What.VALUE:
        if published is None:
            raise Missing(known.why_missing(of, holds.organisation))
        value = _value_of(published)
    else:
        value = _planned(what, of, known)
    wanted = {OWN: of.unit, OF_ROW: of_row or of.unit, "": None}.get(holds.unit, holds.unit)
    if wanted is None:
        raise Missing("还没有选定单位")
    if isinstance(value, str):
        if wanted != of.unit and value not in YES_OR_NO:
            raise Missing(f"“{value}”不是一个数，不能换算成{wanted}")
        return "text", value
    try:
        number = converted(value, of.unit, wanted)
    except ValueError as differs:
        raise Missing(str(differs)) from None
    return ("percent" if wanted in ("%", "％") else "number"), f"{number.normalize():f}"


def _value_of(published: PublishedValue) -> Decimal | str:
    """The published number; 是 or 否 where that was asked.

    Raises:
        Missing: there is no data.
    """
    if published.value_printed in YES_OR_NO:
        return published.value_printed
    if published.answer == Answer.NO_DATA or published.value is None:
        raise Missing(f"无数据：{published.no_data_reason}")
    return published.value


def _planned(what: What, of: Indicator, known: Known) -> Decimal | str:
    """A base or target; a bound or a range as it is printed."""
    if what is What.YEAR_TARGET:
        target = known.year_target(of)
        if target is None:
            raise Missing(f"没有 {known.year} 年的年度目标")
        return target
    value, printed = (of.base, of.base_printed) if what is What.BASE else (of.target, of.target_printed)
    if value is None:
        reason = of.get_base_missing_display() if what is What.BASE else ""
        raise Missing(f"没有{what.label}" + (f"（{reason}）" if reason else ""))
    try:
        is_plain = not printed or read_number(printed, unit=of.unit).form in (Form.NUMBER, Form.PERCENT)
    except Unreadable:
        is_plain = False
    return value if is_plain else printed


def published_in(fill: Fill) -> list[int]:
    """The published values that the cells were filled with."""
    return sorted({each.published for each in fill.written if each.published is not None})


def told_missing(fill: Fill) -> Mapping[str, list[str]]:
    """Why cells stay blank, with where: by reason."""
    found: dict[str, list[str]] = {}
    for each in fill.blank:
        found.setdefault(each.why, []).append(f"{each.cell} {each.indicator.name}（{each.label}）")
    return found
