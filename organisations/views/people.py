"""People, as a system administrator looks after them: who can't sign in, new ones, leavers."""

import base64
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.spreadsheets import csv_of
from organisations import actions
from organisations.forms import HandOverForm, PersonForm, ReasonForm, SheetForm
from organisations.lockout import locked_accounts
from organisations.models import Role, User
from organisations.open_work import open_work_of
from organisations.people_sheet import COLUMNS, LARGEST, read_people
from organisations.permissions import can_deactivate, can_reset_password, is_system_administrator
from organisations.queries import CannotSignIn, locked_usernames, people_found, role_labels
from organisations.views.doors import PersonRequest, only, told

PAGE = 50


@require_safe
@only(is_system_administrator)
def people(request: PersonRequest) -> HttpResponse:
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    page = Paginator(people_found(text, state), PAGE).get_page(request.GET.get("page"))
    locked = locked_usernames()
    rows = [(person, role_labels(person), state_of(person, locked)) for person in page]
    counts = [(key, label, people_found("", key).count()) for key, label in CannotSignIn.LABELS.items()]
    context = {"page": page, "rows": rows, "q": text, "state": state, "counts": counts}
    return render(request, "organisations/people.html", context)


def state_of(person: User, locked: set[str]) -> tuple[str, str]:
    """Return the kind of mark and the words: whether the person can sign in."""
    if not person.is_active:
        return "gone", "已停用"
    if person.username in locked:
        return "over", "已锁定"
    if person.must_change_password:
        return "todo", "尚未修改一次性密码"
    return "ok", "可登录"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(is_system_administrator)
def add_person(request: PersonRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_user(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            for field, errors in refusal.message_dict.items():
                form.add_error(field if field in form.fields else None, errors)
        else:
            return show_passwords(request, [made])
    status = 422 if form.is_bound else 200
    return render(request, "organisations/add_person.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(is_system_administrator)
def load_people(request: PersonRequest) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    wrong: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return show_passwords(
                request, actions.load_people(read_people(form.cleaned_data["sheet"]), by=request.user)
            )
        except ValidationError as refusal:
            wrong = refusal.messages
    context = {"form": form, "wrong": wrong, "columns": list(COLUMNS), "largest": LARGEST}
    return render(request, "organisations/load_people.html", context, status=422 if form.is_bound else 200)


def show_passwords(request: HttpRequest, made: list[tuple[User, str]]) -> HttpResponse:
    """Show one-time passwords in the answer itself: they are kept nowhere, and no second look is possible."""
    heads = ["单位", "姓名", "登录名", "一次性密码"]
    sheet = csv_of([heads, *([u.organisation.name, u.name, u.username, password] for u, password in made)])
    encoded = base64.b64encode(sheet.encode("utf-8-sig")).decode("ascii")
    return render(request, "organisations/one_time_passwords.html", {"made": made, "sheet": encoded})


@require_safe
@only(is_system_administrator)
def person(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    return render(request, "organisations/person.html", _page_of(who, request.user))


@never_cache
@require_POST
@only(is_system_administrator)
def reveal_contact(request: PersonRequest, pk: int) -> HttpResponse:
    """Show telephone and mail in full in the answer itself: the page of the person shows them masked again."""
    who = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    contact = actions.reveal_contact_details(who, by=request.user)
    return render(request, "organisations/person.html", _page_of(who, request.user) | {"contact": contact})


@require_POST
@only(is_system_administrator)
def erase_contact(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        actions.erase_contact_details(who, by=request.user, reason=data["reason"])
        return f"{who.name}的联系方式已清除。"

    told(request, ReasonForm(request.POST), verb)
    return redirect("person", pk=pk)


def _page_of(who: User, by: User) -> dict[str, Any]:
    locked = [account for account in locked_accounts() if account["username"] == who.username]
    return {
        "person": who,
        "roles": [role.label for role in Role if role in who.roles],
        "state": state_of(who, {account["username"] for account in locked}),
        "locked": locked,
        "open_work": open_work_of(who),
        "may": {
            "reset": can_reset_password(by, who) and who.is_active,
            "deactivate": can_deactivate(by, who),
            "is_watcher": who.has_role(Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR),
        },
        "reason_form": ReasonForm(),
        "hand_over_form": HandOverForm(who),
        "taken": who.handovers_given.select_related("to_user"),
    }


@never_cache
@require_POST
@only(is_system_administrator)
def reset_password(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        password = actions.reset_password(who, by=request.user, reason=form.cleaned_data["reason"])
        return show_passwords(request, [(who, password)])
    told(request, form, lambda data: "")
    return redirect("person", pk=pk)


@require_POST
@only(is_system_administrator)
def deactivate(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        actions.deactivate(who, by=request.user, reason=data["reason"])
        return f"{who.name}的账号已停用，其登录随之结束。"

    told(request, ReasonForm(request.POST), verb)
    return redirect("person", pk=pk)


@require_POST
@only(is_system_administrator)
def reactivate(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        actions.reactivate(who, by=request.user, reason=data["reason"])
        return f"{who.name}的账号已恢复。"

    told(request, ReasonForm(request.POST), verb)
    return redirect("person", pk=pk)


@require_POST
@only(is_system_administrator)
def hand_over(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        handover = actions.hand_over_work(who, to=data["to"], by=request.user, reason=data["reason"])
        return f"{who.name}的 {len(handover.items)} 项工作已移交{data['to'].name}。"

    told(request, HandOverForm(who, request.POST), verb)
    return redirect("person", pk=pk)
