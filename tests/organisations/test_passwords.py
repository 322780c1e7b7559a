"""Changing one's password, and its rules."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.recording import entries_of
from organisations.actions import change_password
from organisations.actions.passwords import one_time_password
from organisations.password_rules import LengthAndKinds
from tests.organisations.signing_in import PASSWORD, sign_in, signed_in, someone

pytestmark = pytest.mark.django_db


def change(user, new: str, old: str = PASSWORD):
    return change_password(user, by=user, old=old, new=new)


class TestChanging:
    def test_the_new_password_holds_and_the_old_one_does_not(self) -> None:
        user = someone()
        change(user, "Another-99-word")
        assert sign_in(user).status_code == 422
        assert sign_in(user, "Another-99-word").status_code == 302

    def test_it_leaves_an_entry_without_the_password(self) -> None:
        user = someone()
        change(user, "Another-99-word")
        entry = entries_of(user).get()
        assert entry.event == "user.change_password"
        assert entry.detail == {}

    def test_a_wrong_old_password_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="原密码不对"):
            change(someone(), "Another-99-word", old="wrong")

    def test_nobody_changes_another_persons(self) -> None:
        with pytest.raises(PermissionDenied):
            change_password(someone(), by=someone(), old=PASSWORD, new="Another-99-word")

    def test_the_session_goes_on_and_every_other_one_ends(self) -> None:
        by = signed_in(someone())
        key = by.cookies["sessionid"].value
        answer = by.post("/password/", {"old": PASSWORD, "new": "Another-99-word", "again": "Another-99-word"})
        assert answer.status_code == 302
        assert by.get("/password/").status_code == 200
        assert by.cookies["sessionid"].value != key
        by.cookies["sessionid"] = key
        assert by.get("/password/").status_code == 302

    def test_wrong_old_ones_are_counted_as_at_the_sign_in(self) -> None:
        user = someone()
        by = signed_in(user)
        typed = {"old": "wrong", "new": "Another-99-word", "again": "Another-99-word"}
        assert "原密码不对。还可以再试 4 次" in by.post("/password/", typed).content.decode()
        for _ in range(4):
            answer = by.post("/password/", typed)
        assert "输错次数过多" in answer.content.decode()
        answer = by.post("/password/", typed | {"old": PASSWORD})
        assert answer.status_code == 422

    def test_two_different_new_ones_are_refused_on_the_page(self) -> None:
        by = signed_in(someone())
        answer = by.post("/password/", {"old": PASSWORD, "new": "Another-99-word", "again": "Another-98-word"})
        assert answer.status_code == 422
        assert "两次输入的新密码不一致" in answer.content.decode()

    def test_the_page_says_which_rule_is_broken(self) -> None:
        by = signed_in(someone())
        answer = by.post("/password/", {"old": PASSWORD, "new": "short1A", "again": "short1A"})
        assert "密码至少 10 位" in answer.content.decode()


class TestTheRules:
    @pytest.mark.parametrize("password", ["Abcd-1234", "abcdefghij", "abcdefghi1", "ABCDEFGHI1", "1234567890"])
    def test_too_short_or_of_too_few_kinds(self, password: str) -> None:
        with pytest.raises(ValidationError, match="至少 10 位"):
            change(someone(), password)

    @pytest.mark.parametrize(
        "password", ["Abcdefgh12", "abcdefg-12", "ABCDEFG-12", "Abcdefgh--", "密码密码密码密码aB1"]
    )
    def test_ten_characters_of_three_kinds_do(self, password: str) -> None:
        change(someone(), password)

    def test_the_last_five_are_not_taken_again(self) -> None:
        user, used = someone(), [PASSWORD]
        for number in range(4):
            used.append(f"Another-{number}-word")
            change(user, used[-1], old=used[-2])
        for password in used:
            with pytest.raises(ValidationError, match="最近 5 次"):
                change(user, password, old=used[-1])

    def test_the_sixth_last_is_taken(self) -> None:
        user, used = someone(), [PASSWORD]
        for number in range(5):
            used.append(f"Another-{number}-word")
            change(user, used[-1], old=used[-2])
        change(user, PASSWORD, old=used[-1])

    def test_a_one_time_password_keeps_them_and_is_never_the_same(self) -> None:
        made = {one_time_password() for _ in range(50)}
        assert len(made) == 50
        for password in made:
            LengthAndKinds(10, 3).validate(password)
