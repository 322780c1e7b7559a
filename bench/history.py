"""What history and its seals cost, beside the same table without them, in one run and in turns; and how reading it and
verifying it grow.

Makes a database of its own on the server of OWNER_DATABASE_URL, and drops it at the end. Run: ``make bench``, or
``python bench/history.py --entries 1000000 --rows 10000 --rounds 5``.
"""

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psycopg  # noqa: E402
from django.db import DatabaseError, connection, connections, models, transaction  # noqa: E402
from django.db.models import F, Model  # noqa: E402

from audit.durable import ALL_BEFORE, NOT_YET  # noqa: E402
from audit.past import AS_OF, rows_at  # noqa: E402
from audit.recording import recorded  # noqa: E402
from indicators.models import Indicator, IndicatorCategory  # noqa: E402
from organisations.models import Organisation  # noqa: E402
from plans.models import PeriodKind, Plan, ReportingPeriod  # noqa: E402
from submissions.models import Figure, Submission  # noqa: E402

VERSIONS = Figure.history.model
DAY = date(2018, 6, 30)
MIDDAY = datetime(2018, 6, 30, 4, tzinfo=UTC)
PLAIN = "bench_figure"
WRITERS, FIGURES_EACH = 8, 20


def plain_model() -> type[Model]:
    """The model of the same table without history."""
    columns = {}
    for field in Figure._meta.local_fields:
        _, _, arguments, named = field.deconstruct()
        if isinstance(field, models.ForeignKey):
            named["related_name"] = "+"
        columns[field.name] = type(field)(*arguments, **named)
    meta = type("Meta", (), {"db_table": PLAIN, "app_label": "submissions", "managed": False})
    return type("PlainFigure", (models.Model,), columns | {"Meta": meta, "__module__": __name__})


PlainFigure = plain_model()


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


def make_plain_table(owner: psycopg.Connection, role: str) -> None:
    """The same columns, indexes, checks and foreign keys, those that point here too; no trigger of ours."""
    owner.execute(f"CREATE TABLE {PLAIN} (LIKE submissions_figure INCLUDING ALL)")
    found = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'submissions_figure'::regclass AND contype = 'f'"
    )
    for (definition,) in found.fetchall():
        owner.execute(f"ALTER TABLE {PLAIN} ADD {definition}")
    for number in range(len(Figure._meta.related_objects)):
        owner.execute(
            f"CREATE TABLE {PLAIN}_{number} (figure_id bigint REFERENCES {PLAIN} DEFERRABLE INITIALLY DEFERRED)"
        )
    owner.execute(f'GRANT ALL ON {PLAIN} TO "{role}"')


