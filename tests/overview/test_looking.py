"""Whoever looks at what isn't published, and whoever takes something out, stands in the security trail."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from evaluation.models import Evaluation
from organisations.models import User
from submissions.actions import approve, return_for_correction, submit
from submissions.addresses import address
from submissions.models import Figure
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.reports import report
from tests.factories.security import records
from tests.factories.submissions import evidence_of, published, saved, submitted
from tests.overview.pages import signed_in

pytestmark = pytest.mark.django_db


def looked(who: User, url: str, *events: str) -> list[tuple[str, str, str]]:
    """What the trail says after somebody opened a page."""
    assert signed_in(who).get(url).status_code == 200
    return [(row.event, row.name, row.about) for row in records(*events)]


def trace_of(figure: Figure) -> str:
    return reverse("overview:trace", args=[figure.indicator.plan.code, figure.indicator.number])


class TestAForm:
    @pytest.mark.parametrize("page", ["form", "review"])
    @pytest.mark.parametrize("role", [reviewer, auditor, leader])
    def test_that_is_not_published_is_looked_at_on_record(self, role: object, page: str) -> None:
        form, who = submitted(reporter(), "51"), role()
        assert looked(who, address(form, page)) == [("data.view", who.name, str(form))]

    def test_of_ones_own_organisation_is_ones_work(self) -> None:
        by = reporter()
        assert looked(by, address(submitted(by, "51"), "form")) == []

    def test_that_is_published_is_for_everybody_who_reads_business(self) -> None:
        form = submitted(reporter(), "51")
        approve(form, by=reviewer(), round=1)
        assert looked(auditor(), address(form, "form")) == []

    def test_to_a_stranger_it_is_not_there_and_nothing_was_looked_at(self) -> None:
        form = submitted(reporter(), "51")
        assert signed_in(reporter()).get(address(form, "form")).status_code == 404
        assert records() == []


class TestATrace:
    def test_with_drafts_is_looked_at_on_record(self) -> None:
        form, who = submitted(reporter(), "51"), auditor()
        figure = form.figures.get()
        told = looked(who, trace_of(figure))
        assert told == [("data.view", who.name, f"{form.organisation} {figure.indicator.full_name}")]

    def test_for_one_who_sees_no_drafts_there_is_nothing_to_record(self) -> None:
        assert looked(leader(), trace_of(submitted(reporter(), "51").figures.get())) == []

    def test_with_what_was_typed_before_it_was_published_is_looked_at_on_record(self) -> None:
        form, who = submitted(reporter(), "51"), auditor()
        approve(form, by=reviewer(), round=1)
        assert [event for event, *_ in looked(who, trace_of(form.figures.get()))] == ["data.view"]

    def test_with_a_value_that_was_returned_and_never_published_too(self) -> None:
        by = reporter()
        form = submitted(by, "51")
        figure = form.figures.get()
        return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实。"]})
        saved(figure, "52", by=by, explanation="已核对。")
        form.refresh_from_db()
        approve(submit(form, by=by), by=reviewer(), round=2)
        assert [event for event, *_ in looked(auditor(), trace_of(figure))] == ["data.view"]

    def test_of_ones_own_organisation_is_ones_work(self) -> None:
        by = reporter()
        figure = submitted(by, "51").figures.get()
        assert looked(by, trace_of(figure)) == []

    def test_of_published_values_alone_is_not_recorded(self) -> None:
        assert looked(leader(), trace_of(published(indicator(), "40").figure)) == []


class TestAReport:
    def url(self, of: Evaluation) -> str:
        return reverse("reports:report", args=[of.plan.code, of.code])

    @pytest.mark.parametrize("role", [leader, auditor])
    def test_that_is_being_written_is_looked_at_on_record(self, role: Callable[[], User]) -> None:
        of, who = report(), role()
        assert looked(who, self.url(of)) == [("data.view", who.name, f"{of}报告")]

    def test_is_the_work_of_those_who_write_it(self) -> None:
        assert looked(reviewer(), self.url(report())) == []

    def test_that_nobody_began_shows_nothing_to_record(self) -> None:
        assert looked(leader(), self.url(case())) == []


class TestTheBusinessTrail:
    def test_a_search_is_recorded_with_its_words(self) -> None:
        form, who = submitted(reporter(), "51"), auditor()
        url = reverse("overview:audit", args=[form.period.plan.code])
        told = looked(who, f"{url}?q=提交", "history.read")
        assert told == [("history.read", who.name, str(form.period.plan))]
        assert records("history.read")[0].detail["words"] == "提交"

    def test_opening_the_empty_box_is_no_reading(self) -> None:
        url = reverse("overview:audit", args=[submitted(reporter(), "51").period.plan.code])
        assert looked(auditor(), url) == []

    def test_two_moments_side_by_side_are_recorded_with_both(self) -> None:
        of, who = plan(), auditor()
        url = reverse("overview:audit", args=[of.code])
        told = looked(who, f"{url}?first=2018-07-18+12:00&second=2018-07-01", "history.read")
        assert told == [("history.read", who.name, str(of))]
        assert records("history.read")[0].detail["words"] == "比较 2018-07-01 23:59 与 2018-07-18 12:00"

    def test_what_is_no_moment_shows_nothing_to_record(self) -> None:
        assert looked(auditor(), f"{reverse('overview:audit', args=[plan().code])}?first=x&second=2018-07-01") == []

    @pytest.mark.parametrize("table", ["entry", "change"])
    def test_its_tables_in_the_administration_too(self, table: str) -> None:
        who = auditor()
        told = looked(who, reverse(f"admin:audit_{table}_changelist"))
        assert [(event, name) for event, name, _ in told] == [("history.read", who.name)]


class TestTheAdministration:
    def test_a_list_a_row_and_its_versions_that_are_not_published(self) -> None:
        figure, who = submitted(reporter(), "51").figures.get(), reviewer()
        looked(who, reverse("admin:submissions_figure_changelist"))
        for page in ("change", "history"):
            looked(who, reverse(f"admin:submissions_figure_{page}", args=[figure.pk]))
        assert [row.about for row in records("data.view")] == ["数据列表", f"数据 {figure}", f"数据 {figure}"]

    def test_a_list_of_reference_data_is_not_recorded(self) -> None:
        submitted(reporter(), "51")
        assert looked(reviewer(), reverse("admin:indicators_indicator_changelist")) == []

    def test_a_person_without_the_right_has_looked_at_nothing(self) -> None:
        url = reverse("admin:submissions_figure_changelist")
        assert signed_in(person("system_administrator")).get(url).status_code == 404
        assert records() == []


class TestTakingOut:
    def test_a_file(self) -> None:
        by = reporter()
        form = submitted(by, "51")
        kept = evidence_of(form.figures.get(), by=by)
        url = address(form, "form") + f"evidence/{kept.pk}/"
        assert looked(auditor(), url, "file.download")[0][2] == kept.file.name

    def test_a_list_of_the_administration(self) -> None:
        who = auditor()
        sent = {"format": "0", "resource": "0"}
        assert signed_in(who).post(reverse("admin:indicators_indicator_export"), sent).status_code == 200
        assert [(row.event, row.name) for row in records()] == [("list.export", who.name)]
