"""The pages of the three administrators."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organisations.models import Role, User
from tests.factories.organisations import organisation, person
from tests.organisations.signing_in import HOME, sign_in, someone, type_wrong

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    by = Client()
    by.force_login(user, backend="organisations.backends.RoleBackend")
    return by


def text(answer) -> str:
    assert answer.status_code in (200, 422)
    return answer.content.decode()


@pytest.fixture
def system() -> Client:
    return as_(person(Role.SYSTEM_ADMINISTRATOR, name="管理员甲"))


@pytest.fixture
def security() -> Client:
    return as_(person(Role.SECURITY_ADMINISTRATOR, name="安全员甲"))


class TestPeople:
    def test_who_cannot_sign_in_is_counted_and_found(self, system: Client) -> None:
        locked = someone(name="锁定者")
        type_wrong(locked, 5)
        person(name="停用者", is_active=False)
        assert "已锁定 1 人" in text(system.get("/people/"))
        found = text(system.get("/people/?state=locked"))
        assert "锁定者" in found
        assert "停用者" not in found
        assert "停用者" in text(system.get("/people/?state=closed"))

    def test_a_person_is_found_by_name_login_name_or_organisation(self, system: Client) -> None:
        person(name="张三", username="zhang", at=organisation(name="统计单位"))
        for words in ["张三", "zhang", "统计", "统计 张"]:
            assert "张三" in text(system.get("/people/", {"q": words}))
        assert "没有符合条件的人员" in text(system.get("/people/", {"q": "统计 李"}))

    def test_a_new_account_shows_its_password_once(self, system: Client) -> None:
        home = organisation()
        answer = system.post("/people/add/", {"username": "new", "name": "新人", "organisation": home.pk})
        password = re.search(r"<kbd>(.*?)</kbd>", text(answer)).group(1)
        assert "no-store" in answer["Cache-Control"]
        assert sign_in("new", password).status_code == 302
        user = User.objects.get(username="new")
        assert password not in text(system.get(f"/people/{user.pk}/"))

    def test_a_name_that_is_taken_is_told_at_its_field(self, system: Client) -> None:
        taken = person()
        fields = {"username": taken.username, "name": "新人", "organisation": taken.organisation_id}
        assert "登录名" in text(system.post("/people/add/", fields)).split("错误：")[1][:60]

    def test_a_sheet_with_wrong_cells_makes_nobody_and_names_them(self, system: Client) -> None:
        sheet = SimpleUploadedFile("people.csv", "登录名,姓名,单位\nu1,甲,没有\nu2,,没有\n".encode())
        told = text(system.post("/people/load/", {"sheet": sheet}))
        assert "名单有 3 处要改" in told
        assert "人员!C2" in told
        assert not User.objects.filter(username="u1").exists()

    def test_a_sheet_is_loaded_and_its_passwords_are_downloadable(self, system: Client) -> None:
        organisation(name="统计单位")
        sheet = SimpleUploadedFile("people.csv", "登录名,姓名,单位\nu1,甲,统计单位\nu2,乙,统计单位\n".encode())
        told = text(system.post("/people/load/", {"sheet": sheet}))
        assert "一次性密码（2 人）" in told
        assert "data:text/csv;charset=utf-8;base64," in told

    def test_a_reset_shows_a_new_password(self, system: Client) -> None:
        who = someone()
        told = text(system.post(f"/people/{who.pk}/reset-password/", {"reason": "忘记密码"}))
        assert sign_in(who, re.search(r"<kbd>(.*?)</kbd>", told).group(1)).status_code == 302

    def test_without_a_reason_nothing_is_reset(self, system: Client) -> None:
        who = someone()
        answer = system.post(f"/people/{who.pk}/reset-password/", {"reason": " "})
        assert answer.status_code == 302
        assert sign_in(who).status_code == 302

    def test_resetting_those_who_watch_is_not_offered_and_refused(self, system: Client) -> None:
        who = someone(Role.SECURITY_AUDITOR)
        assert "manage.py one_time_password" in text(system.get(f"/people/{who.pk}/"))
        assert system.post(f"/people/{who.pk}/reset-password/", {"reason": "因"}).status_code == 404
        assert sign_in(who).status_code == 302

    def test_open_work_is_listed_and_handed_over(self, system: Client) -> None:
        home = organisation(contact="张三")
        leaver, colleague = person(at=home, name="张三"), person(at=home, name="李四")
        page = f"/people/{leaver.pk}/"
        assert "移交这 1 项" in text(system.get(page))
        answer = system.post(f"{page}hand-over/", {"to": colleague.pk, "reason": "调离"}, follow=True)
        assert "张三的 1 项工作已移交李四" in text(answer)
        assert "此人名下没有未办事项" in text(system.get(page))

    def test_the_page_of_a_person_who_is_not_there_is_not_there(self, system: Client) -> None:
        assert system.get("/people/999999/").status_code == 404


class TestRoles:
    def test_a_role_is_granted_with_a_reason(self, security: Client) -> None:
        who = person(name="张三")
        answer = security.post(f"/roles/{who.pk}/grant/", {"role": Role.REVIEWER, "reason": "任命"}, follow=True)
        assert "已授予张三“审核人”角色" in text(answer)

    def test_what_the_database_refuses_is_told_in_its_words(self, security: Client) -> None:
        who = person(Role.REPORTER)
        answer = security.post(f"/roles/{who.pk}/grant/", {"role": Role.SECURITY_AUDITOR, "reason": "因"}, follow=True)
        assert "三员分立：系统管理员、安全管理员、安全审计员不得由同一人担任" in text(answer)

    def test_a_role_is_withdrawn_with_a_reason(self, security: Client) -> None:
        who = person(Role.REPORTER, name="张三")
        fields = {"grant": who.grants.get().pk, "reason": "调离"}
        assert "已收回张三的“填报人”角色" in text(security.post(f"/roles/{who.pk}/withdraw/", fields, follow=True))

    def test_another_persons_grant_is_not_withdrawn_by_this_address(self, security: Client) -> None:
        who, other = person(Role.REPORTER), person(Role.REPORTER)
        fields = {"grant": other.grants.get().pk, "reason": "调离"}
        assert security.post(f"/roles/{who.pk}/withdraw/", fields).status_code == 404

    def test_ones_own_page_offers_nothing(self, security: Client) -> None:
        me = User.objects.get(name="安全员甲")
        page = text(security.get(f"/roles/{me.pk}/"))
        assert "自己的角色由另一名安全管理员授予和收回" in page
        assert "<form" not in page.split("<main")[1]

    def test_locked_accounts_stand_on_top_and_are_unlocked(self, security: Client) -> None:
        who = someone(name="张三")
        type_wrong(who, 5)
        page = text(security.get("/roles/"))
        assert "1 个账号已锁定" in page
        assert f"在地址 {HOME}" in page
        assert "张三的账号已解锁" in text(security.post(f"/roles/{who.pk}/unlock/", {"reason": "申请"}, follow=True))
        assert sign_in(who).status_code == 302

    def test_an_unknown_name_that_was_locked_is_shown_as_such(self, security: Client) -> None:
        type_wrong("nobody", 5)
        assert "nobody（没有此账号）" in text(security.get("/roles/")).replace("\n", "").replace(" ", "")

    def test_people_are_found_by_role(self, security: Client) -> None:
        person(Role.REVIEWER, name="张三")
        person(Role.REPORTER, name="李四")
        page = text(security.get("/roles/?role=reviewer"))
        assert "张三" in page
        assert "李四" not in page


def marks(page: str) -> list[str]:
    return re.findall(r'class="st \w+">(.*?)<', page)
