"""Searching the plan, reading the help."""

import pytest

from audit.recording import recorded
from organisations.models import Role
from tasks.models import KeyTask, TaskChapter
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, person, reporter
from tests.factories.plans import plan
from tests.overview.pages import opened_by, signed_in

pytestmark = pytest.mark.django_db


def search(of, query: str) -> str:
    return opened_by(reporter(), f"/{of.code}/search/?q={query}")


class TestSearch:
    def test_one_character_is_enough(self) -> None:
        of = plan()
        indicator(of=of, name="发明专利数")
        assert "“专”找到 1 项" in search(of, "专")

    def test_finds_tasks_and_organisations_too(self) -> None:
        of = plan()
        organisation(name="海港街道办事处")
        with recorded(by=None, reason="测试"):
            chapter = TaskChapter.objects.create(plan=of, number=1, title="章")
            KeyTask.objects.create(chapter=chapter, number=1, title="扩建海港码头")
        text = search(of, "海港")
        assert "扩建海港码头" in text
        assert "海港街道办事处" in text

    def test_finds_what_is_written_a_little_differently(self) -> None:
        of = plan()
        indicator(of=of, name="国家高新技术企业数量")
        assert "国家高新技术企业数量" in search(of, "国家高新企业数量")

    def test_says_which_word_is_found_nowhere(self) -> None:
        of = plan()
        indicator(of=of, name="发明专利数")
        text = search(of, "专利 鲸鱼")
        assert "“鲸鱼”没有出现在任何指标、任务、项目或单位的名称中" in text
        assert "发明专利数" in text

    def test_finds_nothing_of_another_plan(self) -> None:
        indicator(name="发明专利数")
        assert "没有找到“专利”" in search(plan(), "专利")

    def test_offers_what_to_do_when_nothing_is_found(self) -> None:
        assert "可以这样再试" in search(plan(), "鲸鱼")

    @pytest.mark.parametrize("query", ["", "%00", "%25", "'", "%5C", "_", "%F0%A0%80%80", "a" * 500])
    def test_takes_whatever_is_typed(self, query: str) -> None:
        assert "搜索" in search(plan(), query)

    def test_asks_few_questions(self, django_assert_max_num_queries) -> None:
        of = plan()
        for number in range(12):
            indicator(of=of, name="发明专利数", lead=organisation(name=f"专利局{number}"))
        client = signed_in(reporter())
        client.get(f"/{of.code}/search/?q=专利")
        with django_assert_max_num_queries(20):
            client.get(f"/{of.code}/search/?q=专利")


class TestHelp:
    @pytest.mark.parametrize("role", list(Role))
    def test_every_role_has_its_own(self, role: str) -> None:
        text = opened_by(person(role), f"/{plan().code}/help/")
        assert f"{Role(role).label}：怎样" in text
        assert text.count("：怎样") == 1
