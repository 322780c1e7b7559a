"""The table of the administration pages, tried table by table and role by role on real rows."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from audit.models import Change
from audit.recorded_admin import ReadOnlyAdmin
from audit.recording import recorded
from organisations.models import Role, User
from tests.factories.organisations import person
from tests.factories.rows import saved_row
from tests.house.access import ADMIN, ADMIN_WHO

pytestmark = pytest.mark.django_db

OUTSIDE = sorted(set(Role) - set(ADMIN_WHO))
# word: the pages that open
OPENS = {
    "-": set(),
    "view": {"list", "row", "history"},
    "look": {"list", "row", "history", "export"},
    "edit": {"list", "row", "history", "export", "add"},
    "amend": {"list", "row", "history", "export"},
    "switch": {"list", "row"},
}


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who, backend="organisations.backends.RoleBackend")
    return client


def addresses_of(label: str) -> dict[str, str]:
    model = apps.get_model(label)
    with recorded(by=person(), reason="测试"):
        row = Change.objects.first() if model is Change else saved_row(model)
    stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    named = {"list": "changelist", "add": "add", "export": "export"}
    found = {page: reverse(f"{stem}_{name}") for page, name in named.items()}
    found |= {page: reverse(f"{stem}_{page}", args=[row.pk]) for page in ("history", "delete")}
    return found | {"row": reverse(f"{stem}_change", args=[row.pk])}


def opened(client: Client, addresses: dict[str, str]) -> set[str]:
    answers = {page: client.get(address).status_code for page, address in addresses.items()}
    assert set(answers.values()) <= {200, 404}, answers
    return {page for page, status in answers.items() if status == 200}


def test_every_table_stands_in_the_access_table() -> None:
    assert set(ADMIN) == {model._meta.label for model in admin.site._registry}


@pytest.mark.parametrize("label", ADMIN)
def test_the_table_opens_to_whom_it_says(label: str) -> None:
    addresses = addresses_of(label)
    is_tracked = hasattr(apps.get_model(label)._meta, "simple_history_manager_attribute")
    got = {role: opened(signed_in(person(role)), addresses) for role in ADMIN_WHO}
    words = dict(zip(ADMIN_WHO, ADMIN[label].split(), strict=True))
    assert got == {role: OPENS[word] - (set() if is_tracked else {"history"}) for role, word in words.items()}


@pytest.mark.parametrize("role", OUTSIDE)
def test_to_everybody_else_there_is_no_administration(role: str) -> None:
    client = signed_in(person(role))
    addresses = [reverse("admin:index"), *addresses_of("plans.Plan").values()]
    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_visitor_is_led_to_sign_in() -> None:
    response = Client().get(reverse("admin:index"))
    assert (response.status_code, response["Location"]) == (302, reverse("sign_in") + "?next=/admin/")


@pytest.mark.parametrize(
    "label", [label for label in ADMIN if {"edit", "amend", "switch"} & set(ADMIN[label].split())]
)
def test_only_who_may_edit_is_offered_to_save(label: str) -> None:
    address = addresses_of(label)["row"]
    offers = {
        role: b'name="_save"' in signed_in(person(role)).get(address).content
        for role, word in zip(ADMIN_WHO, ADMIN[label].split(), strict=True)
        if word != "-"
    }
    assert offers == {role: role == Role.SYSTEM_ADMINISTRATOR for role in offers}


def names_of(resolver: URLResolver) -> set[str]:
    found: set[str] = set()
    for each in resolver.url_patterns:
        found |= {each.name or ""} if isinstance(each, URLPattern) else names_of(each)
    return found


def test_the_site_has_no_other_addresses() -> None:
    site = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "admin")
    pages = ("changelist", "add", "change", "delete", "history", "simple_history", "export")
    tables = {f"{m._meta.app_label}_{m._meta.model_name}_{page}" for m in admin.site._registry for page in pages}
    assert names_of(site) - tables == {"", "index", "app_list", "autocomplete", "jsi18n", "view_on_site"}


def test_drafts_are_invisible_to_the_administrators_of_accounts() -> None:
    drafts = [label for label in ADMIN if label.startswith(("submissions.", "files.", "evaluation.", "reports."))]
    words = {label: ADMIN[label].split()[2:] for label in drafts}
    assert {label for label, row in words.items() if set(row) != {"-"}} == set()
    assert all(isinstance(admin.site._registry[apps.get_model(label)], ReadOnlyAdmin) for label in drafts)
