"""A leaver's open forms go to a colleague in one step."""

import pytest

from audit.recording import entries_of, recorded
from organisations.actions import hand_over_work
from submissions import actions
from submissions.models import Submission
from submissions.open_work import hand_over, open_forms_of
from tests.factories.indicators import indicator
from tests.factories.organisations import reporter, reviewer, system_administrator
from tests.factories.submissions import opened, saved, submitted

pytestmark = pytest.mark.django_db


def test_who_first_writes_in_a_form_handles_it() -> None:
    by = reporter()
    form = opened(indicator(lead=by.organisation))
    saved(form.figures.get(), "5", by=by)
    saved(form.figures.get(), "6", by=reporter(at=by.organisation))
    assert Submission.objects.get().reporter == by


def test_open_forms_change_hands_with_an_entry() -> None:
    leaver = reporter()
    colleague = reporter(at=leaver.organisation)
    form = opened(indicator(lead=leaver.organisation))
    saved(form.figures.get(), "5", by=leaver)
    hand_over_work(leaver, to=colleague, by=system_administrator(), reason="调离")
    assert Submission.objects.get().reporter == colleague
    entry = entries_of(form).first()
    assert (entry.event, entry.detail["to_name"]) == ("submission.hand_over", colleague.name)


def test_what_was_approved_while_it_was_asked_for_stays_the_leavers() -> None:
    leaver = reporter()
    colleague = reporter(at=leaver.organisation)
    form = submitted(leaver)
    seen = open_forms_of(leaver)
    actions.approve(form, by=reviewer(), round=1)
    with recorded(by=system_administrator(), reason="测试"):
        assert hand_over(seen, leaver, colleague) == []
    assert Submission.objects.get().reporter == leaver


def test_what_was_given_to_somebody_else_meanwhile_stays_theirs() -> None:
    leaver = reporter()
    first, second = (reporter(at=leaver.organisation) for _ in range(2))
    submitted(leaver)
    seen = open_forms_of(leaver)
    with recorded(by=system_administrator(), reason="测试"):
        hand_over(seen, leaver, first)
        hand_over(seen, leaver, second)
    assert Submission.objects.get().reporter == first


def test_what_is_approved_stays_the_leavers() -> None:
    leaver = reporter()
    form = submitted(leaver)
    actions.approve(form, by=reviewer(), round=1)
    hand_over_work(leaver, to=reporter(at=leaver.organisation), by=system_administrator(), reason="调离")
    assert Submission.objects.get().reporter == leaver
