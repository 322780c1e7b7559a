"""The queue and the page of a form under review."""

import re

import pytest
from django.urls import reverse

from organisations.models import Role, User
from plans.models import PeriodState
from submissions import actions
from submissions.models import PublishedValue, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, person, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import evidence_of, note_in, opened, saved, submitted
from tests.submissions.pages import client_of, of, page, queries, text

pytestmark = pytest.mark.django_db


def queue(form: Submission) -> str:
    return reverse("submissions:queue", args=[form.period.plan.code])


def many(by: User, count: int) -> Submission:
    """A submitted form of many figures, each with something odd and a file, and a note."""
    base = plan()
    rows = [indicator(of=base, lead=by.organisation, target=5) for _ in range(count)]
    form = opened(*rows)
    for figure in form.figures.all():
        saved(figure, "50", by=by, explanation="口径不同。")
        evidence_of(figure, by=by)
    note = note_in(form)
    actions.save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
    return actions.submit(form, by=by)


def waiting(count: int) -> Submission:
    """The last of several submitted forms of one plan, each sent a second time."""
    base = plan()
    writers = {by.organisation_id: by for by in (reporter() for _ in range(count))}
    for by in writers.values():
        indicator(of=base, lead=by.organisation)
    for form in actions.open_period(period(of=base, state=PeriodState.PLANNED), by=reviewer(), reason="急"):
        by = writers[form.organisation_id]
        for value in ("50", "55"):
            saved(form.figures.get(), value, by=by)
            actions.submit(form, by=by)
            if value == "50":
                actions.withdraw(form, by=by, reason="补充")
    return form


def sent_again(by: User, *values: str) -> Submission:
    """A form whose first figure was returned, changed from 40 to 44 and submitted again."""
    form = submitted(by, *values)
    first = form.figures.order_by("indicator__number")[0]
    actions.return_for_correction(form, by=reviewer(), round=1, remarks={first: ["正文与附表不一致，请核实。"]})
    saved(first, "44", by=by, reply="系笔误。")
    return actions.submit(form, by=by)


