"""Progress notes that are sent back one by one, with reasons of their own."""

import pytest
from django.core.exceptions import ValidationError

from audit.moves import StaleState
from audit.recording import Refused, entries_of, recorded
from organisations.models import User
from submissions import actions
from submissions.models import ProgressNote, PublishedValue, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import note_in, opened, saved
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    """A submitted form of one figure and two notes."""
    found = opened(indicator(lead=by.organisation))
    saved(found.figures.get(), "50", by=by)
    for note in (note_in(found), note_in(found)):
        write(note, "按计划推进。", by)
    return actions.submit(found, by=by)


def write(note: ProgressNote, progress: str, by: User, **more: str) -> ProgressNote:
    current = ProgressNote.objects.get(pk=note.pk)
    return actions.save_note(current, by=by, revision=current.revision, state="on_course", progress=progress, **more)


def returned(form: Submission, **more: object) -> list[ProgressNote]:
    """The form's notes, the first of which was returned."""
    first = form.notes.order_by("id")[0]
    actions.return_for_correction(form, by=reviewer(), round=form.round, remarks={first: ["请写明节点。"]}, **more)
    form.refresh_from_db()
    return list(form.notes.order_by("id"))


class TestReturn:
    def test_only_the_remarked_note_can_be_changed(self, form: Submission, by: User) -> None:
        first, second = returned(form)
        assert write(first, "主体已封顶。", by).progress == "主体已封顶。"
        with pytest.raises(StaleState, match="已经提交，没有退回"):
            write(second, "另一种说法。", by)

    def test_the_database_holds_it_too(self, form: Submission) -> None:
        second = returned(form)[1]
        with pytest.raises(Refused, match="不能修改"), recorded(by=None, reason="测试"):
            ProgressNote.objects.filter(pk=second.pk).update(progress="改写")

    def test_its_figures_stay_shut(self, form: Submission, by: User) -> None:
        returned(form)
        with pytest.raises(StaleState, match="已提交"):
            saved(form.figures.get(), "51", by=by)

    def test_the_rest_is_published_when_asked_for(self, form: Submission) -> None:
        first, second = returned(form, publish_rest=True)
        assert (first.is_published, second.is_published) == (False, True)
        assert PublishedValue.objects.count() == 1

    def test_it_is_on_record_with_its_reasons(self, form: Submission) -> None:
        first = returned(form)[0]
        assert entries_of(first).first().event == "note.return"
        assert [(remark.text, remark.reported) for remark in first.remarks.all()] == [("请写明节点。", "按计划推进")]

    def test_a_ticked_note_needs_a_reason(self, form: Submission) -> None:
        with pytest.raises(ValidationError, match="没有理由"):
            actions.return_for_correction(form, by=reviewer(), round=1, remarks={form.notes.first(): [" "]})

    def test_another_forms_note_is_refused(self, form: Submission) -> None:
        other = note_in(opened(indicator(lead=reporter().organisation)))
        with pytest.raises(ValidationError, match="不在这次审核范围内"):
            actions.return_for_correction(form, by=reviewer(), round=1, remarks={other: ["请核实"]})

    def test_by_a_comment_alone_all_notes_go_back(self, form: Submission) -> None:
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={}, comment="进展都请写明节点。")
        assert not form.notes.filter(is_sent=True).exists()

    def test_a_form_without_notes_is_not_returned_by_a_comment_alone(self, by: User) -> None:
        bare = opened(indicator(lead=by.organisation))
        saved(bare.figures.get(), "50", by=by)
        sent = actions.submit(bare, by=by)
        with pytest.raises(ValidationError, match="至少说明一项"):
            actions.return_for_correction(sent, by=reviewer(), round=1, remarks={}, comment="请核实。")


