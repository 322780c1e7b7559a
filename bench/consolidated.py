"""What loading a consolidated workbook costs, from the file to proposed values with their history and the answered sheet,
beside a django-import-export resource over the same file with django-simple-history: as it comes, and tuned (foreign keys
cached, rows read beforehand, unchanged ones skipped). In turns, in one run; the peak of memory in a process for each side.

Makes a database of its own on the server of OWNER_DATABASE_URL, and drops it at the end. Run: ``make bench``, or
``python bench/consolidated.py --rows 10000 --rounds 3``.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import tablib  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connections, models  # noqa: E402
from import_export.fields import Field  # noqa: E402
from import_export.instance_loaders import BaseInstanceLoader  # noqa: E402
from import_export.resources import ModelResource  # noqa: E402
from import_export.widgets import DecimalWidget, ForeignKeyWidget  # noqa: E402
from openpyxl import Workbook  # noqa: E402
from simple_history.models import HistoricalRecords  # noqa: E402

from audit.recording import recorded  # noqa: E402
from audit.spreadsheets import inert  # noqa: E402
from background.actions import run_job  # noqa: E402
from background.models import BackgroundJob, JobState  # noqa: E402
from config.celery import app  # noqa: E402
from indicators.models import Indicator, IndicatorCategory  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402
from plans.models import PeriodKind, ReportingPeriod  # noqa: E402
from submissions.actions import consolidated  # noqa: E402
from submissions.actions.proposals import keep_proposals, read_proposals, told_before  # noqa: E402
from submissions.models import Figure, ProposedValue, Submission  # noqa: E402
from submissions.workbook.consolidated import HEADS, TITLE, Targets, answered, match_lines, read_consolidated  # noqa: E402
from tests.factories.organisations import reviewer  # noqa: E402
from tests.factories.plans import period, plan  # noqa: E402

FORM = 100  # rows of one organisation
CHANGED = 10  # one row in so many says something else than the round before
FEW = 1000  # rows of the side as it comes, whose time grows with them
TABLE = "bench_value"
DAY = date(2018, 6, 30)
TUNED_TIMES, PLAIN_TIMES = 5, 30


def compared_model() -> type[models.Model]:
    """What a row says, in a table that django-simple-history follows in its ordinary way."""
    columns: dict[str, Any] = {
        "organisation": models.ForeignKey(Organisation, models.PROTECT, related_name="+"),
        "period": models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+"),
        "indicator": models.ForeignKey(Indicator, models.PROTECT, related_name="+"),
        "value": models.DecimalField(max_digits=24, decimal_places=6, null=True),
        "explanation": models.TextField(blank=True),
        "data_source": models.CharField(max_length=200, blank=True),
        "history": HistoricalRecords(table_name=f"{TABLE}_history", app="submissions"),
    }
    unique = models.UniqueConstraint(fields=["organisation", "period", "indicator"], name="bench_value_once")
    meta = type("Meta", (), {"db_table": TABLE, "app_label": "submissions", "constraints": [unique]})
    return type("BenchValue", (models.Model,), columns | {"Meta": meta, "__module__": __name__})


BenchValue = compared_model()
KEYS = ("organisation", "period", "indicator")


# ------------------------------------------------------------------ the other side
class PlainResource(ModelResource):
    """As the documents of django-import-export show it."""

    organisation = Field("organisation", HEADS["organisation"], ForeignKeyWidget(Organisation, "name"))
    period = Field("period", HEADS["period"], ForeignKeyWidget(ReportingPeriod, "name"))
    indicator = Field("indicator", HEADS["number"], ForeignKeyWidget(Indicator, "number"))
    value = Field("value", HEADS["value_text"], DecimalWidget())
    explanation = Field("explanation", HEADS["explanation"])
    data_source = Field("data_source", HEADS["data_source"])

    class Meta:
        model = BenchValue
        import_id_fields = KEYS
        fields = (*KEYS, "value", "explanation", "data_source")


class CachedWidget(ForeignKeyWidget):
    """Reads every row that a name may mean once."""

    def clean(self, value: Any, row: Any = None, **named: Any) -> Any:
        if not hasattr(self, "known"):
            self.known = {str(getattr(each, self.field)): each for each in self.model.objects.all()}
        return self.known[str(value)]


class Preloaded(BaseInstanceLoader):
    """Reads the table once, by its key of three, with what the keys point to."""

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        rows = BenchValue.objects.select_related(*KEYS)  # type: ignore[attr-defined]
        self.known = {tuple(getattr(row, f"{name}_id") for name in KEYS): row for row in rows}

    def get_instance(self, row: Any) -> Any:
        found = [self.resource.fields[name].clean(row) for name in KEYS]
        return self.known.get(tuple(each.pk for each in found))


class TunedResource(PlainResource):
    """Nothing is asked of the database for a row, and one that says the same is left alone; the difference is made, as it
    is on our side."""

    organisation = Field("organisation", HEADS["organisation"], CachedWidget(Organisation, "name"))
    period = Field("period", HEADS["period"], CachedWidget(ReportingPeriod, "name"))
    indicator = Field("indicator", HEADS["number"], CachedWidget(Indicator, "number"))

    class Meta(PlainResource.Meta):
        instance_loader_class = Preloaded
        skip_unchanged = True
        report_skipped = False
        skip_html_diff = True


def imported(kind: type[ModelResource], content: bytes) -> None:
    dataset = tablib.Dataset().load(BytesIO(content), format="xlsx")
    result = kind().import_data(dataset, dry_run=False, use_transactions=True, raise_errors=True)
    assert not result.has_errors(), result


# ------------------------------------------------------------------ the ground
@contextmanager
def database_of_its_own() -> Iterator[str]:
    owner, default = connections["owner"], connections["default"]
    original = owner.settings_dict["NAME"]
    owner.settings_dict["TEST"]["NAME"] = f"bench_{original}"
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    default.settings_dict |= {"NAME": owner.settings_dict["NAME"], "CONN_MAX_AGE": 0}
    try:
        yield owner.settings_dict["NAME"]
    finally:
        default.close()
        owner.creation.destroy_test_db(original, verbosity=0)


def make_compared_table() -> None:
    owner, role = connections["owner"], connections["default"].settings_dict["USER"]
    with owner.schema_editor() as editor:
        for model in (BenchValue, BenchValue.history.model):  # type: ignore[attr-defined]
            editor.create_model(model)
            editor.execute(f'GRANT ALL ON {model._meta.db_table} TO "{role}"')
        editor.execute(f'GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO "{role}"')  # it sets the counter anew


def make_forms(rows: int) -> ReportingPeriod:
    """An open period with a form for each organisation, nothing filled in yet."""
    of = plan()
    with recorded(by=None, reason="准备"):
        category = IndicatorCategory.objects.create(plan=of, number=1, title="类别")
        indicators = Indicator.objects.bulk_create(
            Indicator(plan=of, category=category, number=n + 1, name=f"指标{n}", unit="亿元", base=0, target=100)
            for n in range(FORM)
        )
        bodies = Organisation.objects.bulk_create(
            Organisation(code=f"u{n}", name=f"第{n}单位", kind="department", position=n) for n in range(rows // FORM)
        )
    found = period(of=of, kind=PeriodKind.SPECIAL, ends_on=DAY)
    with recorded(by=None, reason="准备"):
        forms = Submission.objects.bulk_create(
            Submission(period=found, organisation=each, organisation_name=each.name, deadline=found.deadline)
            for each in bodies
        )
        Figure.objects.bulk_create(
            Figure(submission=form, indicator=each, organisation=form.organisation, period=found)
            for form in forms
            for each in indicators
        )
    return found


def workbook_of(of: ReportingPeriod, number: int, *, at_most: int | None = None) -> bytes:
    """The sheet of a round: one row in ten says another value than in the round before."""
    book = Workbook(write_only=True)
    page = book.create_sheet(TITLE)
    page.append([inert(head) for head in HEADS.values()])
    figures = Figure.objects.filter(period=of).select_related("organisation", "indicator").order_by("pk")
    for order, figure in enumerate(figures[:at_most]):
        since = max(range(order % CHANGED, number + 1, CHANGED), default=-1)  # the last round that changed it
        value = Decimal(50 + order % 40) + Decimal(since + 1) / 8
        indicator, body = figure.indicator, figure.organisation
        told = [body.name, of.name, indicator.number, indicator.name, "亿元", value, "按月报汇总", "统计局"]
        page.append([inert(each) for each in told])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


# ------------------------------------------------------------------ measuring
def load(of: ReportingPeriod, content: bytes, by: User) -> BackgroundJob:
    """The way of a reviewer's file: kept, handed to the worker, done there (here: at once)."""
    upload = SimpleUploadedFile("汇总表.xlsx", content, content_type=consolidated.EXCEL)
    job = consolidated.load_consolidated(of, upload, by=by)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.outcome
    return job


