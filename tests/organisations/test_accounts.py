"""Accounts: made, given a one-time password, closed, opened again; work handed over."""

from concurrent.futures import ThreadPoolExecutor, wait
from io import StringIO

import pytest
from axes.models import AccessLog
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.recording import entries_of
from organisations import open_work
from organisations.actions import create_user, deactivate, hand_over_work, reactivate, reset_password
from organisations.models import Handover, Organisation, Role, User
from organisations.open_work import OpenWork, open_work_of
from tests.factories.organisations import organisation, person, system_administrator
from tests.organisations.signing_in import sign_in, signed_in, someone

pytestmark = pytest.mark.django_db


def newcomer(by: User, **fields: object) -> tuple[User, str]:
    given = {"username": "newcomer", "name": "新人", "organisation": by.organisation}
    return create_user(by=by, **(given | fields))


class TestMakingAnAccount:
    def test_the_person_signs_in_once_with_the_password_and_must_change_it(self) -> None:
        user, password = newcomer(system_administrator())
        by = sign_in(user, password).client
        assert by.get("/")["Location"].startswith("/password/")

    def test_the_person_has_no_role_yet(self) -> None:
        assert newcomer(system_administrator())[0].roles == frozenset()

    def test_the_entry_does_not_hold_the_password(self) -> None:
        user, password = newcomer(system_administrator())
        entry = entries_of(user).get()
        assert entry.event == "user.create"
        assert password not in str(entry.detail)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMINISTRATOR])
    def test_nobody_else_makes_one(self, role: str) -> None:
        with pytest.raises(PermissionDenied):
            newcomer(person(role))

    def test_a_name_that_is_taken_is_refused(self) -> None:
        by = system_administrator()
        newcomer(by)
        with pytest.raises(ValidationError) as refused:
            newcomer(by)
        assert "username" in refused.value.message_dict


class TestAOneTimePassword:
    def test_the_old_password_is_worth_nothing_and_sessions_end(self) -> None:
        user = someone()
        by = signed_in(user)
        password = reset_password(user, by=system_administrator(), reason="忘记密码")
        assert by.get("/password/").status_code == 302
        assert sign_in(user).status_code == 422
        assert sign_in(user, password).status_code == 302
        user.refresh_from_db()
        assert user.must_change_password

    @pytest.mark.parametrize("role", [Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR])
    def test_those_who_watch_over_the_system_administrator_get_none_from_him(self, role: str) -> None:
        with pytest.raises(PermissionDenied):
            reset_password(person(role), by=system_administrator(), reason="忘记密码")

    def test_they_get_one_at_the_server(self) -> None:
        user, out = someone(Role.SECURITY_AUDITOR), StringIO()
        call_command("one_time_password", user.username, stdout=out)
        assert sign_in(user, out.getvalue().split()[-1]).status_code == 302

    def test_a_reporter_gives_none(self) -> None:
        with pytest.raises(PermissionDenied):
            reset_password(someone(), by=someone(), reason="忘记密码")


class TestClosingAnAccount:
    def test_its_person_is_out_and_cannot_come_in(self) -> None:
        user = someone()
        by = signed_in(user)
        deactivate(user, by=system_administrator(), reason="调离")
        assert by.get("/password/").status_code == 302
        assert sign_in(user).status_code == 422

    def test_the_reason_and_the_day_are_kept(self) -> None:
        user = deactivate(someone(), by=system_administrator(), reason="调离")
        assert entries_of(user).get().change.reason == "调离"
        assert user.left_on is not None

    def test_it_is_opened_again_with_its_roles(self) -> None:
        user, by = someone(), system_administrator()
        deactivate(user, by=by, reason="调离")
        reactivate(user, by=by, reason="调回")
        signed_in(user)
        assert User.objects.get(pk=user.pk).has_role(Role.REPORTER)

    def test_nobody_closes_their_own(self) -> None:
        by = system_administrator()
        with pytest.raises(PermissionDenied):
            deactivate(by, by=by, reason="调离")

    def test_twice_is_refused(self) -> None:
        user, by = someone(), system_administrator()
        deactivate(user, by=by, reason="调离")
        with pytest.raises(ValidationError, match="已经停用"):
            deactivate(user, by=by, reason="调离")

    @pytest.mark.parametrize("role", [Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR])
    def test_the_last_of_those_who_watch_over_the_system_stays(self, role: Role) -> None:
        last, by = person(role), system_administrator()
        with pytest.raises(ValidationError, match=f"唯一的{role.label}"):
            deactivate(last, by=by, reason="调离")
        person(role)
        deactivate(last, by=by, reason="调离")


