"""The queue: what Celery runs is a *job*, found in each room's ``jobs.py``."""

import os

from celery import Celery

import config.heartbeat  # noqa: F401  (a worker signs by it)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("evaluation", task_cls="audit.job_door:Job")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
