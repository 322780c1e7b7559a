"""Every table leaves versions, or says why not."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from audit.guards import instead_of_deleting
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


# what the history is about: named here, so that none of it becomes untracked by a reason that somebody found good
BUSINESS = [
    "organisations.Organisation",
    "organisations.User",
    "organisations.RoleGrant",
    "plans.Plan",
    "plans.ReportingPeriod",
    "tasks.TaskChapter",
    "tasks.KeyTask",
    "projects.MajorProject",
    "projects.Milestone",
    "indicators.Indicator",
    "indicators.AnnualTarget",
    "files.StoredFile",
    "responsibilities.Responsibility",
    "submissions.Submission",
    "submissions.Figure",
    "submissions.PublishedValue",
    "submissions.ProgressNote",
    "submissions.Evidence",
    "submissions.Review",
    "submissions.Remark",
    "submissions.Correction",
    "submissions.RequestedValue",
    "submissions.UploadedWorkbook",
    "submissions.ProposedValue",
    "submissions.SummaryTemplate",
]


def test_the_business_is_tracked_with_every_column_that_tells_of_it() -> None:
    tracked = {model._meta.label: (model, version) for model, version in tracked_models()}
    assert set(BUSINESS) <= set(tracked)
    for label in BUSINESS:
        model, version = tracked[label]
        kept = {field.name for field in version._meta.local_fields}
        left_out = {f.name for f in model._meta.local_concrete_fields if not f.generated} - kept
        assert left_out == LEFT_OUT.get(label, set())


# columns that history doesn't keep: secrets, marks of a session, and what a person may have erased
LEFT_OUT = {
    "organisations.User": {
        *("password", "last_login", "password_changed_at", "previous_sign_in", "previous_address", "session_key"),
        *("phone", "email"),
    },
    "organisations.Organisation": {"contact_phone"},
}


def test_what_left_traces_is_never_deleted_and_says_what_to_do_instead() -> None:
    assert {model._meta.label for model, _ in tracked_models() if not instead_of_deleting(model)} == set()


@isolate_apps("plans")
def test_a_forgotten_table_is_found() -> None:
    class Forgotten(models.Model):
        class Meta:
            app_label = "plans"

    assert forgotten([Forgotten]) == {"plans.Forgotten"}
