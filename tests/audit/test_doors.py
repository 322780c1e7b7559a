"""Through whichever door a row is written (the administration, an import, a command, a job), it is one change
with one version of each changed row, with actor, reason and door. The ways of SQL and of the ORM are in
``test_ways_of_writing``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import shared_task
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse
from lxml import html

from audit.job_door import Job
from audit.models import Change, Door
from audit.recorded_admin import ReadOnlyAdmin
from audit.recording import door_of_request, recorded
from audit.tracking import tracked_models
from config.celery import app
from organisations.backends import ADMIN_PERMISSIONS
from organisations.models import Role, User
from plans.models import ReportingPeriod
from submissions.actions import close_period
from tests.audit.test_ways_of_writing import TABLES
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reviewer, system_administrator
from tests.factories.rows import saved_row
from tests.factories.submissions import opened
from tests.workbooks.books import CLEAR_WATER, copy_of
from workbooks.actions import load_plan

pytestmark = pytest.mark.django_db


def written_by(change: Change) -> dict[str, list[str]]:
    """The versions that a change wrote: of each table, their kinds."""
    found = {label: version.objects.filter(change=change) for label, (_, version) in TABLES.items()}
    return {label: [row.history_type for row in rows] for label, rows in found.items() if rows}


def edited() -> Iterator[str]:
    """The tracked tables that a system administrator changes on the administration's own pages."""
    allowed = ADMIN_PERMISSIONS[Role.SYSTEM_ADMINISTRATOR]
    for model, pages in admin.site._registry.items():
        verbs = allowed.get(model._meta.label_lower, allowed.get(f"{model._meta.app_label}.*", frozenset()))
        if model._meta.label in TABLES and "change" in verbs and not isinstance(pages, ReadOnlyAdmin):
            yield model._meta.label


class TestAdministration:
    def typed(self, client: Client, address: str) -> dict[str, Any]:
        page = html.fromstring(client.get(address).content.decode())
        (form,) = page.xpath("//div[@id='content-main']/form")
        blank = {each.name: "" for each in form.inputs if each.get("type") == "text" and each.name}
        return blank | {name: value for name, value in form.form_values() if not name.startswith("_")}

    @pytest.mark.parametrize("label", sorted(edited()))
    def test_a_save_leaves_one_version_and_none_when_nothing_changes(self, label: str) -> None:
        model, version = TABLES[label]
        by = system_administrator(name="管理员")
        with recorded(by=by, reason="准备"):
            row = saved_row(model)
        client = Client()
        client.force_login(by, backend="organisations.backends.RoleBackend")
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        typed, known = self.typed(client, address), Change.objects.count()
        sent = typed | other_column(model, typed) | {"change_reason": "按文件更正"}
        answer = client.post(address, sent)
        assert answer.status_code == 302, answer.context["errors"]
        change = Change.objects.latest("id")
        assert (change.actor, change.reason, change.door) == (by, "按文件更正", Door.ADMIN)
        assert (Change.objects.count(), written_by(change)) == (known + 1, {label: ["~"]})
        client.post(address, sent | {"change_reason": "再存一次"})
        assert written_by(Change.objects.latest("id")) == {}
        assert version.objects.filter(id=row.pk).count() == 2


OTHER = {
    models.TextField: "changed",
    models.CharField: "changed",
    models.DecimalField: "7",
    models.DateField: "2024-01-01",
}


def other_column(model: type[models.Model], typed: dict[str, Any]) -> dict[str, str]:
    """A column that stands on the form, with another value for it; words first."""
    fields = [f for f in model._meta.local_fields if f.name in typed and not f.choices and not f.is_relation]
    return next({f.name: other} for kind, other in OTHER.items() for f in fields if isinstance(f, kind))


class TestImport:
    def rows(self) -> dict[str, int]:
        return {label: count for label, (model, _) in TABLES.items() if (count := model._default_manager.count())}

    def test_each_row_has_one_version_with_actor_and_reason(self) -> None:
        by = system_administrator()
        before = self.rows()
        load_plan(CLEAR_WATER, by=by, reason="按印发文本载入", door=Door.WORKBOOK)
        change = Change.objects.latest("id")
        assert (change.actor, change.reason, change.door) == (by, "按印发文本载入", Door.WORKBOOK)
        new = {label: count - before.get(label, 0) for label, count in self.rows().items()}
        assert {label: kinds.count("+") for label, kinds in written_by(change).items()} == {
            label: count for label, count in new.items() if count
        }

    def test_a_changed_cell_is_one_version_and_the_same_again_is_none(self, tmp_path: Path) -> None:
        by = system_administrator()
        load_plan(CLEAR_WATER, by=by)
        sheet = copy_of(CLEAR_WATER, tmp_path) / "indicators.csv"
        sheet.write_text(sheet.read_text().replace("85.5", "86.5"))
        load_plan(sheet.parent, by=by, reason="更正一格")
        assert written_by(Change.objects.latest("id")) == {"indicators.Indicator": ["~"]}
        known = Change.objects.count()
        load_plan(sheet.parent, by=by, reason="再载入一次")
        assert Change.objects.count() == known

    def test_the_command_is_the_systems_own(self) -> None:
        call_command("load_plan", str(CLEAR_WATER), verbosity=0)
        change = Change.objects.latest("id")
        assert (change.actor, change.actor_name, change.door) == (None, "系统", Door.COMMAND)
        assert set(written_by(change)) >= {"plans.Plan", "indicators.Indicator"}


@shared_task(name="tests.close_period")
def close_by_job(period: int, by: int) -> None:
    close_period(ReportingPeriod.objects.get(pk=period), by=User.objects.get(pk=by), reason="到期关闭")


class TestJob:
    """No job of the product writes tracked rows so far; this one does, by a verb that is told no door."""

    def test_what_a_verb_writes_in_a_job_is_one_change_by_the_door_of_jobs(self) -> None:
        by, form = reviewer(), opened(indicator(lead=organisation()))
        close_by_job(form.period_id, by.pk)
        change = Change.objects.latest("id")
        assert (change.actor, change.reason, change.door) == (by, "到期关闭", Door.JOB)
        assert written_by(change) == {"plans.ReportingPeriod": ["~"]}

    def test_the_door_is_shut_behind_a_job_also_one_that_failed(self) -> None:
        with pytest.raises(ReportingPeriod.DoesNotExist):
            close_by_job(-1, reviewer().pk)
        assert door_of_request.get() is Door.COMMAND

    def test_every_job_of_the_product_is_one(self) -> None:
        app.loader.import_default_modules()
        jobs = {name: job for name, job in app.tasks.items() if not name.startswith("celery.")}
        assert {"audit.take_anchor", "reminders.send_reminders"} <= set(jobs)
        assert [name for name, job in jobs.items() if not isinstance(job, Job)] == []


def test_the_tables_of_this_page_are_all_tracked_ones() -> None:
    assert set(TABLES) == {model._meta.label for model, _ in tracked_models()}
