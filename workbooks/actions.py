"""Loading a plan from its sheets."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from import_export.results import RowResult
from tablib import Dataset

from audit.models import Door
from audit.recording import record, recorded
from organisations.models import User
from plans.models import Plan
from workbooks.cells import Problem, Unusable, cell_name
from workbooks.plan_reading import PlanSheets, read_plan
from workbooks.plan_rules import Row
from workbooks.plan_sheets import SHEETS, Sheet

CREATED, CHANGED, UNCHANGED = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, RowResult.IMPORT_TYPE_SKIP


@dataclass(frozen=True)
class Counted:
    """How many rows of a sheet were created, changed and left as they were; the labels of the first two."""

    sheet: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What loading a plan did, or would do; ``understood`` are cells that were read otherwise than they stand."""

    plan: str
    sheets: tuple[Counted, ...]
    understood: tuple[Problem, ...] = ()
    examples: int = 0
    is_dry_run: bool = False

    @property
    def touched(self) -> int:
        return sum(sheet.created + sheet.changed for sheet in self.sheets)


@dataclass
class _Import:
    """The sheets being saved, one after the other."""

    read: PlanSheets
    plan: Plan | None = None
    counted: list[Counted] = field(default_factory=list)


def load_plan(
    path: Path, *, by: User | None, reason: str = "载入规划数据", dry_run: bool = False, door: Door = Door.COMMAND
) -> Loaded:
    """Create or change a plan's rows from a folder or workbook; what is the same already is left alone.

    Rows that a sheet doesn't name stay as they are. All or nothing: one transaction, and none at all where nothing
    would change. ``by`` is None for the command, which runs as the system itself.

    Raises:
        Unusable: every problem of every cell; nothing is saved.
    """
    read = read_plan(path)
    doing = _Import(read)
    with transaction.atomic():
        with recorded(by=by, reason=reason, door=door):
            for sheet in SHEETS:
                _save(doing, sheet)
            loaded = Loaded(read.code, tuple(doing.counted), tuple(read.understood), read.examples, dry_run)
            if loaded.touched and doing.plan is not None:
                counts = {each.sheet: [each.created, each.changed] for each in doing.counted}
                record("plan.load", doing.plan, source=path.name, counts=counts)
        if dry_run or not loaded.touched:
            transaction.set_rollback(True)
    return loaded


def _save(doing: _Import, sheet: Sheet) -> None:
    rows = list(doing.read.rows[sheet.name].values())
    if not rows:
        return
    resource = sheet.resource()
    names = [name for name in resource.fields if name in sheet.key or any(name in row.values for row in rows)]
    data = Dataset(headers=[resource.fields[name].column_name for name in names])
    for row in rows:
        data.append([row.values.get(name) for name in names])
    result = resource.import_data(data, plan=doing.plan, raise_errors=False, use_transactions=False)
    if problems := _problems(doing.read, sheet, rows, result):
        raise Unusable(problems)
    kinds = [row.import_type for row in result.rows]
    doing.counted.append(
        Counted(
            sheet.title,
            kinds.count(CREATED),
            kinds.count(CHANGED),
            kinds.count(UNCHANGED),
            tuple(row.object_repr for row in result.rows if row.import_type in (CREATED, CHANGED)),
        )
    )
    if sheet.name == "plan":
        doing.plan = Plan.objects.get(code=doing.read.code)


def _problems(read: PlanSheets, sheet: Sheet, rows: list[Row], result: Any) -> list[Problem]:
    """What the tables themselves refuse, told by cell as well."""
    places = read.places[sheet.name]
    problems = []
    for invalid in result.invalid_rows:
        number = rows[invalid.number - 1].number
        for name, messages in invalid.error_dict.items():
            place = 0 if name == NON_FIELD_ERRORS else places.get(name, 0)
            problems += [Problem(cell_name(sheet.title, place + 1, number), str(words)) for words in messages]
    for broken in result.error_rows:
        number = rows[broken.number - 1].number
        problems += [Problem(cell_name(sheet.title, 1, number), f"无法保存：{each.error}") for each in broken.errors]
    return problems
