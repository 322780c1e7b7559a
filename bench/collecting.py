"""What filling a form in costs: cells saved together beside one by one with django-simple-history, a form of many rows
opened beside a bare page with one query, a key pressed in its sheet; both sides in turns, in one run.

Makes a database of its own on the server of OWNER_DATABASE_URL, and drops it at the end. Run: ``make bench``, or
``python bench/collecting.py --rows 400 --rounds 5``.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver keeps an event loop
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.db import connection, connections, models, reset_queries  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.testcases import LiveServerThread  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from simple_history.models import HistoricalRecords  # noqa: E402

from indicators.models import QuantityKind  # noqa: E402
from organisations.models import User  # noqa: E402
from plans.models import Plan  # noqa: E402
from submissions.actions import Sent, save_figures  # noqa: E402
from submissions.addresses import address  # noqa: E402
from submissions.models import Figure, Submission  # noqa: E402
from tests.factories.indicators import indicator  # noqa: E402
from tests.factories.organisations import reporter  # noqa: E402
from tests.factories.plans import plan  # noqa: E402
from tests.factories.submissions import opened, published  # noqa: E402

SENT, CHANGED, KEYS = 200, 20, 30
TABLE = "bench_figure"
CHROMIUM = "/usr/bin/chromium"
DAY = date(2018, 6, 30)
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
BARE = engines["django"].from_string("<title>{{ plan.name }}</title>")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BARE.render({"plan": Plan.objects.order_by("id").first()}))


urlpatterns = [path("bare/", bare), path("", include("config.urls"))]


def compared_model() -> type[models.Model]:
    """The same columns in a table that django-simple-history follows in its ordinary way: a second INSERT for each save."""
    columns: dict[str, Any] = {}
    for field in Figure._meta.local_fields:
        _, _, arguments, named = field.deconstruct()
        if isinstance(field, models.ForeignKey):
            named |= {"related_name": "+"}
        columns[field.name] = type(field)(*arguments, **named)
    columns["history"] = HistoricalRecords(table_name=f"{TABLE}_history", app="submissions")
    meta = type("Meta", (), {"db_table": TABLE, "app_label": "submissions"})
    return type("BenchFigure", (models.Model,), columns | {"Meta": meta, "__module__": __name__})


BenchFigure = compared_model()


@contextmanager
def database_of_its_own() -> Iterator[None]:
    owner, default = connections["owner"], connections["default"]
    original = owner.settings_dict["NAME"]
    owner.settings_dict["TEST"]["NAME"] = f"bench_{original}"
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    default.settings_dict |= {"NAME": owner.settings_dict["NAME"], "CONN_MAX_AGE": 0}  # no request keeps a connection
    try:
        yield
    finally:
        default.close()
        wait_until_alone(owner)
        owner.close()
        owner.creation.destroy_test_db(original, verbosity=0)


def wait_until_alone(owner: Any) -> None:
    """The live server's last request may still be closing its connection."""
    for _ in range(20):
        with owner.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            if cursor.fetchone()[0] == 1:
                return
        time.sleep(1)


def make_compared_table() -> None:
    owner, role = connections["owner"], connections["default"].settings_dict["USER"]
    with owner.schema_editor() as editor:
        for model in (BenchFigure, BenchFigure.history.model):
            editor.create_model(model)
            editor.execute(f'GRANT ALL ON {model._meta.db_table} TO "{role}"')


