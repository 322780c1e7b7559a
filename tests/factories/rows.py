"""A smallest valid row of any model, made from its columns: for tests that go over every table."""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.models import Change, Entry
from audit.recording import open_change, record

_numbers = itertools.count(1)

# model label: the optional columns that its constraints ask for
NEEDED: dict[str, set[str]] = {
    "reminders.Notice": {"entry"},
    "django_celery_beat.PeriodicTask": {"crontab"},
    "indicators.Indicator": {"category"},
    "responsibilities.Responsibility": {"indicator"},
    "submissions.ProgressNote": {"task"},
    "submissions.Evidence": {"figure"},
    "submissions.Remark": {"figure"},
    "submissions.Assignment": {"organisation"},
    "evaluation.DecidedAssessment": {"verdict"},
    "evaluation.DecidedCause": {"cause"},
}
# columns whose value the constraints tie to other columns, or to an order
FIXED: dict[str, dict[str, Any]] = {
    "plans.Plan": {"base_year": 2020, "first_year": 2021, "last_year": 2025},
    "plans.ReportingPeriod": {"closed_at": datetime(2023, 6, 30, tzinfo=UTC)},
    "submissions.Submission": {"submitted_at": datetime(2023, 6, 30, tzinfo=UTC)},
    "submissions.Figure": {"answer": "", "value": None},
    "submissions.PublishedValue": {"answer": "", "value": None},
}


# columns that the database ties to the person in whose name the change is open
ACTORS = {"submissions.Review": "by", "submissions.Evidence": "added_by"}


def unsaved_row(model: type[models.Model]) -> models.Model:
    """Return a valid row that is not saved yet; the rows that it points to are saved."""
    row = model()
    fixed = FIXED.get(model._meta.label, {}) | _made_for(model)
    for field in model._meta.local_concrete_fields:
        if field.primary_key or field.generated or field.name in fixed:
            continue
        asked_for = field.name in NEEDED.get(model._meta.label, set())
        if isinstance(field, models.ForeignKey):
            if asked_for or not field.null:
                setattr(row, field.name, saved_row(field.remote_field.model))
        elif (asked_for or not field.has_default()) and not field.null:
            setattr(row, field.name, _value(field, asked_for=asked_for))
    for name, value in fixed.items():
        setattr(row, name, value)
    return row


def _made_for(model: type[models.Model]) -> dict[str, Any]:
    """The columns that the database compares with other rows."""
    label = model._meta.label
    if label in ACTORS:
        actor = Change.objects.get(pk=open_change.get()).actor
        return {ACTORS[label]: actor or saved_row(apps.get_model("organisations.User"))}
    if label == "submissions.PublishedValue":
        figure: Any = saved_row(apps.get_model("submissions.Figure"))
        review: Any = unsaved_row(apps.get_model("submissions.Review"))
        review.submission = figure.submission
        review.save()
        tied = {name: getattr(figure, name) for name in ("indicator", "organisation", "period", "as_of_precision")}
        return tied | {"figure": figure, "review": review}
    return {}


def saved_row(model: type[models.Model]) -> models.Model:
    if model is ContentType:
        return ContentType.objects.get_for_model(ContentType)
    if model is Entry:
        return record("test.prepare", ContentType.objects.get_for_model(ContentType))
    row = unsaved_row(model)
    row.save(force_insert=True)
    return row


def _value(field: models.Field, *, asked_for: bool) -> Any:
    number = next(_numbers)
    if field.choices:
        return next(value for value, _ in field.flatchoices if value)
    if isinstance(field, models.CharField | models.TextField) and field.blank and not field.unique and not asked_for:
        return ""
    if isinstance(field, models.CharField | models.TextField):
        return f"r{number}"[: field.max_length]
    if isinstance(field, models.DateTimeField):
        return datetime(2023, 6, 30, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2023, 6, 30)
    if isinstance(field, models.DecimalField):
        return Decimal(number)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.JSONField):
        return []
    if isinstance(field, models.IntegerField):
        return number
    raise NotImplementedError(f"no value for {field!r}")
