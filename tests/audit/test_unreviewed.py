"""A number that nobody reviewed is not published, whichever way it is tried: by rows that the application's role writes, in
the name of the reviewer."""

from typing import Any

import pytest
from django.db import connection

from audit.clock import now
from audit.recording import Refused, record, recorded
from organisations.models import User
from submissions.actions import (
    agree_to_correction,
    approve,
    ask_for_correction,
    return_for_correction,
    submit,
    withdraw_approval,
)
from submissions.actions.publishing import READING
from submissions.models import CellState, Decision, Figure, PublishedValue, Review, State, Submission
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import saved, submitted

pytestmark = pytest.mark.django_db


def refuse(words: str) -> Any:
    return pytest.raises(Refused, match=words)


def write(by: User | None, rows: Any, **columns: Any) -> None:
    """Write as somebody would who goes round the verbs; what is asked at the end of a transaction is asked here."""
    with recorded(by=by, reason="绕过"):
        rows.update(**columns)
        end()


def end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS audit_guard_end IMMEDIATE")
        cursor.execute("SET CONSTRAINTS audit_guard_end DEFERRED")


def publish(cell: Figure, review: Review, **columns: Any) -> PublishedValue:
    cell.refresh_from_db()
    given = {name: getattr(cell, name) for name in READING} | {"sequence": 2, "published_at": now()} | columns
    return PublishedValue.objects.create(
        figure=cell,
        indicator_id=cell.indicator_id,
        organisation_id=cell.organisation_id,
        period_id=cell.period_id,
        review=review,
        **given,
    )


@pytest.fixture
def by() -> User:
    return reviewer()


@pytest.fixture
def form(by: User) -> Submission:
    """An approved form with one figure, 50."""
    form = submitted(reporter(), "50")
    approve(form, by=by, round=1)
    form.refresh_from_db()
    return form


@pytest.fixture
def corrected(form: Submission, by: User) -> Submission:
    """The form again, while 999 is typed into its figure under an agreed correction."""
    cell, filler = form.figures.get(), form.submitted_by
    agree_to_correction(ask_for_correction(form, by=filler, whole=True, reason="口径更正"), by=by)
    saved(cell, "999", by=filler, explanation="口径更正", confirmed=True)
    form.refresh_from_db()
    return form


def approval(form: Submission) -> Review:
    return Review.objects.get(submission=form, decision=Decision.APPROVED)


def another_review(form: Submission, by: User, decision: str = Decision.APPROVED, round: int = 1) -> Review:
    entry = record("submission.approve", form)
    return Review.objects.create(submission=form, round=round, decision=decision, by=by, at=now(), entry=entry)


