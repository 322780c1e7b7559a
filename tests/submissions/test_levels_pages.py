"""The pages of two levels: what a reviewer is offered at each, and what a press does."""

import pytest

from organisations.models import User
from submissions.models import PublishedValue, State, Submission
from tests.factories.levels import first_reviewed, levels_set, submitted_to_two
from tests.factories.organisations import leader, organisation, reporter, reviewer
from tests.factories.plans import plan
from tests.submissions.pages import client_of, of, page, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> User:
    return reviewer()


@pytest.fixture
def fresh() -> Submission:
    return submitted_to_two(reporter(), "50")


@pytest.fixture
def passed(first: User) -> Submission:
    return first_reviewed(reporter(), "50", first=first)


def press(form: Submission, by: User, decision: str, step: str, **sent: str) -> str:
    told = {"decision": decision, "round": "1", "step": step} | sent
    return client_of(by).post(of(form, "review"), told, follow=True).content.decode()


def state(form: Submission) -> str:
    return Submission.objects.get(pk=form.pk).state


class TestFirst:
    def test_is_offered_to_pass_it_on_and_to_publish_nothing(self, fresh: Submission, first: User) -> None:
        shown = text(first, of(fresh, "review"))
        assert "项，送终审" in shown
        assert 'value="return_and_publish"' not in shown

    def test_passes_it_on(self, fresh: Submission, first: User) -> None:
        assert "待另一位审核人终审" in press(fresh, first, "pass", "first")
        assert state(fresh) == State.FIRST_REVIEWED

    def test_does_not_approve(self, fresh: Submission, first: User) -> None:
        press(fresh, first, "approve", "first", confirmed="1")
        assert state(fresh) == State.SUBMITTED


class TestFinal:
    def test_is_offered_to_publish_and_to_send_it_back(self, passed: Submission) -> None:
        shown = text(reviewer(), of(passed, "review"))
        for words in ("终审通过", "按意见退回初审", "初审通过"):
            assert words in shown

    def test_publishes_what_was_listed_first(self, passed: Submission) -> None:
        by = reviewer()
        assert "将发布" in press(passed, by, "approve", "final")
        assert not PublishedValue.objects.exists()
        press(passed, by, "approve", "final", confirmed="1")
        assert PublishedValue.objects.get().value == 50

    def test_sends_it_back_with_a_reason_that_the_first_reads(self, passed: Submission, first: User) -> None:
        by = reviewer()
        assert "写明退回初审的理由" in press(passed, by, "send_back", "final")
        assert "已退回初审" in press(passed, by, "send_back", "final", comment="佐证没有核对")
        assert "佐证没有核对" in text(first, of(passed, "review"))

    def test_is_not_offered_to_the_first_reviewer(self, passed: Submission, first: User) -> None:
        shown = text(first, of(passed, "review"))
        assert "不能由你终审" in shown
        assert 'id="foot"' not in shown

    def test_what_was_seen_at_the_other_level_decides_nothing(self, passed: Submission) -> None:
        assert "没有生效" in press(passed, reviewer(), "approve", "only", confirmed="1")
        assert state(passed) == State.FIRST_REVIEWED


class TestSeveral:
    def test_are_listed_with_their_step_and_passed_on(self, fresh: Submission, first: User) -> None:
        client, base = client_of(first), f"/{fresh.period.plan.code}/reviews/"
        assert "已提交，待初审" in client.get(base).content.decode()
        ticked = {"form": f"{fresh.pk}-1-first"}
        assert "初审通过 1 张（送终审，不发布）" in client.post(f"{base}approve/", ticked).content.decode()
        done = client.post(f"{base}approve/", ticked | {"confirmed": "1"}, follow=True).content.decode()
        assert "1 张填报表已通过初审" in done
        assert not PublishedValue.objects.exists()


class TestTheForm:
    def test_names_who_took_which_step_and_who_typed_what(self, first: User) -> None:
        by = reporter()
        shown = text(by, of(first_reviewed(by, "50", first=first), "form"))
        assert first.name in shown
        assert f"{by.name} " in shown
        assert " 填</span>" in shown


class TestSettings:
    def test_a_reviewer_sets_them_with_a_reason(self) -> None:
        of_plan, home = plan(), organisation()
        address = f"/{of_plan.code}/periods/levels/"
        client = client_of(reviewer())
        assert client.post(address, {"in_group": "2"}).status_code == 422
        told = {"organisation": home.pk, "in_group": "2", "reason": "重点单位"}
        shown = client.post(address, told, follow=True).content.decode()
        for words in (home.name, "两级：初审、终审", "重点单位"):
            assert words in shown

    def test_a_leader_reads_them(self) -> None:
        of_plan = plan()
        levels_set(of_plan, in_group=2)
        shown = text(leader(), f"/{of_plan.code}/periods/levels/")
        assert "两级：初审、终审" in shown
        assert "按此设置办理" not in shown

    def test_a_reporter_finds_no_such_page(self) -> None:
        assert page(reporter(), f"/{plan().code}/periods/levels/").status_code == 404
