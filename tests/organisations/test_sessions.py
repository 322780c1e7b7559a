"""One live session, ended after a while without a person's own action; and how pages and scripts are told."""

from datetime import timedelta

import pytest
from django.test import Client

from audit import clock
from organisations.models import User
from tests.organisations.signing_in import ELSEWHERE, PASSWORD, sign_in, signed_in, someone

pytestmark = pytest.mark.django_db

PAGE, BACKGROUND = "/password/", {"X-Background": "1"}


@pytest.fixture
def by() -> Client:
    return signed_in(someone())


def after(minutes: int):
    return clock.set_to(clock.now() + timedelta(minutes=minutes))


class TestIdleness:
    def test_thirty_minutes_without_an_action_end_the_session(self, by) -> None:
        with after(30):
            answer = by.get(PAGE)
        assert answer["Location"] == "/sign-in/?next=/password/"
        assert "30 分钟没有操作" in by.get(answer["Location"]).content.decode()

    def test_twenty_nine_do_not(self, by) -> None:
        with after(29):
            assert by.get(PAGE).status_code == 200

    def test_an_action_begins_the_count_anew(self, by) -> None:
        with after(29):
            by.get(PAGE)
        with after(58):
            assert by.get(PAGE).status_code == 200

    def test_a_request_in_the_background_does_not(self, by) -> None:
        with after(29):
            assert by.get(PAGE, headers=BACKGROUND).status_code == 200
        with after(31):
            assert by.get(PAGE).status_code == 302

    def test_looking_at_the_session_does_not(self, by) -> None:
        with after(29):
            assert by.get("/session/").json()["seconds_left"] == 60
        with after(31):
            assert by.get("/session/").json()["why"] == "idle"

    def test_saying_that_one_is_there_does(self, by) -> None:
        with after(29):
            assert by.post("/session/").json()["seconds_left"] == 1800
        with after(58):
            assert by.get(PAGE).status_code == 200

    def test_signing_in_again_leads_back_to_the_page(self, by) -> None:
        user = User.objects.get()
        with after(31):
            way = by.get("/password/?tab=2")["Location"].split("next=")[1]
            answer = sign_in(user, by=by, next="/password/?tab=2")
        assert way == "/password/%3Ftab%3D2"
        assert answer["Location"] == "/password/?tab=2"


class TestOneLiveSession:
    def test_a_second_sign_in_ends_the_first(self, by) -> None:
        second = signed_in(User.objects.get(), ELSEWHERE)
        assert by.get(PAGE).status_code == 302
        assert second.get(PAGE).status_code == 200

    def test_the_first_is_told_where_the_second_is(self, by) -> None:
        signed_in(User.objects.get(), ELSEWHERE)
        page = by.get(by.get(PAGE)["Location"]).content.decode()
        assert "此账号已在另一处登录" in page
        assert ELSEWHERE in page

    def test_the_ended_session_stays_ended_when_the_second_signs_out(self, by) -> None:
        second = signed_in(User.objects.get(), ELSEWHERE)
        key = by.cookies["sessionid"].value
        by.get(PAGE)
        second.post("/sign-out/")
        by.cookies["sessionid"] = key
        assert by.get(PAGE).status_code == 302

    def test_nor_does_one_that_has_not_noticed_come_back_then(self, by) -> None:
        second = signed_in(User.objects.get(), ELSEWHERE)
        second.post("/sign-out/")
        assert by.get(PAGE).status_code == 302

    def test_another_person_is_not_touched(self, by) -> None:
        signed_in(someone(), ELSEWHERE)
        assert by.get(PAGE).status_code == 200


class TestAScript:
    """htmx and fetch: 401 and words, so that a form can say that nothing was saved, and keep the text."""

    @pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Fetch-Dest": "empty"}, BACKGROUND])
    def test_it_is_told_that_the_session_is_over(self, by, headers: dict[str, str]) -> None:
        with after(31):
            answer = by.post(PAGE, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["why"] == "idle"
        assert answer["HX-Trigger"] == "session-ended"

    def test_it_is_not_led_to_the_sign_in_page_by_a_page_that_asks_for_it(self) -> None:
        answer = Client().post(PAGE, headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert answer.json()["words"] == "登录已失效，请重新登录。没有保存的内容仍在本页。"

    def test_the_way_back_is_the_page_that_it_stands_on(self, by) -> None:
        with after(31):
            answer = by.post(PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/form/?a=1"})
        assert answer.json()["sign_in"] == "/sign-in/?next=%2Fform%2F%3Fa%3D1"

    def test_the_way_back_is_never_another_site(self, by) -> None:
        with after(31):
            answer = by.post(PAGE, headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/form/"})
        assert answer.json()["sign_in"] == "/sign-in/?next=%2F"


def test_a_form_that_was_sent_too_late_leads_back_to_its_page(by) -> None:
    with after(31):
        answer = by.post(PAGE, headers={"Referer": "http://testserver/form/"})
    assert answer["Location"] == "/sign-in/?next=/form/"


class TestTheFirstPassword:
    @pytest.mark.parametrize("page", ["/", "/admin/", "/nowhere/"])
    def test_no_other_page_opens_before_it_is_changed(self, page: str) -> None:
        by = signed_in(someone(must_change=True))
        assert by.get(page)["Location"].startswith("/password/?next=")

    def test_nor_to_a_form_that_is_sent(self) -> None:
        by = signed_in(someone(must_change=True))
        assert by.post("/plan/reviews/")["Location"].startswith("/password/")

    def test_nor_to_a_script(self) -> None:
        answer = signed_in(someone(must_change=True)).get("/", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert answer["HX-Redirect"] == "/password/"

    def test_signing_out_is_open(self) -> None:
        assert signed_in(someone(must_change=True)).post("/sign-out/")["Location"] == "/sign-in/"

    def test_once_changed_every_page_opens(self) -> None:
        by = signed_in(someone(must_change=True))
        new = "Another-99-word"
        answer = by.post("/password/", {"old": PASSWORD, "new": new, "again": new, "next": "/session/"})
        assert answer["Location"] == "/session/"
        assert by.get("/nowhere/").status_code == 404


def test_a_person_who_is_deactivated_is_out_at_once(by) -> None:
    from audit.recording import recorded

    with recorded(by=None, reason="测试"):
        User.objects.update(is_active=False)
    assert by.get(PAGE).status_code == 302