def seconds(work: Callable[[], object]) -> Decimal:
    started = time.perf_counter_ns()
    work()
    return Decimal(time.perf_counter_ns() - started) / 10**9


def analyse() -> None:
    """What autovacuum does on a day, at once: the planner knows how much is in the tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def timing(of: ReportingPeriod, by: User, rounds: int) -> None:
    rows = Figure.objects.filter(period=of).count()
    book = workbook_of(of, -1)
    first = {
        "ours": seconds(lambda: load(of, book, by)),
        "tuned": seconds(lambda: imported(TunedResource, book)),
    }
    print(
        f"第一次载入 {rows:,} 行（全部为新）：本系统 {first['ours']:.2f} 秒，"
        f"调优的 django-import-export {first['tuned']:.2f} 秒，为 {first['tuned'] / first['ours']:.1f} 倍",
        flush=True,
    )
    analyse()
    spent: dict[str, list[Decimal]] = {"ours": [], "tuned": []}
    for number in range(rounds):
        content = workbook_of(of, number)
        before = ProposedValue.objects.count()
        spent["ours"].append(seconds(lambda: load(of, content, by)))  # noqa: B023
        written = ProposedValue.objects.count() - before
        spent["tuned"].append(seconds(lambda: imported(TunedResource, content)))  # noqa: B023
        print(f"  {spent['ours'][-1]:.2f} 秒，{spent['tuned'][-1]:.2f} 秒；改动 {written} 项", flush=True)
    few = workbook_of(of, rounds, at_most=FEW)
    plain = seconds(lambda: imported(PlainResource, few)) * rows / min(FEW, rows)
    ours, tuned = (statistics.median(each) for each in spent.values())
    print(
        f"再次载入 {rows:,} 行，十分之一有改动：本系统 {ours:.2f} 秒；调优的 django-import-export 加 django-simple-history "
        f"{tuned:.2f} 秒，为 {tuned / ours:.1f} 倍（要求 {TUNED_TIMES}）；默认写法 {plain:.0f} 秒"
        f"（以 {min(FEW, rows):,} 行测得，按行数折算），为 {plain / ours:.0f} 倍（要求 {PLAIN_TIMES}）",
        flush=True,
    )


def steps(of: ReportingPeriod, by: User, number: int) -> None:
    """Where our time goes: the same work, step by step."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "汇总表.xlsx"
        path.write_bytes(workbook_of(of, number))
        took: dict[str, Decimal] = {}
        found: dict[str, Any] = {}

        def step(name: str, work: Callable[[], object]) -> None:
            took[name] = seconds(lambda: found.update({name: work()}))

        step("读取", lambda: read_consolidated(path))
        step("对应到各单位各指标", lambda: match_lines(found["读取"], Targets(of)))
        rows = [line.asked for line in found["对应到各单位各指标"] if line.asked is not None]
        step("与此前载入的比较", lambda: told_before(of, rows))
        new = [row for row in rows if row.figure not in found["与此前载入的比较"]]
        with recorded(by=by, reason="测量"):
            step("校核", lambda: read_proposals(of, new))
            step("保存并留历史", lambda: keep_proposals(found["校核"], by=by))
        step("结果文件", lambda: answered(found["读取"]))
    print("各步用时（秒）：" + "，".join(f"{name} {spent:.2f}" for name, spent in took.items()), flush=True)