class Ground:
    """A plan with indicators and organisations; each round has a period of its own, with a form for each organisation."""

    def __init__(self, rows: int) -> None:
        self.organisation_count = max(rows // 100, 1)
        with recorded(by=None, reason="准备"):
            self.plan = Plan.objects.create(code="bench", name="规划", base_year=2015, first_year=2016, last_year=2020)
            self.organisations = Organisation.objects.bulk_create(
                Organisation(code=f"u{n}", name=f"单位{n}", kind="department", position=n)
                for n in range(self.organisation_count)
            )
            category = IndicatorCategory.objects.create(plan=self.plan, number=1, title="类别")
            self.indicators = Indicator.objects.bulk_create(
                Indicator(plan=self.plan, category=category, number=n + 1, name=f"指标{n}", base=0, target=100)
                for n in range(min(rows, 100))
            )
        self.periods = 0

    def figures(self, model: type[Model]) -> list[Model]:
        self.periods += 1
        with recorded(by=None, reason="准备"):
            period = ReportingPeriod.objects.create(
                plan=self.plan, code=f"r{self.periods}", name=f"报告期{self.periods}", kind=PeriodKind.SPECIAL,
                starts_on=DAY.replace(month=1, day=1), ends_on=DAY, opens_on=DAY, deadline=MIDDAY,
            )  # fmt: skip
            forms = Submission.objects.bulk_create(
                Submission(period=period, organisation=each, organisation_name=each.name, deadline=MIDDAY)
                for each in self.organisations
            )
        return [
            model(submission_id=form.pk, indicator_id=indicator.pk, organisation_id=form.organisation_id,
                  period_id=period.pk, data_source="统计局", explanation="说明")
            for form in forms for indicator in self.indicators
        ]  # fmt: skip


def milliseconds(work: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - started) // 1_000_000


def in_turns(rounds: int, sides: dict[str, Callable[[], int]]) -> dict[str, int]:
    """Run the sides in turns, after one round that isn't counted; return the median of each."""
    found: dict[str, list[int]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            measured = side()
            if number:
                found[name].append(measured)
    return {name: round(statistics.median(values)) for name, values in found.items()}


def say(title: str, plain: int, ours: int, unit: str, bound: str) -> None:
    ratio = f"{ours / plain:.2f} 倍" if plain else "—"
    print(f"{title}\n    无历史 {plain} {unit}，有历史 {ours} {unit}，{ratio}（要求：{bound}）", flush=True)


def create(ground: Ground, model: type[Model]) -> int:
    rows = ground.figures(model)

    def work() -> None:
        with recorded(by=None, reason="新增"):
            model._default_manager.bulk_create(rows, batch_size=1000)

    return milliseconds(work)


UPDATE = (
    "UPDATE {table} f SET explanation = v.words, revision = f.revision + 1, value_printed = v.words"
    " FROM (SELECT unnest(%s::bigint[]) AS id, %s::text AS words) v WHERE f.id = v.id"
)
HOLD = "SELECT pg_sleep(%s::numeric / 1000)"
turn = iter(range(1, 10**9))


def update(table: str, keys: list[int]) -> int:
    words = f"第{next(turn)}次"

    def work() -> None:
        with recorded(by=None, reason="修改"), connection.cursor() as cursor:
            cursor.execute(UPDATE.format(table=table), [keys, words])

    return milliseconds(work)


def changing(keys: dict[str, list[int]], rounds: int, with_what: str) -> None:
    found = in_turns(
        rounds,
        {
            "plain": lambda: update(PLAIN, keys[PLAIN]),
            "ours": lambda: update("submissions_figure", keys["submissions_figure"]),
        },
    )
    title = f"UPDATE … FROM {len(keys[PLAIN])} 个数据（{with_what}）"
    say(title, found["plain"], found["ours"], "毫秒", "2 倍以内")


Writer = Callable[[list[int], str, int], None]


@contextmanager
def bare_writer(table: str, *, audited: bool) -> Iterator[Writer]:
    """Writes by psycopg alone: the same statements as ``recorded`` sends, and as few."""
    opening = f"SELECT audit_open_change(NULL, '系统', '', '', '并发', 'command', ''), {NOT_YET}"
    with psycopg.connect(**connections["default"].get_connection_params(), autocommit=True) as own:

        def write(keys: list[int], words: str, held: int) -> None:
            with own.transaction():
                if audited:
                    own.execute(opening)
                own.execute(UPDATE.format(table=table), [keys, words])
                if held:
                    own.execute(HOLD, [held])
            if audited:
                own.execute(ALL_BEFORE)

        yield write


@contextmanager
def product_writer(table: str, *, audited: bool) -> Iterator[Writer]:
    """Writes as the product does, by its models; the other side by the same lines in a transaction without ``recorded``."""
    model = Figure if audited else PlainFigure

    def write(keys: list[int], words: str, held: int) -> None:
        with recorded(by=None, reason="并发") if audited else transaction.atomic():
            model._default_manager.filter(pk__in=keys).update(
                explanation=words, revision=F("revision") + 1, value_printed=words
            )
            if held:
                fetched(HOLD, [held])

    try:
        yield write
    finally:
        connection.close()  # each thread has its own


def write_for(seconds: int, keys: list[int], opened: Callable[[], Any], held: int) -> tuple[int, int]:
    """Let the writers change their own figures; return transactions a second, and errors."""
    done, errors = [0] * WRITERS, [0] * WRITERS
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        mine = keys[1 + number * FIGURES_EACH : 1 + (number + 1) * FIGURES_EACH]
        with opened() as write:
            while time.monotonic() < until:
                try:
                    write(mine, f"第{done[number]}次", held)
                    done[number] += 1
                except (psycopg.Error, DatabaseError):
                    errors[number] += 1

    threads = [threading.Thread(target=work, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) // seconds, sum(errors)


def concurrent(keys: dict[str, list[int]], rounds: int, seconds: int, held: int, writer: Any, how: str) -> None:
    errors = 0

    def side(table: str, *, audited: bool) -> int:
        nonlocal errors
        done, failed = write_for(seconds, keys[table], lambda: writer(table, audited=audited), held)
        errors += failed
        return done

    found = in_turns(
        rounds,
        {
            "plain": lambda: side(PLAIN, audited=False),
            "ours": lambda: side("submissions_figure", audited=True),
        },
    )
    title = f"{WRITERS} 个写入者（{how}），每个事务 {FIGURES_EACH} 个数据" + (
        f"，事务保持 {held} 毫秒" if held else ""
    )
    bound = "不低于无历史时" if held else "至少一半"
    say(f"{title}；出错 {errors} 次", found["plain"], found["ours"], "事务/秒", bound)


def p95(work: Callable[[], object], times: int = 60) -> str:
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter_ns()
        work()
        taken.append((time.perf_counter_ns() - started) // 1000)
    return f"{statistics.quantiles(taken, n=20)[18] / 1000:.1f}"


def reading(keys: list[int], moment: datetime) -> None:
    """The history of the first figure, which grows no further, and a thousand that do, as of a past moment."""
    one, thousand = keys[0], keys[1:1001]
    own = VERSIONS.objects.filter(id=one).count()
    whole = p95(lambda: list(Figure.history.filter(id=one).order_by("-history_id")))
    past = p95(lambda: rows_at(Figure, thousand, moment), 30)
    past_rows = p95(lambda: fetched(AS_OF.format(versions=VERSIONS._meta.db_table, key="id"), [thousand, moment]), 30)
    library = Figure.history.as_of(moment).filter(id__in=thousand)
    library_rows = p95(lambda: fetched(*library.query.sql_with_params()), 5)
    print(
        f"历史 {VERSIONS.objects.count()} 条：单个数据的 {own} 个版本 p95 {whole} 毫秒（要求 5）；"
        f"{len(thousand)} 个数据在过去一刻 p95：取行 {past_rows} 毫秒，成为对象 {past} 毫秒；"
        f"history.as_of 取行 {library_rows} 毫秒",
        flush=True,
    )


def fetched(sql: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def grow(keys: list[int], entries: int) -> None:
    """Change the figures again and again, less the first, until the history has so many entries."""
    while (missing := entries - VERSIONS.objects.count()) > 0:
        update("submissions_figure", keys[1 : missing + 1])


# Runs the command in a small process of its own: a child begins with the most that its parent ever held.
LAUNCHER = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]);"
    " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); sys.exit(code)"
)


def verification(name: str) -> None:
    """Run the command as its own process, and look at its time and its memory."""
    given = connections["default"].settings_dict
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, sys.executable, "manage.py", "verify_history"],
        env=os.environ | {"DATABASE_URL": url},
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    *said, memory = done.stdout.splitlines()
    print("核对：" + " ".join(said[-2:]))
    print(f"    {seconds:.1f} 秒，最多占用 {memory} MB（要求：一百万条 30 秒，150 MB），退出码 {done.returncode}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="一次写入的行数")
    parser.add_argument("--entries", type=int, default=100_000, help="历史的条数，先在一万条时测一次")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="并发写入每轮的秒数")
    given = parser.parse_args()
    with database_of_its_own() as owner:
        make_plain_table(owner, connections["default"].settings_dict["USER"])
        guards = owner.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'submissions_figure'::regclass AND tgname LIKE 'audit_guard%'"
        ).fetchall()
        print(
            f"{owner.execute('SELECT version()').fetchone()[0].split(' on ')[0]}，{os.cpu_count()} 核；{given.rounds} 轮取中位数"
        )
        ground = Ground(given.rows)
        for model in (PlainFigure, Figure):
            create(ground, model)
        keys = {
            model._meta.db_table: list(
                model._default_manager.order_by("-id").values_list("id", flat=True)[: given.rows]
            )
            for model in (PlainFigure, Figure)
        }
        own = keys["submissions_figure"]
        for _ in range(20):
            update("submissions_figure", own[:1])
        moment = datetime.now(UTC)
        owner.execute("VACUUM ANALYZE")
        reading(own, moment)
        made = in_turns(
            given.rounds, {"plain": lambda: create(ground, PlainFigure), "ours": lambda: create(ground, Figure)}
        )
        say(f"bulk_create {given.rows} 个数据", made["plain"], made["ours"], "毫秒", "1.4 倍以内")
        owner.execute("VACUUM ANALYZE")
        changing(keys, given.rounds, "历史、封印和看守")
        for switch in ("DISABLE", "ENABLE"):
            for (name,) in guards:
                owner.execute(f'ALTER TABLE submissions_figure {switch} TRIGGER "{name}"')
            if switch == "DISABLE":
                changing(keys, given.rounds, "历史和封印")
        for writer, how in ((bare_writer, "只用 psycopg"), (product_writer, "经本系统的模型")):
            for held in (0, 20):
                concurrent(keys, given.rounds, given.seconds, held, writer, how)
        grow(own, given.entries * 9 // 10)
        moment = datetime.now(UTC)
        grow(own, given.entries)
        owner.execute("VACUUM ANALYZE")
        reading(own, moment)
        verification(connections["owner"].settings_dict["NAME"])


if __name__ == "__main__":
    main()
