"""Every way of taking something out, tried by every role, by somebody whose role is gone and by somebody whose account is
closed: who may not gets nothing, and nothing is recorded as taken out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Change
from audit.recording import Refused, recorded
from organisations.actions.trail import export_security_trail
from organisations.models import Role, RoleGrant, User
from organisations.security_trail import Asked
from overview.actions import export_overview, export_trace, export_trail
from overview.sheet import Sheet
from reports.actions import export_report
from submissions.actions.consolidated import hand_out_consolidated
from submissions.actions.summary import export_summary
from submissions.actions.workbook import hand_out
from submissions.models import Submission
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import person, reporter
from tests.factories.security import records
from tests.factories.submissions import evidence_of, opened, template_in

pytestmark = pytest.mark.django_db

READS = {Role.REPORTER, Role.HEAD, Role.REVIEWER, Role.LEADER, Role.AUDITOR}
Door = Callable[[Submission, User], object]


def overview(form: Submission, by: User) -> object:
    return export_overview(Sheet(form.period.plan, form.period.ends_on, []), by=by, asked="")


def trail(form: Submission, by: User) -> object:
    return export_trail(form.period.plan, "开放", by=by)


def timeline(form: Submission, by: User) -> object:
    return export_trace(form.figures.get().indicator, form.organisation, by=by)


def security(form: Submission, by: User) -> object:
    return export_security_trail(Asked(), by=by)


def report(form: Submission, by: User) -> object:
    return export_report(form.period.plan.evaluations.get(), by=by)


def workbook(form: Submission, by: User) -> object:
    return hand_out(form, by=by)


def consolidated(form: Submission, by: User) -> object:
    return hand_out_consolidated(form.period, by=by)


def summary(form: Submission, by: User) -> object:
    return export_summary(form.period.plan.summary_templates.get(), None, by=by)


# which roles of any organisation may; the form's own reporter and head get its workbook besides
DOORS: list[tuple[Door, set[Role]]] = [
    (overview, READS),
    (trail, {Role.AUDITOR}),
    (timeline, {Role.AUDITOR}),
    (security, {Role.SECURITY_AUDITOR}),
    (report, {Role.REVIEWER, Role.LEADER, Role.AUDITOR}),
    (workbook, {Role.REVIEWER, Role.LEADER, Role.AUDITOR}),
    (consolidated, {Role.REVIEWER}),
    (summary, {Role.REVIEWER, Role.LEADER, Role.AUDITOR}),
]


def former(role: Role) -> User:
    """Somebody who held the role until now."""
    who, by = person(role), person(Role.SECURITY_ADMINISTRATOR)
    with recorded(by=by, reason="收回"):
        grant = RoleGrant.objects.get(user=who)
        RoleGrant.objects.filter(user=who).update(withdrawn_by=by, withdrawn_at=grant.granted_at)
    return User.objects.get(pk=who.pk)


def closed(role: Role) -> User:
    """Somebody who holds the role, with an account that is closed."""
    who = person(role)
    with recorded(by=None, reason="停用"):
        User.objects.filter(pk=who.pk).update(is_active=False)
    return User.objects.get(pk=who.pk)


def is_open(door: Door, form: Submission, who: User) -> bool:
    try:
        door(form, who)
    except (PermissionDenied, Refused):  # a closed account opens no change
        return False
    except ValidationError:  # may, but there is nothing to take out, or no key to sign it with
        return True
    return True


@pytest.fixture
def form() -> Submission:
    row = opened(indicator(lead=reporter().organisation))
    case(of=row.period.plan)
    template_in(row.period.plan, evidence_of(row.figures.get(), by=reporter()))
    return row


@pytest.mark.parametrize(("door", "may"), DOORS, ids=[door.__name__ for door, _ in DOORS])
class TestTakingOut:
    def test_is_for_its_roles_only(self, form: Submission, door: Door, may: set[Role]) -> None:
        assert {role for role in Role if is_open(door, form, person(role))} == may

    def test_leaves_nothing_of_who_may_not(self, form: Submission, door: Door, may: set[Role]) -> None:
        people: list[Any] = [former(role) for role in may] + [closed(role) for role in may] + [person()]
        changes = Change.objects.count()
        assert [who for who in people if is_open(door, form, who)] == []
        assert Change.objects.count() == changes
        assert {record.event for record in records()} <= {"security.read"}  # this look at it
