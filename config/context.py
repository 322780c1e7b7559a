"""What the frame of every page needs: the plan, the person, and the role's own few words as navigation."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from organisations.models import Role, User
from organisations.permissions import reads_business
from plans.models import Plan
from reminders.models import Notice

R = Role
_BUSINESS = (R.REPORTER, R.HEAD, R.REVIEWER, R.LEADER, R.AUDITOR)
_EVERYBODY = tuple(Role)
_CASE = (R.REVIEWER, R.LEADER, R.AUDITOR)


@dataclass(frozen=True)
class Word:
    """A word of the navigation: whose it is, where it leads, and on which pages it is the current one."""

    title: str
    leads_to: str
    roles: tuple[str, ...]
    covers: tuple[str, ...]  # names of views, or "room:" for a whole room
    counts_notices: bool = False


NAVIGATION = (
    Word("我的工作台", "overview:desk", _EVERYBODY, ("overview:desk",)),
    Word(
        "审核",
        "submissions:queue",
        (R.REVIEWER,),
        (
            "submissions:queue",
            "submissions:review",
            "submissions:withdraw_approval",
            "submissions:answer_correction",
            "submissions:periods",
            "submissions:define_period",
            "submissions:redefine_period",
            "submissions:open_period",
            "submissions:change_deadline",
            "submissions:close_period",
            "submissions:reopen_period",
            "submissions:follow_responsibilities",
            "submissions:checks",
            "submissions:tune_check",
        ),
    ),
    Word(
        "填报表",
        "submissions:forms",
        (R.REPORTER, R.HEAD),
        (
            "submissions:forms",
            "submissions:form",
            "submissions:check",
            "submissions:ask_for_correction",
            "submissions:source_checks",
        ),
    ),
    Word("查记录", "overview:audit", (R.AUDITOR,), ("overview:audit",)),
    Word("总览", "overview:overview", _BUSINESS, ("overview:overview", "overview:trace")),
    Word("评估", "evaluation:cases", _CASE, ("evaluation:",)),
    Word("报告", "reports:current", _CASE, ("reports:",)),
    Word(
        "人员",
        "people",
        (R.SYSTEM_ADMINISTRATOR,),
        ("people", "person", "add_person", "load_people", "reset_password"),
    ),
    Word("角色", "roles", (R.SECURITY_ADMINISTRATOR,), ("roles", "person_roles")),
    Word("当日角色", "roles_of_a_day", (R.SECURITY_AUDITOR,), ("roles_of_a_day",)),
    Word("安全审计", "security_trail", (R.SECURITY_AUDITOR,), ("security_trail",)),
    Word(
        "后台管理",
        "admin:index",
        (R.SYSTEM_ADMINISTRATOR, R.SECURITY_ADMINISTRATOR, R.SECURITY_AUDITOR),
        ("admin:",),
    ),
    Word("通知", "reminders:notices", _EVERYBODY, ("reminders:",), counts_notices=True),
)


@dataclass(frozen=True)
class Item:
    """A word of the navigation as one page shows it."""

    title: str
    url: str
    is_current: bool
    count: int = 0


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return ``frame``: the plan of the page (else the newest), the person and the addresses of the frame."""
    user = getattr(request, "user", None)
    found: dict[str, Any] = {"product": settings.PRODUCT_NAME, "urls": {}}
    if not isinstance(user, User):
        return {"frame": found}
    plan = getattr(request, "plan", None) or Plan.objects.select_related("host").first()
    found |= {"plan": plan, "user": user, "who": who(user), "session": session(user)}
    found["urls"] = {name: url for name, url in _urls(user, plan).items() if url}
    found["has_search"] = "search" in found["urls"] and not _is_a_search(user, _view_name(request))
    if plan is not None:
        found["navigation"] = navigation(user, plan, _view_name(request))
    return {"frame": found}


def session(user: User) -> dict[str, Any]:
    """What the page's script needs to warn before the session ends."""
    return {
        "url": reverse("session"),
        "sign_in": reverse("sign_in"),
        "person": user.pk,
        "seconds": settings.IDLE_MINUTES * 60,
        "warning_seconds": settings.IDLE_WARNING_MINUTES * 60,
    }


def who(user: User) -> str:
    """A person's roles and organisation in a line."""
    roles = "、".join(role.label for role in Role if role in user.roles)
    return " · ".join(part for part in (roles, user.organisation.display_name) if part)


def navigation(user: User, plan: Plan, view_name: str) -> list[Item]:
    """The words of a person's roles, in order, without those whose page isn't there."""
    items = []
    for word in NAVIGATION:
        url = address(word.leads_to, plan) if user.has_role(*word.roles) else ""
        if not url:
            continue
        current = any(view_name == name or (name.endswith(":") and view_name.startswith(name)) for name in word.covers)
        unread = Notice.objects.for_user(user).filter(read_at=None).count() if word.counts_notices else 0
        items.append(Item(word.title, url, current, unread))
    return items


def address(name: str, plan: Plan | None) -> str:
    """Return the address of a named page, under the plan where it stands under one; empty where there is none."""
    for parts in ({"plan": plan.code} if plan is not None else {}, {}):
        try:
            return reverse(name, kwargs=parts)
        except NoReverseMatch:
            continue
    return ""


def _urls(user: User, plan: Plan | None) -> dict[str, str]:
    return {
        "home": address("home", None),
        "search": address("overview:search", plan) if reads_business(user) else "",
        "help": address("overview:help", plan),
        "change_password": address("change_password", None),
        "sign_out": address("sign_out", None),
    }


def _is_a_search(user: User, view_name: str) -> bool:
    """A page that is a search itself has one box only, not a second one in the top bar."""
    own = ("overview:search", "overview:audit")
    return view_name in own or (view_name == "overview:desk" and user.has_role(R.AUDITOR))


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
