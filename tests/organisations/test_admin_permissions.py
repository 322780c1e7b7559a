"""What each role may do in the administration pages."""

import pytest
from django.apps import apps
from django.test import Client

from organisations.backends import ADMIN_PERMISSIONS
from organisations.models import Role
from tests.factories.organisations import person

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/organisations/user/"

DRAFTS = [
    "submissions.view_submission",
    "submissions.view_figure",
    "submissions.view_progressnote",
    "files.view_storedfile",
]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR])
def test_an_administrator_of_accounts_sees_no_draft_and_no_case(role: str) -> None:
    who = person(role)
    seen = [each for each in [*DRAFTS, "evaluation.view_stage", "reports.view_section"] if who.has_perm(each)]
    assert seen == []
    assert not who.has_module_perms("submissions")


def test_a_system_administrator_keeps_people_and_the_plan_but_grants_no_role() -> None:
    who = person(Role.SYSTEM_ADMINISTRATOR)
    kept = ["organisations.change_user", "organisations.change_organisation", "plans.add_reportingperiod"]
    assert all(who.has_perm(each) for each in kept)
    assert not who.has_perm("organisations.add_user")
    assert not who.has_perm("organisations.add_rolegrant")
    assert not who.has_perm("organisations.view_rolegrant")
    assert not who.has_perm("axes.view_accesslog")


def test_a_schedule_is_switched_on_and_off_but_not_made() -> None:
    who = person(Role.SYSTEM_ADMINISTRATOR)
    assert who.has_perm("django_celery_beat.change_periodictask")
    assert not who.has_perm("django_celery_beat.add_periodictask")
    assert not who.has_perm("django_celery_beat.delete_periodictask")


def test_a_reviewer_looks_at_business_and_changes_nothing_in_the_administration() -> None:
    who = person(Role.REVIEWER)
    assert who.has_perm("submissions.view_submission")
    assert not who.has_perm("submissions.change_submission")
    assert not who.has_perm("audit.view_change")


def test_an_auditor_reads_history_too() -> None:
    assert person(Role.AUDITOR).has_perm("audit.view_change")


def test_the_trail_of_sign_ins_is_read_by_the_security_auditor_alone() -> None:
    may = {role for role in Role if person(role).has_perm("axes.view_accesslog")}
    assert may == {Role.SECURITY_AUDITOR}


def test_nobody_deletes_in_the_administration() -> None:
    names = [(model._meta.app_label, model._meta.model_name) for model in apps.get_models()]
    people = [person(role) for role in Role]
    assert [name for name in names for who in people if who.has_perm("{}.delete_{}".format(*name))] == []


def test_a_deactivated_person_may_nothing() -> None:
    who = person(Role.SYSTEM_ADMINISTRATOR, is_active=False)
    assert not who.has_perm("organisations.view_user")
    assert not who.has_module_perms("organisations")


def test_every_table_that_is_named_exists() -> None:
    named = {table for tables in ADMIN_PERMISSIONS.values() for table in tables}
    labels = {model._meta.label_lower for model in apps.get_models()} | {
        f"{config.label}.*" for config in apps.get_app_configs()
    }
    assert named - labels == set()


@pytest.mark.parametrize("column", ["session_key", "password", "phone"])
def test_nobody_asks_letter_by_letter_for_what_no_list_shows(column: str, client: Client) -> None:
    someone, by = person(phone="13800001234"), person(Role.REVIEWER)
    client.force_login(by, backend="organisations.backends.RoleBackend")
    for start in ("1", "-", "argon2"):
        assert client.get(PEOPLE, {f"{column}__startswith": start}).status_code == 400
    assert someone.name in client.get(PEOPLE, {"is_active__exact": "1"}).content.decode()


def test_what_a_list_offers_as_a_filter_is_asked_for() -> None:
    client = Client()
    client.force_login(person(Role.REVIEWER), backend="organisations.backends.RoleBackend")
    for address in (
        "/admin/organisations/user/?organisation__id__exact=1",
        "/admin/submissions/figure/?period__plan__id__exact=1",
        "/admin/submissions/figure/?id__exact=1",
        "/admin/files/storedfile/?uploaded_at__gte=2023-07-01",
    ):
        assert client.get(address).status_code == 200
