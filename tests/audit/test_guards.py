"""The database itself refuses what no verb may do: a skipped state, a decision on one's own form, a decided row changed.

The verbs are left out here: rows are written as a mistake or an intruder with the application's role would.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models

from audit.clock import now
from audit.guards import instead_of_deleting, moves_of, statements
from audit.recording import Refused, record, recorded
from audit.rules import Frozen
from audit.tracking import tracked_models
from evaluation.models import PassedOver
from organisations.models import Handover, RoleGrant, User
from submissions.actions import Wanted, agree_to_correction, approve, ask_for_correction, withdraw
from submissions.models import (
    CellState,
    Correction,
    Decision,
    Figure,
    PublishedValue,
    Remark,
    Review,
    State,
    Submission,
)
from tests.audit.test_ways_of_writing import DELETES, UPDATES
from tests.factories.indicators import indicator
from tests.factories.organisations import person, reporter, reviewer
from tests.factories.rows import saved_row, unsaved_row
from tests.factories.submissions import evidence_of, note_in, opened, saved, submitted, taken_to

pytestmark = pytest.mark.django_db

GUARDED = {model._meta.label: model for model, _ in tracked_models() if statements(model)}
KEPT = [label for label, model in GUARDED.items() if instead_of_deleting(model)]
WITH_STATES = [label for label, model in GUARDED.items() if moves_of(model)]


def draft() -> Submission:
    by = reporter()
    return opened(indicator(lead=by.organisation))


def write(by: User | None, rows: Any, **columns: Any) -> None:
    with recorded(by=by, reason="绕过"):
        rows.update(**columns)


def refuse(words: str) -> Any:
    return pytest.raises(Refused, match=words)


def refuse_either(words: str) -> Any:
    """By the guard, or before it by a constraint that ties a state to its times."""
    return pytest.raises((Refused, IntegrityError), match=f"{words}|violates check constraint")


class TestMoves:
    @pytest.mark.parametrize("label", WITH_STATES)
    def test_only_declared_moves_are_made(self, label: str) -> None:
        """Every pair of states that no verb names is refused, from every state that a row can be brought to."""
        model = apps.get_model(label)
        declared = {(str(s), str(m.target)) for m in moves_of(model).values() for s in m.sources}
        states = {str(state) for state, _ in model._meta.get_field("state").flatchoices}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [f"audit_guard_{model._meta.db_table}"])
            made = cursor.fetchone()[0]
        assert all(f"('{before}', '{after}')" in made for before, after in declared)
        with recorded(by=person(), reason="准备"):
            row = saved_row(model)
        for state in sorted(states - {after for before, after in declared if before == row.state} - {row.state}):
            with refuse_either("不能从“.+”变为“.+”"):
                write(None, model._default_manager.filter(pk=row.pk), state=state)

    @pytest.mark.parametrize("label", WITH_STATES)
    def test_a_new_row_begins_at_the_beginning(self, label: str) -> None:
        model = apps.get_model(label)
        with recorded(by=person(), reason="准备"):
            row = unsaved_row(model)
        first = model._meta.get_field("state").get_default()
        for state, _ in model._meta.get_field("state").flatchoices:
            row.pk, row.state = None, state
            if state != first:
                with refuse_either("须从“.+”开始"), recorded(by=None, reason="绕过"):
                    row.save(force_insert=True)

    def test_a_draft_is_not_approved(self) -> None:
        form = draft()
        with refuse("填报表不能从“草稿”变为“已通过”"):
            write(reviewer(), Submission.objects.filter(pk=form.pk), state=State.APPROVED, submitted_at=form.deadline)

    @pytest.mark.parametrize("way", UPDATES)
    def test_whichever_way_it_is_written(self, way: Callable[..., None]) -> None:
        form = withdraw(submitted(by := reporter()), by=by, reason="补充")
        known = form.history.count()
        with refuse("填报表不能从“草稿”变为"), recorded(by=reviewer(), reason="绕过"):
            way(form, Submission._meta.get_field("state"), State.APPROVED)
        form.refresh_from_db()
        assert (form.state, form.history.count()) == (State.DRAFT, known)

    def test_one_of_many_rows_is_enough(self) -> None:
        by = reviewer()
        ready = [submitted(reporter()), draft(), submitted(reporter())]
        with refuse("填报表不能从“草稿”变为“已通过”"):
            rows = Submission.objects.filter(pk__in=[form.pk for form in ready])
            write(by, rows, state=State.APPROVED, decided_by=by, submitted_at=ready[0].submitted_at)


class TestDeciding:
    def decide(self, form: Submission, by: User | None, **columns: Any) -> None:
        given = {"state": State.APPROVED, "decided_by": by} | columns
        with recorded(by=by, reason="绕过"):
            Submission.objects.filter(pk=form.pk).update(**given)
            review_of(form, given["state"], by)

    def test_who_had_no_hand_may(self) -> None:
        form = submitted(reporter())
        self.decide(form, reviewer())
        form.refresh_from_db()
        assert form.state == State.APPROVED

    def test_who_submitted_may_not(self) -> None:
        by = person("reporter", "reviewer")
        form = submitted(by)
        with refuse("填报过这份表的人不能办理“退回”"):
            self.decide(form, by, state=State.RETURNED, submitted_by=None)

    def test_who_saved_a_cell_before_may_not(self) -> None:
        both = person("reporter", "reviewer")
        colleague = reporter(at=both.organisation)
        form = withdraw(submitted(colleague), by=colleague, reason="补充")
        saved(form.figures.get(), "60", by=both)
        saved(form.figures.get(), "61", by=colleague)
        submit_again(form, colleague)
        with refuse("填报过这份表的人不能办理“审核通过”"):
            self.decide(form, both)

    def test_who_added_evidence_may_not(self) -> None:
        both = person("reviewer")
        by = reporter()
        form = submitted(by)
        evidence_of(form.figures.get(), by=both)
        with refuse("填报过这份表的人"):
            self.decide(form, both)

    def test_who_confirmed_may_not(self) -> None:
        by = reporter()
        form = withdraw(submitted(by), by=by, reason="补充")
        head = person("head", "reviewer", at=by.organisation)
        write(by, Submission.objects.filter(pk=form.pk), state=State.AWAITING_HEAD, submitted_by=by)
        write(head, Submission.objects.filter(pk=form.pk), state=State.SUBMITTED, confirmed_by=head)
        with refuse("确认过这份表的人"):
            self.decide(form, head, confirmed_by=None)

    def test_nobody_decides_in_another_name(self) -> None:
        form, other = submitted(reporter()), reviewer()
        with refuse("办理人与本次变更的操作人不一致"):
            self.decide(form, reviewer(), decided_by=other)

    def test_the_system_does_not_decide(self) -> None:
        form = submitted(reporter())
        with refuse("须由人办理"):
            self.decide(form, None)

    def test_a_reviewer_does_not_submit_again(self) -> None:
        by = reporter()
        form, decider = submitted(by), reviewer()
        self.decide(form, decider, state=State.RETURNED)
        with refuse("审核过这份表的人不能办理“提交”"):
            again = {"state": State.SUBMITTED, "submitted_by": decider, "decided_by": None}
            write(decider, Submission.objects.filter(pk=form.pk), **again)

    def test_who_decided_stays(self) -> None:
        form = submitted(reporter())
        approve(form, by=reviewer(), round=1)
        with refuse("只能随填报表的状态改变"):
            write(None, Submission.objects.filter(pk=form.pk), decided_by=reviewer())

    def test_only_the_approver_takes_it_back(self) -> None:
        form = submitted(reporter())
        approve(form, by=reviewer(), round=1)
        with refuse("本人才能撤销通过"):
            write(reviewer(), Submission.objects.filter(pk=form.pk), state=State.SUBMITTED, decided_by=None)

    def test_a_review_is_written_by_its_reviewer_who_had_no_hand(self) -> None:
        by = person("reporter", "reviewer")
        form = submitted(by)
        for actor, reviewed_by, words in [(by, by, "填报过这份表"), (reviewer(), by, "审核人与")]:
            with refuse(words), recorded(by=actor, reason="绕过"):
                entry = record("submission.approve", form)
                Review.objects.create(
                    submission=form,
                    round=1,
                    decision=Decision.APPROVED,
                    by=reviewed_by,
                    at=form.submitted_at,
                    entry=entry,
                )


def review_of(form: Submission, decision: str, by: User | None, round: int = 1) -> Review:
    entry = record("submission.approve", form)
    return Review.objects.create(
        submission=form, round=round, decision=decision, by=by, at=form.submitted_at, entry=entry
    )


def submit_again(form: Submission, by: User) -> None:
    write(by, Submission.objects.filter(pk=form.pk), state=State.SUBMITTED, submitted_by=by)
    write(by, Figure.objects.filter(submission=form), state=CellState.SUBMITTED)


class TestCells:
    @pytest.fixture
    def form(self) -> Submission:
        by = reporter()
        form = submitted(by, "50", "60")
        approve(form, by=reviewer(), round=1)
        form.refresh_from_db()
        return form

    @pytest.fixture
    def cell(self, form: Submission) -> Figure:
        return form.figures.first()

    @pytest.mark.parametrize("way", UPDATES)
    def test_an_approved_cell_stays(self, cell: Figure, way: Callable[..., None]) -> None:
        with refuse("已经提交或通过，不能修改"), recorded(by=None, reason="绕过"):
            way(cell, Figure._meta.get_field("value_printed"), "99")
        assert Figure.objects.get(pk=cell.pk).value == 50

    @pytest.mark.parametrize("state", sorted(set(CellState) - {CellState.APPROVED}))
    def test_it_is_not_opened_without_a_correction(self, cell: Figure, state: str) -> None:
        with refuse("已同意的更正|不能从|没有撤销"):
            write(None, Figure.objects.filter(pk=cell.pk), state=state)

    def test_it_is_opened_by_an_agreed_correction_that_names_it(self, form: Submission, cell: Figure) -> None:
        other = form.figures.last()
        by = form.submitted_by
        asked = ask_for_correction(form, by=by, values=[Wanted(cell.pk, "51.5")], reason="口径更正")
        with refuse("不在已同意的更正申请之内"):
            write(None, Figure.objects.filter(pk=cell.pk), state=CellState.CORRECTING)
        agree_to_correction(asked, by=reviewer())
        saved(cell, "51", by=by)
        with refuse("不在已同意的更正申请之内"):
            write(None, Figure.objects.filter(pk=other.pk), state=CellState.CORRECTING)

    def test_what_was_asked_for_is_not_widened(self, form: Submission, cell: Figure) -> None:
        asked = ask_for_correction(form, by=form.submitted_by, values=[Wanted(cell.pk, "51.5")], reason="口径更正")
        with refuse("内容不能改变"):
            write(None, Correction.objects.filter(pk=asked.pk), figures=[each.pk for each in form.figures.all()])

    def test_a_form_is_not_opened_again_without_one(self, form: Submission) -> None:
        with refuse("没有已同意的更正申请"):
            write(reviewer(), Submission.objects.filter(pk=form.pk), state=State.REOPENED)

    def test_nobody_answers_their_own_request(self, form: Submission, cell: Figure) -> None:
        by = form.submitted_by
        asked = ask_for_correction(form, by=by, values=[Wanted(cell.pk, "51.5")], reason="口径更正")
        with refuse("填报过这份表的人不能办理“同意更正”"):
            write(by, Correction.objects.filter(pk=asked.pk), state="agreed", decided_by=by)

    def test_a_submitted_cell_stays_while_it_is_reviewed(self) -> None:
        cells = Figure.objects.filter(submission=submitted(reporter()))
        with refuse("不能修改"):
            write(None, cells, value=9)
        with refuse("还没有退回或撤回"):
            write(None, cells, state=CellState.FILLED)
        with refuse("还没有审核"):
            write(None, cells, state=CellState.APPROVED)

    def test_a_number_is_saved_in_the_name_of_who_changes_it(self) -> None:
        by = reporter()
        cells = Figure.objects.filter(submission=opened(indicator(lead=by.organisation)))
        with refuse("保存人与本次变更的操作人不一致"):
            write(by, cells, value=9, answer="value", saved_by=reporter())

    def test_a_cell_does_not_change_its_place(self) -> None:
        cells = Figure.objects.filter(submission=draft())
        with refuse("不能改变"):
            write(None, cells, indicator=indicator())


class TestWhatIsDecidedStays:
    @pytest.mark.parametrize("way", UPDATES)
    @pytest.mark.parametrize(
        ("model", "column"),
        [
            (Review, "comment"),
            (Remark, "text"),
            (PublishedValue, "value_printed"),
            (PassedOver, "reason"),
            (Handover, "items"),
        ],
    )
    def test_it_is_not_written_over(self, model: type[models.Model], column: str, way: Callable[..., None]) -> None:
        with recorded(by=person(), reason="准备"):
            row = saved_row(model)
        with refuse("不能改变"), recorded(by=None, reason="绕过"):
            way(row, model._meta.get_field(column), "改写")

    def test_a_value_is_published_as_it_was_reviewed(self) -> None:
        form, by = submitted(reporter()), reviewer()
        approve(form, by=by, round=1)
        value = PublishedValue.objects.get()
        value.pk, value.sequence, value.value = None, 2, 99
        with refuse("一次审核只能"), recorded(by=by, reason="绕过"):
            value.save(force_insert=True)

    def test_a_value_is_withdrawn_by_its_reviewer_only(self) -> None:
        approve(submitted(reporter()), by=reviewer(), round=1)
        value = PublishedValue.objects.get()
        with refuse("本人才能撤销发布"):
            write(reviewer(), PublishedValue.objects.filter(pk=value.pk), withdrawn_at=value.published_at)

    def test_published_words_stay(self) -> None:
        note = note_in(draft())
        rows = type(note).objects.filter(pk=note.pk)
        with refuse("只能随审核决定发布"):
            write(None, rows, is_published=True)
        taken_to(note.submission, State.SUBMITTED)
        taken_to(note.submission, State.APPROVED, then=lambda review: rows.update(is_published=True))
        with refuse("不能修改"):
            write(None, rows, progress="改写")
        with refuse("只能随撤销通过退出发布"):
            write(None, rows, is_published=False)

    def test_a_stored_file_keeps_its_hash(self) -> None:
        by = reporter()
        kept = evidence_of(opened(indicator(lead=by.organisation)).figures.get(), by=by).file
        with refuse("存入的文件不能改变"):
            write(by, type(kept).objects.filter(pk=kept.pk), sha256="0" * 64)


class TestRoles:
    """Who held which role on a day is read from the grants: they say it once."""

    @pytest.fixture
    def grant(self) -> RoleGrant:
        return RoleGrant.objects.get(user=reviewer())

    @pytest.fixture
    def by(self) -> User:
        return person("security_administrator")

    @pytest.mark.parametrize("column", ["user", "role", "granted_by", "granted_at"])
    def test_what_was_granted_stays(self, grant: RoleGrant, by: User, column: str) -> None:
        values = {"user": person(), "role": "auditor", "granted_by": by, "granted_at": "2020-01-01T00:00+08:00"}
        with refuse("角色一经授予，内容不能改变"):
            write(by, RoleGrant.objects.filter(pk=grant.pk), **{column: values[column]})

    def test_it_is_withdrawn_once_and_by_whom_it_says(self, grant: RoleGrant, by: User) -> None:
        rows = RoleGrant.objects.filter(pk=grant.pk)
        for withdrawn_by, at in [(reviewer(), now()), (None, now()), (by, grant.granted_at - timedelta(days=1))]:
            with refuse("只能由办理本次变更的人收回"):
                write(by, rows, withdrawn_by=withdrawn_by, withdrawn_at=at)
        write(by, rows, withdrawn_by=by, withdrawn_at=now())
        for at in (None, grant.granted_at):
            with refuse("已经收回"):
                write(by, rows, withdrawn_by=by, withdrawn_at=at)

    @pytest.mark.parametrize("away", [timedelta(minutes=-6), timedelta(minutes=6)])
    def test_it_is_granted_now(self, by: User, away: timedelta) -> None:
        with refuse("授予角色的时间只能是此刻"), recorded(by=by, reason="绕过"):
            RoleGrant.objects.create(user=person(), role="auditor", granted_by=by, granted_at=now() + away)

    def test_it_is_not_withdrawn_beforehand(self, grant: RoleGrant, by: User) -> None:
        with refuse("收回角色的时间只能是此刻"):
            write(by, RoleGrant.objects.filter(pk=grant.pk), withdrawn_by=by, withdrawn_at=now() + timedelta(days=1))

    def test_nobody_grants_in_another_name_or_to_themselves(self, by: User) -> None:
        himself = reviewer()
        for actor, user, granted_by, words in [(by, person(), himself, "授予人与"), (himself,) * 3 + ("授予自己",)]:
            with refuse(words), recorded(by=actor, reason="绕过"):
                RoleGrant.objects.create(user=user, role="auditor", granted_by=granted_by, granted_at=now())


class TestDeleting:
    @pytest.mark.parametrize("label", KEPT)
    @pytest.mark.parametrize("way", DELETES)
    def test_the_database_refuses_and_says_what_to_do(self, label: str, way: Callable[..., None]) -> None:
        model = apps.get_model(label)
        with recorded(by=person(), reason="准备"):
            row = saved_row(model)
        key = row.pk
        if model is User and way is not DELETES[-1]:
            return  # refused before: the library would blank the person out of history
        with refuse(f"留有记录，不能删除。{instead_of_deleting(model)}"), recorded(by=None, reason="绕过"):
            way(row)
        assert model._default_manager.filter(pk=key).exists()


def test_a_misspelt_column_is_found_when_guards_are_made() -> None:
    with pytest.raises(LookupError, match="no_such"):
        Frozen("不能改变。", columns=("no_such",)).among(["id", "state"])
