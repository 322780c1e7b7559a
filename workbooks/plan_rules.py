"""What must hold within one row of a plan's sheet, beyond its cells."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from arithmetic.written import Bound, Written
from indicators.models import Precision, TargetForm

# first parts of addresses that are no plan's
RESERVED_CODES = frozenset(
    {
        "admin",
        "accounts",
        "api",
        "assets",
        "change-password",
        "files",
        "healthz",
        "help",
        "jobs",
        "media",
        "node_modules",
        "organisations",
        "password",
        "people",
        "plans",
        "roles",
        "roles-on",
        "search",
        "security",
        "session",
        "sign-in",
        "sign-out",
        "static",
        "system",
    }
)

Findings = Iterator[tuple[str, str]]


@dataclass
class Row:
    """A row as typed values by field, with what its written numbers were, and where it stands (1 is the heads).

    A column that the sheet doesn't have reads as its default, and isn't saved; a cell that holds something wrong is
    among ``wrong``.
    """

    number: int
    values: dict[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, self.defaults.get(name))

    def is_read(self, *names: str) -> bool:
        return self.wrong.isdisjoint(names)


Known = Mapping[str, Mapping[Any, Row]]
"""The rows of earlier sheets, by the sheet's name and the row's key."""


def nothing(row: Row, known: Known) -> Findings:
    yield from ()


def plan(row: Row, known: Known) -> Findings:
    if row["code"] in RESERVED_CODES:
        yield "code", f"这里是“{row['code']}”，是系统自用的网址，应为别的代码。"
    base, first, last = row["base_year"], row["first_year"], row["last_year"]
    for name in ("base_year", "first_year", "last_year"):
        if row[name] is not None and not 1949 <= row[name] <= 2100:
            yield name, f"这里是“{row[name]}”，应为四位年份。"
    if None not in (base, first) and base > first:
        yield "first_year", f"这里是“{first}”，应为不早于基年 {base} 的年份。"
    if None not in (first, last) and first > last:
        yield "last_year", f"这里是“{last}”，应为不早于起始年 {first} 的年份。"


def indicator(row: Row, known: Known) -> Findings:
    yield from _exactly_one(row, "category", "task", "project")
    if not row["is_counted"] and not row["dropped_reason"]:
        yield "dropped_reason", "这里是空的，不再纳入统计的指标应写明原因。"
    base = row.written.get("base_printed")
    if row["base"] is None and row.is_read("base_printed") and not row["base_missing"] and row["is_counted"]:
        yield "base_missing", f"这里是空的，而基数是“{row['base_printed']}”，应写明是未设定、未取得还是从零起算。"
    if base is not None and (base.bound or base.parts):
        yield "base_printed", f"这里是“{row['base_printed']}”，应为一个确定的数。"
    yield from _target(row)


_BOUND_FORMS = {
    Bound.ABOVE: TargetForm.AT_LEAST,
    Bound.AT_LEAST: TargetForm.AT_LEAST,
    Bound.BELOW: TargetForm.AT_MOST,
    Bound.AT_MOST: TargetForm.AT_MOST,
}


def _target(row: Row) -> Findings:
    form, written = row["target_form"], row.written.get("target_printed")
    if not row.is_read("target_form", "target_printed"):
        return
    if row["target_printed"] in ("是", "否") and form != TargetForm.YES_NO:
        yield "target_printed", f"这里是“{row['target_printed']}”，目标形式为“{TargetForm(form).label}”时应为一个数。"
    if form == TargetForm.RANGE and row["target_upper"] is None:
        yield "target_upper", "这里是空的，目标形式为“区间”时应填上限。"
    if written is None or written.bound is None:
        return
    expected = _BOUND_FORMS[written.bound]
    if form != expected:
        yield (
            "target_form",
            f"这里是“{TargetForm(form).label}”，而目标是“{row['target_printed']}”，应为“{expected.label}”。",
        )


def annual_target(row: Row, known: Known) -> Findings:
    if row["printed"] and row["value"] is None:
        yield "printed", f"这里是“{row['printed']}”，应为一个数。"
    yield from _within_plan(row, known, "last_year")


def responsibility(row: Row, known: Known) -> Findings:
    yield from _exactly_one(row, "indicator", "task", "project")
    if row["reports_figure"] and row["indicator"] is None:
        yield "reports_figure", "这里是“是”，只有指标由单位填报数据，任务和项目应为“否”。"
    begins, ends = row["valid_from"], row["valid_to"]
    if begins and ends and ends < begins:
        yield "valid_to", f"这里是 {ends}，应为不早于起始日期 {begins} 的日期。"


def documented_value(row: Row, known: Known) -> Findings:
    written = row.written.get("printed")
    row.values["parts"] = []
    if not row.is_read("printed"):
        pass
    elif written is None and not row["printed"]:
        yield "printed", "这里是空的，应为文件上印的数；没有数的填“/”或“——”。"
    elif written is not None and written.parts:
        parts = _parts_of(row["indicator"], known)
        if len(parts) != len(written.parts):
            yield (
                "printed",
                f"这里是“{row['printed']}”，有 {len(written.parts)} 个分项，应为“指标分项”表中的 {len(parts)} 个。",
            )
        row.values["parts"] = [
            {"name": part["name"], "unit": part["unit"], "value": format(value, "f")}
            for part, value in zip(parts, written.parts, strict=False)
        ]
    elif written is not None and written.bound:
        yield "printed", f"这里是“{row['printed']}”，应为一个确定的数。"
    yield from _as_of(row)


def _as_of(row: Row) -> Findings:
    day, precision = row["as_of"], row["as_of_precision"]
    if not row.is_read("as_of", "as_of_precision"):
        return
    if day is None:
        if precision:
            yield "as_of", "这里是空的，写明了精度的应填日期。"
        return
    if not precision:
        yield "as_of_precision", "这里是空的，有截至日期的应写明精度。"
    last = (12, 31) if precision in (Precision.YEAR, Precision.YEAR_END) else None
    if precision in (Precision.MONTH, Precision.MONTH_END):
        last = (day.month, calendar.monthrange(day.year, day.month)[1])
    if last and (day.month, day.day) != last:
        yield (
            "as_of",
            f"这里是 {day}，精度为“{Precision(precision).label}”时应为最后一日 {day.year}-{last[0]:02}-{last[1]:02}。",
        )


def _parts_of(indicator: Any, known: Known) -> list[Row]:
    rows = [row for key, row in known["indicator_parts"].items() if key[0] == indicator]
    return sorted(rows, key=lambda row: row["number"])


def _exactly_one(row: Row, *names: str) -> Findings:
    given = [name for name in names if row[name] not in (None, "")]
    if len(given) != 1 and row.is_read(*names):
        first = "指标类别" if names[0] == "category" else "规划指标"
        found = "填了不止一处" if given else "都没有填"
        yield given[1] if given else names[0], f"{first}、重点任务、重大项目{found}，应只填一处。"


def _within_plan(row: Row, known: Known, last: str) -> Findings:
    for plan in known["plan"].values():
        begins, ends = plan["base_year"], plan[last]
        if None not in (row["year"], begins, ends) and not begins <= row["year"] <= ends:
            yield "year", f"这里是“{row['year']}”，应为 {begins} 至 {ends} 之间的年份。"
