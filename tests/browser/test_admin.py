"""The administration pages in a browser: nothing breaks the content security policy, and everybody can use them."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.recording import recorded
from organisations.models import Role, User
from plans.models import Plan
from tests.factories.organisations import organisation, person
from tests.factories.plans import plan
from tests.factories.rows import saved_row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages_of(user: User) -> Iterator[str]:
    """The pages of every table that the person may view; where they may edit, those with something to type."""
    for model in admin.site._registry:
        name, room = model._meta.model_name, model._meta.app_label
        if not user.has_perm(f"{room}.view_{name}"):
            continue
        with recorded(by=user, reason="测试"):
            row = model._default_manager.first() or saved_row(model)
        yield reverse(f"admin:{room}_{name}_change", args=[row.pk])
        if user.has_perm(f"{room}.add_{name}") and model is not User:
            yield reverse(f"admin:{room}_{name}_add")
            continue
        yield reverse(f"admin:{room}_{name}_changelist")
        if user.has_perm(f"{room}.export_{name}"):
            yield reverse(f"admin:{room}_{name}_export")
        if hasattr(model, "history"):
            yield reverse(f"admin:{room}_{name}_history", args=[row.pk])
            yield reverse(f"admin:{room}_{name}_simple_history", args=[row.pk, row.history.first().history_id])


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR, Role.SECURITY_AUDITOR])
def test_every_page_keeps_to_the_policy(role: str, page_as: Callable[..., Page], live_server: LiveServer) -> None:
    user = person(role)
    page = page_as(user)  # complains at its end
    for address in [reverse("admin:index"), *pages_of(user)]:
        response = page.goto(live_server.url + address)
        assert (address, response.status) == (address, 200)
        expect(page.locator(".secrecy")).to_be_visible()


def test_a_foreign_key_is_found_by_typing(page_as: Callable[..., Page], live_server: LiveServer) -> None:
    row, unit = plan(), organisation(name="某某局")
    page = page_as(person(Role.SYSTEM_ADMINISTRATOR))
    page.goto(live_server.url + reverse("admin:plans_plan_change", args=[row.pk]))
    page.locator(".field-host .select2-selection").click()
    page.locator(".select2-search__field").fill("某某")
    page.get_by_role("option", name="某某局").click()
    page.get_by_label("变更理由").fill("按文件补充")
    page.locator("input[name=_save]").click()
    page.wait_for_url("**/plans/plan/")
    assert Plan.objects.get(pk=row.pk).host == unit


@pytest.mark.parametrize("width", [1440, 390])
def test_the_front_page_and_forms_are_accessible(
    width: int, page_as: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], list[str]]
) -> None:
    row = plan()
    page = page_as(person(Role.SYSTEM_ADMINISTRATOR), viewport={"width": width, "height": 900})
    forms = (reverse("admin:plans_plan_change", args=[row.pk]), reverse("admin:plans_reportingperiod_add"))
    for address in (reverse("admin:index"), *forms):
        page.goto(live_server.url + address)
        assert axe(page) == []
