"""Values of the consolidated workbook, proposed to organisations: proposed, taken over, declined."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.clock import now
from audit.models import Entry
from audit.moves import StaleState
from audit.recording import Refused, record, recorded
from organisations.models import User
from submissions.actions import approve, close_period, decline_proposals, propose_values, submit, take_proposals
from submissions.actions.cells import CellConflict
from submissions.actions.proposals import Asked, Came
from submissions.models import Answer, Decision, Figure, ProposalState, ProposedValue, Review, Submission
from submissions.queries.hands import hands_in
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import opened, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return reporter()


@pytest.fixture
def form(writer: User) -> Submission:
    of = plan()
    return opened(*[indicator(of=of, lead=writer.organisation, unit="亿元") for _ in range(2)])


@pytest.fixture
def cell(form: Submission) -> Figure:
    return form.figures.order_by("indicator__number")[0]


def proposed(cell: Figure, text: str = "9.43", *, by: User | None = None, **words: str) -> Came:
    (came,) = propose_values(cell.period, [Asked(cell.pk, "value", text, **words)], by=by or reviewer())
    return came


def again(cell: Figure) -> Figure:
    return Figure.objects.get(pk=cell.pk)


class TestPropose:
    def test_a_proposal_changes_nothing_in_the_form(self, cell: Figure) -> None:
        assert proposed(cell) == Came("已载入，待单位采用。", is_new=True)
        assert (again(cell).answer, again(cell).revision) == (Answer.BLANK, 0)
        assert ProposedValue.objects.get().text == "9.43"

    def test_the_same_twice_changes_nothing(self, cell: Figure) -> None:
        proposed(cell)
        assert not proposed(cell, "9.430").is_new
        assert ProposedValue.objects.count() == 1

    def test_another_value_takes_the_place_of_one_that_nobody_decided_on(self, cell: Figure) -> None:
        proposed(cell)
        assert proposed(cell, "9.5").is_new
        states = ProposedValue.objects.order_by("id").values_list("text", "state")
        assert list(states) == [("9.43", ProposalState.OVERTAKEN), ("9.5", ProposalState.PROPOSED)]

    def test_what_is_typed_already_is_left_as_it_is(self, cell: Figure, writer: User) -> None:
        saved(cell, "8", by=writer)
        assert proposed(cell) == Came("单位已填报这一项，没有改动。")
        assert not ProposedValue.objects.exists()

    def test_what_is_handed_in_is_left_as_it_is(self, form: Submission, cell: Figure, writer: User) -> None:
        for each in form.figures.all():
            saved(each, "8", by=writer)
        submit(form, by=writer)
        assert "已提交" in proposed(cell).words

    def test_a_row_that_cannot_be_read_leaves_the_others_be(self, form: Submission) -> None:
        one, other = form.figures.all()
        rows = [Asked(one.pk, "value", "约九"), Asked(other.pk, "value", "9.43")]
        came = propose_values(one.period, rows, by=reviewer())
        assert [each.is_new for each in came] == [False, True]
        assert "约九" in came[0].words

    def test_how_a_writing_was_understood_is_told(self, cell: Figure) -> None:
        assert "1.2" in proposed(cell, "1.2万").words.removeprefix("已载入")

    def test_no_data_needs_its_reason(self, cell: Figure) -> None:
        (came,) = propose_values(cell.period, [Asked(cell.pk, "no_data")], by=reviewer())
        assert "原因" in came.words

    def test_many_rows_ask_no_more_statements(self, writer: User, django_assert_max_num_queries: object) -> None:
        of, by = plan(), reviewer()
        big = opened(*[indicator(of=of, lead=writer.organisation) for _ in range(30)])
        rows = [Asked(each.pk, "value", "5") for each in big.figures.all()]
        with django_assert_max_num_queries(14):  # type: ignore[operator]
            propose_values(big.period, rows, by=by)

    def test_only_the_working_group_proposes(self, cell: Figure, writer: User) -> None:
        with pytest.raises(PermissionDenied):
            proposed(cell, by=writer)

    def test_nothing_is_proposed_in_a_closed_period(self, cell: Figure) -> None:
        close_period(cell.period, by=reviewer(), reason="到期")
        with pytest.raises(StaleState):
            proposed(cell)

    def test_a_proposal_is_never_written_over(self, cell: Figure) -> None:
        proposed(cell)
        with pytest.raises(ValidationError, match="不能改变"), recorded(by=None, reason="测试"):
            ProposedValue.objects.update(text="7", value=7)


class TestTake:
    def take(self, form: Submission, by: User, revision: int = 0) -> ValidationError | None:
        (decided,) = take_proposals(form, by=by, seen={ProposedValue.objects.get().pk: revision})
        return decided.refusal

    def test_what_is_taken_over_is_saved_by_the_reporter(self, form: Submission, cell: Figure, writer: User) -> None:
        proposed(cell, explanation="统计口径", data_source="统计局")
        assert self.take(form, writer) is None
        now_there = again(cell)
        assert (now_there.shown, now_there.saved_by, now_there.data_source) == ("9.43", writer, "统计局")
        assert ProposedValue.objects.get().state == ProposalState.TAKEN
        assert Entry.objects.filter(event="figure.save").count() == 1

    def test_a_zero_and_no_data_are_taken_over_as_such(self, form: Submission, writer: User) -> None:
        one, other = form.figures.order_by("indicator__number")
        rows = [Asked(one.pk, "value", "0"), Asked(other.pk, "no_data", no_data_reason="不再统计")]
        propose_values(one.period, rows, by=reviewer())
        take_proposals(form, by=writer, seen=dict.fromkeys(ProposedValue.objects.values_list("pk", flat=True), 0))
        assert [again(each).answer for each in (one, other)] == [Answer.ZERO, Answer.NO_DATA]

    def test_a_figure_saved_meanwhile_is_not_written_over(self, form: Submission, cell: Figure, writer: User) -> None:
        proposed(cell)
        saved(cell, "8", by=writer)
        assert isinstance(self.take(form, writer), CellConflict)
        assert again(cell).shown == "8"
        assert ProposedValue.objects.get().state == ProposalState.PROPOSED

    def test_pressed_twice_it_is_refused(self, form: Submission, cell: Figure, writer: User) -> None:
        proposed(cell)
        self.take(form, writer)
        with pytest.raises(StaleState):
            self.take(form, writer)

    @pytest.mark.parametrize("who", [reporter, reviewer])
    def test_nobody_else_takes_it_over(self, form: Submission, cell: Figure, who: type[User]) -> None:
        proposed(cell)
        with pytest.raises(PermissionDenied):
            self.take(form, who())


class TestWhoLoadedItDoesNotDecide:
    """A value that the organisation took over is still its loader's own: somebody else reviews the form."""

    @pytest.fixture
    def loader(self) -> User:
        return reviewer()

    @pytest.fixture
    def sent(self, form: Submission, cell: Figure, writer: User, loader: User) -> Submission:
        proposed(cell, by=loader)
        take_proposals(form, by=writer, seen={ProposedValue.objects.get().pk: 0})
        saved(form.figures.exclude(pk=cell.pk).get(), "1", by=writer)
        return submit(Submission.objects.get(pk=form.pk), by=writer)

    def test_the_form_is_not_in_their_queue_and_the_verb_refuses(self, sent: Submission, loader: User) -> None:
        assert not Submission.objects.all().waiting_for_review(loader, sent.period.plan).exists()
        assert loader.pk in hands_in([sent])[sent.pk]
        with pytest.raises(PermissionDenied):
            approve(sent, by=loader, round=1)
        assert approve(sent, by=reviewer(), round=1).decision == Decision.APPROVED

    def test_the_database_refuses_too(self, sent: Submission, loader: User) -> None:
        with recorded(by=loader, reason="准备"):
            entry = record("submission.approve", sent)
        row = Review(submission=sent, by=loader, at=now(), round=1, decision=Decision.APPROVED, entry=entry)
        with pytest.raises(Refused, match="填报过这份表"), recorded(by=loader, reason="审核"):
            row.save()

    def test_whose_value_was_declined_may_decide(
        self, form: Submission, cell: Figure, writer: User, loader: User
    ) -> None:
        proposed(cell, by=loader)
        decline_proposals(form, by=writer, keys=[ProposedValue.objects.get().pk])
        for each in form.figures.all():
            saved(each, "1", by=writer)
        sent = submit(Submission.objects.get(pk=form.pk), by=writer)
        assert approve(sent, by=loader, round=1).decision == Decision.APPROVED


class TestDecline:
    def test_it_leaves_the_form_and_is_not_asked_again(self, form: Submission, cell: Figure, writer: User) -> None:
        proposed(cell)
        assert decline_proposals(form, by=writer, keys=[ProposedValue.objects.get().pk]) == 1
        assert again(cell).answer == Answer.BLANK
        assert "不采用" in proposed(cell).words
        assert ProposedValue.objects.get().state == ProposalState.DECLINED

    def test_only_the_organisation_declines(self, form: Submission, cell: Figure) -> None:
        proposed(cell)
        with pytest.raises(PermissionDenied):
            decline_proposals(form, by=reviewer(), keys=[ProposedValue.objects.get().pk])
