"""The security trail as its auditor reads it: what was done is there, found by person, action, day and address."""

import csv
import io
import re
from datetime import timedelta

import pytest
from axes.models import AccessFailureLog
from django.test import Client
from django.utils import timezone

from organisations.jobs import clear_expired_security_trail
from organisations.models import Role
from tests.factories.organisations import person
from tests.factories.security import records
from tests.organisations.signing_in import ELSEWHERE, HOME, PASSWORD, sign_in, signed_in, someone, type_wrong
from tests.organisations.test_pages import as_, text

pytestmark = pytest.mark.django_db
PAGE = "/security/"


@pytest.fixture
def auditor() -> Client:
    return as_(person(Role.SECURITY_AUDITOR, name="安审员"))


@pytest.fixture
def security() -> Client:
    return as_(person(Role.SECURITY_ADMINISTRATOR))


def marks(page: str) -> list[str]:
    return re.findall(r'class="st \w+">(.*?)<', page)


class TestSigningIn:
    def test_sign_in_and_out_are_recorded_with_the_address(self, auditor: Client) -> None:
        by = signed_in(someone(name="张三"))
        by.post("/sign-out/")
        page = text(auditor.get(PAGE, {"who": "张三"}))
        assert marks(page) == ["退出登录", "登录"]
        assert HOME in page

    def test_wrong_passwords_the_lock_and_what_is_tried_during_it(self, auditor: Client) -> None:
        who = someone()
        type_wrong(who, 5)
        sign_in(who)
        shown = marks(text(auditor.get(PAGE, {"who": who.username})))
        assert shown == ["锁定期间尝试登录", "账号锁定", *["密码输错"] * 5]

    def test_a_session_that_another_one_ended(self, auditor: Client) -> None:
        who = someone()
        first = signed_in(who)
        signed_in(who, ELSEWHERE)
        first.get("/")
        assert marks(text(auditor.get(PAGE, {"who": who.username})))[0] == "因在别处登录而退出"

    def test_no_record_holds_a_password(self, auditor: Client) -> None:
        who = someone()
        type_wrong(who, 1)
        signed_in(who).post("/password/", {"old": PASSWORD, "new": "Other-9911-word", "again": "Other-9911-word"})
        page = text(auditor.get(PAGE))
        assert marks(page)[:3] == ["修改密码", "登录", "密码输错"]
        assert not {"wrong", PASSWORD, "Other-9911-word"} & set(re.split(r"[\s<>（），]", page))


