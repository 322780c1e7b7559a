"""The access table, tried cell by cell on real rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

import pytest
from django.conf import settings
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organisations.models import User
from tests.house import access
from tests.house.access_rows import PARTS, SENT, Rows, one_of_everything

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TABLE = {" ".join(line.split()): cells.split() for room in access.ROOMS for line, cells in room.items()}
ANSWERED: dict[str, set[str]] = {}  # name: methods
for _line in TABLE:
    ANSWERED.setdefault(_line.split()[1], set()).add(_line.split()[0])


@dataclass(frozen=True)
class Address:
    name: str
    parts: tuple[str, ...]


def addresses(resolver: URLResolver, namespace: str = "", parts: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every URL with its full name and the names of its parts; the admin site has a table of its own."""
    for each in resolver.url_patterns:
        here = (*parts, *each.pattern.converters)
        if isinstance(each, URLPattern):
            yield Address(f"{namespace}{each.name}", here)
        elif each.namespace != "admin":
            yield from addresses(each, f"{namespace}{each.namespace}:" if each.namespace else namespace, here)


ADDRESSES = {address.name: address for address in addresses(get_resolver())}


def url_of(name: str, rows: Rows) -> str:
    parts = ADDRESSES[name].parts
    return reverse(name, kwargs={part: PARTS.get(f"{name} {part}", PARTS.get(part))(rows) for part in parts})


def answer(line: str, who: User | None, rows: Rows, *, method: str = "", csrf: bool = False) -> str:
    """Send the line's request, undo what it did, and say in a word what came back."""
    method, name = method or line.split()[0], line.split()[1]
    client = Client(enforce_csrf_checks=csrf)
    with transaction.atomic():
        if who is not None:
            client.force_login(who, backend="organisations.backends.RoleBackend")
        data = SENT.get(name, lambda rows: {})(rows) if method == "POST" else None
        response = (
            client.generic(method, url_of(name, rows)) if data is None else client.post(url_of(name, rows), data)
        )
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL) + "?next="):
        return "sign in"
    if who is None and response.status_code == 401:  # what was typed is shown before the way to sign-in
        return "sign in"
    return str(response.status_code)


def is_served(answered: str) -> bool:
    return answered in {"200", "204", "302", "409", "422", "503"}  # 503: the health page, where no worker runs


def wrong_cells(line: str, rows: Rows) -> list[str]:
    """What differs from the line, in words."""
    wrong = []
    for role, cell in zip(access.WHO, TABLE[line], strict=True):
        tried = {"": None} if role == "anyone" else {"member": rows.members[role], "stranger": rows.strangers[role]}
        for kind, who in tried.items():
            expected = cell == "yes" or (cell == "own" and kind == "member")
            got = answer(line, who, rows)
            refusal = "sign in" if who is None else "404"
            if not (is_served(got) if expected else got == refusal):
                wrong.append(f"{line}: {role} {kind} should {cell}, got {got}")
    return wrong


def test_every_url_stands_in_the_table() -> None:
    assert set(ANSWERED) == set(ADDRESSES)


def test_a_url_without_a_line_is_found() -> None:
    assert "evaluation:case" in ADDRESSES
    assert set(ANSWERED) - {"evaluation:case"} != set(ADDRESSES)


def test_every_url_has_a_name() -> None:
    assert [name for name in ADDRESSES if name.endswith("None")] == []


def test_every_line_has_a_word_for_everybody() -> None:
    assert {line for line, cells in TABLE.items() if len(cells) != len(access.WHO)} == set()
    assert {word for cells in TABLE.values() for word in cells} <= {"yes", "own", "no"}


@pytest.mark.django_db
@pytest.mark.parametrize("line", TABLE)
def test_the_line_holds(line: str) -> None:
    assert wrong_cells(line, one_of_everything()) == []


@pytest.mark.django_db
def test_a_loosened_permission_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("evaluation.actions.stages")
    monkeypatch.setattr(module, "can_pass_over", lambda user, stage: True)
    found = wrong_cells("POST evaluation:pass_over", one_of_everything())
    assert found[0].startswith("POST evaluation:pass_over: reviewer member should no, got 302")


@pytest.mark.django_db
def test_a_tightened_permission_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("evaluation.views.case")
    monkeypatch.setattr(module, "can_see_case", lambda user, evaluation: False)
    assert wrong_cells("GET evaluation:case", one_of_everything()) != []


@pytest.mark.django_db
def test_a_method_without_a_line_is_refused() -> None:
    rows, wrong = one_of_everything(), []
    for name, answered in ANSWERED.items():
        for method in set(METHODS) - answered:
            got = answer(f"{method} {name}", rows.members["reviewer"], rows)
            if got != "405":
                wrong.append(f"{method} {name}: {got}")
    assert wrong == []


@pytest.mark.django_db
def test_whoever_may_get_may_ask_for_the_head_and_whoever_may_not_may_not() -> None:
    rows, differing = one_of_everything(), []
    for line in (line for line in TABLE if line.startswith("GET")):
        for who in (None, rows.members["reporter"], rows.members["reviewer"], rows.strangers["reporter"]):
            got, head = answer(line, who, rows), answer(line, who, rows, method="HEAD")
            if head != got:
                differing.append(f"{line}: {who}: GET {got}, HEAD {head}")
    assert differing == []


@pytest.mark.django_db
def test_a_post_without_its_token_is_refused_everywhere() -> None:
    rows = one_of_everything()
    posts = [line for line in TABLE if line.startswith("POST")]
    assert {
        line: got for line in posts if (got := answer(line, rows.members["leader"], rows, csrf=True)) != "403"
    } == {}
