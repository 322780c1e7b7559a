"""Two people at once, in two real transactions: one wins, the other is told, nothing is lost."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from audit.moves import StaleState
from submissions.actions import CellConflict, approve, return_for_correction, save_figure, submit, withdraw
from submissions.models import Figure, PublishedValue, Review, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import opened, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Run each verb in a thread and a connection of its own, all begun together; return results or refusals."""
    together, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int, verb: Callable[[], object]) -> None:
        together.wait()
        try:
            results[place] = verb()
        except Exception as refusal:
            results[place] = refusal
        finally:
            connections["default"].close()

    threads = [Thread(target=run, args=each) for each in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kinds(results: list[object]) -> set[str]:
    return {type(result).__name__ for result in results}


def test_of_two_savers_of_one_cell_the_later_is_told() -> None:
    first = reporter()
    second = reporter(at=first.organisation)
    cell = opened(indicator(lead=first.organisation)).figures.get()

    def save(by, text):
        return lambda: save_figure(cell, by=by, revision=0, answer="value", value_text=text)

    results = at_once(save(first, "78"), save(second, "80"))
    assert kinds(results) == {"Figure", "CellConflict"}
    (conflict,) = [result for result in results if isinstance(result, CellConflict)]
    assert conflict.current.value == Figure.objects.get().value
    assert Figure.objects.get().revision == 1


def test_savers_of_two_cells_do_not_disturb_each_other() -> None:
    by = reporter()
    row = indicator(lead=by.organisation)
    cells = list(opened(row, indicator(of=row.plan, lead=by.organisation)).figures.all())
    results = at_once(
        *[lambda c=cell: save_figure(c, by=by, revision=0, answer="value", value_text="5") for cell in cells]
    )
    assert kinds(results) == {"Figure"}


def test_of_two_reviewers_one_wins() -> None:
    form = submitted(reporter())
    one, other = reviewer(), reviewer()
    results = at_once(
        lambda: approve(form, by=one, round=1),
        lambda: return_for_correction(form, by=other, round=1, remarks={form.figures.get(): ["请核实"]}),
    )
    assert kinds(results) == {"Review", "StaleState"}
    (told,) = [result for result in results if isinstance(result, StaleState)]
    assert "你的决定没有生效" in told.messages[0]
    assert Review.objects.count() == 1


def test_approved_twice_at_once_it_is_published_once() -> None:
    form = submitted(reporter())
    by = reviewer()
    at_once(lambda: approve(form, by=by, round=1), lambda: approve(form, by=by, round=1))
    assert PublishedValue.objects.count() == 1


def test_a_withdrawal_and_an_approval_exclude_each_other() -> None:
    by = reporter()
    form = submitted(by)
    results = at_once(lambda: withdraw(form, by=by, reason="补充"), lambda: approve(form, by=reviewer(), round=1))
    assert kinds(results) in ({"Submission", "StaleState"}, {"Review", "StaleState"})
    published = PublishedValue.objects.exists()
    assert Submission.objects.get().state == ("approved" if published else "draft")


def test_what_is_saved_at_the_moment_of_submitting_is_in_or_told() -> None:
    by = reporter()
    form = opened(indicator(lead=by.organisation))
    cell = form.figures.get()
    save_figure(cell, by=by, revision=0, answer="value", value_text="5")
    results = at_once(
        lambda: submit(form, by=by),
        lambda: save_figure(cell, by=by, revision=1, answer="value", value_text="6"),
    )
    assert kinds(results) in ({"Submission", "Figure"}, {"Submission", "StaleState"})
    assert Figure.objects.get().state == "submitted"
