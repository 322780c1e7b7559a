"""Handing work to the worker, doing it, ending it."""

import logging
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from kombu.exceptions import OperationalError

from audit.clock import now
from audit.models import Door
from audit.moves import StaleState, may_move, move
from audit.recording import door_of_request, record, recorded
from background.kinds import Cancelled, Outcome, kind_of
from background.models import UNDER_WAY, BackgroundJob, JobProgress, JobState
from background.permissions import can_cancel
from background.queue import send
from organisations.models import User
from organisations.permissions import require

SILENT = timedelta(minutes=10)  # without a sign of progress a job is taken for lost
log = logging.getLogger(__name__)


def ask_for_job(kind: str, *, by: User, title: str, arguments: dict[str, Any], back: str = "") -> BackgroundJob:
    """Hand a piece of work to the worker once the transaction is through; who may is the calling verb's question.

    Where the queue cannot be reached the job waits, and is sent again by ``tend_jobs``.
    """
    kind_of(kind)
    with recorded(by=by, reason=title):
        job = BackgroundJob.objects.create(
            kind=kind, title=title[:200], arguments=arguments, back=back, asked_by=by, asked_at=now()
        )
        record("backgroundjob.ask", job)
        transaction.on_commit(lambda: _send(job.pk))
    return job


def cancel_job(job: BackgroundJob, *, by: User) -> None:
    """Stop a job that waits or runs; what it has written stays written, and its outcome says how far it was.

    Raises:
        PermissionDenied: `by` didn't ask for it.
        StaleState: it has ended.
    """
    with recorded(by=by, reason="取消办理"):
        locked = BackgroundJob.objects.select_for_update().get(pk=job.pk)
        require(can_cancel, by, locked)
        progress = JobProgress.objects.filter(job=locked).first()
        words = f"取消时已处理 {progress}。" if progress and progress.total else "取消时尚未开始处理。"
        move(locked, "cancel", stamp={"ended_at": now(), "outcome": words})


def run_job(pk: int) -> None:
    """Do a waiting job to its end; one that doesn't wait any more is left alone."""
    job = _start(pk)
    if job is None:
        return
    door = door_of_request.set(Door.JOB)
    try:
        outcome = kind_of(job.kind).work(job, lambda done, total: _report(pk, done, total))
    except Cancelled:
        return
    except ValidationError as refusal:
        _end(pk, "fail", Outcome("".join(refusal.messages)))
    except Exception:
        log.exception("job %s (%s) failed", pk, job.kind)
        _end(pk, "fail", Outcome(f"办理时出错，已停止（编号 {pk}）。请重试；仍不行的，把编号告诉系统管理员。"))
    else:
        _end(pk, "finish", outcome)
    finally:
        door_of_request.reset(door)


def tend_jobs() -> None:
    """Send again what waits, and end what gave no sign for long: its worker is gone."""
    for job in BackgroundJob.objects.filter(state=JobState.WAITING, asked_at__lt=now() - timedelta(minutes=1)):
        _send(job.pk)
    for job in BackgroundJob.objects.filter(state=JobState.RUNNING, progress__reported_at__lt=now() - SILENT):
        _end(job.pk, "fail", Outcome("办理中断，没有办完。请核对已办理的部分，再重新办理。"))


def _send(pk: int) -> None:
    try:
        send(pk)
    except OperationalError:
        log.warning("job %s waits: the queue cannot be reached", pk)


def _start(pk: int) -> BackgroundJob | None:
    with recorded(by=None, reason="后台办理", door=Door.JOB):
        job = BackgroundJob.objects.select_for_update().select_related("asked_by").filter(pk=pk).first()
        if job is None or not may_move(job, "start"):
            return None
        move(job, "start", stamp={"started_at": now()})
        JobProgress.objects.create(job=job, reported_at=now())
    return job


def _report(pk: int, done: int, total: int) -> None:
    """Write how far a job has come.

    Raises:
        Cancelled: it isn't wanted any more.
    """
    running = JobProgress.objects.filter(job=pk, job__state=JobState.RUNNING)
    if not running.update(done=done, total=total, reported_at=now()):
        raise Cancelled


def _end(pk: int, verb: str, outcome: Outcome) -> None:
    with recorded(by=None, reason="后台办理", door=Door.JOB):
        job = BackgroundJob.objects.select_for_update().get(pk=pk)
        if job.state not in UNDER_WAY:
            return
        move(job, verb, stamp={"ended_at": now(), "outcome": outcome.words, "result": outcome.result})


__all__ = ["StaleState", "ask_for_job", "cancel_job", "run_job", "tend_jobs"]
