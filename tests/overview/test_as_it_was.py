"""Pages of figures as they were at a moment, and two moments side by side."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.checking import Checked
from audit.clock import now
from audit.past import moment_in
from audit.recording import recorded
from evaluation.models import Evaluation
from indicators.models import AnnualTarget
from organisations.models import Organisation, Role
from overview.audit import sealed
from responsibilities.models import Responsibility
from submissions.actions import agree_to_correction, approve, ask_for_correction, return_for_correction, submit
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, organisation, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import evidence_of, published, saved, submitted
from tests.overview.pages import html_for, opened_by, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moments():
    """Versions of one test stand in one transaction: give them times of their own, as separate ones would have."""

    def now() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return quote(cursor.fetchone()[0].isoformat())

    return now


@pytest.fixture
def corrected(moments):
    """51 is approved and stands; then it is corrected to 52. The moment between."""
    anna = reporter()
    form = submitted(anna, "51")
    figure = form.figures.get()
    approve(form, by=reviewer(), round=1)
    between = moments()
    form.refresh_from_db()
    agree_to_correction(ask_for_correction(form, by=anna, whole=True, reason="口径更正"), by=reviewer())
    saved(figure, "52", by=anna, explanation="已核对。")
    form.refresh_from_db()
    approve(submit(form, by=anna), by=reviewer(), round=2)
    return figure, between


def page(figure: Any, path: str, who: Any = None) -> str:
    return opened_by(who or auditor(), f"/{figure.period.plan.code}/{path}")


class TestPages:
    def test_the_trace(self, corrected) -> None:
        figure, between = corrected
        path = f"indicators/{figure.indicator.number}/trace/"
        now = page(figure, path)
        assert "已发布值 52" in now
        assert " 52 " in now.split("变更经过")[1].split("历年")[0]
        text = page(figure, f"{path}?as_of={between}")
        assert "已发布值 51" in text
        assert "按时点查看" in text
        assert " 52 " not in text.split("变更经过")[1].split("历年")[0]
        assert "口径更正" not in text

    def test_the_trace_has_the_evidence_of_the_moment(self, moments) -> None:
        anna = reporter()
        form = submitted(anna, "51")
        figure = form.figures.get()
        before = moments()
        kept = evidence_of(figure, by=anna)
        with_it = moments()
        with recorded(by=anna, reason="删去"):
            kept.removed_at = now()
            kept.save()
        path = f"indicators/{figure.indicator.number}/trace/"
        found = [
            kept.file.name in page(figure, f"{path}{query}")
            for query in ("", *map("?as_of={}".format, (before, with_it)))
        ]
        assert found == [False, False, True]

    def test_the_trace_names_who_answered_for_it_then(self, corrected, moments) -> None:
        figure, between = corrected
        then = figure.organisation.name
        with recorded(by=None, reason="机构改革"):
            figure.organisation.name = "改了名的局"
            figure.organisation.save()
            Responsibility.objects.filter(indicator=figure.indicator).update(
                organisation=organisation(name="新牵头局")
            )
        path = f"indicators/{figure.indicator.number}/trace/"
        now_, text = page(figure, path), page(figure, f"{path}?as_of={between}")
        assert "改了名的局填报" in now_
        assert "牵头单位 新牵头局" in now_
        assert "改了名的局" not in text
        assert f"牵头单位 {then}" in text

    def test_the_trace_speaks_of_the_seals_that_were_there(self, corrected, monkeypatch) -> None:
        figure, between = corrected
        path = f"indicators/{figure.indicator.number}/trace/"
        later = max(row.change_id for row in figure.history.all())
        checked = Checked(timezone.now(), 1, 9, 9, None, ["x"], [later])
        monkeypatch.setattr(sealed, "last", lambda: checked)
        assert "封印不符：" in page(figure, path)
        then = page(figure, f"{path}?as_of={between}")
        assert "封印不符：" not in then
        assert "不在这项数据当时的记录中" in then
        monkeypatch.setattr(sealed, "last", lambda: replace(checked, findings=[], changes=[]))
        number = {
            query: int(re.search(r"(\d+) 项变更逐条", page(figure, f"{path}{query}"))[1])
            for query in ("", f"?as_of={between}")
        }
        assert "当时的" in page(figure, f"{path}?as_of={between}")
        assert number[""] > number[f"?as_of={between}"] > 0

    def test_the_trace_says_nothing_of_a_later_review(self, moments) -> None:
        anna = reporter()
        form = submitted(anna, "51")
        figure = form.figures.get()
        between = moments()
        return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实。"]})
        path = f"indicators/{figure.indicator.number}/trace/"
        assert "经 审核第 1 次退回" in page(figure, path)
        assert "还没有审核" in page(figure, f"{path}?as_of={between}")

    def test_the_trace_costs_no_more_for_a_longer_history(self, corrected, moments) -> None:
        figure, between = corrected
        client = signed_in(auditor())
        url = f"/{figure.period.plan.code}/indicators/{figure.indicator.number}/trace/?as_of={between}"

        def asked() -> int:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        evidence_of(figure, by=figure.saved_by or reporter(at=figure.organisation))
        before = asked()
        assert before <= 36
        for number in range(5):
            with recorded(by=None, reason="更名"):
                figure.organisation.name = f"局{number}"
                figure.organisation.save()
                evidence_of(figure, by=figure.saved_by or reporter(at=figure.organisation))
        assert asked() == before

    def test_the_form_names_the_organisation_and_people_of_the_moment(self, corrected) -> None:
        figure, between = corrected
        with recorded(by=None, reason="机构改革"):
            figure.indicator.name = "改了名的指标"
            figure.indicator.save()
        path = f"periods/{figure.period.code}/forms/{figure.organisation.code}/"
        assert "改了名的指标" not in page(figure, f"{path}?as_of={between}")

    def test_the_overview(self, corrected) -> None:
        figure, between = corrected
        path = f"overview/?until={figure.period.ends_on:%Y-%m-%d}"
        now, then = page(figure, path, leader()), page(figure, f"{path}&as_of={between}", leader())
        assert "按时点查看" in then
        assert "按时点查看" not in now
        assert (" 52 " in now, " 51 " in now) == (True, False)
        assert (" 52 " in then, " 51 " in then) == (False, True)

    def test_the_form(self, corrected) -> None:
        figure, between = corrected
        path = f"periods/{figure.period.code}/forms/{figure.organisation.code}/"
        text = page(figure, f"{path}?as_of={between}")
        assert "按时点查看" in text
        assert " 51 " in text
        assert "已提交 1 次" in text

    def test_forms_under_way_are_those_of_the_moment(self, moments) -> None:
        form = submitted(reporter(), "51")
        between = moments()
        approve(form, by=reviewer(), round=1)
        path = f"/{form.period.plan.code}/overview/"
        assert "有 1 张填报表正在填报或审核" in opened_by(leader(), f"{path}?as_of={between}")

    def test_thresholds_are_those_of_the_moment(self, moments) -> None:
        of = case()
        published(indicator(of=of.plan), "40")
        between = moments()
        with recorded(by=None, reason="调整阈值"):
            Evaluation.objects.filter(pk=of.pk).update(thresholds={"faster": "3.5"})
        path = f"/{of.plan.code}/overview/"
        assert "≥3.5" in opened_by(leader(), path)
        assert "≥3.5" not in opened_by(leader(), f"{path}?as_of={between}")

    def test_the_plan(self, moments) -> None:
        anna = reporter()
        row = indicator(target="100", lead=anna.organisation)
        before, unit = moments(), anna.organisation.display_name
        with recorded(by=None, reason="调整"):
            row.name, row.target, row.target_printed = "新指标", 333, "333"
            row.save()
            Organisation.objects.filter(pk=anna.organisation_id).update(name="新单位", short_name="新单位")
        path = f"/{row.plan.code}/?as_of="
        now, then = (opened_by(leader(), f"{path}{moment}") for moment in (moments(), before))
        assert ("新指标" in now, "333" in now, "新单位" in now) == (True, True, True)
        assert ("新指标" in then, "333" in then, "新单位" in then) == (False, False, False)
        assert f"牵头单位 {unit}" in then
        assert "按时点查看" in then
        assert "当时还没有这份规划" in opened_by(leader(), f"{path}2001-01-01")

    def test_the_plan_is_not_there_for_one_who_reads_no_business(self) -> None:
        opened_by(person(Role.SYSTEM_ADMINISTRATOR), f"/{plan().code}/?as_of=2001-01-01", status=404)

    def test_the_plan_costs_what_it_is_large(self, moments, django_assert_max_num_queries) -> None:
        of = plan()
        for _ in range(12):
            published(indicator(of=of), "40")
        client, moment = signed_in(leader()), moments()
        with django_assert_max_num_queries(30):
            client.get(f"/{of.code}/?as_of={moment}")

    def test_a_page_that_cannot_be_seen_at_a_moment_says_so(self) -> None:
        of = plan()
        for path in ("search/", "help/"):
            assert "本页显示的是现在的内容" in opened_by(leader(), f"/{of.code}/{path}?as_of=2001-01-01")
            assert "本页显示的是现在的内容" not in opened_by(leader(), f"/{of.code}/{path}")

    def test_before_anything_was_there(self, corrected) -> None:
        figure, _ = corrected
        form = f"periods/{figure.period.code}/forms/{figure.organisation.code}/"
        assert "还没有这张填报表" in page(figure, f"{form}?as_of=2001-01-01")
        assert "还没有已发布值" in page(figure, f"indicators/{figure.indicator.number}/trace/?as_of=2001-01-01")
        assert "规划中还没有指标" in page(figure, "overview/?as_of=2001-01-01")

    def test_a_target_is_that_of_the_moment(self, moments) -> None:
        row = indicator(target="100")
        published(row, "40", as_of=date(2018, 6, 30))
        before = moments()
        with recorded(by=None, reason="调整目标"):
            row.target, row.target_printed = 333, "333"
            row.save()
            AnnualTarget.objects.create(indicator=row, year=2018, value=77)
        assert "333" in html_for(leader(), f"/{row.plan.code}/overview/")
        assert "333" not in html_for(leader(), f"/{row.plan.code}/overview/?as_of={before}")

    @pytest.mark.parametrize(
        "text", ["", "x", "2018-13-01", "%00", "9" * 40, "9999-12-31T23:59:59-12:00", "0001-01-01T00:00"]
    )
    def test_what_is_no_moment_is_passed_over(self, text: str) -> None:
        row = indicator()
        assert "按时点查看" not in html_for(leader(), f"/{row.plan.code}/overview/?as_of={text}")

    def test_a_strangers_form_is_not_there_at_any_moment(self, corrected) -> None:
        figure, between = corrected
        path = f"/{figure.period.plan.code}/periods/{figure.period.code}/forms/{figure.organisation.code}/"
        opened_by(reporter(), f"{path}?as_of={between}", status=404)

    def test_cost_what_the_plan_is_large(self, moments, django_assert_max_num_queries) -> None:
        of = plan()
        for _ in range(12):
            published(indicator(of=of), "40")
        case(of=of)
        moment = moments()
        client = signed_in(leader())
        with django_assert_max_num_queries(42):
            client.get(f"/{of.code}/overview/?as_of={moment}")


class TestTwoMoments:
    def compared(self, figure: Any, first: str, second: str, more: str = "") -> str:
        return page(figure, f"audit/?first={first}&second={second}{more}")

    def test_stand_side_by_side(self, corrected, moments) -> None:
        figure, between = corrected
        text = self.compared(figure, between, moments())
        assert "51 52 +1" in text
        assert figure.indicator.full_name in text

    def test_are_put_in_order(self, corrected, moments) -> None:
        figure, between = corrected
        assert "51 52 +1" in self.compared(figure, moments(), between)

    def test_leave_out_what_is_the_same(self, corrected, moments) -> None:
        figure, _ = corrected
        later = moments()
        assert "其余 1 项两个时点相同" in self.compared(figure, later, later)
        assert "52 52 相同" in self.compared(figure, later, later, "&all=1")

    def test_tell_what_is_new(self, corrected, moments) -> None:
        figure, _ = corrected
        assert "— 52 新增" in self.compared(figure, "2001-01-01", moments())

    def test_say_what_is_no_moment(self, corrected) -> None:
        assert "“昨晚”不是时点" in self.compared(corrected[0], "昨晚", "2001-01-01")


def test_a_day_means_its_last_moment() -> None:
    day, moment = moment_in("2018-07-18"), moment_in("2018-07-18 09:32")
    assert isinstance(day, datetime)
    assert (day.hour, day.minute) == (23, 59)
    assert moment is not None
    assert moment.utcoffset() is not None
