"""The working group tunes the rules, and reads what they do."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.urls import reverse

from indicators.models import Indicator
from organisations.models import User
from submissions.actions import submit, tune_check
from submissions.checks import findings_of, oddities_in
from submissions.models import CheckFinding, CheckSetting, Figure
from submissions.queries.previous import figures_of
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import opened, published, saved
from tests.submissions.pages import client_of, page, queries, text

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
    return saved(opened(row).figures.get(), "50", by=by)


def found(cell: Figure) -> list[tuple[str, str]]:
    return [(each.kind, each.severity) for each in oddities_in(cell.submission)]


class TestTuneCheck:
    def test_a_rule_switched_off_finds_nothing(self, cell: Figure, row: Indicator) -> None:
        assert found(cell) == [(RULE, "warning")]
        tune_check(row.plan, RULE, by=reviewer(), severity="off", reason="误报较多")
        assert found(cell) == []

    def test_an_indicators_own_setting_goes_before_the_plans(self, cell: Figure, row: Indicator) -> None:
        tune_check(row.plan, RULE, by=reviewer(), severity="off", reason="误报较多")
        tune_check(row.plan, RULE, by=reviewer(), indicator=row, severity="hint", reason="只作提示")
        assert found(cell) == [(RULE, "hint")]

    def test_another_number_moves_the_limit(self, cell: Figure, row: Indicator) -> None:
        tune_check(row.plan, RULE, by=reviewer(), parameters={"factor": "6"}, reason="波动较大")
        assert found(cell) == []

    def test_what_is_left_open_stays_as_the_plan_has_it(self, cell: Figure, row: Indicator) -> None:
        tune_check(row.plan, RULE, by=reviewer(), parameters={"factor": "6"}, reason="波动较大")
        tune_check(row.plan, RULE, by=reviewer(), indicator=row, parameters={"factor": "", "gap": "5"}, reason="收紧")
        assert found(cell) == []

    def test_another_plan_keeps_its_own(self, cell: Figure) -> None:
        tune_check(plan(), RULE, by=reviewer(), severity="off", reason="误报较多")
        assert found(cell) == [(RULE, "warning")]

    def test_each_setting_leaves_its_version_and_reason(self, row: Indicator) -> None:
        for severity, reason in (("off", "误报较多"), ("", "改回默认")):
            tune_check(row.plan, RULE, by=reviewer(), severity=severity, reason=reason)
        assert CheckSetting.objects.count() == 1
        assert list(CheckSetting.history.order_by("change_id").values_list("reason", flat=True)) == [
            "误报较多",
            "改回默认",
        ]

    def test_only_a_reviewer_tunes(self, row: Indicator, by: User) -> None:
        for person in (by, leader(), auditor()):
            with pytest.raises(PermissionDenied):
                tune_check(row.plan, RULE, by=person, severity="off", reason="误报较多")

    def test_a_setting_has_a_reason(self, row: Indicator) -> None:
        with pytest.raises(ValidationError, match="理由"):
            tune_check(row.plan, RULE, by=reviewer(), severity="off", reason=" ")

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"severity": "loud"}, "没有这个程度"),
            ({"parameters": {"factor": "三"}}, "不是一个数"),
            ({"parameters": {"factor": "NaN"}}, "不是确定的数"),
            ({"parameters": {"loudness": "3"}}, "没有这个参数"),
        ],
    )
    def test_what_is_unknown_is_refused(self, row: Indicator, given: dict[str, object], words: str) -> None:
        with pytest.raises(ValidationError, match=words):
            tune_check(row.plan, RULE, by=reviewer(), reason="误报较多", **given)

    def test_an_unknown_rule_and_another_plans_indicator_are_refused(self, row: Indicator) -> None:
        with pytest.raises(ValidationError, match="没有这条"):
            tune_check(row.plan, "nothing", by=reviewer(), reason="误报较多")
        with pytest.raises(ValidationError, match="不属于本规划"):
            tune_check(plan(), RULE, by=reviewer(), indicator=row, reason="误报较多")


class TestPages:
    def url(self, row: Indicator, rule: str = "") -> str:
        name, args = (
            ("submissions:tune_check", [row.plan.code, rule]) if rule else ("submissions:checks", [row.plan.code])
        )
        return reverse(name, args=args)

    def test_the_list_tells_how_often_each_fired_and_was_explained(
        self, cell: Figure, row: Indicator, by: User
    ) -> None:
        saved(cell, "50", by=by, explanation="新建园区投产。")
        submit(cell.submission, by=by)
        shown = text(reviewer(), self.url(row))
        assert "变动超出以往" in shown
        assert "（100%）" in shown

    def test_more_findings_ask_no_more_queries(self, cell: Figure, row: Indicator, by: User) -> None:
        few = queries(by := reviewer(), self.url(row))
        saved(cell, "50", by=cell.saved_by, explanation="新建园区投产。")
        submit(cell.submission, by=cell.saved_by)
        assert CheckFinding.objects.exists()
        assert queries(by, self.url(row)) == few

    def test_a_rule_is_tuned_on_its_page(self, row: Indicator) -> None:
        typed = {"indicator": row.pk, "severity": "off", "factor": "6", "reason": "试运行期间误报较多"}
        answered = self.pressed(reviewer(), row, typed)
        assert answered.status_code == 302
        shown = text(leader(), self.url(row, RULE))
        assert "试运行期间误报较多" in shown
        assert "停用" in shown

    def test_a_mistake_keeps_what_was_typed(self, row: Indicator) -> None:
        answered = self.pressed(reviewer(), row, {"factor": "很多", "reason": "试运行"})
        assert answered.status_code == 422
        assert "“很多”不是一个数" in answered.content.decode()

    def test_a_reporter_finds_no_such_page(self, row: Indicator, by: User) -> None:
        assert page(by, self.url(row)).status_code == 404
        assert self.pressed(by, row, {"reason": "试"}).status_code == 404

    def pressed(self, by: User, row: Indicator, typed: dict[str, object]) -> HttpResponse:
        return client_of(by).post(self.url(row, RULE), typed)


class TestTermsOfARatio:
    def test_two_indicators_of_the_form_are_its_terms(self, by: User) -> None:
        part = indicator(lead=by.organisation, target=None)
        whole = indicator(of=part.plan, lead=by.organisation, target=None)
        share = indicator(of=part.plan, lead=by.organisation, target=None, kind="ratio", unit="%")
        form = opened(part, whole, share)
        for row, value in ((part, "250"), (whole, "1000"), (share, "30")):
            saved(form.figures.get(indicator=row), value, by=by)
        terms = {"numerator": str(part.number), "denominator": str(whole.number)}
        tune_check(part.plan, "ratio_against_terms", by=reviewer(), indicator=share, parameters=terms, reason="按口径")
        (finding,) = oddities_in(form)
        assert "按分子 250、分母 1,000 计算与此相差 5 个百分点" in finding.message
        (alone,) = [each for each in figures_of(form) if each.indicator_id == share.pk]
        assert [each.kind for each in findings_of([alone])] == ["ratio_against_terms"]
