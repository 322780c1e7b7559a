"""A plan very unlike the published one, carried through completely: falling and binding indicators, a base year of
2015, no tasks. Each step is taken by the ordinary verbs, as its own person."""

import io
import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.document import Document as DocumentObject

from audit.clock import set_to
from evaluation.actions import advance_stage, create_evaluation, name_group
from evaluation.models import Evaluation, EvaluationKind, StageState
from organisations.models import Organisation, Role, User
from overview.demonstration.script import at_hour
from plans.actions import define_period
from plans.calendar import end_of_day
from plans.models import PeriodKind, Plan, ReportingPeriod
from reports.actions import export_report, prepare_report, save_section
from reports.models import Section
from submissions.actions import (
    Wanted,
    agree_to_correction,
    approve,
    ask_for_correction,
    close_period,
    confirm,
    open_period,
    return_for_correction,
    save_figure,
    submit,
)
from submissions.checks import unexplained_in
from submissions.models import PublishedValue, State, Submission
from tests.factories.organisations import person
from tests.workbooks.books import CLEAR_WATER
from workbooks.actions import load_plan

pytestmark = [pytest.mark.usefixtures("carried_through"), pytest.mark.django_db, pytest.mark.timeout(300)]
CODE = "clear-water-2018-midterm"

# what each reporter types: by period and indicator; the first answer of number 2 is wrong and comes back
TYPED: dict[tuple[str, int], dict[str, str]] = {
    ("2017", 1): {"value_text": "76.2"},
    ("2017", 2): {"value_text": "13.1%"},
    ("2017", 3): {"value_text": "80.5%"},
    ("2017", 4): {"value_text": "2.95"},
    ("2017", 5): {"answer": "no_data", "no_data_reason": "方案尚未批准"},
    ("2017", 6): {"value_text": "2.4"},
    ("mid-term", 1): {"value_text": "71.0", "as_of_text": "2017年底"},
    ("mid-term", 2): {"value_text": "1.24%"},
    ("mid-term", 3): {"value_text": "84%"},
    ("mid-term", 4): {"value_text": "1.41"},
    ("mid-term", 5): {"value_text": "是"},
    ("mid-term", 6): {"value_text": "3.4", "as_of_text": "2017年底"},
}
PART_OF_UPSTREAM = {"value_text": "0.30"}
AGAIN = {"value_text": "12.4%", "explanation": "原报漏写一位。", "reply": "已核实，更正为 12.4%。"}


class County:
    """Everybody who takes a step, and the steps."""

    def __init__(self) -> None:
        load_plan(CLEAR_WATER, by=None)
        self.plan = Plan.objects.get(code="clear-water")
        self.units = {row.code: row for row in Organisation.objects.filter(code__in=["water", "green", "upstream"])}
        self.reporters = {row.pk: person(Role.REPORTER, at=row) for row in self.units.values()}
        self.head = person(Role.HEAD, at=self.units["water"])
        self.reviewer, self.leader = person(Role.REVIEWER), person(Role.LEADER)

    def period(self, code: str, kind: PeriodKind, starts_on: date, ends_on: date, opens_on: date, due: date) -> Any:
        return define_period(
            self.plan,
            by=self.reviewer,
            code=code,
            name=code,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            opens_on=opens_on,
            deadline=end_of_day(due),
        )

    def collect(self, period: ReportingPeriod) -> None:
        with set_to(at_hour(period.opens_on, 9)):
            forms = open_period(period, by=self.reviewer)
        for form in forms:
            self.hand_in(form)
            if period.code == "mid-term" and form.organisation == self.units["water"]:
                self.give_back(form)
            approve(form, by=self.reviewer, round=Submission.objects.get(pk=form.pk).round)

    def hand_in(self, form: Submission) -> None:
        by = self.reporters[form.organisation_id]
        for cell in form.figures.select_related("indicator"):
            is_part = form.organisation == self.units["upstream"]
            typed = PART_OF_UPSTREAM if is_part else TYPED[form.period.code, cell.indicator.number]
            save_figure(cell, by=by, revision=0, confirmed=True, **({"answer": "value"} | typed))
        self.send(form, by)

    def send(self, form: Submission, by: User) -> None:
        for cell in {finding.figure for finding in unexplained_in(form)}:
            typed = {"value_text": cell.value_printed, "as_of_text": cell.as_of_printed, "reply": cell.reply}
            save_figure(
                cell, by=by, revision=cell.revision, answer="value", explanation="已核对。", confirmed=True, **typed
            )
        if submit(form, by=by).state == State.AWAITING_HEAD:
            confirm(form, by=self.head)

    def give_back(self, form: Submission) -> None:
        leak = form.figures.get(indicator__number=2)
        return_for_correction(form, by=self.reviewer, round=1, remarks={leak: ["与上年相差过大，请核实。"]})
        leak.refresh_from_db()
        by = self.reporters[form.organisation_id]
        save_figure(leak, by=by, revision=leak.revision, answer="value", confirmed=True, **AGAIN)
        self.send(form, by)

    def correct(self, form: Submission, number: int, value: str) -> None:
        by = self.reporters[form.organisation_id]
        cell = form.figures.get(indicator__number=number)
        asked = ask_for_correction(form, by=by, values=[Wanted(cell.pk, value, confirmed=True)], reason="年报核定")
        agree_to_correction(asked, by=self.reviewer)
        cell.refresh_from_db()
        save_figure(
            cell,
            by=by,
            revision=cell.revision,
            answer="value",
            value_text=value,
            explanation="年报核定。",
            confirmed=True,
        )
        self.send(form, by)
        approve(form, by=self.reviewer, round=2)


