"""A smallest valid row of any model, made from its columns: for tests that go over every table."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from audit.clock import now
from audit.models import Change, Entry
from audit.recording import open_change, record, recorded
from submissions.queries.stamped import paper_of

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
    "submissions.SourceCheck": {"remark"},
    "submissions.Reply": {"figure"},
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
    "submissions.Correction": {"scope": "form"},
    "submissions.Extension": {"until": datetime(2023, 7, 31, tzinfo=UTC)},
}


# columns that the database ties to the person in whose name the change is open
ACTORS = {
    "submissions.Evidence": "added_by",
    "organisations.RoleGrant": "granted_by",
    "submissions.Reply": "by",
    "evaluation.PassedOver": "by",
    "evaluation.DecidedAssessment": "by",
}


def unsaved_row(model: type[models.Model], **given: Any) -> models.Model:
    """Return a valid row that is not saved yet; the rows that it points to are saved."""
    row = model()
    fixed = FIXED.get(model._meta.label, {}) | _made_for(model) | given
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
        told = {"granted_at": now()} if label == "organisations.RoleGrant" else {}
        return told | {ACTORS[label]: actor or saved_row(apps.get_model("organisations.User"))}
    if label == "submissions.StampedScan":
        form: Any = saved_row(apps.get_model("submissions.Submission"))
        actor = Change.objects.get(pk=open_change.get()).actor or saved_row(apps.get_model("organisations.User"))
        return {"submission": form, "uploaded_by": actor, "version_code": paper_of(form).code}
    if label == "submissions.Review":
        return _review_of(_submitted(saved_row(apps.get_model("submissions.Figure"))))
    if label == "submissions.PublishedValue":
        figure: Any = _submitted(saved_row(apps.get_model("submissions.Figure")))
        review = apps.get_model("submissions.Review")(**_review_of(figure), at=datetime(2023, 6, 30, tzinfo=UTC))
        review.save()
        kept = [field.name for field in model.__bases__[0]._meta.local_fields]
        tied = {name: getattr(figure, name) for name in ("indicator", "organisation", "period", *kept)}
        return tied | {"figure": figure, "review": review, "sequence": 1}
    if label == "submissions.RequestedValue":
        published: Any = saved_row(apps.get_model("submissions.PublishedValue"))
        correction = unsaved_row(apps.get_model("submissions.Correction"), submission=published.figure.submission)
        correction.save(force_insert=True)
        told = {"answer": "value", "value": Decimal(next(_numbers))}
        return told | {"figure": published.figure, "published": published, "correction": correction}
    if label == "reports.Quotation":
        actor = Change.objects.get(pk=open_change.get()).actor or saved_row(apps.get_model("organisations.User"))
        return {"note": _approved_section(), "by": actor}
    return {}


def _approved_section() -> Any:
    """A section of a self-report whose form is approved in the name of the open change's person."""
    figure: Any = saved_row(apps.get_model("submissions.Figure"))
    section = saved_row(apps.get_model("submissions.SelfReportSection"))
    note = apps.get_model("submissions.ProgressNote")(submission=figure.submission, section=section, progress="文字")
    note.save()
    _submitted(figure)
    apps.get_model("submissions.Review")(**_review_of(figure), at=datetime(2023, 6, 30, tzinfo=UTC)).save()
    note.is_published = True
    note.save(update_fields=["is_published"])
    return note


def _submitted(figure: Any) -> Any:
    """Submit a figure with its form, in the name of somebody else than the open change's person."""
    filler, form = saved_row(apps.get_model("organisations.User")), figure.submission
    with another_change(filler):
        form.state, form.submitted_by = "submitted", filler
        form.save(update_fields=["state", "submitted_by"])
        for figure.state in ("filled", "submitted"):
            figure.save(update_fields=["state"])
    return figure


def _review_of(figure: Any) -> dict[str, Any]:
    """Approve the figure's form in the name of the open change's person; return what its review says."""
    actor = Change.objects.get(pk=open_change.get()).actor or saved_row(apps.get_model("organisations.User"))
    form = figure.submission
    form.state, form.decided_by = "approved", actor
    form.save(update_fields=["state", "decided_by"])
    entry = record("submission.approve", form)
    return {"submission": form, "decision": form.state, "by": actor, "round": form.round, "entry": entry}


@contextmanager
def another_change(by: Any) -> Iterator[None]:
    """A change of its own amid the open one, which goes on afterwards."""
    outer = open_change.get()
    token = open_change.set(None)
    try:
        with recorded(by=by, reason="准备"):
            yield
    finally:
        open_change.reset(token)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('audit.change', %s, true)", [str(outer or "")])


def saved_row(model: type[models.Model]) -> models.Model:
    if model is ContentType:
        return ContentType.objects.get_for_model(ContentType)
    if model is Entry:
        return record("test.prepare", ContentType.objects.get_for_model(ContentType))
    row = unsaved_row(model)
    row.save(force_insert=True)
    if model._meta.label == "submissions.PublishedValue":
        row.figure.state = "approved"
        row.figure.save(update_fields=["state"])
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
    if isinstance(field, models.SmallIntegerField):
        return number % 32_000 + 1  # a long run of the tests counts further than the column does
    if isinstance(field, models.IntegerField):
        return number
    raise NotImplementedError(f"no value for {field!r}")
