"""Every table has its administration pages, built on the one base."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import models

from audit.recorded_admin import ReadOnlyAdmin, RecordedAdmin
from audit.tracking import tracked_models
from config.admin_site import GROUPS

NOT_SHOWN = {
    "organisations.FormerPassword": "hashes that nobody reads",
    "background.JobProgress": "how far a job is: its own page shows it",
    "audit.Epoch": "rules of the chain, read by verification",
    "audit.Shape": "rules of the chain, read by verification",
    "audit.WrittenRows": "digests, read by verification",
    "audit.Seal": "digests, read by verification",
    "audit.SecurityRecord": "the application may not read the table; its page asks a function",
}
PAGES = admin.site._registry


def models_of_the_rooms() -> set[type[models.Model]]:
    versions = {version for _, version in tracked_models()}
    return {model for room in settings.ROOMS for model in apps.get_app_config(room).get_models()} - versions


def test_every_model_has_pages() -> None:
    missing = {model._meta.label for model in models_of_the_rooms() - set(PAGES)}
    assert missing == set(NOT_SHOWN)


def test_all_pages_are_built_on_the_one_base() -> None:
    assert [model for model, pages in PAGES.items() if not isinstance(pages, RecordedAdmin)] == []


def test_pages_of_another_kind_are_not_registered() -> None:
    admin.site.register(apps.get_model("sessions.Session"), ModelAdmin)
    assert apps.get_model("sessions.Session") not in PAGES


def test_every_model_stands_once_on_the_front_page() -> None:
    named = [label for labels in GROUPS.values() for label in labels]
    assert sorted(named) == sorted(model._meta.label for model in PAGES)


def test_every_model_is_searched() -> None:
    assert [model for model, pages in PAGES.items() if not pages.search_fields] == []


def test_a_row_with_a_state_is_read_only_or_keeps_its_state() -> None:
    with_state = [model for model in PAGES if hasattr(model, "MOVES")]
    assert with_state
    for model in with_state:
        assert isinstance(PAGES[model], ReadOnlyAdmin) or "state" in PAGES[model].readonly_fields
