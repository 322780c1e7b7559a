"""Two reporters and two reviewers at one form, each in a connection of their own, in forty random orders."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from organisations.models import User
from submissions import actions
from submissions.models import Decision, Figure, PublishedValue, Review, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]  # forty orders take their time

ORDERS = 40
STEPS = 4  # of each person
CELLS = 2

_values = itertools.count(100)  # each is typed once: two people who type the same don't disturb each other
Saves = dict[tuple[int, int], str]  # cell and revision → the value that a save left there


class Person:
    """Somebody who reads, hesitates, and then acts on what they read, by chance; refusals are kept, mistakes too."""

    def __init__(self, user: User, form: Submission, seed: str) -> None:
        self.user, self.form, self.chance = user, form, random.Random(seed)
        self.saves: Saves = {}
        self.refused: Counter[str] = Counter()
        self.broken: list[Exception] = []

    def run(self, together: Barrier, moves: list[Callable[["Person"], None]]) -> None:
        together.wait()
        try:
            for _ in range(STEPS):
                self.step(self.chance.choice(moves))
        finally:
            connections["default"].close()

    def step(self, move: Callable[["Person"], None]) -> None:
        try:
            move(self)
        except (ValidationError, PermissionDenied) as refusal:
            self.refused[type(refusal).__name__] += 1
        except Exception as error:  # a deadlock, a broken constraint: nobody should meet one
            self.broken.append(error)

    def hesitate(self) -> None:
        time.sleep(self.chance.randrange(4) / 1000)

    def seen(self) -> Submission:
        found = Submission.objects.get(pk=self.form.pk)
        self.hesitate()
        return found

    def cell(self) -> Figure:
        found = self.chance.choice(list(Figure.objects.filter(submission=self.form)))
        self.hesitate()
        return found


def save(person: Person) -> None:
    cell, value = person.cell(), str(next(_values))
    kept = actions.save_figure(cell, by=person.user, revision=cell.revision, answer="value", value_text=value)
    person.saves[cell.pk, kept.revision] = value


def submit(person: Person) -> None:
    actions.submit(person.seen(), by=person.user)


def withdraw(person: Person) -> None:
    actions.withdraw(person.seen(), by=person.user, reason="补充")


def approve(person: Person) -> None:
    form = person.seen()
    actions.approve(form, by=person.user, round=form.round)


def send_back(person: Person) -> None:
    form, cell = person.seen(), person.cell()
    actions.return_for_correction(form, by=person.user, round=form.round, remarks={cell: ["请核实。"]})


def take_back(person: Person) -> None:
    actions.withdraw_approval(person.seen(), by=person.user, reason="有误")


REPORTS = [save, save, save, submit, submit, withdraw]
REVIEWS = [approve, approve, send_back, take_back]


def one_order(seed: int, reporters: list[User], reviewers: list[User]) -> list[Person]:
    of = plan()
    form = opened(*[indicator(of=of, lead=reporters[0].organisation) for _ in range(CELLS)])
    for cell in form.figures.all():
        actions.save_figure(cell, by=reporters[0], revision=0, answer="value", value_text="50")
    people = [Person(user, form, f"{seed} {place}") for place, user in enumerate((*reporters, *reviewers))]
    together = Barrier(len(people))
    threads = [
        Thread(target=person.run, args=(together, REPORTS if person.user in reporters else REVIEWS))
        for person in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return people


def no_update_is_lost(form: Submission, people: list[Person]) -> None:
    """Each save that was answered has a revision of its own, and the last one stands."""
    saves = [(key, value) for person in people for key, value in person.saves.items()]
    assert len(dict(saves)) == len(saves)
    for cell in Figure.objects.filter(submission=form):
        values = {1: "50"} | {revision: value for (key, revision), value in saves if key == cell.pk}
        assert cell.revision == max(values) == len(values)
        assert cell.value_printed == values[cell.revision]


def nothing_is_decided_twice(form: Submission) -> None:
    """Of each round one decision holds; each published value stands once, and says what its figure says."""
    decided = Counter(Review.objects.filter(submission=form).values_list("round", "decision"))
    for round in range(1, Submission.objects.get(pk=form.pk).round + 1):
        approved, withdrawn = decided[round, Decision.APPROVED], decided[round, Decision.WITHDRAWN]
        assert approved - withdrawn + decided[round, Decision.RETURNED] in (0, 1)
    standing = PublishedValue.objects.filter(figure__submission=form, withdrawn_at=None)
    assert len({value.figure_id for value in standing}) == len(standing)
    for value in standing.select_related("figure"):
        assert (value.figure.state, value.value) == ("approved", value.figure.value)


def test_forty_orders_lose_no_update_and_decide_nothing_twice() -> None:
    one = reporter()
    reporters, reviewers = [one, reporter(at=one.organisation)], [reviewer(), reviewer()]
    saved, decided, refused = 0, 0, Counter()
    for seed in range(ORDERS):
        people = one_order(seed, reporters, reviewers)
        assert [person.broken for person in people] == [[], [], [], []], f"order {seed}"
        form = people[0].form
        no_update_is_lost(form, people)
        nothing_is_decided_twice(form)
        saved += sum(len(person.saves) for person in people)
        decided += Review.objects.filter(submission=form).count()
        refused += sum((person.refused for person in people), Counter())
    assert not refused["Refused"]  # the verbs see what the database would have to refuse
    assert saved > ORDERS  # the orders tried something
    assert decided > ORDERS / 2
    assert refused["StaleState"] > ORDERS
