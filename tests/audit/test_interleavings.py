"""Many writers at once, in two hundred orders that are forced on them: nobody dies of a deadlock, nothing is lost, the
chain is whole."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.db import connections

from audit.models import Change, Seal
from audit.recording import recorded
from audit.verification import verify
from organisations.models import User
from submissions.actions.cells import CellConflict, Sent, save_figures
from submissions.models import Answer, Figure
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter
from tests.factories.plans import period, plan
from tests.factories.submissions import form, opened

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 200
OPPOSITE = 50
CROSSED = 15  # by rows alone: each may cost the second after which PostgreSQL looks for a deadlock
WRITERS = 3
PATIENCE = 0.003  # seconds a step may take before the next writer goes on: a blocked one waits meanwhile


@pytest.fixture
def figures() -> list[int]:
    """The keys of six figures, two for each writer."""
    own = form(of=period())
    indicators = [indicator(of=own.period.plan) for _ in range(2 * WRITERS)]
    with recorded(by=None, reason="准备"):
        rows = Figure.objects.bulk_create(
            Figure(submission=own, indicator=each, organisation=own.organisation, period=own.period)
            for each in indicators
        )
    return [row.pk for row in rows]


class Writer:
    """A connection in a thread of its own, which takes its steps one after another."""

    def __init__(self, stack: ExitStack) -> None:
        self.connection = stack.enter_context(psycopg.connect(**connections["default"].get_connection_params()))
        self.thread = stack.enter_context(ThreadPoolExecutor(1))

    def steps(self, keys: list[int], words: str) -> Iterator[Callable[[], Any]]:
        execute = self.connection.execute
        yield lambda: execute("SELECT audit_open_change(NULL, '系统', '', '', %s, 'command', '')", [words])
        for key in keys:
            yield lambda key=key: execute("UPDATE submissions_figure SET explanation = %s WHERE id = %s", [words, key])
        yield self.connection.commit


Taken = list[tuple[int, Future[Any]]]  # which writer took it, and what came of it


def in_order(order: random.Random, steps: list[list[Callable[[], Any]]], writers: Sequence["Writer"]) -> Taken:
    """Let the writers take their steps in an order drawn at random; who is blocked doesn't hold up the others."""
    turns = [number for number, own in enumerate(steps) for _ in own]
    order.shuffle(turns)
    left = [iter(own) for own in steps]
    done = []
    for number in turns:
        future = writers[number].thread.submit(next(left[number]))
        wait([future], timeout=PATIENCE)
        done.append((number, future))
    return done


def all_went_well(taken: Taken) -> None:
    for _, future in taken:
        future.result(timeout=30)


def victims(taken: Taken) -> set[int]:
    """The writers that died of a deadlock, which rows alone made: nobody waited for the chain's head, a table."""
    first: dict[int, BaseException] = {}
    for number, future in taken:
        error = future.exception(timeout=30)
        if error is not None:
            first.setdefault(number, error)
    for error in first.values():
        assert isinstance(error, psycopg.errors.DeadlockDetected)
        waits = re.findall(r"waits for \w+ on (\w+)", error.diag.message_detail or "")
        assert waits == ["transaction", "transaction"]
    return set(first)


@pytest.mark.parametrize("same", [True, False], ids=["the same figures", "different figures"])
def test_no_order_of_writers_loses_anything(figures: list[int], same: bool) -> None:
    before, versions = Change.objects.count(), Figure.history.count()
    with ExitStack() as stack:
        writers = [Writer(stack) for _ in range(WRITERS)]
        for number in range(ORDERS // 2):
            order = random.Random(number)
            steps = []
            for place, writer in enumerate(writers):
                # In ascending order where figures are shared: rows alone then can't deadlock; our locks might.
                keys = sorted(order.sample(figures[:3], 2)) if same else figures[2 * place : 2 * place + 2]
                keys = keys if same or order.random() > 0.5 else keys[::-1]
                steps.append(list(writer.steps(keys, f"第{number}次由{place}")))
            all_went_well(in_order(order, steps, writers))
    assert Change.objects.count() == before + ORDERS // 2 * WRITERS
    assert Figure.history.count() == versions + ORDERS // 2 * WRITERS * 2
    assert Seal.objects.count() == Change.objects.count() + 1
    assert verify().findings.listed == []


class Typist(Writer):
    """A reporter at the same form, in a thread of its own, who saves one figure after another in one change."""

    def __init__(self, stack: ExitStack, user: User) -> None:
        self.user, self.saved = user, 0
        self.thread = stack.enter_context(ThreadPoolExecutor(1))
        stack.callback(lambda: self.thread.submit(lambda: connections["default"].close()).result())

    def steps(self, keys: list[int], words: str) -> Iterator[Callable[[], Any]]:
        change = recorded(by=self.user, reason=words)
        yield change.__enter__
        for place, key in enumerate(keys):
            yield lambda key=key, place=place: self.save(key, f"{words}第{place}")
        yield lambda: change.__exit__(None, None, None)

    def save(self, key: int, words: str) -> None:
        figure = Figure.objects.select_related("submission").get(pk=key)
        told = {"answer": Answer.NO_DATA, "no_data_reason": words}
        (came,) = save_figures(figure.submission, by=self.user, cells=[Sent(key, figure.revision, told)])
        assert came.refusal is None or isinstance(came.refusal, CellConflict)
        self.saved += came.refusal is None


def test_two_reporters_in_opposite_orders_meet_no_deadlock() -> None:
    one = reporter()
    of = plan()
    own = opened(*[indicator(of=of, lead=one.organisation) for _ in range(2)])
    keys = sorted(own.figures.values_list("pk", flat=True))
    two = reporter(at=one.organisation)
    before, versions = Change.objects.count(), Figure.history.count()
    with ExitStack() as stack:
        typists = [Typist(stack, user) for user in (one, two)]
        for number in range(OPPOSITE):
            steps = [
                list(typist.steps(order, f"第{number}次由{place}"))
                for place, (typist, order) in enumerate(zip(typists, (keys, keys[::-1]), strict=True))
            ]
            all_went_well(in_order(random.Random(number), steps, typists))
        saved = sum(typist.saved for typist in typists)
    assert saved > OPPOSITE  # the orders tried something
    assert Figure.history.count() == versions + saved
    assert Change.objects.count() == before + OPPOSITE * 2
    assert Seal.objects.count() == Change.objects.count() + 1
    assert verify().findings.listed == []


def test_rows_in_opposite_orders_block_one_another_but_never_the_chain(figures: list[int]) -> None:
    """Two transactions that update two rows in opposite orders die in any program, one of them; the other goes through, and
    whoever died writes again."""
    before, versions, deadlocks = Change.objects.count(), Figure.history.count(), 0
    keys = figures[:2]
    with ExitStack() as stack:
        writers = [Writer(stack) for _ in range(2)]
        for number in range(CROSSED):
            plans = [(keys, f"第{number}次由0"), (keys[::-1], f"第{number}次由1")]
            steps = [list(writer.steps(*plan)) for writer, plan in zip(writers, plans, strict=True)]
            if died := victims(in_order(random.Random(number), steps, writers)):
                deadlocks += 1
                (place,) = died
                writers[place].connection.rollback()
                for step in writers[place].steps(*plans[place]):
                    step()
    assert deadlocks > 0  # the orders tried something
    assert Change.objects.count() == before + CROSSED * 2
    assert Figure.history.count() == versions + CROSSED * 2 * len(keys)
    assert Seal.objects.count() == Change.objects.count() + 1
    assert verify().findings.listed == []
