"""A warning is answered once for a value; another value asks again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.moves import StaleState
from indicators.models import Indicator
from organisations.models import User
from submissions.actions import explain_finding, return_for_correction, submit
from submissions.checks import oddities_in, unexplained_in
from submissions.models import CheckFinding, Figure
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer
from tests.factories.plans import period
from tests.factories.submissions import opened, published, saved
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db
RULE = "unusual_change"


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def row(by: User) -> Indicator:
    row = indicator(lead=by.organisation, target=None, base=None)
    published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
    return row


@pytest.fixture
def cell(by: User, row: Indicator) -> Figure:
    """A cell whose value is five times the last."""
    figure = opened(row).figures.get()
    return saved(figure, "50", by=by)


class TestExplanationBesideTheNumber:
    def test_it_answers_the_value_that_it_was_written_for(self, cell: Figure, by: User) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        (finding,) = oddities_in(cell.submission)
        assert finding.is_explained
        assert finding.reason == "新建园区投产。"

    def test_another_value_asks_again(self, cell: Figure, by: User) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        saved(cell, "60", by=by, explanation="新建园区投产。")
        (finding,) = oddities_in(cell.submission)
        assert not finding.is_explained
        assert finding.outdated_reason == "新建园区投产。"

    def test_it_may_be_written_before_the_value(self, row: Indicator, by: User) -> None:
        blank = opened(row).figures.get()
        saved(blank, "", by=by, explanation="新建园区投产。")
        saved(blank, "50", by=by, explanation="新建园区投产。")
        assert unexplained_in(blank.submission) == []

    def test_the_first_value_again_needs_no_new_words(self, cell: Figure, by: User) -> None:
        explain_finding(cell, by=by, rule=RULE, reason="新建园区投产。")
        saved(cell, "60", by=by)
        assert len(unexplained_in(cell.submission)) == 1
        saved(cell, "50", by=by)
        assert unexplained_in(cell.submission) == []

    def test_another_source_of_the_same_value_asks_nothing_again(self, cell: Figure, by: User) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        saved(cell, "50", by=by, explanation="新建园区投产。", data_source="统计月报")
        assert unexplained_in(cell.submission) == []


class TestExplainFinding:
    def test_the_answer_stands_beside_the_finding(self, cell: Figure, by: User) -> None:
        kept = explain_finding(cell, by=by, rule=RULE, reason="新建园区投产。")
        assert (kept.reason, kept.explained_by, kept.rule) == ("新建园区投产。", by, RULE)
        (finding,) = oddities_in(cell.submission)
        assert finding.reason == "新建园区投产。"
        assert finding.is_explained

    def test_a_second_answer_takes_the_place_of_the_first(self, cell: Figure, by: User) -> None:
        explain_finding(cell, by=by, rule=RULE, reason="新建园区投产。")
        explain_finding(cell, by=by, rule=RULE, reason="两个园区投产。")
        assert CheckFinding.objects.get().reason == "两个园区投产。"
        assert CheckFinding.history.count() == 2

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_an_answer_says_something(self, cell: Figure, by: User, reason: str) -> None:
        with pytest.raises(ValidationError, match="请写明原因"):
            explain_finding(cell, by=by, rule=RULE, reason=reason)

    def test_what_was_not_found_is_not_answered(self, cell: Figure, by: User) -> None:
        with pytest.raises(ValidationError, match="已不存在"):
            explain_finding(cell, by=by, rule="unit_slip", reason="属实。")

    def test_an_error_is_put_right_and_not_explained(self, cell: Figure, by: User) -> None:
        saved(cell, "-5", by=by)
        with pytest.raises(ValidationError, match="须改正"):
            explain_finding(cell, by=by, rule="sign", reason="属实。")

    def test_others_do_not_answer(self, cell: Figure) -> None:
        with pytest.raises(PermissionDenied):
            explain_finding(cell, by=reviewer(), rule=RULE, reason="属实。")

    def test_a_form_that_went_out_takes_no_answer(self, cell: Figure, by: User) -> None:
        explain_finding(cell, by=by, rule=RULE, reason="属实。")
        submit(cell.submission, by=by)
        with pytest.raises(StaleState):
            explain_finding(cell, by=by, rule=RULE, reason="又属实。")


class TestKeepFindings:
    def test_going_out_keeps_what_was_found_with_its_answer(self, cell: Figure, by: User) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        submit(cell.submission, by=by)
        kept = CheckFinding.objects.get()
        assert (kept.figure, kept.rule, kept.stands, kept.reason) == (cell, RULE, True, "新建园区投产。")
        assert kept.explained_by == by

    def test_what_holds_no_more_stands_no_longer(self, cell: Figure, by: User) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        form = submit(cell.submission, by=by)
        return_for_correction(form, by=reviewer(), round=1, remarks={cell: ["请核实。"]})
        saved(cell, "12", by=by, explanation="原报有误。")
        submit(cell.submission, by=by)
        assert not CheckFinding.objects.get().stands

    def test_the_same_value_sent_again_is_kept_once(self, cell: Figure, by: User) -> None:
        explain_finding(cell, by=by, rule=RULE, reason="新建园区投产。")
        form = submit(cell.submission, by=by)
        return_for_correction(form, by=reviewer(), round=1, remarks={cell: ["请核实。"]})
        saved(cell, "50", by=by, reply="已核实。")
        submit(cell.submission, by=by)
        kept = CheckFinding.objects.get()
        assert kept.stands
        assert kept.reason == "新建园区投产。"

    def test_an_error_keeps_the_form(self, cell: Figure, by: User) -> None:
        saved(cell, "-5", by=by, explanation="属实。")
        with pytest.raises(ValidationError, match="须改正后提交"):
            submit(cell.submission, by=by)


class TestCheckPage:
    def url(self, cell: Figure) -> str:
        return f"{of(cell.submission, 'form')}cells/{cell.pk}/explain/"

    def test_a_finding_is_answered_where_it_is_listed(self, cell: Figure, by: User) -> None:
        typed = {"rule": RULE, "reason": "新建园区投产。", "from": "check"}
        answered = client_of(by).post(self.url(cell), typed)
        assert answered.url == of(cell.submission, "check")
        shown = text(by, of(cell.submission, "check"))
        assert "新建园区投产。" in shown
        assert "没有待说明的" in shown

    def test_an_explanation_of_another_value_is_offered_to_be_confirmed(self, cell: Figure, by: User) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        saved(cell, "60", by=by, explanation="新建园区投产。")
        assert "原说明是为修改前的数值写的" in text(by, of(cell.submission, "check"))
        assert "原说明仍适用" in text(by, of(cell.submission, "form"))

    def test_an_error_is_not_offered_to_be_explained(self, cell: Figure, by: User) -> None:
        saved(cell, "-5", by=by)
        shown = text(by, of(cell.submission, "check"))
        assert "待改正" in shown
        assert "保存这一说明" not in shown

    def test_the_reviewer_reads_the_answer(self, cell: Figure, by: User) -> None:
        explain_finding(cell, by=by, rule=RULE, reason="新建园区投产。")
        form = submit(cell.submission, by=by)
        assert "新建园区投产。" in text(reviewer(), of(form, "review"))