class TestPublishing:
    def test_by_the_review_of_an_earlier_round(self, corrected: Submission, by: User) -> None:
        with refuse("一次审核只能"), recorded(by=by, reason="绕过"):
            publish(corrected.figures.get(), approval(corrected))
        assert PublishedValue.objects.get().value == 50

    def test_by_it_once_the_correction_came_in(self, corrected: Submission, by: User) -> None:
        submit(corrected, by=corrected.submitted_by)
        with refuse("一次审核只能"), recorded(by=by, reason="绕过"):
            publish(corrected.figures.get(), approval(corrected))

    def test_by_a_review_that_decides_nothing(self, corrected: Submission, by: User) -> None:
        for round in (1, 2):
            with refuse("审核记录与填报表的状态不一致"), recorded(by=by, reason="绕过"):
                publish(corrected.figures.get(), another_review(corrected, by, round=round))

    def test_by_a_second_review_of_an_approved_form(self, form: Submission, by: User) -> None:
        with refuse("审核记录与填报表的状态不一致"), recorded(by=by, reason="绕过"):
            another_review(form, by)

    def test_a_cell_that_was_sent_by_itself(self, corrected: Submission) -> None:
        with refuse("不能单独提交"):
            write(None, Figure.objects.filter(submission=corrected), state=CellState.SUBMITTED)

    def test_after_a_return_what_it_left_out(self, by: User) -> None:
        form = submitted(reporter(), "50", "60")
        wrong, right = form.figures.all()
        review = return_for_correction(form, by=by, round=1, remarks={wrong: ["口径不符"]})
        for cell in (right, wrong):
            with refuse("不是由对这一次提交的审核"), recorded(by=by, reason="绕过"):
                publish(cell, review, sequence=1)

    @pytest.mark.parametrize("column", ["value", "reported_growth", "last_year_value"])
    def test_another_number_than_the_reviewed(self, by: User, column: str) -> None:
        form = submitted(reporter(), "50")
        with refuse("与所审核的数据不一致"), recorded(by=by, reason="绕过"):
            Submission.objects.filter(pk=form.pk).update(state=State.APPROVED, decided_by=by)
            publish(form.figures.get(), another_review(form, by), **{"sequence": 1, column: 9})

    def test_a_sequence_of_ones_own_choice(self, by: User) -> None:
        form = submitted(reporter(), "50")
        with refuse("与所审核的数据不一致"), recorded(by=by, reason="绕过"):
            Submission.objects.filter(pk=form.pk).update(state=State.APPROVED, decided_by=by)
            publish(form.figures.get(), another_review(form, by), sequence=7)

    def test_and_leaving_the_cell_up_for_another_publication(self, by: User) -> None:
        form = submitted(reporter(), "50")
        with refuse("已发布值与填报表中的数据不一致"), recorded(by=by, reason="绕过"):
            Submission.objects.filter(pk=form.pk).update(state=State.APPROVED, decided_by=by)
            publish(form.figures.get(), another_review(form, by), sequence=1)
            end()

    def test_a_correction_without_a_publication_of_its_own(self, corrected: Submission, by: User) -> None:
        submit(corrected, by=corrected.submitted_by)
        with refuse("没有已发布值"), recorded(by=by, reason="绕过"):
            Submission.objects.filter(pk=corrected.pk).update(state=State.APPROVED, decided_by=by)
            another_review(corrected, by, round=2)
            Figure.objects.filter(submission=corrected).update(state=CellState.APPROVED)


class TestDeciding:
    @pytest.mark.parametrize("state", [State.APPROVED, State.RETURNED])
    def test_without_a_review(self, by: User, state: str) -> None:
        form = submitted(reporter())
        with refuse("每个决定都须有审核记录"):
            write(by, Submission.objects.filter(pk=form.pk), state=state, decided_by=by)

    def test_by_the_review_of_an_earlier_round(self, corrected: Submission, by: User) -> None:
        submit(corrected, by=corrected.submitted_by)
        with refuse("每个决定都须有审核记录"):
            write(by, Submission.objects.filter(pk=corrected.pk), state=State.APPROVED, decided_by=by)

    def test_again_after_it_was_withdrawn(self, form: Submission, by: User) -> None:
        withdraw_approval(form, by=by, reason="有误")
        with refuse("每个决定都须有审核记录"):
            write(by, Submission.objects.filter(pk=form.pk), state=State.APPROVED, decided_by=by)


class TestWithdrawing:
    def test_a_form_without_a_review(self, form: Submission, by: User) -> None:
        with refuse("每个决定都须有审核记录"):
            write(by, Submission.objects.filter(pk=form.pk), state=State.SUBMITTED, decided_by=None)

    def test_a_value_whose_form_stays_approved(self, form: Submission, by: User) -> None:
        with refuse("只能随撤销通过退出发布"):
            write(by, PublishedValue.objects.all(), withdrawn_at=now())

    def test_a_value_whose_cell_stays_approved(self, form: Submission, by: User) -> None:
        with refuse("已发布值与填报表中的数据不一致"), recorded(by=by, reason="绕过"):
            Submission.objects.filter(pk=form.pk).update(state=State.SUBMITTED, decided_by=None)
            another_review(form, by, Decision.WITHDRAWN)
            PublishedValue.objects.update(withdrawn_at=now())
            end()

    def test_an_approved_cell_is_owed_for_ever(self, form: Submission) -> None:
        with refuse("不能改为不须填报"):
            write(None, Figure.objects.filter(submission=form), is_owed=False)


def test_every_column_that_is_published_is_compared() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('submissions_says_what_was_reviewed'::regproc)")
        made = cursor.fetchone()[0]
    assert [name for name in READING if f"f.{name}" not in made or f"published.{name}" not in made] == []
