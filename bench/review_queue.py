"""The reviewers' queue with few forms and with 10,000 of 100 cells each: how many queries, how long, beside a bare page.

Makes a database of its own on the server of OWNER_DATABASE_URL, and drops it at the end. Run: ``make bench``, or
``python bench/review_queue.py --forms 10000 --cells 100``.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import JSONField, Model  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from audit.clock import now, today  # noqa: E402
from audit.recording import recorded  # noqa: E402
from indicators.models import Indicator, IndicatorCategory  # noqa: E402
from organisations.models import Organisation, Role, RoleGrant, User  # noqa: E402
from plans.models import PeriodKind, Plan, ReportingPeriod  # noqa: E402
from submissions.models import Figure, Submission  # noqa: E402

FEW = 100
AT_MOST = 12
ADDRESSES = {
    "队列": "",
    "按单位排列": "?sort=organisation",
    "按变动排列": "?sort=changed",
    "按未填项数排列": "?sort=filled",
    "只看未看过的": "?news=unseen",
}
# the rows are there before anybody measures: written past the triggers, by the owner
TABLES = ("submissions_submission", "submissions_figure")
FORMS = {
    "period_id": "period.id", "organisation_id": "body.id", "organisation_name": "body.name", "state": "'submitted'",
    "deadline": "period.deadline", "round": "1", "submitted_at": "at", "first_submitted_at": "at",
}  # fmt: skip
FROM_PERIODS = """
FROM plans_reportingperiod period CROSS JOIN organisations_organisation body,
    LATERAL (SELECT now() - (body.id + period.id) * interval '1 second' AS at) moment
WHERE NOT EXISTS (SELECT 1 FROM submissions_submission known WHERE known.period_id = period.id)
"""
CELLS = {
    "submission_id": "form.id", "indicator_id": "indicator.id", "organisation_id": "form.organisation_id",
    "period_id": "form.period_id", "state": "'submitted'", "answer": "'value'", "value": "50",
    "value_printed": "'50'", "revision": "1", "saved_at": "form.submitted_at",
}  # fmt: skip
FROM_FORMS = """
FROM submissions_submission form CROSS JOIN indicators_indicator indicator
WHERE NOT EXISTS (SELECT 1 FROM submissions_figure known WHERE known.submission_id = form.id)
"""
BARE = engines["django"].from_string("<title>{{ plan.name }}</title>")


@contextmanager
def database_of_its_own() -> Iterator[psycopg.Connection]:
    owner, default = connections["owner"], connections["default"]
    original = owner.settings_dict["NAME"]
    owner.settings_dict["TEST"]["NAME"] = f"bench_{original}"  # beside the tests' own
    owner.creation.create_test_db(verbosity=0, autoclobber=True)
    default.settings_dict["NAME"] = owner.settings_dict["NAME"]
    try:
        with psycopg.connect(**owner.get_connection_params(), autocommit=True) as direct:
            yield direct
    finally:
        default.close()
        owner.creation.destroy_test_db(original, verbosity=0)


def prepare(forms: int, cells: int) -> tuple[Plan, User]:
    """A plan with as many organisations as make a hundred forms each period, its indicators, and a reviewer."""
    with recorded(by=None, reason="准备"):
        plan = Plan.objects.create(code="bench", name="规划", base_year=2015, first_year=2016, last_year=2020)
        bodies = Organisation.objects.bulk_create(
            Organisation(code=f"u{n}", name=f"单位{n}", kind="department", position=n) for n in range(FEW)
        )
        category = IndicatorCategory.objects.create(plan=plan, number=1, title="类别")
        Indicator.objects.bulk_create(
            Indicator(plan=plan, category=category, number=n + 1, name=f"指标{n}", base=0, target=100)
            for n in range(cells)
        )
        user = User.objects.create(
            username="bench",
            name="审核人",
            organisation=bodies[0],
            must_change_password=False,
            password_changed_at=now(),
        )
        RoleGrant.objects.create(user=user, role=Role.REVIEWER, granted_at=now())
        add_periods(plan, 0, 1)
    return plan, user


def add_periods(plan: Plan, first: int, count: int) -> None:
    day = today().replace(year=2018, month=6, day=30)
    ReportingPeriod.objects.bulk_create(
        ReportingPeriod(plan=plan, code=f"r{n}", name=f"报告期{n}", kind=PeriodKind.SPECIAL,
                        starts_on=day, ends_on=day, opens_on=day, deadline=now())
        for n in range(first, first + count)
    )  # fmt: skip


def insert(owner: psycopg.Connection, model: type[Model], named: dict[str, str], source: str) -> None:
    """Write rows of a model from a query; columns that aren't named get their defaults."""
    columns, values, defaults = list(named), list(named.values()), []
    for field in model._meta.local_concrete_fields:
        if field.attname not in named and not field.primary_key:
            columns.append(field.attname)
            values.append("%s")
            default = field.get_default()
            defaults.append(json.dumps(default) if isinstance(field, JSONField) else default)
    words = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)} {source}"
    owner.execute(words, defaults)


def fill(owner: psycopg.Connection) -> int:
    """Write the forms and cells that the periods lack; return how many forms there are."""
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    insert(owner, Submission, FORMS, FROM_PERIODS)
    insert(owner, Figure, CELLS, FROM_FORMS)
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        owner.execute(f"ANALYZE {table}")
    return Submission.objects.count()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BARE.render({"plan": Plan.objects.order_by("id").first()}))


def microseconds(work: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) // 1000


def measure(plan: Plan, user: User, rounds: int) -> dict[str, tuple[int, int]]:
    """Return by what is asked for the queries and the median of microseconds."""
    client, request = Client(SERVER_NAME="localhost"), RequestFactory().get("/")
    client.force_login(user, backend="organisations.backends.RoleBackend")
    User.objects.filter(pk=user.pk).update(session_key=client.session.session_key)  # it replaces any other
    url = reverse("submissions:queue", args=[plan.code])
    found = {"空页面": (1, round(statistics.median(microseconds(lambda: bare(request)) for _ in range(rounds))))}
    for title, query in ADDRESSES.items():
        answer = client.get(url + query)
        if answer.status_code != 200:
            sys.exit(f"{title} 回答 {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(url + query)
        asked = len(queries)  # read now: the next request empties the list
        took = [microseconds(partial(client.get, url + query)) for _ in range(rounds)]
        found[title] = (asked, round(statistics.median(took)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=10_000)
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with database_of_its_own() as owner:
        plan, user = prepare(given.forms, given.cells)
        few, small = fill(owner), measure(plan, user, given.rounds)
        with recorded(by=None, reason="准备"):
            add_periods(plan, 1, max(given.forms // FEW - 1, 1))
        many = fill(owner)
        large = measure(plan, user, given.rounds)
    print(f"每张 {given.cells} 格；{given.rounds} 次取中位数（要求：{AT_MOST} 次查询以内，张数再多也不增加）")
    print(f"{'':　<10}{few:>7} 张：查询　毫秒{many:>9} 张：查询　毫秒")
    for title, (asked, took) in small.items():
        more, longer = large[title]
        print(f"{title:　<10}{asked:>12}{took / 1000:>9.1f}{more:>16}{longer / 1000:>9.1f}")
    if any(large[title][0] > small[title][0] for title in ADDRESSES):
        sys.exit("查询次数随张数增加了。")


if __name__ == "__main__":
    main()
