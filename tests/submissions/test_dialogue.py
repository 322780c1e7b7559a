"""What is asked and answered at a cell: kept for ever, in order; reasons are words, never a number."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from audit.recording import Refused, recorded
from indicators.models import Indicator, QuantityKind
from organisations.models import User
from plans.models import ReportingPeriod
from submissions import actions
from submissions.models import Figure, PublishedValue, Reply, Submission
from submissions.queries.review import Row
from submissions.reasons import is_only_a_number
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.submissions import note_in, opened, published, saved, submitted
from tests.submissions.pages import client_of, of, page, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    return submitted(by, "40", "50")


def asked(form: Submission, *texts: str) -> None:
    form.refresh_from_db()
    first = form.figures.order_by("indicator__number")[0]
    actions.return_for_correction(form, by=reviewer(), round=form.round, remarks={first: texts})


def answered(form: Submission, by: User, value: str, reply: str) -> None:
    saved(form.figures.order_by("indicator__number")[0], value, by=by, reply=reply)
    actions.submit(form, by=by)


class TestReplies:
    def test_they_are_kept_as_the_form_goes_out_with_what_it_reports_then(self, form: Submission, by: User) -> None:
        asked(form, "请核实口径。", "缺少佐证材料")
        answered(form, by, "44", "系笔误。")
        (reply,) = Reply.objects.all()
        assert (reply.text, reply.reported, reply.by) == ("系笔误。", "44", by)
        assert reply.review.remarks.count() == 2

    def test_a_second_return_leaves_the_first_dialogue(self, form: Submission, by: User) -> None:
        asked(form, "请核实口径。")
        answered(form, by, "44", "系笔误。")
        asked(form, "依据是什么？")
        answered(form, by, "45", "见统计月报。")
        shown = text(by, of(form, "dialogue"))
        places = [shown.index(words) for words in ("请核实口径。", "系笔误。", "依据是什么？", "见统计月报。")]
        assert places == sorted(places)
        assert "往来 4 条" in text(reviewer(), of(form, "review"))

    def test_withdrawn_and_sent_again_the_same_answer_stands_once(self, form: Submission, by: User) -> None:
        asked(form, "请核实口径。")
        answered(form, by, "44", "系笔误。")
        actions.withdraw(form, by=by, reason="补充")
        actions.submit(form, by=by)
        assert Reply.objects.count() == 1

    def test_what_was_not_asked_for_is_no_answer(self, form: Submission, by: User) -> None:
        asked(form, "请核实口径。")
        answered(form, by, "44", "系笔误。")
        assert Reply.objects.get().figure == form.figures.order_by("indicator__number")[0]

    def test_a_note_has_its_own(self, by: User) -> None:
        form = opened(indicator(lead=by.organisation))
        saved(form.figures.get(), "50", by=by)
        note = note_in(form)
        actions.save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
        actions.submit(form, by=by)
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={note: ["请写明节点。"]})
        note.refresh_from_db()
        actions.save_note(
            note, by=by, revision=note.revision, state="on_course", progress="主体已封顶。", reply="已补充。"
        )
        actions.submit(form, by=by)
        assert [(reply.note, reply.text) for reply in Reply.objects.all()] == [(note, "已补充。")]
        assert "已补充。" in text(by, of(form, "dialogue"))

    def test_the_database_lets_nobody_write_one_over(self, form: Submission, by: User) -> None:
        asked(form, "请核实口径。")
        answered(form, by, "44", "系笔误。")
        with pytest.raises(Refused, match="不能改变"), recorded(by=None, reason="测试"):
            Reply.objects.update(text="另一种说法")

    def test_a_form_that_never_went_back_says_so(self, form: Submission, by: User) -> None:
        assert "没有退回过" in text(by, of(form, "dialogue"))

    def test_another_organisation_does_not_read_it(self, form: Submission) -> None:
        assert page(reporter(), of(form, "dialogue")).status_code == 404


class TestReasonsAreWords:
    @pytest.mark.parametrize(
        "words",
        ["47", " 1,298 家", "应为 47", "请改为１２９８家。", "约2.5%", "－3", "改成“47”", "应改为 47 个"],
    )
    def test_one_that_is_only_a_number_is_refused(self, form: Submission, words: str) -> None:
        with pytest.raises(ValidationError, match="不能只是一个数"):
            asked(form, "缺少佐证材料", words)

    @pytest.mark.parametrize(
        "words", ["与统计月报第 3 页不一致，请核实", "2022年底的数，不是本期", "请核实", "缺 2 份佐证材料，请补充"]
    )
    def test_one_that_asks_is_not(self, words: str) -> None:
        assert not is_only_a_number(words)

    def test_nor_is_a_comment_on_the_whole_form_a_number(self, form: Submission) -> None:
        first = form.figures.all()[0]
        with pytest.raises(ValidationError, match="不能只是一个数"):
            actions.return_for_correction(form, by=reviewer(), round=1, remarks={first: ["请核实"]}, comment="应为 47")

    def test_the_page_of_a_return_has_no_field_for_one(self, form: Submission) -> None:
        shown = text(reviewer(), of(form, "review"))
        main = shown[shown.index("<main") :]
        kinds = set(re.findall(r'<input[^>]*?type="(\w+)"', main, re.DOTALL))
        assert kinds <= {"hidden", "checkbox", "search"}
        names = set(re.findall(r'<(?:input|textarea|select)[^>]*?name="([^"]+)"', main, re.DOTALL))
        assert {re.sub(r"\d+$", "", name) for name in names} <= {
            "csrfmiddlewaretoken",
            "round",
            "step",
            "return",
            "reason-",
            "text-",
            "comment",
        }

    def test_a_number_sent_beside_the_reasons_changes_nothing(self, form: Submission) -> None:
        key = form.figures.all()[0].pk
        sent = {"round": 1, "decision": "return", "return": [key], f"text-{key}": "请核实。", f"value-{key}": "47"}
        client_of(reviewer()).post(of(form, "review"), sent)
        assert form.figures.get(pk=key).value == 40


class TestLargeMovements:
    def moved(self, by: User, value: str, **fields: object) -> Submission:
        row = indicator(lead=by.organisation, **fields)
        published(row, "40", by=by.organisation, as_of=date(2017, 12, 31))
        form = opened(row)
        saved(form.figures.get(), value, by=by, explanation="已核。")
        return actions.submit(form, by=by)

    def test_what_moved_by_a_third_stands_before_the_rest_with_its_line(self, by: User) -> None:
        shown = text(reviewer(), of(self.moved(by, "55"), "review"))
        assert "变动较大　1 项" in shown
        assert "<polyline" in shown
        assert "37.5%" in shown

    def test_what_moved_less_is_folded(self, by: User) -> None:
        assert "变动较大" not in text(reviewer(), of(self.moved(by, "50"), "review"))

    @pytest.mark.parametrize(("value", "is_large"), [("50", True), ("49.9", False)])
    def test_a_ratio_by_ten_points(self, value: str, is_large: bool) -> None:
        figure = Figure(value=Decimal(value), indicator=Indicator(kind=QuantityKind.RATIO))
        assert Row(figure, last=PublishedValue(value=Decimal(40))).is_large == is_large

    @pytest.mark.parametrize(("value", "is_large"), [("60", False), ("81", True)])
    def test_a_year_to_date_against_the_months_that_have_passed(self, value: str, is_large: bool) -> None:
        period, last = ReportingPeriod(ends_on=date(2018, 9, 30)), ReportingPeriod(ends_on=date(2018, 6, 30))
        figure = Figure(value=Decimal(value), indicator=Indicator(kind=QuantityKind.YEAR_TO_DATE), period=period)
        assert Row(figure, last=PublishedValue(value=Decimal(40), period=last)).is_large == is_large

    def test_from_nothing_anything_is_large(self) -> None:
        figure = Figure(value=Decimal(3), indicator=Indicator(kind=QuantityKind.STOCK))
        row = Row(figure, last=PublishedValue(value=Decimal(0)))
        assert (row.is_large, row.moved) == (True, "+3")
