from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from background.actions import ask_for_job, run_job
from background.kinds import JobKind, Outcome, Progress, register
from background.models import BackgroundJob
from files.actions import store
from organisations.models import User

_doing: list[Callable[[BackgroundJob, Progress], Outcome]] = []


def _work(job: BackgroundJob, progress: Progress) -> Outcome:
    return _doing[-1](job, progress)


KIND = JobKind("tests.work", _work)
register(KIND)


def asked(by: User, *, title: str = "整理", **arguments: Any) -> BackgroundJob:
    return ask_for_job(KIND.name, by=by, title=title, arguments=arguments)


def run(job: BackgroundJob, work: Callable[[BackgroundJob, Progress], Outcome]) -> BackgroundJob:
    """Let the job do what is given, as the worker would."""
    _doing.append(work)
    try:
        run_job(job.pk)
    finally:
        _doing.pop()
    job.refresh_from_db()
    return job


def with_result(job: BackgroundJob, progress: Progress) -> Outcome:
    upload = SimpleUploadedFile("结果.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n")
    return Outcome("办完了。", store(upload, by=job.asked_by))
