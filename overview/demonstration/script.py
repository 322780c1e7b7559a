"""The script of a demonstration: a folder of CSV files and ``case.json`` beside the plan's own sheets."""

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils import timezone

from plans.calendar import end_of_day, working_day_after

Line = dict[str, str]


@dataclass(frozen=True)
class PeriodLine:
    """A reporting period with its opening day and its deadline; days may be counted in working days from today."""

    code: str
    name: str
    kind: str
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date
    closes_on: date | None = None

    @property
    def deadline(self) -> datetime:
        return end_of_day(self.due_on)

    def moment(self, working_days: int, hour: int) -> datetime:
        """So many working days after the opening, at an hour."""
        return at_hour(working_day_after(self.opens_on, working_days), hour)

    def after_deadline(self, working_days: int, hour: int) -> datetime:
        return at_hour(working_day_after(self.due_on, working_days), hour)


@dataclass(frozen=True)
class Script:
    """Everything that happens, as lines of sheets; ``case`` is the rest."""

    people: list[Line]
    periods: list[PeriodLine]
    values: dict[tuple[str, str, int], Line]
    ways: dict[tuple[str, str], str]
    remarks: dict[tuple[str, str, int], list[Line]]
    corrections: dict[tuple[str, str], list[Line]]
    evidence: dict[tuple[str, str], list[Line]]
    notes: dict[tuple[str, str], Line]
    outline: list[Line]
    self_reports: dict[tuple[str, int], str]
    case: dict[str, Any]

    def way_of(self, period: str, organisation: str) -> str:
        """How a form goes: the organisation's own line, else the period's."""
        return self.ways.get((period, organisation)) or self.ways[(period, "")]

    def self_report(self, organisation: str, number: int) -> str:
        """What a unit writes in a section of its self-report: its own words, else those of all; empty where none."""
        return self.self_reports.get((organisation, number), self.self_reports.get(("", number), ""))

    def replies(self, period: str, organisation: str, turn: int) -> dict[int, str]:
        """What is answered to a return, by indicator; an empty answer is none."""
        lines = self.remarks[(period, organisation, turn)]
        return {int(line["指标"]): line["答复"] for line in lines if line["答复"]}


def read_script(folder: Path, today: date) -> Script:
    """Read a folder's script; days like +5 and -3 are working days from ``today``."""
    remarks: dict[tuple[str, str, int], list[Line]] = defaultdict(list)
    for line in _lines(folder, "remarks"):
        remarks[(line["报告期"], line["单位"], int(line["次序"]))].append(line)
    return Script(
        people=_lines(folder, "people"),
        periods=[_period(line, today) for line in _lines(folder, "periods")],
        values={(line["报告期"], line["单位"], int(line["指标"])): line for line in _lines(folder, "values")},
        ways={(line["报告期"], line["单位"]): line["走法"] for line in _lines(folder, "forms")},
        remarks=remarks,
        corrections=_by_form(_lines(folder, "corrections")),
        evidence=_by_form(_lines(folder, "evidence")),
        notes={(line["重点任务"], line["重大项目"]): line for line in _lines(folder, "notes")},
        outline=_lines(folder, "outline"),
        self_reports={(line["单位"], int(line["序号"])): line["内容"] for line in _lines(folder, "self_reports")},
        case=_case(folder, today),
    )


def at_hour(day: date, hour: int) -> datetime:
    """An hour of a day in the time zone of the installation, as an aware moment."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _lines(folder: Path, name: str) -> list[Line]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _by_form(lines: list[Line]) -> dict[tuple[str, str], list[Line]]:
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        found[(line["报告期"], line["单位"])].append(line)
    return found


def _period(line: Line, today: date) -> PeriodLine:
    return PeriodLine(
        code=line["代码"],
        name=line["名称"],
        kind=line["类别"],
        starts_on=date.fromisoformat(line["起始日"]),
        ends_on=date.fromisoformat(line["截止日"]),
        opens_on=_day(line["开放日"], today),
        due_on=_day(line["报送时限"], today),
        closes_on=_day(line["关闭日"], today) if line["关闭日"] else None,
    )


def _case(folder: Path, today: date) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    stages = told["evaluation"]["stages"]
    told["evaluation"]["stages"] = [(_day(begin, today), _day(end, today)) for begin, end in stages]
    return told


def _day(text: str, today: date) -> date:
    return working_day_after(today, int(text)) if text[0] in "+-" else date.fromisoformat(text)
