"""The district's own figure beside the sum of its streets': a difference is shown, not forbidden."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from audit.recording import recorded
from indicators.models import Indicator, QuantityKind
from organisations.models import OrganisationKind, User
from plans.models import PeriodState
from responsibilities.models import Part, Responsibility
from submissions import actions
from submissions.checks import oddities_in, unexplained_in
from submissions.models import Submission
from submissions.queries.previous import figures_of
from submissions.queries.streets import Streets
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import saved
from tests.submissions.pages import of, queries, text

pytestmark = pytest.mark.django_db


@dataclass
class District:
    """An indicator that a department reports for all, and two streets for their parts."""

    by: User
    streets: list[User]
    forms: dict[int, Submission]

    @property
    def form(self) -> Submission:
        return Submission.objects.get(pk=self.forms[self.by.organisation_id].pk)

    def report(self, street: int, value: str, *, send: bool = True) -> Submission:
        by = self.streets[street]
        form = self.forms[by.organisation_id]
        saved(form.figures.get(), value, by=by)
        return actions.submit(form, by=by) if send else form

    def finding(self) -> str:
        return next((each.message for each in oddities_in(self.form) if each.kind == "differs_from_streets"), "")


def reported_by(row: Indicator, by: User) -> None:
    with recorded(by=None, reason="测试"):
        Responsibility.objects.create(
            plan=row.plan, organisation=by.organisation, part=Part.SUPPORT, indicator=row, reports_figure=True
        )


def district(**fields: object) -> District:
    by = reporter()
    streets = [reporter(at=organisation(kind=OrganisationKind.STREET)) for _ in range(2)]
    row = indicator(
        of=plan(), lead=by.organisation, **({"unit": "家", "kind": QuantityKind.STOCK, "target": 2600} | fields)
    )
    for each in streets:
        reported_by(row, each)
    forms = actions.open_period(period(of=row.plan, state=PeriodState.PLANNED), by=reviewer(), reason="测试用")
    found = District(by, streets, {form.organisation_id: form for form in forms})
    saved(found.form.figures.get(), "2410", by=by)
    return found


class TestFinding:
    def test_a_difference_is_told_with_its_size(self) -> None:
        at = district()
        at.report(0, "1200")
        at.report(1, "1198")
        assert "本单位所报 2,410，2 个街道合计 2,398，相差 12 家（0.5%）" in at.finding()

    def test_it_forbids_nothing(self) -> None:
        at = district()
        at.report(0, "1200")
        at.report(1, "1198")
        assert unexplained_in(at.form) == []
        assert actions.submit(at.form, by=at.by).state == "submitted"

    def test_equal_sums_are_no_finding(self) -> None:
        at = district()
        at.report(0, "1200")
        at.report(1, "1210")
        assert at.finding() == ""

    def test_while_a_street_is_missing_nothing_is_compared(self) -> None:
        at = district()
        at.report(0, "1200")
        at.report(1, "1198", send=False)
        assert at.finding() == ""

    def test_what_waits_for_a_streets_head_has_not_come_in(self) -> None:
        at = district()
        at.report(0, "1200")
        body = at.streets[1].organisation
        with recorded(by=None, reason="测试"):
            body.needs_confirmation = True
            body.save(update_fields=["needs_confirmation"])
        assert at.report(1, "1198").state == "awaiting_head"
        assert Streets(figures_of(at.form)).of(at.form.figures.get()).come_in == 1

    def test_a_rate_is_not_added_up(self) -> None:
        at = district(kind=QuantityKind.RATIO, unit="%")
        at.report(0, "40")
        at.report(1, "50")
        assert at.finding() == ""

    def test_a_streets_own_form_is_not_compared(self) -> None:
        at = district()
        at.report(0, "1200")
        form = at.report(1, "1198")
        assert [each for each in oddities_in(form) if each.kind == "differs_from_streets"] == []

    def test_a_street_is_not_measured_by_the_target_of_the_whole(self) -> None:
        at = district()
        assert oddities_in(at.report(0, "3")) == []

    def test_what_is_published_counts_while_it_is_corrected(self) -> None:
        at = district()
        form, by = at.report(0, "1200"), at.streets[0]
        at.report(1, "1198")
        actions.approve(form, by=reviewer(), round=1)
        asked = actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
        actions.agree_to_correction(asked, by=reviewer())
        saved(form.figures.get(), "1212", by=by)
        parts = Streets(figures_of(at.form)).of(at.form.figures.get())
        assert parts.total == Decimal(2398)


class TestPages:
    def test_the_form_lists_the_streets_and_their_sum(self) -> None:
        at = district()
        at.report(0, "1200")
        at.report(1, "1198")
        shown = text(at.by, of(at.form, "form"))
        assert "分街道（2 个，由各街道填报，只读）" in shown
        assert "2,398" in shown
        assert "相差 12 家（0.5%）" in shown

    def test_a_draft_of_a_street_is_not_shown(self) -> None:
        at = district()
        at.report(0, "1234", send=False)
        shown = text(at.by, of(at.form, "form"))
        assert "1,234" not in shown
        assert "未报" in shown

    def test_check_and_review_show_the_difference(self) -> None:
        at = district()
        at.report(0, "1200")
        at.report(1, "1198")
        assert "相差 12 家（0.5%）" in text(at.by, of(at.form, "check"))
        actions.submit(at.form, by=at.by)
        shown = text(reviewer(), of(at.form, "review"))
        assert "与街道合计不一致" in shown
        assert "相差 12 家（0.5%）" in shown

    def test_a_form_with_streets_asks_few_more_queries(self) -> None:
        at = district()
        at.report(0, "1200")
        assert queries(at.by, of(at.form, "form")) < 34
