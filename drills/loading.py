"""What the drill of a killed import does in processes of their own: the product's import of ten thousand rows, a consolidated
workbook loaded as a background job, and what there is afterwards."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from openpyxl import load_workbook

from audit.clock import now
from audit.models import Change, Entry
from audit.recording import recorded
from background.actions import run_job, tend_jobs
from background.models import BackgroundJob, JobProgress
from organisations.models import User
from plans.models import ReportingPeriod
from submissions.actions.consolidated import EXCEL, load_consolidated
from submissions.models import Figure, ProposalState, ProposedValue
from submissions.workbook.consolidated import HEADS, blank_consolidated
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reviewer
from tests.factories.plans import period
from tests.factories.submissions import form

ORGANISATIONS, INDICATORS = 100, 100
PERIOD, REVIEWER = "drill", "drill-reviewer"
MARK = 987654321  # a value that stands nowhere else in the workbook


def prepare() -> None:
    """Make forms with ten thousand blank figures, and a reviewer who takes the workbook out."""
    reviewer(username=REVIEWER)
    of = period(code=PERIOD)
    indicators = [indicator(of=of.plan, unit="亿元") for _ in range(INDICATORS)]
    forms = [form(of=of, by=organisation(name=f"演练单位{n}")) for n in range(ORGANISATIONS)]
    with recorded(by=None, reason="准备"):
        Figure.objects.bulk_create(
            Figure(submission=own, indicator=each, organisation=own.organisation, period=of)
            for own in forms
            for each in indicators
        )
    book = load_workbook(BytesIO(blank_consolidated(of)))
    place = 1 + list(HEADS).index("value_text")
    for row in range(2, book.active.max_row + 1):
        book.active.cell(row, place, MARK)
    book.save(_filled_in_file())


def load(value: int, at: int) -> None:
    """Load a workbook that says ``value`` of every figure, by the page's verb and then the worker's; tell when the worker's
    statement number ``at`` is sent, and how many there were in the end."""
    of, by = ReportingPeriod.objects.get(code=PERIOD), User.objects.get(username=REVIEWER)
    file = SimpleUploadedFile("汇总.xlsx", _filled_in(value), content_type=EXCEL)
    job = load_consolidated(of, file, by=by)
    sent = 0

    def tell(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == at:
            print("now", flush=True)
        return execute(*statement)

    with connection.execute_wrapper(tell):
        run_job(job.pk)
    job.refresh_from_db()
    print("ended", job.state, sent, flush=True)


def look(whole: int) -> None:
    """Tell what the last import left, after the jobs without a sign of life were ended; verify the history, the whole of it
    or from that import on."""
    JobProgress.objects.update(reported_at=now() - timedelta(hours=1))
    tend_jobs()
    rows, newest = ProposedValue.objects.all(), BackgroundJob.objects.latest("pk")
    standing, proposed = rows.filter(state=ProposalState.PROPOSED), Entry.objects.filter(event="proposedvalue.propose")
    batches = Change.objects.filter(at__gte=newest.asked_at, door="job", reason="载入汇总工作簿")
    told = {
        "rows": rows.count(),
        "versions": ProposedValue.history.filter(history_type="+").count(),
        "entries": proposed.count(),
        "standing": standing.count(),
        "figures": standing.values("figure").distinct().count(),
        "written": rows.filter(job=newest).count(),
        "batches": batches.count(),
        "under_way": BackgroundJob.objects.filter(ended_at=None).count(),
    }
    print("told", *(f"{name}={value}" for name, value in told.items()), flush=True)
    call_command("verify_history", since=None if whole else newest.asked_at.isoformat())
    print("verified", flush=True)


def _filled_in_file() -> Path:
    return Path(os.environ["DATA_DIR"]) / "汇总.xlsx"


def _filled_in(value: int) -> bytes:
    """The workbook with this value in every row."""
    content = BytesIO()
    with ZipFile(_filled_in_file()) as book, ZipFile(content, "w", ZIP_DEFLATED) as made:
        for name in book.namelist():
            made.writestr(name, book.read(name).replace(f"<v>{MARK}</v>".encode(), f"<v>{value}</v>".encode()))
    return content.getvalue()
