"""Every table leaves versions, or says why not."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from audit.tracking import tracked_models
from tests.house.untracked import UNTRACKED


def forgotten(tables: Iterable[type[models.Model]]) -> set[str]:
    """Tables that are neither tracked nor listed as untracked."""
    tracked = {model._meta.label for model, _ in tracked_models()}
    versions = {version._meta.label for _, version in tracked_models()}
    return {model._meta.label for model in tables} - tracked - versions - set(UNTRACKED)


def test_every_model_is_tracked_or_says_why_not() -> None:
    assert forgotten(apps.get_models()) == set()
    assert all(UNTRACKED.values())


def test_the_list_of_untracked_tables_names_no_tracked_and_no_missing_one() -> None:
    tracked = {model._meta.label for model, _ in tracked_models()}
    assert tracked.isdisjoint(UNTRACKED)
    assert set(UNTRACKED) <= {model._meta.label for model in apps.get_models()}


@isolate_apps("plans")
def test_a_forgotten_table_is_found() -> None:
    class Forgotten(models.Model):
        class Meta:
            app_label = "plans"

    assert forgotten([Forgotten]) == {"plans.Forgotten"}