class TestQueue:
    def test_it_says_how_many_wait(self) -> None:
        form = submitted(reporter())
        shown = text(reviewer(), queue(form))
        assert "有 1 张填报表待审" in shown
        assert form.organisation_name in shown

    def test_empty_it_says_what_comes_next(self) -> None:
        form = opened(indicator(lead=reporter().organisation))
        assert "没有待审的填报表" in text(reviewer(), queue(form))

    def test_ones_own_form_is_not_in_it(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        form = submitted(both)
        assert "没有待审的填报表" in text(both, queue(form))

    def test_reporters_do_not_see_it(self) -> None:
        by = reporter()
        assert page(by, queue(submitted(by))).status_code == 404

    def test_more_forms_ask_no_more_queries(self) -> None:
        few, many_forms, by = waiting(2), waiting(8), reviewer()
        assert queries(by, queue(few)) == queries(by, queue(many_forms)) < 30


class TestPage:
    def test_what_changed_since_the_return_stands_out(self) -> None:
        form = sent_again(reporter(), "40", "50")
        shown = text(reviewer(), of(form, "review"))
        assert "退回后有变动　1 项" in shown
        assert "<del>40</del>" in shown
        assert "<ins>44</ins>" in shown
        assert "正文与附表不一致，请核实。" in shown
        assert "系笔误。" in shown

    def test_what_was_said_beside_the_number_stands_before_and_now(self) -> None:
        by = reporter()
        form = submitted(by, "40")
        figure = form.figures.get()
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请补充来源。"]})
        saved(figure, "40", by=by, data_source="统计月报", last_year_text="38", expectation="yes")
        actions.submit(form, by=by)
        shown = text(reviewer(), of(form, "review"))
        assert "数据来源：<del>未填</del> <ins>统计月报</ins>" in shown
        assert "<ins>预计能完成</ins>" in shown
        assert "未改" not in shown

    def test_an_oddity_stands_with_its_explanation(self) -> None:
        shown = text(reviewer(), of(many(reporter(), 1), "review"))
        assert "疑点及说明　1 项" in shown
        assert "超出目标较多" in shown
        assert "口径不同。" in shown

    def test_the_rest_is_folded(self) -> None:
        assert "其余 1 项" in text(reviewer(), of(sent_again(reporter(), "40", "50"), "review"))

    def test_who_had_a_hand_in_it_gets_no_buttons(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        shown = text(both, of(submitted(both), "review"))
        assert "不能由你审核" in shown
        assert 'name="decision"' not in shown

    def test_auditors_read_along(self) -> None:
        shown = text(auditor(), of(submitted(reporter()), "review"))
        assert 'name="decision"' not in shown

    def test_more_figures_ask_no_more_queries(self) -> None:
        few, lots, by = many(reporter(), 2), many(reporter(), 12), reviewer()
        assert queries(by, of(few, "review")) == queries(by, of(lots, "review")) < 50


class TestDecide:
    @pytest.fixture
    def form(self) -> Submission:
        return submitted(reporter(), "40", "50")

    def post(self, form: Submission, by: User | None = None, **sent: object):
        return client_of(by or reviewer()).post(of(form, "review"), {"round": form.round} | sent)

    def test_first_it_lists_what_will_be_published(self, form: Submission) -> None:
        answered = self.post(form, decision="approve")
        assert "核对将发布的 2 项" in answered.content.decode()
        assert PublishedValue.objects.count() == 0

    def test_confirmed_it_publishes(self, form: Submission) -> None:
        assert self.post(form, decision="approve", confirmed="1").status_code == 302
        assert PublishedValue.objects.count() == 2

    def test_ticked_figures_go_back_with_their_reasons(self, form: Submission) -> None:
        key = form.figures.all()[0].pk
        sent = {"return": [key], f"reason-{key}": ["缺少佐证材料"], f"text-{key}": "请附名单。"}
        self.post(form, decision="return", **sent)
        assert Submission.objects.get().state == "returned"
        assert [remark.text for remark in form.figures.get(pk=key).remarks.all()] == ["缺少佐证材料", "请附名单。"]

    def test_the_rest_is_listed_before_it_is_published(self, form: Submission) -> None:
        key = form.figures.all()[0].pk
        sent = {"return": [key], f"text-{key}": "请核实。", "decision": "return_and_publish"}
        shown = self.post(form, **sent).content.decode()
        assert "核对将发布的 1 项" in shown
        assert re.search(rf'name="text-{key}"\s+value="请核实。"', shown)
        self.post(form, confirmed="1", **sent)
        assert PublishedValue.objects.count() == 1

    def test_a_tick_without_a_reason_keeps_what_was_typed(self, form: Submission) -> None:
        first, second = form.figures.all()
        sent = {"return": [first.pk, second.pk], f"text-{second.pk}": "请核实某事。"}
        answered = self.post(form, decision="return", **sent)
        assert answered.status_code == 422
        assert "请核实某事。" in answered.content.decode()
        assert Submission.objects.get().state == "submitted"

    def test_approving_all_while_one_is_ticked_is_refused(self, form: Submission) -> None:
        key = form.figures.all()[0].pk
        answered = self.post(form, decision="approve", **{"return": [key], f"text-{key}": "请核实。"})
        assert "不能全部通过" in answered.content.decode()

    def test_the_slower_of_two_reviewers_is_told(self, form: Submission) -> None:
        faster = reviewer()
        actions.approve(form, by=faster, round=1)
        client = client_of(reviewer())
        sent = {"round": 1, "decision": "approve", "confirmed": "1"}
        shown = client.post(of(form, "review"), sent, follow=True).content.decode()
        assert "你的决定没有生效" in shown
        assert f"上次由{faster.name}" in shown

    def test_a_reviewer_with_a_hand_in_it_is_refused(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        form = submitted(both)
        assert self.post(form, both, decision="approve", confirmed="1").status_code == 404

    def test_anything_else_is_asked_again(self, form: Submission) -> None:
        assert self.post(form, decision="burn").status_code == 422


class TestAfterwards:
    def test_the_approver_may_take_it_back(self) -> None:
        form, by = submitted(reporter()), reviewer()
        actions.approve(form, by=by, round=1)
        assert "撤销通过，回到待审" in text(by, of(form, "review"))
        assert "撤销通过，回到待审" not in text(reviewer(), of(form, "review"))
        client_of(by).post(of(form, "withdraw_approval"), {"reason": "口径有误"})
        assert Submission.objects.get().state == "submitted"

    def test_a_correction_is_answered_here(self) -> None:
        by = reporter()
        form = submitted(by)
        actions.approve(form, by=reviewer(), round=1)
        actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
        second = reviewer()
        assert "同意更正这 1 项" in text(second, of(form, "review"))
        client_of(second).post(of(form, "answer_correction"), {"decision": "agree"})
        assert Submission.objects.get().state == "reopened"

    def test_a_corrected_figure_stands_beside_what_it_was(self) -> None:
        by = reporter()
        form = submitted(by, "40")
        actions.approve(form, by=reviewer(), round=1)
        asked = actions.ask_for_correction(form, by=by, whole=True, reason="统计口径调整")
        actions.agree_to_correction(asked, by=reviewer())
        saved(form.figures.get(), "44", by=by)
        actions.submit(form, by=by)
        shown = text(reviewer(), of(form, "review"))
        assert "更正的数据　1 项" in shown
        assert "<del>40</del>" in shown
        assert "统计口径调整" in shown
