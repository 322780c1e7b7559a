"""Quoting approved self-reports in the report: the text with its source, only what is approved."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.recording import Refused, entries_of, recorded
from evaluation.models import Evaluation
from organisations.models import User
from reports import actions
from reports.models import Quotation, Section
from reports.quotable import quotable_for
from submissions.actions import return_for_correction, withdraw_approval
from submissions.models import ProgressNote, Submission
from tests.factories.evaluation import case
from tests.factories.organisations import auditor, leader, reporter, reviewer
from tests.factories.reports import report, written_section
from tests.factories.self_reports import approved, handed_in, section_of, with_outline, write
from tests.factories.submissions import note_in
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    return approved(by)


def section_on(form: Submission) -> Section:
    """The first written section of a report whose case has the form's round."""
    evaluation = report(on=case(of=form.period.plan, round=form.period))
    return written_section(evaluation)


def quoted(section: Section, note: ProgressNote, *, by: User, body: str = "开头。") -> Quotation:
    return actions.quote_self_report(section, note, by=by, body=body, revision=section.revision)


class TestQuote:
    def test_the_text_follows_what_is_typed(self, form: Submission) -> None:
        section = section_on(form)
        quoted(section, section_of(form), by=reviewer())
        section.refresh_from_db()
        assert (section.body, section.revision, section.is_placeholder) == ("开头。\n第1部分的文字。", 1, False)

    def test_its_source_is_kept(self, form: Submission) -> None:
        note, by = section_of(form), reviewer()
        kept = quoted(section_on(form), note, by=by)
        assert (kept.organisation_name, kept.title, kept.round, kept.revision, kept.by) == (
            form.organisation_name,
            "进展",
            1,
            note.revision,
            by,
        )

    def test_it_is_in_history(self, form: Submission) -> None:
        section = section_on(form)
        quoted(section, section_of(form), by=reviewer())
        assert entries_of(section).first().event == "section.quote"

    def test_what_is_not_approved_is_refused(self, by: User) -> None:
        form = handed_in(by)
        with pytest.raises(ValidationError, match="只能引用已通过"):
            quoted(section_on(form), section_of(form), by=reviewer())

    def test_the_database_refuses_it_too(self, by: User) -> None:
        form, who = handed_in(by), reviewer()
        section, note = section_on(form), section_of(form)
        given = {"title": "进展", "round": 1, "revision": 1, "text": "文字", "by": who}
        with pytest.raises(Refused, match="只能引用已通过"), recorded(by=who, reason="测试"):
            Quotation.objects.create(
                section=section, note=note, organisation_name="单位", period_name="期", at=form.deadline, **given
            )

    @pytest.mark.parametrize("who", [reporter, leader, auditor])
    def test_it_is_the_writers(self, form: Submission, who: type) -> None:
        with pytest.raises(PermissionDenied):
            quoted(section_on(form), section_of(form), by=who())

    def test_pressed_twice_it_stands_once(self, form: Submission) -> None:
        section, by = section_on(form), reviewer()
        quoted(section, section_of(form), by=by)
        section.refresh_from_db()
        with pytest.raises(ValidationError, match="已有这段文字"):
            quoted(section, section_of(form), by=by, body=section.body)

    def test_a_section_saved_meanwhile_is_not_overwritten(self, form: Submission) -> None:
        section, by = section_on(form), reviewer()
        actions.save_section(section, by=by, body="别人的文字。", revision=0)
        with pytest.raises(actions.SectionChanged):
            quoted(section, section_of(form), by=by)

    def test_a_note_on_a_task_is_none(self, form: Submission) -> None:
        with pytest.raises(ValidationError, match="不是本规划的自评报告"):
            quoted(section_on(form), note_in(form), by=reviewer())

    def test_another_plans_is_refused(self, form: Submission) -> None:
        with pytest.raises(ValidationError, match="不是本规划的自评报告"):
            quoted(written_section(report()), section_of(form), by=reviewer())


class TestWhatBecomesOfIt:
    def test_words_that_were_rewritten_are_told(self, form: Submission) -> None:
        section, by = section_on(form), reviewer()
        quoted(section, section_of(form), by=by)
        actions.save_section(section, by=by, body="改写过的文字。", revision=1)
        assert not Quotation.objects.get().stands

    def test_a_section_that_changed_since_is_told(self, form: Submission, by: User) -> None:
        quoted(section_on(form), section_of(form), by=reviewer())
        first = Quotation.objects.get().is_outdated
        withdraw_approval(form, by=form.reviews.first().by, reason="复核")
        return_for_correction(form, by=reviewer(), round=1, remarks={section_of(form): ["请核实。"]})
        write(section_of(form), "更正后的文字。", by=by)
        assert (first, Quotation.objects.get().is_outdated) == (False, True)


class TestQuotable:
    def test_only_approved_texts_are_listed(self, form: Submission) -> None:
        section = section_on(form)
        handed_in(reporter(), of=with_outline())
        assert [row.note.section.number for row in quotable_for(section)] == [1, 2]

    def test_who_answers_for_it_comes_first(self, form: Submission) -> None:
        evaluation: Evaluation = section_on(form).evaluation
        category = Section.objects.filter(evaluation=evaluation, tables__0__startswith="category:").first()
        assert category is not None
        assert all(row.bears for row in quotable_for(category))


class TestPages:
    def test_the_section_offers_and_quotes(self, form: Submission) -> None:
        section, by = section_on(form), reviewer()
        parts = {"plan": form.period.plan.code, "code": section.evaluation.code, "position": section.position}
        assert "引用到本节" in text(by, reverse("reports:section", kwargs=parts))
        sent = {"section": section.pk, "revision": 0, "body": "开头。", "note": section_of(form).pk}
        client_of(by).post(reverse("reports:quote", kwargs=parts), sent)
        assert f"引用自{form.organisation_name}" in text(by, reverse("reports:section", kwargs=parts))

    def test_a_refusal_leaves_what_was_typed(self, by: User) -> None:
        form = handed_in(by)
        section = section_on(form)
        parts = {"plan": form.period.plan.code, "code": section.evaluation.code, "position": section.position}
        sent = {"section": section.pk, "revision": 0, "body": "还没保存的话。", "note": section_of(form).pk}
        answer = client_of(reviewer()).post(reverse("reports:quote", kwargs=parts), sent)
        assert answer.status_code == 409
        assert "还没保存的话。" in answer.content.decode()

    def test_the_unit_sees_where_it_was_quoted(self, form: Submission, by: User) -> None:
        quoted(section_on(form), section_of(form), by=reviewer())
        assert "已引用：" in text(by, of(form, "self_report"))

    def test_all_reports_go_out_as_word(self, form: Submission) -> None:
        parts = {"plan": form.period.plan.code, "period": form.period.code}
        answer = client_of(reviewer()).post(reverse("reports:export_self_reports", kwargs=parts))
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
        assert entries_of(form.period).first().event == "period.export_self_reports"
