"""Signing in and out: words, tries, locks, ways back."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.utils import timezone

from tests.organisations.signing_in import ELSEWHERE, HOME, PASSWORD, client, sign_in, signed_in, someone, type_wrong

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def words(answer) -> str:
    """The refusal alone, without the page around it."""
    return text(answer).split('id="refusal"')[1].split("</p>")[0].split("</b>")[1].strip()


class TestSigningIn:
    def test_the_right_password_leads_to_the_first_page(self) -> None:
        answer = sign_in(someone())
        assert answer.status_code == 302
        assert answer["Location"] == "/"

    def test_a_wrong_password_says_how_many_tries_are_left(self) -> None:
        answer = sign_in(someone(), "wrong")
        assert answer.status_code == 422
        assert "还可以再试 4 次" in words(answer)

    def test_after_a_wrong_password_the_name_stays_and_the_password_has_the_focus(self) -> None:
        user = someone()
        page = text(sign_in(user, "wrong"))
        field = next(each for each in page.split("<input") if 'name="password"' in each).split(">")[0]
        assert "autofocus" in field
        assert 'aria-describedby="refusal"' in field
        assert f'value="{user.username}"' in page
        assert "wrong" not in field

    def test_an_unknown_name_gets_the_same_words(self) -> None:
        known, unknown = someone(), "nobody-here"
        for _ in range(settings.AXES_FAILURE_LIMIT + 1):
            assert words(sign_in(known, "wrong")) == words(sign_in(unknown, "wrong"))

    def test_a_deactivated_person_gets_the_same_words(self) -> None:
        assert "还可以再试 4 次" in words(sign_in(someone(is_active=False)))

    def test_an_empty_form_counts_as_no_try(self) -> None:
        assert sign_in("", "").status_code == 422
        assert not AccessAttempt.objects.exists()

    def test_the_password_is_not_kept_in_the_trail(self) -> None:
        sign_in(someone(), "my-secret-typing")
        assert "my-secret-typing" not in AccessAttempt.objects.get().post_data

    def test_the_session_has_a_new_key_after_signing_in(self) -> None:
        """A session that somebody planted in the browser before is worth nothing."""
        by = client()
        session = by.session
        session["planted"] = True
        session.save()
        planted = session.session_key
        by.cookies[settings.SESSION_COOKIE_NAME] = planted
        sign_in(someone(), by=by)
        assert by.cookies[settings.SESSION_COOKIE_NAME].value != planted
        attacker = client()
        attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
        assert attacker.get("/password/").status_code == 302

    def test_signing_in_is_kept_with_time_and_address(self) -> None:
        user = someone()
        signed_in(user, ELSEWHERE)
        kept = AccessLog.objects.get(username=user.username)
        assert kept.ip_address == ELSEWHERE

    def test_a_failure_is_kept_too(self) -> None:
        user = someone()
        type_wrong(user, 1)
        assert AccessFailureLog.objects.filter(username=user.username, ip_address=HOME).count() == 1

    def test_the_last_sign_in_is_shown_with_its_address_and_the_failures_since(self) -> None:
        user = someone()
        signed_in(user, HOME)
        signed_in(user, ELSEWHERE)
        type_wrong(user, 2)
        by = signed_in(user)
        page = text(by.get("/password/"))
        assert f"地址 {ELSEWHERE}" in page
        assert "其后有 2 次密码输错" in page

    def test_the_first_sign_in_says_so(self) -> None:
        assert "这是你第一次登录。" in text(signed_in(someone()).get("/password/"))


class TestTheWayBack:
    def test_it_leads_to_the_page_that_was_asked_for(self) -> None:
        by = client()
        asked = by.get("/password/?a=1")
        assert asked["Location"] == "/sign-in/?next=/password/%3Fa%3D1"
        assert sign_in(someone(), by=by, next="/password/?a=1")["Location"] == "/password/?a=1"

    @pytest.mark.parametrize(
        "way",
        [
            "https://evil.example/",
            "//evil.example/",
            "http://testserver//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "http:///evil.example",
            "\t//evil.example",
        ],
    )
    def test_it_never_leads_to_another_site(self, way: str) -> None:
        assert sign_in(someone(), next=way)["Location"] == "/"

    def test_a_person_who_is_signed_in_is_led_on(self) -> None:
        answer = signed_in(someone()).get("/sign-in/?next=/password/")
        assert answer["Location"] == "/password/"


class TestTheLock:
    def test_after_five_failures_even_the_right_password_is_refused_there(self) -> None:
        user = someone()
        type_wrong(user, 5)
        answer = sign_in(user)
        assert answer.status_code == 422
        assert "已锁定 15 分钟" in words(answer)

    def test_a_colleague_at_the_same_address_still_signs_in(self) -> None:
        user = someone()
        type_wrong(user, 5)
        signed_in(someone(), HOME)

    def test_the_person_at_another_address_still_signs_in(self) -> None:
        user = someone()
        type_wrong(user, 5, address=ELSEWHERE)
        signed_in(user, HOME)

    def test_another_browser_at_the_same_address_is_locked_too(self) -> None:
        user, by = someone(), client()
        type_wrong(user, 5)
        by.defaults["HTTP_USER_AGENT"] = "another"
        assert sign_in(user, by=by).status_code == 422

    def test_it_ends_after_fifteen_minutes(self) -> None:
        user = someone()
        type_wrong(user, 5)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        assert sign_in(user).status_code == 422
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
        signed_in(user)

    def test_trying_during_the_lock_does_not_make_it_longer(self) -> None:
        user = someone()
        type_wrong(user, 5)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        type_wrong(user, 3)
        attempt = AccessAttempt.objects.get()
        assert attempt.failures_since_start == 5
        assert attempt.attempt_time < timezone.now() - timedelta(minutes=13)

    def test_twenty_failures_from_anywhere_lock_the_account_at_unknown_addresses(self) -> None:
        user = someone()
        for number in range(5):
            type_wrong(user, 4, address=f"10.1.1.{number}")
        assert "已锁定" in words(sign_in(user, by=client("10.2.2.2")))

    def test_nobody_locks_a_person_out_of_their_own_office_from_elsewhere(self) -> None:
        leader = someone()
        signed_in(leader, HOME)
        for number in range(5):
            type_wrong(leader, 4, address=f"10.1.1.{number}")
        signed_in(leader, HOME)

    def test_nineteen_failures_from_anywhere_do_not_lock_the_account(self) -> None:
        user = someone()
        for number in range(5):
            type_wrong(user, 4 if number else 3, address=f"10.1.1.{number}")
        signed_in(user, "10.2.2.2")

    def test_a_success_begins_the_count_anew(self) -> None:
        user = someone()
        type_wrong(user, 4)
        signed_in(user)
        assert "还可以再试 4 次" in words(sign_in(user, "wrong"))


class TestTheAddress:
    def test_what_a_visitor_writes_into_a_header_is_not_believed(self) -> None:
        user, by = someone(), client(HOME)
        by.defaults["HTTP_X_FORWARDED_FOR"] = "1.2.3.4"
        sign_in(user, by=by)
        assert AccessLog.objects.get().ip_address == HOME

    @pytest.mark.parametrize("told", ["10.7.7.7", "1.2.3.4, 10.7.7.7"])
    def test_behind_our_own_proxy_it_is_what_the_proxy_saw(self, settings, told: str) -> None:
        settings.TRUSTED_PROXIES = 1
        user, by = someone(), client("127.0.0.1")
        by.defaults["HTTP_X_FORWARDED_FOR"] = told
        sign_in(user, by=by)
        assert AccessLog.objects.get().ip_address == "10.7.7.7"

    def test_a_header_that_is_no_address_is_not_kept(self, settings) -> None:
        settings.TRUSTED_PROXIES = 1
        by = client("127.0.0.1")
        by.defaults["HTTP_X_FORWARDED_FOR"] = "x'; --"
        sign_in(someone(), by=by)
        assert AccessLog.objects.get().ip_address == "127.0.0.1"


class TestSigningOut:
    def test_the_session_ends(self) -> None:
        by = signed_in(someone())
        assert by.post("/sign-out/")["Location"] == "/sign-in/"
        assert by.get("/password/").status_code == 302

    def test_a_link_does_not_sign_out(self) -> None:
        by = signed_in(someone())
        assert by.get("/sign-out/").status_code == 405
        assert by.get("/password/").status_code == 200

    def test_signing_out_twice_is_no_error(self) -> None:
        by = signed_in(someone())
        by.post("/sign-out/")
        assert by.post("/sign-out/").status_code == 302

    def test_the_trail_keeps_when(self) -> None:
        by = signed_in(someone())
        by.post("/sign-out/")
        assert AccessLog.objects.get().logout_time is not None


def test_a_form_from_another_site_signs_nobody_in() -> None:
    by = client()
    by.handler.enforce_csrf_checks = True
    answer = by.post("/sign-in/", {"username": someone().username, "password": PASSWORD})
    assert answer.status_code == 403
