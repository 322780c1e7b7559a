"""The form on paper: stamped, scanned and tied to the version that it shows; a later change voids it."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.clock import today
from audit.models import Entry
from organisations.models import Role, User
from overview.desks.reporting import reporters_part
from overview.desks.reviewing import reviewers_part
from plans.calendar import working_day_after
from reminders.rules import stamp_notices
from submissions.actions import (
    agree_to_correction,
    approve,
    ask_for_correction,
    attach_scan,
    return_for_correction,
    save_note,
    submit,
)
from submissions.models import StampedScan, StampRule, State, Submission
from submissions.queries.periods import standings, unstamped
from submissions.queries.stamped import Paper, lacking_stamp, paper_of
from tests.factories.levels import filled, levels_set, scanned
from tests.factories.organisations import organisation, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import note_in, saved
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    """A filled form of a plan that wants its paper before it is handed in."""
    form = filled(by)
    levels_set(form.period.plan, stamped=StampRule.BEFORE)
    return form


@pytest.fixture
def sent(by: User) -> Submission:
    """A form that was handed in, to be stamped within three working days."""
    form = filled(by)
    levels_set(form.period.plan, stamped=StampRule.AFTER, stamp_days=3)
    return submit(form, by=by)


def paper(form: Submission) -> Paper:
    return paper_of(Submission.objects.get(pk=form.pk))


def changed(form: Submission, by: User, value: str) -> None:
    saved(form.figures.get(), value, by=by, reply="已核实")


class TestVersionCode:
    def test_stays_while_the_form_says_the_same(self, form: Submission, by: User) -> None:
        before = paper(form).code
        scanned(form, by=by)
        submit(form, by=by)
        assert paper(form).code == before

    def test_changes_with_a_number_and_comes_back_with_it(self, form: Submission, by: User) -> None:
        before = paper(form).code
        changed(form, by, "51")
        assert paper(form).code != before
        changed(form, by, "50")
        assert paper(form).code == before

    def test_changes_with_words(self, form: Submission, by: User) -> None:
        note = note_in(form)
        before = paper(form).code
        save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
        assert paper(form).code != before

    def test_is_another_forms_own(self, form: Submission) -> None:
        assert paper(form).code != paper(filled(reporter())).code


class TestAttaching:
    def test_keeps_the_scan_with_its_version_and_its_entry(self, form: Submission, by: User) -> None:
        scan = scanned(form, by=by)
        assert (scan.version_code, scan.uploaded_by) == (paper(form).code, by)
        assert paper(form).is_stamped
        assert Entry.objects.get(event="stampedscan.attach").detail["code"] == scan.version_code

    @pytest.mark.parametrize("typed", ["{}", " {} ", "{} 。"])
    def test_takes_the_code_as_people_type_it(self, form: Submission, by: User, typed: str) -> None:
        scanned(form, by=by, code=typed.format(paper(form).code.lower().replace("-", "－")))

    def test_refuses_the_paper_of_another_version(self, form: Submission, by: User) -> None:
        printed = paper(form).code
        changed(form, by, "51")
        with pytest.raises(ValidationError, match="重新打印"):
            scanned(form, by=by, code=printed)

    def test_refuses_what_is_no_pdf_or_image(self, form: Submission, by: User) -> None:
        content = BytesIO()
        with ZipFile(content, "w") as document:
            document.writestr("word/document.xml", "<document/>")
        upload = SimpleUploadedFile("章.docx", content.getvalue())
        with pytest.raises(ValidationError, match="只收 PDF 或图片"):
            attach_scan(form, by=by, upload=upload, code=paper(form).code)
        assert not StampedScan.objects.exists()

    def test_is_for_the_forms_own_reporters(self, form: Submission, by: User) -> None:
        for other in (reporter(), reviewer(), person(Role.HEAD, at=by.organisation)):
            with pytest.raises(PermissionDenied):
                scanned(form, by=other)

    def test_is_a_hand_in_the_form(self, sent: Submission, by: User) -> None:
        both = person(Role.REPORTER, Role.REVIEWER, at=by.organisation)
        scanned(sent, by=both)
        with pytest.raises(PermissionDenied):
            approve(sent, by=both, round=1)


class TestBeforeHandingIn:
    def test_it_is_not_handed_in_without(self, form: Submission, by: User) -> None:
        with pytest.raises(ValidationError, match="提交前盖章"):
            submit(form, by=by)

    def test_with_it_it_is(self, form: Submission, by: User) -> None:
        scanned(form, by=by)
        assert submit(form, by=by).state == State.SUBMITTED

    def test_a_change_after_the_stamp_voids_it(self, form: Submission, by: User) -> None:
        scanned(form, by=by)
        changed(form, by, "51")
        assert paper(form).state_in_words == "需重新盖章"
        with pytest.raises(ValidationError, match="须重新盖章"):
            submit(form, by=by)

    def test_a_returned_form_is_stamped_again(self, form: Submission, by: User) -> None:
        scanned(form, by=by)
        submit(form, by=by)
        return_for_correction(form, by=reviewer(), round=1, remarks={form.figures.get(): ["口径不符"]})
        changed(form, by, "51")
        with pytest.raises(ValidationError, match="须重新盖章"):
            submit(form, by=by)
        scanned(form, by=by)
        assert submit(form, by=by).round == 2


class TestWithinDaysAfter:
    def test_it_is_due_working_days_after_it_came_in(self, sent: Submission) -> None:
        assert sent.stamp_by == working_day_after(today(), 3)
        assert paper(sent).state_in_words == "待盖章确认"

    def test_until_then_it_is_owed(self, sent: Submission, by: User) -> None:
        assert list(lacking_stamp()) == [sent]
        (standing,) = standings(sent.period.plan)
        assert (standing.owed, standing.lacking) == (0, 1)
        assert list(unstamped(sent.period)) == [sent]
        scanned(sent, by=by)
        assert not lacking_stamp().exists()

    def test_it_may_be_approved_meanwhile_and_stays_owed(self, sent: Submission) -> None:
        approve(sent, by=reviewer(), round=1)
        assert list(lacking_stamp()) == [sent]

    def test_it_stands_on_both_desks(self, sent: Submission, by: User) -> None:
        (duty,) = reporters_part(by, sent.period.plan).duties
        assert (duty.state, duty.button) == ("待盖章确认", "上传盖章件")
        titles = [panel.title for panel in reviewers_part(reviewer(), sent.period.plan).panels]
        assert "待补交盖章件" in titles
        scanned(sent, by=by)
        assert reporters_part(by, sent.period.plan).duties == ()

    def test_its_reporters_are_reminded(self, sent: Submission, by: User) -> None:
        assert sent.stamp_by is not None
        day = sent.stamp_by
        assert [draft.recipient for draft in stamp_notices(day)] == [by]
        assert list(stamp_notices(day - timedelta(days=60))) == []
        scanned(sent, by=by)
        assert list(stamp_notices(day)) == []

    def test_a_correction_is_stamped_anew(self, sent: Submission, by: User) -> None:
        scanned(sent, by=by)
        judge = reviewer()
        approve(sent, by=judge, round=1)
        agree_to_correction(ask_for_correction(sent, by=by, whole=True, reason="更正"), by=judge)
        saved(sent.figures.get(), "52", by=by, explanation="更正", confirmed=True)
        submit(sent, by=by)
        assert list(lacking_stamp()) == [sent]

    def test_a_form_handed_in_before_owes_none(self, by: User) -> None:
        form = submit(filled(by), by=by)
        levels_set(form.period.plan, stamped=StampRule.AFTER, stamp_days=3)
        assert not lacking_stamp().exists()


class TestSetting:
    def test_is_the_plans_alone(self) -> None:
        with pytest.raises(ValidationError, match="对整个规划"):
            levels_set(plan(), at=organisation(), stamped=StampRule.BEFORE)

    @pytest.mark.parametrize("days", [None, 0, 61])
    def test_after_has_its_days(self, days: int | None) -> None:
        with pytest.raises(ValidationError, match="工作日"):
            levels_set(plan(), stamped=StampRule.AFTER, stamp_days=days)

    def test_is_one_that_there_is(self) -> None:
        with pytest.raises(ValidationError, match="没有这个选项"):
            levels_set(plan(), stamped="sometimes")


class TestPages:
    def attach(self, form: Submission, by: User, code: str) -> str:
        sent = {"code": code, "file": SimpleUploadedFile("盖章件.pdf", b"%PDF-1.4\n%%EOF\n")}
        return client_of(by).post(of(form, "stamp"), sent, follow=True).content.decode()

    def test_the_printed_form_has_its_foot_and_its_code(self, form: Submission, by: User) -> None:
        page = text(by, of(form, "form"))
        for words in (
            "填报单位（盖章）",
            "填报人：",
            "审核人：",
            "单位负责人：",
            "联系电话：",
            "日期：",
            paper(form).code,
        ):
            assert words in page

    def test_a_scan_is_attached_listed_and_handed_out(self, form: Submission, by: User) -> None:
        page = self.attach(form, by, paper(form).code)
        assert "与现在的数据一致" in page
        scan = StampedScan.objects.get()
        answer = client_of(reviewer()).get(f"{of(form, 'stamp')}{scan.pk}/")
        assert answer["Content-Type"] == "application/pdf"

    def test_a_refusal_stands_at_its_field(self, form: Submission, by: User) -> None:
        assert "重新打印、盖章" in self.attach(form, by, "0000-0000")

    def test_a_void_one_is_marked(self, form: Submission, by: User) -> None:
        scanned(form, by=by)
        changed(form, by, "51")
        page = text(by, of(form, "stamp"))
        assert "需重新盖章" in page
        assert "已失效" in page

    def test_the_check_page_says_what_is_missing(self, form: Submission, by: User) -> None:
        assert "上传盖章件</a>后再提交" in text(by, of(form, "check"))

    def test_the_reviewer_sees_that_it_is_awaited(self, sent: Submission) -> None:
        assert "待盖章确认" in text(reviewer(), of(sent, "review"))

    def test_the_plans_rule_stands_on_the_page_of_levels(self, sent: Submission) -> None:
        base = sent.period.plan.code
        who = reviewer()
        assert "提交后 3 个工作日内补交盖章件" in text(who, f"/{base}/periods/levels/")
        told = {"stamped": "before", "reason": "按通知"}
        page = client_of(who).post(f"/{base}/periods/levels/", told, follow=True).content.decode()
        assert "提交前须上传盖章件" in page

    def test_an_organisations_levels_leave_the_plans_paper(self, form: Submission, by: User) -> None:
        told = {"organisation": by.organisation_id, "in_group": "2", "stamped": "before", "reason": "按通知"}
        address = f"/{form.period.plan.code}/periods/levels/"
        assert client_of(reviewer()).post(address, told).status_code == 302
        assert paper(form).rule == StampRule.BEFORE
