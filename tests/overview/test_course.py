"""How a number came to be, in one line a time that it was handed in; what the seals say of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.checking import Checked
from audit.clock import now
from audit.recording import recorded
from organisations.models import Role, User
from overview.audit import sealed
from overview.audit.course import course_of
from overview.queries.facts import Facts, facts_of
from reports.actions import export_report, prepare_report
from submissions.actions import agree_to_correction, approve, ask_for_correction, return_for_correction, submit
from tests.factories.evaluation import case
from tests.factories.organisations import auditor, leader, reporter, reviewer
from tests.factories.submissions import evidence_of, saved, submitted
from tests.overview.pages import opened_by

pytestmark = pytest.mark.django_db


def trace(figure: Any, who: Any, query: str = "") -> str:
    return opened_by(who, f"/{figure.period.plan.code}/indicators/{figure.indicator.number}/trace/{query}")


def facts(figure: Any) -> Facts:
    return facts_of([figure], list(figure.published_values.order_by("sequence")), sees_drafts=True)


@pytest.fixture
def anna():
    return reporter()


@pytest.fixture
def corrected(anna):
    """51 is returned and handed in as 52 after two saves, approved, and corrected to 53."""
    form = submitted(anna, "51")
    figure = form.figures.get()
    return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实。"]})
    for value in ("51.5", "52"):
        saved(figure, value, by=anna, explanation="已核对。")
    evidence_of(figure, by=anna)
    approve(submit(form, by=anna), by=reviewer(), round=2)
    form.refresh_from_db()
    agree_to_correction(ask_for_correction(form, by=anna, whole=True, reason="口径更正"), by=reviewer())
    saved(figure, "53", by=anna, explanation="已核对。")
    form.refresh_from_db()
    approve(submit(form, by=anna), by=reviewer(), round=3)
    return figure


class TestTheCourse:
    def test_is_one_line_for_each_time_it_was_handed_in(self, corrected) -> None:
        turns = course_of(facts(corrected))
        assert [(turn.before, turn.after, turn.why) for turn in turns] == [
            ("52", "53", "口径更正"),
            ("51", "52", "退回后修改：请核实。"),
            ("", "51", "首次填报"),
        ]
        assert [turn.decided.ordinal for turn in turns] == [3, 2, 1]

    def test_names_the_reviewer_as_they_were_called(self, corrected) -> None:
        with recorded(by=None, reason="更名"):
            User.objects.filter(grants__role=Role.REVIEWER).update(name="新名字")
        assert "新名字" not in trace(corrected, auditor()).split("历年")[0]

    def test_reads_as_a_sentence(self, corrected, anna) -> None:
        text = trace(corrected, auditor())
        assert "数值 由 52 → 改为 53" in text
        assert f"由 {anna.name}·{anna.organisation.name}，" in text
        assert "因 口径更正，经 审核第 3 次通过" in text
        assert "佐证 名单.pdf" in text

    def test_is_not_shown_to_those_who_see_no_drafts(self, corrected) -> None:
        assert "这个数怎么来的" not in trace(corrected, leader())

    def test_waits_for_its_review(self, anna) -> None:
        (turn,) = course_of(facts(submitted(anna, "7").figures.get()))
        assert (turn.after, turn.decided) == ("7", None)

    def test_leads_forward_to_the_reports_that_printed_it(self, corrected) -> None:
        evaluation = case(of=corrected.period.plan, cut_off=corrected.period.ends_on)
        boss = reviewer()
        prepare_report(evaluation, by=boss)
        export_report(evaluation, by=boss)
        text = trace(corrected, auditor())
        assert "用过它的报告" in text
        assert str(evaluation) in text


class TestTheSeals:
    @pytest.fixture
    def checked(self, monkeypatch: pytest.MonkeyPatch):
        def keep(findings: list[str], changes: list[int]) -> None:
            moment = datetime(2999, 1, 1, tzinfo=UTC)
            monkeypatch.setattr(sealed, "last", lambda: Checked(moment, 1, 9, 99, None, findings, changes))

        return keep

    def test_are_whole(self, corrected, checked) -> None:
        checked([], [])
        assert "封印完整" in trace(corrected, leader())

    def test_name_the_change_that_does_not_fit(self, corrected, checked) -> None:
        change = max(facts(corrected).changes())
        checked(["被改动：submissions_historicalfigure 1"], [change])
        text = trace(corrected, leader())
        assert f"封印不符：第 {change:,} 号变更" in text
        assert "不要使用这项数据" in text

    def test_that_are_broken_elsewhere_are_told_apart(self, corrected, checked) -> None:
        checked(["被改动：plans_historicalplan 1"], [0])
        text = trace(corrected, leader())
        assert "别处封印不符" in text
        assert "不要使用这项数据" not in text

    def test_without_new_anchors_are_whole_with_a_warning(self, monkeypatch: pytest.MonkeyPatch) -> None:
        moment = datetime(2999, 1, 1, tzinfo=UTC)
        monkeypatch.setattr(sealed, "last", lambda: Checked(moment, 1, 9, 99, None, [], [], "没有签名密钥。"))
        told, _ = sealed.of_all()
        assert (told.kind, told.state, told.words) == ("warn", "完整，但没有新的锚点", "没有签名密钥。")

    @pytest.mark.parametrize(("days", "kind"), [(1, "ok"), (2, "warn"), (40, "warn")])
    def test_that_nobody_checks_any_more_warn(self, monkeypatch: pytest.MonkeyPatch, days: int, kind: str) -> None:
        moment = now() - timedelta(days=days, minutes=5)
        monkeypatch.setattr(sealed, "last", lambda: Checked(moment, 1, 9, 99, None, [], []))
        told, _ = sealed.of_all()
        assert told.kind == kind
        assert ("没有自动核对" in told.words) == (kind == "warn")

    def test_that_were_never_checked_say_so(self, corrected) -> None:
        assert "还没有核对过" in trace(corrected, leader())

    def test_are_told_on_the_auditors_desk(self, corrected, checked) -> None:
        checked(["被改动：plans_historicalplan 1"], [41208])
        text = opened_by(auditor(), f"/{corrected.period.plan.code}/audit/")
        assert "封印不符：第 41,208 号变更" in text
        assert "被改动：plans_historicalplan 1" in text
