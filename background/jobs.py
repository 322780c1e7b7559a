from celery import shared_task

from background.actions import run_job, tend_jobs
from background.queue import RUN


@shared_task(name=RUN)
def run(pk: int) -> None:
    """Do one job that a person asked for."""
    run_job(pk)


@shared_task(name="background.tend_jobs")
def tend() -> None:
    """Look after jobs that were not delivered, or whose worker is gone."""
    tend_jobs()