# ------------------------------------------------------------------ memory
def peak_of(side: str, database: str, file: Path, folder: str) -> int:
    """The peak of memory in MB of a process that does one side once, and of what it started."""
    command = [
        sys.executable,
        __file__,
        "--side",
        side,
        "--database",
        database,
        "--file",
        str(file),
        "--folder",
        folder,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) // 1024


def one_side(side: str, file: Path) -> None:
    content, before = file.read_bytes(), peak()
    if side == "ours":
        period_of = ReportingPeriod.objects.select_related("plan").latest("pk")
        load(period_of, content, User.objects.latest("pk"))
    else:
        imported(TunedResource, content)
    print(max(peak(), before + (peak_of_reading(file) if side == "ours" else 0)))


READING = """import sys; from workbooks.parser import main; main(sys.argv[1])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)"""


def peak_of_reading(file: Path) -> int:
    """The reading process's own peak, in kB; what a parent is told of its children counts its own memory at the start."""
    done = subprocess.run([sys.executable, "-c", READING, str(file)], check=True, capture_output=True, text=True)
    return int(done.stderr.split()[-1])


def peak() -> int:
    """This process's own so far, in kB."""
    told = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(told.split()[1])


def memory(of: ReportingPeriod, database: str, number: int, folder: str) -> None:
    """Ours counts the process that reads the file beside the worker as it was when it started that, or the worker alone
    as it matched and wrote what came of it: whichever is more."""
    peaks = {}
    for order, side in enumerate(("ours", "tuned")):
        file = Path(folder) / f"{side}.xlsx"
        file.write_bytes(workbook_of(of, number + order))
        peaks[side] = peak_of(side, database, file, folder)
    print(
        f"内存峰值：本系统 {peaks['ours']} MB（含读取工作簿的进程），django-import-export {peaks['tuned']} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="汇总表的行数")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="列出本系统一次载入中最费时的函数")
    for name in ("side", "database", "file", "folder"):
        parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
    given = parser.parse_args()
    settings.DEBUG = False
    app.conf.broker_url = "memory://"
    if given.side:
        connections["default"].settings_dict["NAME"] = given.database
        settings.MEDIA_ROOT = Path(given.folder)
        one_side(given.side, Path(given.file))
        return
    with tempfile.TemporaryDirectory() as folder, database_of_its_own() as database:
        settings.MEDIA_ROOT = Path(folder)
        make_compared_table()
        of, by = make_forms(given.rows), reviewer()
        timing(of, by, given.rounds)
        steps(of, by, given.rounds + 1)
        memory(of, database, given.rounds + 2, folder)
        if given.profile:
            profiler, content = cProfile.Profile(), workbook_of(of, given.rounds + 4)
            profiler.runcall(load, of, content, by)
            pstats.Stats(profiler).sort_stats("cumtime").print_stats(60)


if __name__ == "__main__":
    main()
