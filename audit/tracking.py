"""``history = tracked()`` makes a table a tracked one: the database writes a version for each changed row."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from simple_history.models import HistoricalRecords

from audit.models import Version


def tracked(*, excluded: Sequence[str] = ()) -> HistoricalRecords:
    """Declare a version table for the model it stands in; ``excluded`` columns never enter history.

    The rows are written by statement triggers that ``manage.py migrate`` makes anew from the models each time it
    ends (``audit.generator``); django-simple-history's own writers are off.
    """
    return HistoricalRecords(
        bases=[Version],
        excluded_fields=list(excluded),
        history_change_reason_field=models.TextField(null=True, blank=True),
        user_db_constraint=False,
    )


def tracked_models() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    """Yield every tracked model with the model of its versions."""
    for model in apps.get_models():
        attribute: str | None = getattr(model._meta, "simple_history_manager_attribute", None)
        if attribute:
            manager: Any = getattr(model, attribute)
            yield model, manager.model
