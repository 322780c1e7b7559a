"""The self-report goes with the form of the special round: asked, written, handed in, returned, approved."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.moves import StaleState
from audit.recording import Refused, entries_of, recorded
from organisations.actions import hand_over_work
from organisations.models import User
from plans.models import PeriodKind
from submissions import actions
from submissions.actions import OutlineLine
from submissions.models import ProgressNote, SelfReportSection, Submission
from submissions.queries.forms import SubmissionQuerySet
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, person, reporter, reviewer, system_administrator
from tests.factories.plans import plan
from tests.factories.self_reports import LINES, approved, asked_form, handed_in, section_of, with_outline, write
from tests.factories.submissions import opened, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


def titles(form: Submission) -> list[str]:
    rows = form.notes.filter(section__isnull=False, is_owed=True)
    return list(rows.order_by("section__number").values_list("section__title", flat=True))


class TestOutline:
    def test_a_special_round_asks_for_its_sections(self, by: User) -> None:
        assert titles(asked_form(by)) == ["进展", "问题及原因", "调整建议"]

    def test_another_period_does_not(self, by: User) -> None:
        row = indicator(of=with_outline(), lead=by.organisation)
        assert titles(opened(row, kind=PeriodKind.YEAR, ends_on=date(2018, 12, 31))) == []

    def test_without_an_outline_none_is_asked(self, by: User) -> None:
        assert titles(opened(indicator(lead=by.organisation))) == []

    def test_drafts_follow_a_change(self, by: User) -> None:
        form = asked_form(by)
        lines = [OutlineLine(1, "总体进展"), OutlineLine(4, "成效")]
        actions.set_outline(form.period.plan, by=reviewer(), sections=lines, reason="调整")
        assert titles(form) == ["总体进展", "成效"]

    def test_a_section_comes_back_where_it_was(self, by: User) -> None:
        form = asked_form(by)
        for lines in (LINES[:2], LINES):
            actions.set_outline(form.period.plan, by=reviewer(), sections=lines, reason="调整")
        assert (titles(form), SelfReportSection.objects.count()) == (["进展", "问题及原因", "调整建议"], 3)

    def test_a_section_that_somebody_writes_stays(self, by: User) -> None:
        form = asked_form(by)
        write(section_of(form, 3), "建议。", by=by)
        with pytest.raises(ValidationError, match="已有 1 个单位开始填写"):
            actions.set_outline(form.period.plan, by=reviewer(), sections=LINES[:2], reason="调整")

    def test_it_is_fixed_once_one_is_handed_in(self, by: User) -> None:
        of = handed_in(by).period.plan
        with pytest.raises(StaleState, match="不能再改"):
            actions.set_outline(of, by=reviewer(), sections=LINES[:2], reason="调整")

    def test_the_database_holds_that_too(self, by: User) -> None:
        section = section_of(handed_in(by)).section
        with pytest.raises(Refused, match="提纲不能再改"), recorded(by=None, reason="测试"):
            SelfReportSection.objects.filter(pk=section.pk).update(title="别的")

    @pytest.mark.parametrize("who", [reporter, leader, system_administrator])
    def test_it_is_the_working_groups(self, who: type) -> None:
        with pytest.raises(PermissionDenied):
            actions.set_outline(plan(), by=who(), sections=LINES, reason="调整")

    def test_it_asks_for_a_reason(self) -> None:
        with pytest.raises(ValidationError):
            actions.set_outline(plan(), by=reviewer(), sections=LINES, reason=" ")

    def test_pressed_twice_it_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="没有变化"):
            actions.set_outline(with_outline(), by=reviewer(), sections=LINES, reason="调整")

    @pytest.mark.parametrize(
        ("lines", "why"),
        [
            ([OutlineLine(1, "甲"), OutlineLine(1, "乙")], "重复的序号或标题"),
            ([OutlineLine(1, "甲"), OutlineLine(2, "甲")], "重复的序号或标题"),
            ([OutlineLine(1, " ")], "都要有标题"),
            ([OutlineLine(0, "甲")], "1 至 999"),
        ],
    )
    def test_what_makes_no_outline_is_refused(self, lines: list[OutlineLine], why: str) -> None:
        with pytest.raises(ValidationError, match=why):
            actions.set_outline(plan(), by=reviewer(), sections=lines, reason="设置")

    def test_it_is_in_history(self) -> None:
        assert entries_of(with_outline()).first().event == "plan.set_self_report_outline"


class TestWrite:
    def test_a_section_is_saved_with_who_typed_it(self, by: User) -> None:
        note = write(section_of(asked_form(by)), "总体进展顺利。", by=by)
        assert (note.progress, note.saved_by, note.revision) == ("总体进展顺利。", by, 1)

    def test_a_stranger_may_not(self, by: User) -> None:
        with pytest.raises(PermissionDenied):
            write(section_of(asked_form(by)), "文字", by=reporter())

    def test_the_working_group_may_not(self, by: User) -> None:
        with pytest.raises(PermissionDenied):
            write(section_of(asked_form(by)), "文字", by=reviewer())

    def test_of_two_typists_the_second_is_told(self, by: User) -> None:
        note = section_of(asked_form(by))
        colleague = person("reporter", at=by.organisation)
        write(note, "甲的文字。", by=by)
        with pytest.raises(actions.NoteConflict) as told:
            write(note, "乙的文字。", by=colleague, revision=0)
        assert (told.value.current.progress, note.revision) == ("甲的文字。", 0)

    def test_it_is_one_text(self, by: User) -> None:
        with pytest.raises(ValidationError, match="只有正文"):
            write(section_of(asked_form(by)), "文字", by=by, problems="另写的问题")

    def test_an_open_form_is_handed_over_with_it(self, by: User) -> None:
        form = asked_form(by)
        write(section_of(form), "写了一半。", by=by)
        successor = person("reporter", at=by.organisation)
        hand_over_work(by, to=successor, by=system_administrator(), reason="调岗")
        assert write(section_of(form), "接着写完。", by=successor).saved_by == successor


class TestHandIn:
    def test_a_required_section_is_owed(self, by: User) -> None:
        form = asked_form(by)
        saved(form.figures.get(), "50", by=by)
        write(section_of(form, 1), "文字。", by=by)
        with pytest.raises(ValidationError, match=r"还有 1 项没有填好.*自评报告的“问题及原因”"):
            actions.submit(form, by=by)

    def test_an_optional_one_is_not(self, by: User) -> None:
        assert handed_in(by).state == "submitted"

    def test_the_form_counts_what_is_owed(self, by: User) -> None:
        form = asked_form(by)
        rows: SubmissionQuerySet = Submission.objects.filter(pk=form.pk)
        first = rows.with_progress().get()
        write(section_of(form, 1), "文字。", by=by)
        now = rows.with_progress().get()
        assert (first.owed, first.filled, now.filled) == (4, 1, 2)

    def test_what_is_handed_in_stays(self, by: User) -> None:
        with pytest.raises(StaleState):
            write(section_of(handed_in(by)), "另一种说法。", by=by)

    def test_the_one_who_wrote_a_section_does_not_review(self, by: User) -> None:
        both = person("reporter", "reviewer", at=by.organisation)
        form = asked_form(both)
        saved(form.figures.get(), "50", by=by)
        for number in (1, 2):
            write(section_of(form, number), "文字。", by=both)
        actions.submit(form, by=by)
        with pytest.raises(PermissionDenied):
            actions.approve(form, by=both, round=1)


class TestReview:
    def test_approval_publishes_it(self, by: User) -> None:
        assert section_of(approved(by)).is_published

    def test_one_section_goes_back_with_its_reasons(self, by: User) -> None:
        form = handed_in(by)
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={section_of(form, 2): ["请分析原因。"]})
        assert write(section_of(form, 2), "原因有三。", by=by, reply="已补充").reply == "已补充"
        with pytest.raises(StaleState):
            write(section_of(form, 1), "另一种说法。", by=by)

    def test_it_is_owed_an_answer(self, by: User) -> None:
        form = handed_in(by)
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={section_of(form, 2): ["请分析原因。"]})
        with pytest.raises(ValidationError, match="退回后未修改也未答复"):
            actions.submit(form, by=by)

    def test_the_answer_is_kept_beside_the_reasons(self, by: User) -> None:
        form = handed_in(by)
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={section_of(form, 2): ["请分析原因。"]})
        note = write(section_of(form, 2), "原因有三。", by=by, reply="已补充")
        actions.submit(form, by=by)
        assert (note.remarks.get().reported, note.replies.get().text) == ("8 字", "已补充")

    def test_responsibilities_that_change_leave_it(self, by: User) -> None:
        form = asked_form(by)
        indicator(of=form.period.plan, lead=by.organisation)
        actions.follow_responsibilities(form.period, by=reviewer())
        assert titles(form) == ["进展", "问题及原因", "调整建议"]

    def test_an_organisation_that_comes_later_is_asked_too(self, by: User) -> None:
        form = asked_form(by)
        late = organisation()
        indicator(of=form.period.plan, lead=late)
        actions.follow_responsibilities(form.period, by=reviewer())
        assert titles(Submission.objects.get(organisation=late)) == ["进展", "问题及原因", "调整建议"]

    def test_no_approved_section_can_be_changed(self, by: User) -> None:
        note = section_of(approved(by))
        with pytest.raises(Refused), recorded(by=by, reason="测试"):
            ProgressNote.objects.filter(pk=note.pk).update(progress="改写")