class TestAnswer:
    def test_it_needs_a_change_or_an_answer(self, form: Submission, by: User) -> None:
        first = returned(form)[0]
        with pytest.raises(ValidationError, match="退回后未修改也未答复"):
            actions.submit(form, by=by)
        write(first, "按计划推进。", by, reply="节点见附件。")
        assert actions.submit(form, by=by).round == 2

    def test_a_withdrawn_second_round_opens_only_it_again(self, form: Submission, by: User) -> None:
        first, second = returned(form)
        write(first, "主体已封顶。", by)
        actions.submit(form, by=by)
        actions.withdraw(form, by=by, reason="补充")
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_editable, second.is_editable) == (True, False)

    def test_a_withdrawn_first_round_opens_them_all(self, form: Submission, by: User) -> None:
        actions.withdraw(form, by=by, reason="补充")
        assert not form.notes.filter(is_sent=True).exists()

    def test_an_unpublished_form_can_be_approved_after_all(self, form: Submission, by: User) -> None:
        write(returned(form)[0], "主体已封顶。", by)
        actions.submit(form, by=by)
        actions.approve(form, by=reviewer(), round=2)
        assert form.notes.filter(is_published=True).count() == 2


class TestPages:
    def test_a_sent_note_reads_as_sent(self, form: Submission, by: User) -> None:
        shown = text(by, of(form, "form"))
        assert shown.count("已提交，不可改") == 3
        assert "已填" not in shown

    def test_the_form_shows_the_reasons_and_asks_for_an_answer(self, form: Submission, by: User) -> None:
        returned(form)
        shown = text(by, of(form, "form"))
        assert "请写明节点。" in shown
        assert "1 项退回" in shown
        assert shown.count('name="progress"') == 1
        assert 'name="reply"' in shown

    def test_a_comment_alone_publishes_no_note(self, form: Submission) -> None:
        decider = reviewer()
        sent = {"round": 1, "decision": "return_and_publish", "comment": "进展都请写明节点。"}
        shown = client_of(decider).post(of(form, "review"), sent).content.decode()
        assert "确认退回 2 项，发布 1 项" in shown
        answer = client_of(decider).post(of(form, "review"), sent | {"confirmed": 1}, follow=True)
        assert "已退回 2 项，其余 1 项已通过并发布" in answer.content.decode()

    def test_the_desk_shows_them_too(self, form: Submission, by: User) -> None:
        returned(form)
        assert "请写明节点。" in text(by, f"/{form.period.plan.code}/")

    def test_the_reviewer_ticks_a_note_and_says_why(self, form: Submission) -> None:
        note = form.notes.order_by("id")[0]
        key = f"n{note.pk}"
        sent = {"round": 1, "decision": "return", "return": [key], f"reason-{key}": ["内容不具体，请补充"]}
        client_of(reviewer()).post(of(form, "review"), sent)
        form.refresh_from_db()
        assert form.state == "returned"
        assert [remark.text for remark in note.remarks.all()] == ["内容不具体，请补充"]

    def test_a_ticked_note_without_a_reason_is_asked_again(self, form: Submission) -> None:
        sent = {"round": 1, "decision": "return", "return": [f"n{form.notes.first().pk}"]}
        answered = client_of(reviewer()).post(of(form, "review"), sent)
        assert answered.status_code == 422
        assert "勾选了退回而没有理由" in answered.content.decode()

    def test_before_publishing_it_lists_what_stays_back(self, form: Submission) -> None:
        key = f"n{form.notes.order_by('id')[0].pk}"
        sent = {"round": 1, "decision": "return_and_publish", "return": [key], f"text-{key}": "请写明。"}
        shown = client_of(reviewer()).post(of(form, "review"), sent).content.decode()
        assert "核对将发布的 1 项数据、1 份进展说明" in shown
        assert f'name="return" value="{key}"' in shown

    def test_the_review_shows_before_and_now_with_the_answer(self, form: Submission, by: User) -> None:
        write(returned(form)[0], "主体已封顶。", by, reply="已补充节点。")
        actions.submit(form, by=by)
        shown = text(reviewer(), of(form, "review"))
        assert "<del>按计划推进。</del> <ins>主体已封顶。</ins>" in shown
        assert "请写明节点。" in shown
        assert "已补充节点。" in shown
