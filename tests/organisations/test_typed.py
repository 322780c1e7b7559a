"""A form that could not be taken is shown back with what was typed into it."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from organisations.typed import typed_texts
from tests.factories.organisations import reviewer

ADDRESS = "/somewhere/"


def sent(**fields: object) -> list[str]:
    return typed_texts(RequestFactory().post(ADDRESS, fields))


class TestTypedTexts:
    def test_texts_and_numbers_of_a_form_are_typed(self) -> None:
        assert sent(value_text="118", explanation="两家并入") == ["118", "两家并入"]

    def test_keys_and_choices_are_not(self) -> None:
        assert sent(figures=["12", "13"], decision="return_for_correction", revision="3", empty="") == []

    def test_passwords_and_tokens_never_come_back(self) -> None:
        assert sent(old_password="Secret-77-word", username="somebody", csrfmiddlewaretoken="Abc0123") == []

    def test_another_sites_form_is_not_repeated(self) -> None:
        request = RequestFactory().post(ADDRESS, {"reason": "别处的话"}, headers={"Origin": "http://elsewhere.test"})
        assert typed_texts(request) == []

    def test_a_form_that_cannot_be_read_gives_nothing(self, settings) -> None:
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
        assert sent(a="一些话", b="另一些") == []


@pytest.mark.django_db
class TestThePages:
    def test_whoever_was_signed_out_elsewhere_reads_the_text_and_the_way_back(self) -> None:
        here = f"http://testserver{reverse('change_password')}"
        answer = Client().post(reverse("change_password"), {"reason": "写了很久的话"}, headers={"Referer": here})
        page = answer.content.decode()
        assert answer.status_code == 401
        assert "写了很久的话" in page
        assert f'href="{reverse("sign_in")}?next=%2Fpassword%2F"' in page

    def test_without_text_there_is_only_the_way_to_sign_in(self) -> None:
        answer = Client().post(reverse("change_password"), {"new_password": "Secret-77-word"})
        assert answer.status_code == 302

    def test_a_token_that_does_not_hold_costs_no_text(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(reviewer(), backend="organisations.backends.RoleBackend")
        answer = client.post(reverse("change_password"), {"reason": "写了很久的话"})
        assert answer.status_code == 403
        assert "写了很久的话" in answer.content.decode()
