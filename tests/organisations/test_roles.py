"""Roles: granted by a security administrator, never to oneself, and exclusive in the database; unlocking."""

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from audit.clock import now
from audit.recording import entries_of, recorded
from organisations.actions import deactivate, grant_role, unlock, withdraw_role
from organisations.models import Role, RoleGrant, User
from tests.factories.organisations import person, system_administrator
from tests.organisations.signing_in import sign_in, signed_in, someone, type_wrong

pytestmark = pytest.mark.django_db

ADMINISTRATORS = [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR]
BUSINESS = [role for role in Role if role not in ADMINISTRATORS]


@pytest.fixture
def by() -> User:
    return person(Role.SECURITY_ADMINISTRATOR)


class TestGranting:
    def test_the_person_has_the_role_and_history_says_by_whom(self, by: User) -> None:
        who = person()
        grant_role(who, Role.REPORTER, by=by, reason="任命")
        entry = entries_of(who).get()
        assert User.objects.get(pk=who.pk).roles == {Role.REPORTER}
        assert (entry.event, entry.detail["label"]) == ("role.grant", "填报人")
        assert (entry.change.actor, entry.change.reason) == (by, "任命")

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMINISTRATOR])
    def test_nobody_else_grants(self, role: str) -> None:
        with pytest.raises(PermissionDenied):
            grant_role(person(), Role.REPORTER, by=person(role))

    def test_nobody_grants_to_themselves(self, by: User) -> None:
        with pytest.raises(PermissionDenied):
            grant_role(by, Role.REPORTER, by=by)

    def test_twice_is_refused_in_words(self, by: User) -> None:
        with pytest.raises(ValidationError, match="已经是填报人"):
            grant_role(person(Role.REPORTER), Role.REPORTER, by=by)

    def test_a_reporter_may_be_a_reviewer(self, by: User) -> None:
        grant_role(person(Role.REPORTER), Role.REVIEWER, by=by)

    @pytest.mark.parametrize("administrator", ADMINISTRATORS)
    @pytest.mark.parametrize("other", [*ADMINISTRATORS, Role.REPORTER, Role.LEADER])
    def test_an_administrator_holds_no_other_role(self, by: User, administrator: str, other: str) -> None:
        if administrator != other:
            with pytest.raises(ValidationError, match="三员分立"):
                grant_role(person(administrator), other, by=by)

    @pytest.mark.parametrize("other", BUSINESS)
    def test_nor_does_somebody_with_another_become_one(self, by: User, other: str) -> None:
        with pytest.raises(ValidationError, match="三员分立"):
            grant_role(person(other), Role.SYSTEM_ADMINISTRATOR, by=by)

    def test_the_database_itself_refuses(self) -> None:
        who = person(Role.REPORTER)
        with recorded(by=None, reason="测试"), pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.bulk_create([RoleGrant(user=who, role=Role.SECURITY_AUDITOR, granted_at=now())])

    def test_a_role_that_does_not_exist_is_refused(self, by: User) -> None:
        with pytest.raises(ValidationError):
            grant_role(person(), "emperor", by=by)

    def test_a_closed_account_gets_none(self, by: User) -> None:
        with pytest.raises(ValidationError, match="已停用"):
            grant_role(person(is_active=False), Role.REPORTER, by=by)


class TestWithdrawing:
    def test_the_person_has_it_no_more_and_the_grant_stays(self, by: User) -> None:
        who = person(Role.REVIEWER)
        withdraw_role(who.grants.get(), by=by, reason="调离")
        assert User.objects.get(pk=who.pk).roles == frozenset()
        assert who.grants.get().withdrawn_by == by

    def test_after_it_another_sphere_is_open(self, by: User) -> None:
        who = person(Role.REVIEWER)
        withdraw_role(who.grants.get(), by=by, reason="调任")
        grant_role(who, Role.SECURITY_AUDITOR, by=by)

    def test_twice_is_refused(self, by: User) -> None:
        grant = person(Role.REVIEWER).grants.get()
        withdraw_role(grant, by=by, reason="调离")
        with pytest.raises(ValidationError, match="已经收回"):
            withdraw_role(grant, by=by, reason="调离")

    def test_nobody_withdraws_their_own(self, by: User) -> None:
        with pytest.raises(PermissionDenied):
            withdraw_role(by.grants.get(), by=by, reason="辞任")

    def test_a_system_administrator_withdraws_none(self) -> None:
        with pytest.raises(PermissionDenied):
            withdraw_role(person(Role.REVIEWER).grants.get(), by=system_administrator(), reason="调离")

    def test_the_last_system_administrator_stays(self, by: User) -> None:
        last = system_administrator()
        with pytest.raises(ValidationError, match="唯一的系统管理员"):
            withdraw_role(last.grants.get(), by=by, reason="调离")
        another = system_administrator()
        withdraw_role(last.grants.get(), by=by, reason="调离")
        assert User.objects.get(pk=another.pk).has_role(Role.SYSTEM_ADMINISTRATOR)

    def test_somebody_who_cannot_sign_in_does_not_count_as_another(self, by: User) -> None:
        last, gone = system_administrator(), system_administrator()
        deactivate(gone, by=last, reason="调离")
        with pytest.raises(ValidationError, match="唯一的系统管理员"):
            withdraw_role(last.grants.get(), by=by, reason="调离")


class TestUnlocking:
    def test_the_person_signs_in_again_at_once(self, by: User) -> None:
        who = someone()
        type_wrong(who, 5)
        assert sign_in(who).status_code == 422
        unlock(who, by=by)
        signed_in(who)

    def test_another_lock_stays(self, by: User) -> None:
        who, other = someone(), someone()
        type_wrong(other, 5)
        unlock(who, by=by)
        assert AccessAttempt.objects.get().username == other.username

    def test_it_leaves_an_entry(self, by: User) -> None:
        who = someone()
        unlock(who, by=by)
        assert entries_of(who).get().event == "user.unlock"

    def test_a_system_administrator_unlocks_nobody(self) -> None:
        with pytest.raises(PermissionDenied):
            unlock(someone(), by=system_administrator())
