"""A consolidated workbook of the working group, loaded by the worker: what it says becomes proposed values."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.urls import reverse

from audit.moves import StaleState
from audit.recording import record, recorded
from background.actions import ask_for_job
from background.kinds import JobKind, Outcome, Progress
from background.models import BackgroundJob
from files.actions import store
from files.models import StoredFile
from organisations.models import User
from organisations.permissions import is_reviewer, require
from plans.models import PeriodState, ReportingPeriod
from submissions.actions.proposals import propose_values, told_before
from submissions.workbook.consolidated import (
    Line,
    Targets,
    answered,
    blank_consolidated,
    match_lines,
    read_consolidated,
)
from workbooks.cells import Unusable
from workbooks.reading import LARGEST

BATCH = 500  # rows that are written, and told of, at once
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def hand_out_consolidated(period: ReportingPeriod, *, by: User) -> bytes:
    """Return the period's consolidated workbook to fill in, and record who took it out.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
    """
    with recorded(by=by, reason="下载汇总工作簿"):
        require(is_reviewer, by)
        content = blank_consolidated(period)
        record("period.download_consolidated", period, bytes=len(content))
    return content


def load_consolidated(period: ReportingPeriod, upload: "UploadedFile[bytes]", *, by: User) -> BackgroundJob:
    """Keep the workbook and hand it to the worker, which proposes what it says to the organisations.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        StaleState: the period isn't open.
        ValidationError: the file is too large, or no .xlsx.
    """
    with recorded(by=by, reason="载入汇总工作簿"):
        require(is_reviewer, by)
        if not ReportingPeriod.objects.filter(pk=period.pk, state=PeriodState.OPEN).exists():
            raise StaleState(f"{period.name}没有在填报，不能载入汇总工作簿。")
        if (upload.size or 0) > LARGEST:
            raise ValidationError(f"文件超过 {LARGEST // 1024 // 1024} MB。请删去图片和多余的工作表。")
        kept = store(upload, by=by)
        if kept.content_type != EXCEL:
            raise ValidationError(f"“{kept.name}”不是 .xlsx 工作簿。请另存为 .xlsx 后上传。")
        arguments = {"plan": period.plan_id, "period": period.pk, "file": kept.pk}
        back = reverse("submissions:load_consolidated", args=[period.plan.code, period.code])
        title = f"载入{period.name}汇总工作簿：{kept.name}"
        return ask_for_job(KIND.name, by=by, title=title, arguments=arguments, back=back)


def work(job: BackgroundJob, progress: Progress) -> Outcome:
    """Propose what the job's workbook says, some hundred rows at a time; what is written when it is cancelled stays.

    Raises:
        ValidationError: the file can't be read, or the period isn't open any more.
    """
    period = ReportingPeriod.objects.select_related("plan").get(pk=job.arguments["period"])
    file = StoredFile.objects.get(pk=job.arguments["file"])
    progress(0, 0)
    path = Path(settings.MEDIA_ROOT) / file.path
    try:
        book = read_consolidated(path)
    except Unusable as unusable:
        words = [f"{p.words}" if p.cell in ("", path.name) else str(p) for p in unusable.problems]
        raise ValidationError([f"“{file.name}”没有载入：{each}" for each in words]) from None
    total = len(book.lines)
    asking = _new(period, match_lines(book, Targets(period)))
    done, new = total - len(asking), 0
    progress(done, total)
    for start in range(0, len(asking), BATCH):
        some = asking[start : start + BATCH]
        new += _propose(period, some, job)
        done += len(some)
        progress(done, total)
    result = SimpleUploadedFile(f"{Path(file.name).stem}_载入结果.xlsx", answered(book), content_type=EXCEL)
    return Outcome(_outcome(total, new), store(result, by=job.asked_by))


def _new(period: ReportingPeriod, lines: Sequence[Line]) -> list[Line]:
    """The lines that say something new; the others are told so."""
    told = told_before(period, (line.asked for line in lines if line.asked is not None))
    for line in lines:
        line.words = told.get(line.asked.figure, "") if line.asked is not None else line.words
    return [line for line in lines if not line.words]


def _propose(period: ReportingPeriod, lines: Sequence[Line], job: BackgroundJob) -> int:
    rows = [line.asked for line in lines if line.asked is not None]
    came = propose_values(period, rows, by=job.asked_by, job=job)
    for line, each in zip(lines, came, strict=True):
        line.words = each.words
    return sum(each.is_new for each in came)


def _outcome(total: int, new: int) -> str:
    told = f"共 {total:,} 行，载入 {new:,} 项，待各单位采用"
    return f"{told}；其余 {total - new:,} 行没有载入，原因见结果文件的“载入结果”一列。" if new < total else f"{told}。"


KIND = JobKind("submissions.consolidated", work)
