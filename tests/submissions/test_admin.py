"""Forms in the administration: read, and moved by their verbs alone."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Role, User
from submissions.actions import submit
from submissions.models import Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, organisation, person, reviewer
from tests.factories.submissions import opened, saved

pytestmark = pytest.mark.django_db

FORMS = reverse("admin:submissions_submission_changelist")


def submitted() -> Submission:
    home = organisation()
    reporter = person(Role.REPORTER, at=home)
    form = opened(indicator(lead=home))
    saved(form.figures.get(), "45", by=reporter)
    submit(form, by=reporter)
    return form


def act(who: User, action: str, row: Submission, **typed: str) -> str:
    client = Client()
    client.force_login(who, backend="organisations.backends.RoleBackend")
    chosen = {"action": action, "_selected_action": [row.pk], "index": "0", **typed}
    return client.post(FORMS, chosen, follow=True).content.decode()


class TestActions:
    def test_a_reviewer_approves_from_the_list(self) -> None:
        form, by = submitted(), reviewer()
        assert "已审核通过并发布" in act(by, "approve", form)
        form.refresh_from_db()
        review = form.reviews.get()
        assert (form.state, review.by, review.entry.change.door) == ("approved", by, "admin")

    def test_pressed_twice_the_second_is_told(self) -> None:
        form = submitted()
        act(reviewer(), "approve", form)
        assert "你的决定没有生效" in act(reviewer(), "approve", form)
        assert form.reviews.count() == 1

    def test_an_auditor_is_refused_by_the_verb(self) -> None:
        form = submitted()
        assert "没有办理此事的权限" in act(auditor(), "approve", form)
        form.refresh_from_db()
        assert form.state == "submitted"

    def test_withdrawing_an_approval_needs_its_reason(self) -> None:
        form, by = submitted(), reviewer()
        act(by, "approve", form)
        assert "请填写" in act(by, "withdraw_approval", form)
        act(by, "withdraw_approval", form, reason="发布有误")
        form.refresh_from_db()
        assert form.state == "submitted"

    def test_a_form_cannot_be_typed_over(self) -> None:
        form, client = submitted(), Client()
        client.force_login(reviewer(), backend="organisations.backends.RoleBackend")
        address = reverse("admin:submissions_submission_change", args=[form.pk])
        assert client.post(address, {"state": "approved", "change_reason": "直接改"}).status_code == 404
        form.refresh_from_db()
        assert form.state == "submitted"
