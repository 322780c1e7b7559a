"""How long the main pages take and how many queries they ask, beside a bare page with one query, in one run.

Reads the database that it is given: load the demonstration first. Each page is asked for by a signed-in person;
nothing but their sessions is written. Run: ``make bench``.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from organisations.models import Organisation, Role, User  # noqa: E402
from plans.models import Plan  # noqa: E402
from submissions.models import State, Submission  # noqa: E402

ROUNDS = 20


@dataclass
class Measured:
    title: str
    user: User
    address: str


def holder(role: Role, at: Organisation | None = None) -> User:
    found = User.objects.filter(grants__role=role, grants__withdrawn_at=None, is_active=True)
    user = (found.filter(organisation=at) if at else found).order_by("id").first()
    return user or sys.exit(f"没有{role.label}账号，请先装入演示数据（make run 会自动装入）。")


def largest(*states: State) -> Submission:
    """The form with most cells among those in one of the states."""
    forms = list(Submission.objects.filter(state__in=states).select_related("period__plan", "organisation"))
    return max(forms, key=lambda form: form.figures.count(), default=None) or sys.exit(
        "没有填报表，请先装入演示数据。"
    )


def pages() -> list[Measured]:
    draft = largest(State.DRAFT, State.RETURNED)
    waiting = largest(State.SUBMITTED)
    plan = {"plan": draft.period.plan.code}
    reporter, reviewer, leader = holder(Role.REPORTER, draft.organisation), holder(Role.REVIEWER), holder(Role.LEADER)

    def place(form: Submission) -> dict[str, str]:
        return plan | {"period": form.period.code, "organisation": form.organisation.code}

    return [
        Measured("我的工作台（填报人）", reporter, reverse("overview:desk", kwargs=plan)),
        Measured("我的工作台（审核人）", reviewer, reverse("overview:desk", kwargs=plan)),
        Measured("填报表", reporter, reverse("submissions:form", kwargs=place(draft))),
        Measured("审核", reviewer, reverse("submissions:review", kwargs=place(waiting))),
        Measured("总览", leader, reverse("overview:overview", kwargs=plan)),
    ]


BARE = engines["django"].from_string("<title>{{ plan.name }}</title>")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BARE.render({"plan": Plan.objects.order_by("id").first()}))


def microseconds(work: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) // 1000


def measure(page: Measured) -> str:
    client, request = Client(SERVER_NAME="localhost"), RequestFactory().get("/")
    client.force_login(page.user, backend="organisations.backends.RoleBackend")
    User.objects.filter(pk=page.user.pk).update(session_key=client.session.session_key)  # it replaces any other
    answer = client.get(page.address)
    if answer.status_code != 200:
        sys.exit(f"{page.title} {page.address} 回答 {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(page.address)
    asked = len(queries)  # read now: the next request empties the list
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(microseconds(lambda: client.get(page.address)))
        theirs.append(microseconds(lambda: bare(request)))
    mine, other = statistics.median(ours), statistics.median(theirs)
    return f"{page.title:　<12}{mine / 1000:>9.1f}{other / 1000:>9.2f}{mine / other:>8.0f}{asked:>7}"


if __name__ == "__main__":
    print(f"{ROUNDS} 次取中位数，与只查一次数据库的空页面交替测量")
    print(f"{'页面':　<12}{'毫秒':>7}{'空页面':>6}{'倍数':>6}{'查询':>5}")
    for each in pages():
        print(measure(each))