class TestThePage:
    def test_roles_and_who_changed_them(self, auditor: Client, security: Client) -> None:
        who = someone(name="张三")
        security.post(f"/roles/{who.pk}/grant/", {"role": Role.HEAD, "reason": "任命"})
        page = text(auditor.get(PAGE, {"action": "角色"}))
        assert marks(page) == ["授予角色"]
        assert "张三　单位负责人" in page

    def test_one_action_or_a_group_of_them(self, auditor: Client) -> None:
        who = someone()
        type_wrong(who, 1)
        sign_in(who)
        assert marks(text(auditor.get(PAGE, {"action": "session.failure"}))) == ["密码输错"]
        assert marks(text(auditor.get(PAGE, {"action": "登录和退出"}))) == ["登录", "密码输错"]
        assert marks(text(auditor.get(PAGE, {"action": "nonsense"}))) == []

    def test_by_address_and_by_a_part_of_it(self, auditor: Client) -> None:
        type_wrong("a", 1)
        type_wrong("b", 1, address=ELSEWHERE)
        assert len(marks(text(auditor.get(PAGE, {"address": "10.9."})))) == 1
        assert "没有符合条件的记录" in text(auditor.get(PAGE, {"address": "10.99.99"}))

    @pytest.mark.parametrize(("days", "number"), [({"since": "2000-01-01"}, 1), ({"until": "2000-01-01"}, 0)])
    def test_by_day(self, auditor: Client, days: dict[str, str], number: int) -> None:
        type_wrong("somebody", 1)
        assert len(marks(text(auditor.get(PAGE, {"who": "somebody", **days})))) == number

    @pytest.mark.parametrize("typed", ["x", "2023-02-30", "0001-01-01", "9999-12-31", "\x00"])
    def test_a_day_that_is_none_is_passed_over(self, auditor: Client, typed: str) -> None:
        assert auditor.get(PAGE, {"since": typed, "until": typed, "page": typed}).status_code == 200

    @pytest.mark.parametrize("typed", ["%", "_", "'; --", "\\"])
    def test_a_sign_is_looked_for_as_it_is(self, auditor: Client, typed: str) -> None:
        type_wrong("somebody", 1)
        assert marks(text(auditor.get(PAGE, {"who": typed}))) == []

    def test_fifty_a_page_and_the_filter_goes_along(self, auditor: Client) -> None:
        person_who = someone()
        for _ in range(17):
            sign_in(person_who)  # each sign-in and the end of the one before
        for _ in range(40):
            type_wrong("somebody", 1)
        page = text(auditor.get(PAGE, {"action": "登录和退出"}))
        assert len(marks(page)) == 50
        assert "page=2" in page
        assert len(marks(text(auditor.get(PAGE, {"action": "登录和退出", "page": 2})))) > 5

    def test_what_was_typed_is_shown_as_text(self, auditor: Client) -> None:
        type_wrong("<script>alert(1)</script>", 1)
        assert "<script>alert" not in text(auditor.get(PAGE))

    def test_reading_it_leaves_one_record_in_a_quarter_of_an_hour(self, auditor: Client) -> None:
        for _ in range(3):
            auditor.get(PAGE)
        page = text(auditor.get(PAGE))
        assert marks(page) == ["查看安全审计"]
        assert "安审员" in page

    def test_reading_is_recorded_with_the_address_and_again_from_another_one(self, auditor: Client) -> None:
        for address in (HOME, HOME, ELSEWHERE):
            auditor.get(PAGE, REMOTE_ADDR=address)
        read = [row for row in records() if row.event == "security.read" and row.name == "安审员"]
        assert [row.address for row in read] == [HOME, ELSEWHERE]
        assert all(row.request for row in read)

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR])
    def test_to_others_it_is_not_there(self, role: str) -> None:
        assert as_(person(role)).get(PAGE).status_code == 404

    def test_the_security_auditor_does_not_read_the_business_trail(self, auditor: Client) -> None:
        assert auditor.get("/admin/audit/entry/").status_code == 404


class TestExport:
    def rows(self, auditor: Client, **asked: str) -> list[list[str]]:
        sheet = auditor.post("/security/export/", asked).content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(sheet, newline="")))

    def test_the_sheet_holds_what_the_page_shows(self, auditor: Client) -> None:
        type_wrong("somebody", 2)
        type_wrong("another", 1)
        rows = self.rows(auditor, who="somebody")
        assert [row[2] for row in rows] == ["事项", "密码输错", "密码输错"]

    def test_a_name_is_no_formula_in_it(self, auditor: Client) -> None:
        type_wrong("=1+1", 1)
        assert [row[3] for row in self.rows(auditor, action="session.failure")] == ["何人", "'=1+1"]

    def test_it_is_recorded(self, auditor: Client) -> None:
        self.rows(auditor, who="x")
        assert marks(text(auditor.get(PAGE, {"action": "security.export"}))) == ["导出安全审计"]


def test_the_nightly_job_clears_what_was_kept_long_enough() -> None:
    type_wrong("somebody", 1)
    assert clear_expired_security_trail() is None
    old = timezone.now() - timedelta(days=366 * 3 + 2)
    AccessFailureLog.objects.update(attempt_time=old)
    clear_expired_security_trail()
    assert not AccessFailureLog.objects.exists()