def carry_through() -> Evaluation:
    """From the loaded plan to the finished case with its written report."""
    county = County()
    year = county.period(
        "2017", PeriodKind.YEAR, date(2017, 1, 1), date(2017, 12, 31), date(2018, 1, 8), date(2018, 1, 26)
    )
    middle = county.period(
        "mid-term", PeriodKind.SPECIAL, date(2016, 1, 1), date(2018, 6, 30), date(2018, 7, 2), date(2018, 7, 20)
    )
    county.collect(year)
    county.correct(Submission.objects.get(period=year, organisation=county.units["green"]), 4, "2.93")
    evaluation = create_evaluation(
        county.plan,
        by=county.reviewer,
        code=CODE,
        name="水环境规划中期评估",
        kind=EvaluationKind.MID_TERM,
        cut_off=date(2018, 6, 30),
        round=middle,
    )
    name_group(
        evaluation, by=county.reviewer, members=[(county.reviewer, "head", "统筹"), (county.leader, "leader", "")]
    )
    county.collect(middle)
    advance(evaluation, county.reviewer)
    advance(evaluation, county.reviewer)
    close_period(middle, by=county.reviewer, reason="已全部通过")
    prepare_report(evaluation, by=county.reviewer)
    for section in Section.objects.filter(evaluation=evaluation, is_written_by_people=True):
        save_section(section, by=county.reviewer, body=f"{section.title}的文字。", revision=section.revision)
    advance(evaluation, county.leader)
    return evaluation


def advance(evaluation: Evaluation, by: User) -> None:
    advance_stage(evaluation.stages.get(state=StageState.CURRENT), by=by)


@pytest.fixture(scope="module")
def carried_through(django_db_setup: None, django_db_blocker: Any) -> Iterator[Evaluation]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield carry_through()
        transaction.set_rollback(True)


def assessed() -> dict[int, dict[str, Any]]:
    out = StringIO()
    call_command("assess", CODE, "--json", stdout=out)
    return {row["number"]: row for row in json.loads(out.getvalue())}


class TestCollected:
    def test_what_came_back_was_published_as_it_was_mended(self) -> None:
        leak = PublishedValue.objects.get(indicator__number=2, period__code="mid-term")
        assert leak.value_printed == "12.4%"

    def test_a_corrected_value_stands_beside_the_first(self) -> None:
        rows = PublishedValue.objects.filter(indicator__number=4, period__code="2017", organisation__code="green")
        assert [(row.stage, row.value_printed) for row in rows] == [("annual", "2.95"), ("revised", "2.93")]

    def test_every_stage_is_done(self, carried_through: Evaluation) -> None:
        assert {stage.state for stage in carried_through.stages.all()} == {StageState.DONE}