@pytest.mark.django_db(transaction=True)
class TestClosingTwoAtOnce:
    """Threads have connections of their own, so all is committed."""

    def test_one_of_the_last_two_stays(self) -> None:
        by = system_administrator()
        first, second = person(Role.SECURITY_ADMINISTRATOR), person(Role.SECURITY_ADMINISTRATOR)
        with ThreadPoolExecutor(1) as elsewhere:
            with transaction.atomic():
                deactivate(first, by=by, reason="调离")
                other = elsewhere.submit(close_elsewhere, second, by)
                wait([other], timeout=0.5)  # it waits for this transaction
                assert not other.done()
            with pytest.raises(ValidationError, match="唯一的安全管理员"):
                other.result()


def close_elsewhere(user: User, by: User) -> None:
    try:
        deactivate(user, by=by, reason="调离")
    finally:
        connection.close()


class TestHandingOver:
    @pytest.fixture
    def home(self) -> Organisation:
        return organisation(contact="甲")

    def test_a_leavers_contact_duty_goes_to_the_colleague(self, home: Organisation) -> None:
        leaver, colleague = person(at=home, name="甲"), person(at=home, name="乙", phone="123")
        handover = hand_over_work(leaver, to=colleague, by=system_administrator(), reason="调离")
        home.refresh_from_db()
        assert (home.contact, home.contact_phone) == ("乙", "123")
        assert handover.items == [{"kind": "contact", "title": "联络员", "label": f"{home.name}的联络员"}]
        assert entries_of(leaver).get().detail["to"] == "乙"

    def test_what_a_later_room_registered_goes_too(self, home: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
        moved: list[object] = []
        kind = OpenWork(
            "form",
            "填报表",
            lambda who: ["一季度"] if who.name == "丙" else [],
            str,
            lambda rows, *people: moved.append((rows, *people)) or rows,
        )
        monkeypatch.setitem(open_work._kinds, kind.name, kind)
        leaver, colleague = person(at=home, name="丙"), person(at=home)
        hand_over_work(leaver, to=colleague, by=system_administrator(), reason="调离")
        assert moved == [(["一季度"], leaver, colleague)]
        assert Handover.objects.get().items[0]["label"] == "一季度"

    def test_only_a_colleague_of_the_same_organisation_takes_it(self, home: Organisation) -> None:
        with pytest.raises(ValidationError, match="同一单位"):
            hand_over_work(person(at=home), to=person(), by=system_administrator(), reason="调离")

    def test_nobody_hands_over_to_themselves(self, home: Organisation) -> None:
        leaver = person(at=home)
        with pytest.raises(ValidationError, match="移交人自己"):
            hand_over_work(leaver, to=leaver, by=system_administrator(), reason="调离")

    def test_nor_to_somebody_who_cannot_sign_in(self, home: Organisation) -> None:
        with pytest.raises(ValidationError, match="已停用"):
            hand_over_work(
                person(at=home), to=person(at=home, is_active=False), by=system_administrator(), reason="因"
            )

    def test_a_reporter_hands_over_nothing(self, home: Organisation) -> None:
        with pytest.raises(PermissionDenied):
            hand_over_work(person(at=home), to=person(at=home), by=person(Role.REPORTER, at=home), reason="调离")

    def test_another_persons_contact_duty_is_not_touched(self, home: Organisation) -> None:
        assert open_work_of(person(at=home, name="乙")) == []


class TestTheFirstAccounts:
    def test_there_are_two_and_their_passwords_are_printed_once(self) -> None:
        out = StringIO()
        call_command("first_accounts", stdout=out)
        lines = [line for line in out.getvalue().splitlines() if "一次性密码 " in line]
        for line, role in zip(lines, [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR], strict=True):
            name, password = line.split("登录名 ")[1].split()[0], line.split()[-1]
            assert User.objects.get(username=name).roles == {role}
            assert sign_in(name, password).status_code == 302

    def test_a_second_time_is_refused(self) -> None:
        call_command("first_accounts", stdout=StringIO())
        with pytest.raises(CommandError, match="不再建立"):
            call_command("first_accounts", "--system", "other", "--security", "another", stdout=StringIO())
        assert User.objects.count() == 2

    def test_they_work_on_an_empty_database_and_on_a_filled_one(self) -> None:
        organisation(position=0, name="第一单位")
        call_command("first_accounts", stdout=StringIO())
        assert User.objects.filter(organisation__name="第一单位").count() == 2
        assert not AccessLog.objects.exists()
