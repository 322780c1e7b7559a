import pytest
from django.test import Client
from django.urls import reverse

from background.kinds import Outcome
from background.models import JobState
from organisations.models import Role, User
from tests.factories.background import asked, run, with_result
from tests.factories.organisations import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return person(Role.REVIEWER)


@pytest.fixture
def page(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer, backend="organisations.backends.RoleBackend")
    return client


def test_a_job_under_way_shows_how_far_it_is_and_looks_again(page: Client, reviewer: User) -> None:
    answer = page.get(reverse("background:job", args=[asked(reviewer, title="载入汇总工作簿").pk]))
    for words in ("载入汇总工作簿", "排队中", "every 2s"):
        assert words in answer.text


def test_a_job_that_ended_looks_no_further(page: Client, reviewer: User) -> None:
    job = run(asked(reviewer), lambda job, progress: Outcome("载入 3 项。"))
    answer = page.get(reverse("background:job", args=[job.pk]), headers={"HX-Request": "true"})
    assert "载入 3 项。" in answer.text
    for words in ("every 2s", "<html"):
        assert words not in answer.text


def test_it_is_cancelled_from_its_page(page: Client, reviewer: User) -> None:
    job = asked(reviewer)
    page.post(reverse("background:cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_pressed_twice_the_second_is_told(page: Client, reviewer: User) -> None:
    job = asked(reviewer)
    page.post(reverse("background:cancel", args=[job.pk]))
    assert "不能取消" in page.post(reverse("background:cancel", args=[job.pk]), follow=True).text


def test_its_result_is_handed_out(page: Client, reviewer: User) -> None:
    job = run(asked(reviewer), with_result)
    answer = page.get(reverse("background:result", args=[job.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_job_without_a_file_has_none_to_hand_out(page: Client, reviewer: User) -> None:
    assert page.get(reverse("background:result", args=[asked(reviewer).pk])).status_code == 404


def test_another_s_job_is_not_there(page: Client) -> None:
    job = asked(person(Role.REVIEWER))
    assert page.get(reverse("background:job", args=[job.pk])).status_code == 404
    assert "没有后台办理的事项" in page.get(reverse("background:jobs")).text


def test_the_list_says_so_when_there_is_nothing(page: Client) -> None:
    assert "没有后台办理的事项" in page.get(reverse("background:jobs")).text
