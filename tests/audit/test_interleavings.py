"""Many writers at once, in two hundred orders that are forced on them: nobody dies of a deadlock, nothing is lost, the
chain is whole."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.db import connections

from audit.models import Change, Seal
from audit.recording import recorded
from audit.verification import verify
from submissions.models import Figure
from tests.factories.indicators import indicator
from tests.factories.plans import period
from tests.factories.submissions import form

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 200
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


def in_order(order: random.Random, steps: list[list[Callable[[], Any]]], writers: list[Writer]) -> list[Future[Any]]:
    """Let the writers take their steps in an order drawn at random; who is blocked doesn't hold up the others."""
    turns = [number for number, own in enumerate(steps) for _ in own]
    order.shuffle(turns)
    left = [iter(own) for own in steps]
    done = []
    for number in turns:
        future = writers[number].thread.submit(next(left[number]))
        wait([future], timeout=PATIENCE)
        done.append(future)
    return done


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
            for future in in_order(order, steps, writers):
                future.result(timeout=30)
    assert Change.objects.count() == before + ORDERS // 2 * WRITERS
    assert Figure.history.count() == versions + ORDERS // 2 * WRITERS * 2
    assert Seal.objects.count() == Change.objects.count() + 1
    assert verify().findings.listed == []
