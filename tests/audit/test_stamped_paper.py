"""A form that its plan wants stamped isn't handed in without, and no scan is of what it doesn't show, whichever way a row
is written."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.clock import now
from audit.recording import Refused, recorded
from files.actions import store
from organisations.models import User
from submissions.actions import approve, submit
from submissions.models import StampedScan, StampRule, State, Submission
from submissions.queries.stamped import paper_of
from tests.factories.levels import filled, levels_set, scanned
from tests.factories.organisations import reporter, reviewer

pytestmark = pytest.mark.django_db


def refuse(words: str) -> Any:
    return pytest.raises(Refused, match=words)


def write(form: Submission, by: User, **columns: Any) -> None:
    with recorded(by=by, reason="绕过"):
        Submission.objects.filter(pk=form.pk).update(**columns)


def scan(form: Submission, by: User, **columns: Any) -> StampedScan:
    with recorded(by=by, reason="绕过"):
        kept = store(SimpleUploadedFile("盖章件.pdf", b"%PDF-1.4\n%%EOF\n"), by=by)
        given = {"version_code": paper_of(form).code, "uploaded_by": by, "uploaded_at": now()} | columns
        return StampedScan.objects.create(submission=form, file=kept, **given)


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    return filled(by)


class TestHandingIn:
    def test_without_the_scan(self, form: Submission, by: User) -> None:
        levels_set(form.period.plan, stamped=StampRule.BEFORE)
        with refuse("规划要求提交前盖章"):
            write(form, by, state=State.SUBMITTED, submitted_by=by, submitted_at=now())

    def test_with_a_void_one(self, form: Submission, by: User) -> None:
        levels_set(form.period.plan, stamped=StampRule.BEFORE)
        scanned(form, by=by)
        with recorded(by=by, reason="绕过"):
            form.figures.update(value=51, value_printed="51")
        with refuse("规划要求提交前盖章"):
            write(form, by, state=State.SUBMITTED, submitted_by=by, submitted_at=now())

    def test_without_owing_the_paper_afterwards(self, form: Submission, by: User) -> None:
        levels_set(form.period.plan, stamped=StampRule.AFTER, stamp_days=3)
        with refuse("盖章件期限与规划的设置不一致"):
            write(form, by, state=State.SUBMITTED, submitted_by=by, submitted_at=now())

    def test_and_forgetting_it_later(self, form: Submission, by: User) -> None:
        levels_set(form.period.plan, stamped=StampRule.AFTER, stamp_days=3)
        submit(form, by=by)
        with refuse("只能随填报表的状态改变"):
            write(form, by, stamp_by=None)


class TestScans:
    def test_of_another_version(self, form: Submission, by: User) -> None:
        with refuse("版本码与填报表现在的数据不一致"):
            scan(form, by, version_code="0000-0000")

    def test_in_another_name(self, form: Submission, by: User) -> None:
        with refuse("上传人与本次变更的操作人不一致"):
            scan(form, by, uploaded_by=reporter(at=by.organisation))

    def test_by_whoever_reviewed_the_form(self, form: Submission, by: User) -> None:
        judge = reviewer()
        approve(submit(form, by=by), by=judge, round=1)
        with refuse("不能上传盖章件"):
            scan(form, judge)

    def test_are_not_changed_or_deleted(self, form: Submission, by: User) -> None:
        kept = scanned(form, by=by)
        rows = StampedScan.objects.filter(pk=kept.pk)
        with refuse("不能改变"), recorded(by=by, reason="绕过"):
            rows.update(version_code="0000-0000")
        with refuse("不能删除"), recorded(by=by, reason="绕过"):
            rows.delete()