def form_of(rows: int, by: User) -> Submission:
    """A filled form of a plan with so many indicators, a tenth of them published for the period before."""
    of, last = plan(), DAY.replace(year=DAY.year - 1)
    indicators = [
        indicator(of=of, lead=by.organisation, name=f"企业数{n}", unit="家", kind=QuantityKind.STOCK)
        for n in range(1, rows + 1)
    ]
    for each in indicators[: rows // 10]:
        published(each, "98", as_of=last, by=by.organisation)
    form = opened(*indicators)
    cells = [Sent(key, 0, {"value_text": "100"}) for key in form.figures.values_list("pk", flat=True)]
    save_figures(form, by=by, cells=cells)
    return form


def milliseconds(work: Callable[[], object]) -> Decimal:
    started = time.perf_counter_ns()
    work()
    return Decimal(time.perf_counter_ns() - started) / 10**6


def in_turns(rounds: int, **works: Callable[[], object]) -> dict[str, Decimal]:
    """The median of each, taken in turns; the first round only warms up."""
    taken: dict[str, list[Decimal]] = {name: [] for name in works}
    for order in range(rounds + 1):
        for name, work in works.items():
            spent = milliseconds(work)
            taken[name] += [spent] if order else []
    return {name: statistics.median(spent) for name, spent in taken.items()}


# ------------------------------------------------------------------ saving
def sent_of(form: Submission) -> list[Sent]:
    """Two hundred cells as the page sends them, twenty of which say something else than is saved."""
    rows = list(form.figures.order_by("pk").values_list("pk", "revision", "value")[:SENT])
    return [
        Sent(pk, revision, {"value_text": str((value + 1 if order < CHANGED else value).quantize(Decimal(1)))})
        for order, (pk, revision, value) in enumerate(rows)
    ]


def save_one_by_one(rows: list[models.Model]) -> None:
    for order, row in enumerate(rows):
        row.value += order < CHANGED  # type: ignore[attr-defined]
        row.save()


def saving(form: Submission, by: User, rounds: int) -> None:
    """Each round sends what the page would send now; reading that isn't measured."""
    keys = list(form.figures.order_by("pk").values_list("pk", flat=True)[:SENT])
    rows = Figure.objects.filter(pk__in=keys)
    BenchFigure.objects.bulk_create(BenchFigure(**each) for each in rows.values())  # type: ignore[attr-defined]
    theirs = list(BenchFigure.objects.order_by("pk"))  # type: ignore[attr-defined]
    given: list[Sent] = []

    def ours() -> None:
        save_figures(form, by=by, cells=given)

    spent: dict[str, list[Decimal]] = {"ours": [], "theirs": [], "loading": []}
    for _ in range(rounds + 1):
        given[:] = sent_of(form)
        spent["ours"].append(milliseconds(ours))
        spent["theirs"].append(milliseconds(lambda: save_one_by_one(theirs)))
        spent["loading"].append(milliseconds(lambda: list(rows.select_related("indicator", "saved_by"))))
    mine, other, loading = (statistics.median(each[1:]) for each in spent.values())
    given[:] = sent_of(form)
    reset_queries()
    with CaptureQueriesContext(connection) as captured:
        ours()
    asked = [query["sql"] for query in captured if not query["sql"].startswith(CONTROL)]
    print(
        f"发来 {SENT} 格、改动 {CHANGED} 格：{len(asked)} 条语句（要求 6），{mine:.1f} 毫秒；"
        f"逐个 save() 加 django-simple-history {other:.1f} 毫秒，为 {other / mine:.0f} 倍（要求 40）；"
        f"只读出 {SENT} 格 {loading:.1f} 毫秒，为其 {mine / loading:.1f} 倍（要求 2.5）",
        flush=True,
    )


# ------------------------------------------------------------------ opening
def signed_in(by: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(by, backend="organisations.backends.RoleBackend")
    return client


def first_byte(client: Client, place: str) -> None:
    answer = client.get(place)
    assert answer.status_code == 200, answer.status_code
    next(iter(answer))


def opening(form: Submission, by: User, rounds: int) -> None:
    client, place = signed_in(by), address(form, "form")
    spent = in_turns(
        rounds,
        ours=lambda: first_byte(client, place),
        bare=lambda: first_byte(client, "/bare/"),
        whole=lambda: b"".join(client.get(place)),
    )
    asked, frame = len(queries_of(client, place)), len(queries_of(client, "/bare/"))
    print(
        f"打开 {form.figures.count()} 行的填报表：{asked} 次查询（空页面 {frame} 次；要求 12）；首字节 {spent['ours']:.1f} 毫秒，"
        f"空页面 {spent['bare']:.1f} 毫秒，为 {spent['ours'] / spent['bare']:.1f} 倍（要求 5）；全页 {spent['whole']:.0f} 毫秒",
        flush=True,
    )


def queries_of(client: Client, place: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        b"".join(client.get(place))
    return [query["sql"] for query in captured]


# ------------------------------------------------------------------ typing
KEY_TIMES = """() => { window.keyTimes = []; document.addEventListener("keydown", () => {
  const began = performance.now();
  requestAnimationFrame(() => { const after = new MessageChannel();
    after.port1.onmessage = () => window.keyTimes.push(performance.now() - began); after.port2.postMessage(0); });
}, true); }"""


def typing(form: Submission, by: User) -> None:
    """From a key's event until its frame is painted, in the middle of the sheet."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    site = f"http://127.0.0.1:{server.port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        cookie = signed_in(by).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = context.new_page()
        page.goto(site + address(form, "form"), timeout=120_000)
        times = sorted(Decimal(str(each)) for each in typed_in(page, form.figures.count()))
        browser.close()
        connections["default"].close()  # the driver's loop has a connection of its own
    server.terminate()
    print(
        f"在 {form.figures.count()} 行中输入：每键中位 {statistics.median(times):.0f} 毫秒，"
        f"九成五在 {times[len(times) * 95 // 100]:.0f} 毫秒以内（要求 50）",
        flush=True,
    )


def typed_in(page: Page, rows: int) -> list[Any]:
    page.evaluate(KEY_TIMES)
    page.locator("input[name=value_text]").nth(rows // 2).focus()
    for _ in range(KEYS // 5):
        page.keyboard.type("1234", delay=120)
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
    page.wait_for_timeout(500)
    found: list[Any] = page.evaluate("window.keyTimes")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400, help="填报表的行数")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    settings.DEBUG, settings.ROOT_URLCONF = False, __name__
    settings.ALLOWED_HOSTS = ["*"]
    with database_of_its_own():
        make_compared_table()
        by = reporter()
        form = form_of(given.rows, by)
        saving(form, by, given.rounds)
        opening(form, by, given.rounds)
        typing(form, by)


if __name__ == "__main__":
    main()