class TestJudged:
    @pytest.mark.parametrize(
        ("number", "value", "verdict", "outlook"),
        [
            (1, "71", "快于预期", "预计能完成"),
            (2, "12.4", "基本符合预期", "预计能完成"),
            (3, "84", "快于预期", "预计能完成"),
            (4, "2.93", "快于预期", "预计能完成"),
            (5, "1", "提前实现", "已完成"),
            (6, "3.4", "基本符合预期", "预计能保持"),
        ],
    )
    def test_falling_binding_and_yes_or_no_each_have_their_answer(
        self, number: int, value: str, verdict: str, outlook: str
    ) -> None:
        found = assessed()[number]
        assert (str(found["value"]), found["verdict"], found["outlook"]) == (value, verdict, outlook)

    def test_half_of_the_plans_time_has_passed_since_its_own_base_year(self) -> None:
        assert assessed()[3]["time_passed"] == 0.5

    def test_a_towns_part_never_stands_for_the_county(self) -> None:
        assert PublishedValue.objects.filter(organisation__code="upstream", indicator__number=4).count() == 2
        assert str(assessed()[4]["value"]) == "2.93"

    def test_a_years_total_is_judged_by_the_last_full_year_and_its_own_target(self) -> None:
        assert assessed()[4]["sentence"].startswith("进度 45.0%，已达到 2017 年年度目标应有的 3.00；")


class TestPages:
    def shown(self, role: Role, name: str, *parts: object) -> str:
        client = Client()
        user = User.objects.filter(grants__role=role).order_by("-pk").first()
        client.force_login(user, backend="organisations.backends.RoleBackend")
        answered = client.get(reverse(name, args=["clear-water", *parts]), follow=True)
        assert answered.status_code == 200
        return answered.content.decode()

    def test_the_overview_says_that_nothing_lags(self) -> None:
        shown = self.shown(Role.LEADER, "overview:overview")
        assert "6 项指标中没有滞后的" in shown
        for words in ("≤60", "12.4%", "否", "约束性", "时序进度 50%"):
            assert words in shown

    def test_a_yes_is_traced_as_a_word(self) -> None:
        shown = self.shown(Role.LEADER, "overview:trace", 5)
        assert "已完成" in shown
        assert "确认为零" not in shown

    @pytest.mark.parametrize("role", [Role.LEADER, Role.REVIEWER, Role.REPORTER, Role.HEAD])
    def test_every_role_has_its_desk_and_its_lists(self, role: Role) -> None:
        for name in ("overview:desk", "submissions:forms", "reminders:notices", "overview:help"):
            assert self.shown(role, name)

    def test_the_case_is_finished(self) -> None:
        assert "各阶段已完成" in self.shown(Role.REVIEWER, "evaluation:cases")


@pytest.fixture(scope="module")
def document(carried_through: Evaluation, django_db_blocker: Any) -> DocumentObject:
    with django_db_blocker.unblock():
        return Document(io.BytesIO(export_report(carried_through, by=None)))


class TestReport:
    def rows(self, document: DocumentObject, table: int) -> list[list[str]]:
        return [[cell.text for cell in row.cells] for row in document.tables[table].rows[1:]]

    def test_each_category_has_its_table_in_the_plans_own_forms(self, document: DocumentObject) -> None:
        found = [[row[1], row[2], row[3], row[4], row[5].split("\n")[0]] for row in self.rows(document, 0)]
        assert found == [
            ["万元产值用水量（立方米）", "85.5", "≤60", "约束性", "71.0"],
            ["管网漏损率（%）", "15%", "8", "预期性", "12.4%"],
            ["再生水利用量年均增速（%）", "——", "3", "预期性", "3.4%"],
        ]
        assert [row[5].split("\n")[0] for row in self.rows(document, 1)] == ["84%", "2.93", "是"]

    def test_the_appendix_holds_all_six_with_both_judgements(self, document: DocumentObject) -> None:
        rows = [row for row in self.rows(document, -1) if len(set(row)) > 1]
        assert [(row[0], row[6], row[7]) for row in rows] == [
            ("1", "快于预期", "预计能完成"),
            ("2", "基本符合预期", "预计能完成"),
            ("6", "基本符合预期", "预计能保持"),
            ("3", "快于预期", "预计能完成"),
            ("4", "快于预期", "预计能完成"),
            ("5", "提前实现", "已完成"),
        ]

    def test_the_annual_table_starts_with_the_plans_own_base_year(self, document: DocumentObject) -> None:
        rows = self.rows(document, 2)
        assert [row[0] for row in rows] == ["2015年基数", "2020年目标", "2017年"]
        assert rows[-1] == ["2017年", "71.0", "2.93"]

    def test_the_parts_that_people_wrote_are_in_it(self, document: DocumentObject) -> None:
        texts = [paragraph.text for paragraph in document.paragraphs]
        assert "三、规划实施的展望的文字。" in texts
        assert "清水县水环境保护规划实施中期评估报告" in texts
