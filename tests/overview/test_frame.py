"""What stands around every page."""

import pytest
from django.test import Client

from organisations.models import Role
from tests.factories.organisations import person
from tests.factories.plans import plan

pytestmark = pytest.mark.django_db


def page(client: Client, user, url: str):
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client.get(url)


@pytest.mark.parametrize(
    ("role", "has", "has_not"),
    [
        (Role.REPORTER, ["我的工作台", "总览"], ["评估", "报告", "后台管理", "查记录"]),
        (Role.LEADER, ["我的工作台", "总览", "评估", "报告"], ["后台管理", "查记录"]),
        (Role.AUDITOR, ["我的工作台", "查记录", "总览"], ["后台管理"]),
        (Role.SYSTEM_ADMINISTRATOR, ["我的工作台", "后台管理"], ["总览", "评估"]),
    ],
)
def test_each_role_has_its_own_few_words(client: Client, role: str, has: list[str], has_not: list[str]) -> None:
    words = [item.title for item in page(client, person(role), f"/{plan().code}/").context["frame"]["navigation"]]
    assert [word for word in has if word not in words] == []
    assert [word for word in has_not if word in words] == []
    assert len(words) <= 7


def test_the_current_page_is_marked(client: Client) -> None:
    answer = page(client, person(Role.LEADER), f"/{plan().code}/overview/")
    assert [item.title for item in answer.context["frame"]["navigation"] if item.is_current] == ["总览"]


def test_every_page_says_that_it_is_not_for_secrets(client: Client) -> None:
    assert "非涉密系统，严禁处理、存储、传输国家秘密" in page(client, person(), f"/{plan().code}/").content.decode()


def test_the_first_page_leads_to_the_newest_plan(client: Client) -> None:
    plan(code="old", first_year=2011, base_year=2010, last_year=2015)
    plan(code="new", first_year=2016)
    assert page(client, person(), "/")["Location"] == "/new/"


def test_without_a_plan_the_first_page_says_what_comes_next(client: Client) -> None:
    assert "系统管理员载入规划后" in page(client, person(), "/").content.decode()


def test_a_page_that_is_not_there_leads_back(client: Client) -> None:
    answer = page(client, person(Role.LEADER), "/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_an_address_that_only_takes_what_a_form_sends_says_so(client: Client) -> None:
    answer = page(client, person(Role.REVIEWER), f"/{plan().code}/reviews/approve/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "不能直接打开" in answer.content.decode()
