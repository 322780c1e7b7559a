"""How the work that a person handed to the worker ended, told to that person."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from audit.models import Entry
from background.models import BackgroundJob
from plans.models import Plan
from reminders.drafts import Draft

DAYS = 7  # an end older than this is no news any more
WORDS = {"backgroundjob.finish": "已办完", "backgroundjob.fail": "没有办成"}


def job_notices(on: date) -> Iterator[Draft]:
    """Yield the ends of jobs within the last days; who cancelled knows, and a job of no plan has no notice.

    A job names its plan by key, under ``plan`` among its arguments.
    """
    kind = ContentType.objects.get_for_model(BackgroundJob)
    found = Entry.objects.filter(subject_type=kind, event__in=list(WORDS))
    within = found.filter(change__at__date__gte=on - timedelta(days=DAYS), change__at__date__lte=on)
    entries = list(within.order_by("id"))
    jobs = BackgroundJob.objects.select_related("asked_by").in_bulk([entry.subject_id for entry in entries])
    plans = Plan.objects.in_bulk({key for job in jobs.values() if isinstance(key := job.arguments.get("plan"), int)})
    for entry in entries:
        job = jobs[entry.subject_id]
        plan = plans.get(job.arguments.get("plan"))
        if plan is not None and job.asked_by.is_active:
            yield Draft(
                rule="job",
                recipient=job.asked_by,
                plan=plan,
                subject=f"{WORDS[entry.event]}：{job.title}"[:200],
                text=f"{job.title}：{job.outcome}",
                link=reverse("background:job", args=[job.pk]),
                entry=entry,
            )
